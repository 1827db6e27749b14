import { Webhook } from 'standardwebhooks';
import { alertPriorities } from '@bronze-drum/protocol/alerts';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import { systemRuntime, type Runtime } from './runtime.ts';

/** `secret`: one of ours cannot be read. The others: this is not what the server sent, or not now; answer it with 400. */
export type WebhookRefusal = 'secret' | 'headers' | 'timestamp' | 'signature' | 'schema';

/** A webhook that must not be believed. Nothing here repeats its content or names a secret. */
export class WebhookRefused extends Error {
  override name = 'WebhookRefused';
  readonly code: WebhookRefusal;

  constructor(code: WebhookRefusal) {
    super(`refused: webhook.${code}`);
    this.code = code;
  }
}

export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const toleranceMs = 5 * 60_000;
const bodyLengthMax = 4 * 1024 * 1024;

/**
 * The event that a webhook tells, once its signature (Standard Webhooks, HMAC-SHA256), its time (within five minutes) and its
 * form hold. `rawBody` is the body as it came, byte by byte, not parsed and written again. Give both secrets while one
 * replaces the other. Throws WebhookRefused. The server repeats what is not answered with 2xx: what `webhook-id` names may
 * come more than once, and is to be dealt with once. Fields and kinds of alerts that a newer server adds are let through.
 */
export function verifyWebhook(
  secrets: string | readonly string[],
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  runtime: Pick<Runtime, 'now'> = systemRuntime,
): WebhookEvent {
  const keys = (typeof secrets === 'string' ? [secrets] : secrets).map(readSecret);
  if (keys.length === 0) throw new WebhookRefused('secret');
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (!id || !timestamp || !signature) throw new WebhookRefused('headers');
  if (!/^\d{1,11}$/.test(timestamp)) throw new WebhookRefused('timestamp');
  const at = new Date(Number(timestamp) * 1000);
  if (Math.abs(runtime.now() - at.getTime()) > toleranceMs) throw new WebhookRefused('timestamp');
  const body = textOf(rawBody);
  const passed = signature.split(' ').filter((one) => one.startsWith('v1,'));
  const isSigned = keys.some((key) => {
    const expected = key.sign(id, at, body);
    return passed.some((one) => isSame(one, expected));
  });
  if (!isSigned) throw new WebhookRefused('signature');
  return readEvent(body);
}

function readSecret(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch {
    throw new WebhookRefused('secret');
  }
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return (headers as Headers).get(name) ?? undefined;
  const named = Object.entries(headers).filter(([key]) => key.toLowerCase() === name);
  const value = named.length === 1 ? named[0]![1] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** What was signed is the text: bytes that are no UTF-8 cannot be ours. */
function textOf(rawBody: string | Uint8Array): string {
  if (rawBody.length > bodyLengthMax) throw new WebhookRefused('schema');
  if (typeof rawBody === 'string') return rawBody;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody);
  } catch {
    throw new WebhookRefused('signature');
  }
}

/** In a time that does not tell how much of them is the same. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

function readEvent(body: string): WebhookEvent {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    throw new WebhookRefused('schema');
  }
  if (!isEvent(event)) throw new WebhookRefused('schema');
  return event;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value);
const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;

/** The schema of protocol/webhooks.ts as a reader needs it: what it names must be there, and what is added may be. */
function isEvent(value: unknown): value is WebhookEvent {
  if (!isObject(value) || !isInstant(value['timestamp']) || !isObject(value['data'])) return false;
  const { type, data } = value;
  if (type === 'alert') return isAlert(data);
  if (type === 'digest') return isDigest(data);
  if (type === 'order') return isOrder(data);
  return type === 'test';
}

function isDigest({ from, to, alerts, more }: Fields): boolean {
  return isInstant(from) && isInstant(to) && Array.isArray(alerts) && alerts.every(isAlert) && isCount(more, 0);
}

/** What whoever carries it out needs; whether the office signed it, `verifyOrder` says. */
function isOrder({ id, revision, kind, subject, answerBy, state, signature, exhibits }: Fields): boolean {
  return (
    [id, subject, state, signature].every((text) => typeof text === 'string') &&
    isCount(revision, 1) &&
    isCode(kind) &&
    isInstant(answerBy) &&
    Array.isArray(exhibits)
  );
}

function isAlert(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, kind, subject, priority, state, reasons, count, firstAt, lastAt } = value;
  return (
    typeof id === 'string' &&
    typeof subject === 'string' &&
    typeof state === 'string' &&
    isCode(kind) &&
    (alertPriorities as readonly unknown[]).includes(priority) &&
    Array.isArray(reasons) &&
    reasons.every(isReason) &&
    isCount(count, 1) &&
    isInstant(firstAt) &&
    isInstant(lastAt)
  );
}

function isReason(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, code, params, count, firstAt, lastAt } = value;
  return (
    isCode(kind) &&
    typeof code === 'string' &&
    isObject(params) &&
    isCount(count, 1) &&
    isInstant(firstAt) &&
    isInstant(lastAt)
  );
}

/** New kinds come at the end, so one that is not known here is let through. */
function isCode(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z-]{1,40}$/.test(value);
}
