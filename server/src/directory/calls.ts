import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Agent, errors, type Dispatcher } from 'undici';
import type { PartyCode } from '@bronze-drum/protocol/members';
import type { PartyActor } from '../kernel/actor.ts';
import { assert } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import type { TlsTexts } from '../platform/mutual-tls.ts';
import { Problem } from '../platform/problem.ts';
import { bodyDigestOf, isSignedCall } from '../platform/signed-calls.ts';
import type { Signer } from '../platform/signer.ts';
import { openReplays } from './call-replays.ts';
import { signCall, verifyCall } from './call-signatures.ts';

export interface CallsParts {
  readonly self: PartyCode;
  readonly clock: Clock;
  readonly signer: Signer;
  /** The raw Ed25519 public keys that may sign calls of a party now; none for a stranger. */
  callKeysOf(party: string): readonly Uint8Array[];
  /** Scheme, host and port of a party's server. */
  addressOf(party: string): string | undefined;
  /** True while this server is cut off by its operator: nothing goes out, nothing comes in. */
  isIsolated(): boolean;
  /** For mutual TLS; with it, nobody is called without. */
  readonly tls: TlsTexts | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** How long the answer's body may say nothing: half a minute unless said, for a stream perhaps `Infinity`. */
  readonly idleMsMax?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** To be read to its end or destroyed: it holds a connection. It fails if the connection does or it idles too long. */
  readonly body: Dispatcher.ResponseData['body'];
}

export interface Calls {
  /**
   * Sends a signed call. Refused with the code of the other's problem; an Outage if it cannot be reached, fails, is not a
   * Bronze Drum server, or we are cut off. An aborted call throws the reason of its signal.
   */
  call(party: string, call: Call): Promise<Answer>;
  /** The answer's body as JSON, checked against the schema; refused as `malformed.answer` if it is not, or is too large. */
  json<T>(party: string, call: Call, schema: TSchema): Promise<T>;
  /** Who signed this request. To be asked after its body was read, in a handler or `preHandler`. */
  authenticate(request: FastifyRequest): Promise<PartyActor>;
  close(): Promise<void>;
}

const limits = {
  connectMs: 5000,
  headersMs: 30_000,
  idleMs: 30_000,
  headerBytes: 16 * 1024,
  answerBytes: 8 * 1024 * 1024,
  problemBytes: 64 * 1024,
  connections: 128,
} as const;

const retryAfterSeconds = 5;
const retryAfterSecondsMax = 300;

export function openCalls(parts: CallsParts): Calls {
  const agent = openAgent(parts.tls);
  const replays = openReplays(parts.clock);
  const call = (party: string, request: Call): Promise<Answer> => send(parts, agent, party, request);
  return {
    call,
    async json<T>(party: string, request: Call, schema: TSchema) {
      const { body } = await call(party, request);
      return readAnswer<T>(party, body, schema, request.signal);
    },
    async authenticate(request) {
      if (parts.isIsolated() && isSignedCall(request)) throw new Outage('this server is cut off', retryAfterSeconds);
      const { method, headers } = request;
      const received = {
        method,
        target: request.raw.url ?? '',
        headers,
        hasBody: hasBody(request),
        bodyDigest: bodyDigestOf(request),
      };
      const claim = await verifyCall(received, {
        self: parts.self,
        nowMs: parts.clock.now(),
        callKeysOf: parts.callKeysOf,
      });
      replays.take(claim);
      return { kind: 'party', party: claim.party };
    },
    close: () => agent.destroy(),
  };
}

/**
 * While the server is cut off, signed calls find the line dead: no answer, as if the cable were pulled. Whoever comes
 * with a credential of this server itself is still answered.
 */
export function refuseWhenIsolated(http: Http, isIsolated: () => boolean): void {
  http.addHook('onRequest', (request, reply, done) => {
    if (!isIsolated() || !isSignedCall(request)) return done();
    reply.hijack();
    request.raw.socket.destroy();
  });
}

function openAgent(tls: TlsTexts | undefined): Agent {
  return new Agent({
    allowH2: false,
    connections: limits.connections,
    headersTimeout: limits.headersMs,
    maxHeaderSize: limits.headerBytes,
    connect: { timeout: limits.connectMs, ...(tls && { cert: tls.cert, key: tls.key, ca: tls.ca }) },
  });
}

/** Whether there is anything that a digest must cover, read or not. */
function hasBody({ body, headers }: FastifyRequest): boolean {
  if (body !== undefined || headers['transfer-encoding'] !== undefined) return true;
  return headers['content-length'] !== undefined && headers['content-length'] !== '0';
}

async function send(parts: CallsParts, agent: Agent, party: string, call: Call): Promise<Answer> {
  if (parts.isIsolated()) throw new Outage('this server is cut off', retryAfterSeconds);
  const origin = originOf(parts, party);
  const { method, path, signal } = call;
  assert(isExact(path), 'the path of a call begins with a slash and is percent-encoded');
  signal?.throwIfAborted();
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  const signed = await signCall(parts.self, parts.signer, parts.clock.now(), {
    method,
    target: path,
    recipient: party,
    body,
  });
  const answer = await reach(party, signal, () =>
    agent.request({
      origin,
      path,
      method,
      headers: { ...signed, ...(body && { 'content-type': 'application/json' }) },
      body: body ?? null,
      bodyTimeout: bodyTimeoutOf(call.idleMsMax),
      ...(signal && { signal }),
    }),
  );
  return accept(party, answer, signal);
}

function originOf({ addressOf, tls }: CallsParts, party: string): string {
  const address = addressOf(party);
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) throw new Outage(`no address of ${party} is known`, retryAfterSeconds, { code: 'link.no-address' });
  if (tls !== undefined && url.protocol !== 'https:')
    throw new Outage(`the address of ${party} is not one of HTTPS`, retryAfterSeconds, { code: 'link.not-https' });
  return url.origin;
}

/** Whether the path is sent as it is given: nothing in it that a URL would read differently. */
function isExact(path: string): boolean {
  const url = URL.parse(path, 'http://recipient');
  return url !== null && url.href === `http://recipient${path}` && !path.includes('#');
}

/** For undici, 0 is for ever. */
function bodyTimeoutOf(idleMsMax: number = limits.idleMs): number {
  return Number.isFinite(idleMsMax) ? idleMsMax : 0;
}

/** Whatever fails on the way is an outage, unless the caller gave up. */
async function reach<T>(party: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof errors.InvalidArgumentError) throw error;
    throw new Outage(`${party} cannot be reached`, retryAfterSeconds, { cause: error, code: 'link.no-answer' });
  }
}

async function accept(party: string, response: Dispatcher.ResponseData, signal?: AbortSignal): Promise<Answer> {
  const { statusCode: status, headers, body } = response;
  if (status >= 200 && status < 300) return { status, headers, body };
  const type = String(headers['content-type']);
  if (status >= 400 && status < 500 && type.startsWith('application/problem+json')) {
    const bytes = await reach(party, signal, () => readWithin(body, limits.problemBytes));
    const problem = bytes && jsonOf(bytes);
    if (isProblem(problem)) refuse(problem.code, problem.params);
  } else {
    // So that the connection is not held by an answer that nobody reads.
    body.dump({ limit: limits.problemBytes }).catch(() => undefined);
  }
  throw new Outage(`${party} answered ${status}`, waitOf(headers['retry-after']), { code: 'link.out-of-order' });
}

function waitOf(header: string | string[] | undefined): number {
  const seconds = Number(header);
  return seconds >= 1 ? Math.min(Math.ceil(seconds), retryAfterSecondsMax) : retryAfterSeconds;
}

const problem = Compile(Problem);

/** A problem whose code is one that we may pass on. */
function isProblem(value: unknown): value is Problem {
  return problem.Check(value) && value.code.length <= 100 && /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(value.code);
}

async function readAnswer<T>(
  party: string,
  body: Answer['body'],
  schema: TSchema,
  signal: AbortSignal | undefined,
): Promise<T> {
  const bytes = await reach(party, signal, () => readWithin(body, limits.answerBytes));
  if (bytes === undefined) refuse('malformed.answer', { party, rule: 'too-large' });
  const value = jsonOf(bytes);
  if (!validatorOf(schema).Check(value)) refuse('malformed.answer', { party, rule: 'schema' });
  return value as T;
}

/** The whole body, or undefined, and the connection cut, if it is longer. */
async function readWithin(body: Answer['body'], bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the bytes say in JSON, or undefined. */
function jsonOf(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

const validators = new WeakMap<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = Compile(schema);
  validators.set(schema, made);
  return made;
}
