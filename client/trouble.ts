import type { Refusal } from '@bronze-drum/protocol/refusals';

/**
 * The server, or this library before it asked the server, says no. The code is stable; those that begin with `client.` are
 * this library's own. Nothing here names a key or a secret.
 */
export class ClientRefused extends Error {
  override name = 'ClientRefused';
  readonly code: string;
  /** Of the answer over HTTP; 0 if nothing was sent. */
  readonly status: number;
  readonly params: NonNullable<Refusal['params']>;
  readonly retryAfterSeconds?: number;

  constructor(answer: Refusal, status = 0, retryAfterSeconds?: number) {
    super(`refused: ${answer.refused}`);
    this.code = answer.refused;
    this.status = status;
    this.params = answer.params ?? {};
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No connection, or one that broke; no answer in time; the server says that it cannot; an answer that makes no sense. */
export type OutageCode = 'unreachable' | 'late' | 'unavailable' | 'unreadable';

/** The server cannot be reached or cannot answer now. Whether it carried out what it was asked is not known. */
export class ClientOutage extends Error {
  override name = 'ClientOutage';
  readonly code: OutageCode;
  /** Of the answer over HTTP; 0 if there was none. */
  readonly status: number;
  readonly retryAfterSeconds?: number;

  constructor(code: OutageCode, status = 0, retryAfterSeconds?: number, options?: ErrorOptions) {
    super(`no answer: ${code}${status === 0 ? '' : ` (${status})`}`, options);
    this.code = code;
    this.status = status;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Something went wrong that the library deals with by itself, told so that somebody can see it. */
export interface Trouble {
  /** What was being done: `activity.payment`, `screen`, `stream`. */
  readonly what: string;
  readonly error: ClientRefused | ClientOutage;
  /** How often in a row it has failed now. */
  readonly failures: number;
  /** When it is tried again; absent if it is not. */
  readonly nextMs?: number;
}

/** Whether the same request may succeed later without anybody doing anything. */
export function isPassing(error: unknown): error is ClientRefused | ClientOutage {
  return error instanceof ClientOutage || (error instanceof ClientRefused && error.status === 429);
}

interface ProblemText {
  readonly code?: unknown;
  readonly params?: unknown;
}

/** What an answer that is not 2xx means. `text` is its body, as far as it was read. */
export function troubleOf(status: number, retryAfter: string | null, text: string, nowMs: number): Error {
  const retryAfterSeconds = secondsOf(retryAfter, nowMs);
  if (status >= 500 || status === 408) return new ClientOutage('unavailable', status, retryAfterSeconds);
  if (status < 400) return new ClientRefused({ refused: 'client.redirected' }, status);
  const problem = problemOf(text);
  const refused = typeof problem.code === 'string' && problem.code !== '' ? problem.code : 'client.unreadable';
  return new ClientRefused({ refused, params: paramsOf(problem.params) }, status, retryAfterSeconds);
}

function problemOf(text: string): ProblemText {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

export function paramsOf(value: unknown): NonNullable<Refusal['params']> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, param]) => ['string', 'number', 'boolean'].includes(typeof param)),
  );
}

const retryAfterSecondsMax = 86_400;

/** RFC 9110: a number of seconds, or a date. Never more than a day. */
function secondsOf(retryAfter: string | null, nowMs: number): number | undefined {
  if (retryAfter === null) return undefined;
  const text = retryAfter.trim();
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - nowMs) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), retryAfterSecondsMax);
}
