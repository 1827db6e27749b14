import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';

/**
 * Every way in which this server says no over HTTP begins with one of these families; the family decides the status.
 * A code without a family here is the caller's bad input: 422.
 */
const statusByFamily: Readonly<Record<string, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-many': 429,
  unavailable: 503,
};

/** A refusal on its way up through the verbs. It carries no stack: it is an answer, not a fault. */
export class Refused extends Error {
  readonly refusal: Refusal;
  override name = 'Refused';

  constructor(answer: Refusal) {
    super(answer.refused);
    this.refusal = answer;
  }
}

export function refuse(code: string, params?: Refusal['params']): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const refused = new Refused(refusal(code, params));
  Error.stackTraceLimit = limit;
  throw refused;
}

/** The HTTP status (RFC 9110, RFC 6585) of a refusal's code, by its first dotted part. */
export function statusOf(code: string): number {
  if (code === 'too-large.headers') return 431;
  const dot = code.indexOf('.');
  return statusByFamily[dot === -1 ? code : code.slice(0, dot)] ?? 422;
}

/** An outage: something that we need is down. The caller may try again. */
export class Outage extends Error {
  override name = 'Outage';
  readonly retryAfterSeconds: number;
  /** What is down, for whoever shows it in words of their own. */
  readonly code: string | undefined;

  constructor(what: string, retryAfterSeconds: number, options?: ErrorOptions & { readonly code?: string }) {
    super(what, options);
    this.retryAfterSeconds = retryAfterSeconds;
    this.code = options?.code;
  }
}
