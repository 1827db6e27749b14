import { dayMs, hourMs, minuteMs, secondMs } from '../../kernel/clock.ts';

export const endpointsMax = 10;
export const waitingMax = 100_000;
export const replayMax = 20_000;
/** How long the secret before the last still signs as well. */
export const oldSecretMs = 24 * hourMs;
export const deliveredKeptMs = 7 * dayMs;
export const deadKeptMs = 30 * dayMs;

const backoffMs = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
];
const jitter = 0.2;
const retryAfterMsMax = hourMs;

/** How an attempt ended. */
export interface Outcome {
  /** Of the answer; null if there was none. */
  readonly status: number | null;
  /** Why it failed; null if it was delivered. */
  readonly error: string | null;
  /** How long the answer asks to be left alone. */
  readonly retryAfterMs: number;
}

/** Of an answer's status: 2xx is delivered. */
export function outcomeOf(status: number, retryAfter: string | undefined, nowMs: number): Outcome {
  const waits = status === 429 || status === 503;
  const retryAfterMs = waits ? readRetryAfter(retryAfter, nowMs) : 0;
  if (status >= 200 && status < 300) return { status, error: null, retryAfterMs: 0 };
  if (status === 410) return { status, error: 'gone', retryAfterMs };
  return { status, error: status >= 300 && status < 400 ? 'redirect' : 'status', retryAfterMs };
}

/** Seconds or a date (RFC 9110), an hour at the most; 0 for anything else. */
function readRetryAfter(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * secondMs : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), retryAfterMsMax) : 0;
}

/**
 * When a delivery that failed for the `attempts`th time is tried again, after so many milliseconds; undefined if it is
 * given up. `chance`, from 0 to 1, keeps those that failed together from coming together.
 */
export function waitAfter(attempts: number, outcome: Outcome, chance: number): number | undefined {
  const wait = backoffMs[attempts - 1];
  if (wait === undefined || outcome.error === 'gone') return undefined;
  return Math.max(Math.round(wait * (1 + jitter * (2 * chance - 1))), outcome.retryAfterMs);
}

const patientFailures = 4;
const restMsMax = 5 * minuteMs;

/**
 * How long an endpoint rests that has failed so many times in a row, whatever else waits for it: it must not keep the
 * others waiting by being tried with all of it.
 */
export function restAfter(failures: number, outcome: Outcome): number {
  const rest = failures <= patientFailures ? 0 : 5 * secondMs * 2 ** Math.min(failures - patientFailures - 1, 10);
  return Math.max(Math.min(rest, restMsMax), outcome.retryAfterMs);
}

const failingMs = 5 * dayMs;
const failuresMin = 20;

/** Whether the server gives an endpoint up: nothing reached it for days, though it was tried. */
export function isGivenUp(failures: number, failingSinceMs: number, nowMs: number): boolean {
  return failures > failuresMin && nowMs - failingSinceMs >= failingMs;
}

/** What an address looks wrong by, before anybody looks where it leads: the URL, or the rule that it breaks. */
export function readUrl(
  text: string,
  mayReachPrivate: boolean,
): URL | 'syntax' | 'scheme' | 'credentials' | 'fragment' {
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || url.port === '0') return 'syntax';
  if (url.protocol !== 'https:' && !(mayReachPrivate && url.protocol === 'http:')) return 'scheme';
  if (url.username !== '' || url.password !== '') return 'credentials';
  return text.includes('#') ? 'fragment' : url;
}
