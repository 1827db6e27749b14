import { executionAsyncResource } from 'node:async_hooks';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { TSchema } from 'typebox';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
  type RouteOptions,
} from 'fastify';
import { Histogram } from 'prom-client';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { newId } from '../kernel/ids.ts';
import { Outage, Refused } from '../kernel/refusals.ts';
import { demandCertificates, tlsOptions, type TlsTexts } from './mutual-tls.ts';
import { Problem, problemOf } from './problem.ts';
import { keepBodyDigest } from './signed-calls.ts';
import type { Telemetry } from './telemetry.ts';

/** A Fastify whose routes are validated, typed and documented by TypeBox schemas. */
export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Writes no log line when it succeeds. */
    quiet?: boolean;
  }
}

/** A route with `config: quietRoute` writes no log line when it succeeds; metrics still count it. */
export const quietRoute = { quiet: true } as const;

const limits = {
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  urlBytes: 8 * 1024,
  requestMs: 60_000,
  idleMs: 65_000,
} as const;

const requestIdPrefix = newId().slice(0, 8);
let requestCount = 0;

/** Unique among all requests of all processes: eight characters a process, and a count. */
function nextRequestId(): string {
  requestCount += 1;
  return `${requestIdPrefix}-${requestCount.toString(36)}`;
}

/**
 * One of Node's own entries in its queue of ticks, kept for as long as the process lives. A collection of all garbage that
 * finds none alive discards their hidden class, and V8 makes every later one the slow way, for ever: each `nextTick` costs
 * ten times as much, and a request has five.
 */
const keptTick: { entry?: object } = {};
process.nextTick(() => {
  keptTick.entry = executionAsyncResource();
});

/**
 * A server without routes. Whatever a handler throws reaches the caller through the one presenter below. With `tls` it
 * speaks HTTPS, and other servers must show a certificate.
 */
export async function openHttp(telemetry: Telemetry, tls?: TlsTexts): Promise<Http> {
  const connection = { maxHeaderSize: limits.headerBytes, headersTimeout: limits.requestMs };
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 2600, ignoreTrailingSlash: false },
    http: connection,
    ...(tls !== undefined && { https: { ...connection, ...tlsOptions(tls) } }),
    genReqId: nextRequestId,
    clientErrorHandler(error, socket) {
      const code =
        (error as NodeJS.ErrnoException).code === 'HPE_HEADER_OVERFLOW' ? 'too-large.headers' : 'malformed.http';
      const body = JSON.stringify(problemOf(refusal(code), newId()));
      const head = `HTTP/1.1 ${code === 'malformed.http' ? '400 Bad Request' : '431 Request Header Fields Too Large'}`;
      if (socket.writable) {
        socket.write(
          `${head}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
        );
      }
      socket.destroy();
    },
  });
  app.addSchema(Problem);
  readJsonStrictly(app);
  app.setValidatorCompiler(({ schema, httpPart }) => checkerOf(schema as TSchema, httpPart ?? 'body'));
  app.setErrorHandler((error: FastifyError, request, reply) => present(telemetry, error, request, reply));
  app.setNotFoundHandler((request, reply) => sendRefusal(refusal('not-found.route'), request, reply));
  observe(app, telemetry);
  // Hooks of every request call back: a promise each would cost a screening answer a tenth of its time.
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    // Two headers would cost a screening answer more than the comparison does, and no browser asks for one.
    if (request.url !== '/v1/screen') guardFromBrowsers(request, reply);
    if (request.url.length > limits.urlBytes) done(new Refused(refusal('too-large.url')));
    else if (request.url.includes('%00')) done(new Refused(refusal('malformed.nul')));
    else done();
  });
  if (tls !== undefined) demandCertificates(app);
  app.addHook('onRoute', documentRefusals);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bronze Drum',
        version: '1.0.0',
        description: "One member's server of the Lancang-Mekong cooperation against telecom and online fraud.",
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          // OpenAPI knows no scheme of this name: a call between servers is signed as RFC 9421 says.
          signature: { type: 'apiKey', in: 'header', name: 'signature' },
        },
      },
    },
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) =>
        typeof schema['$id'] === 'string' ? schema['$id'] : `schema-${index}`,
    },
  });
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

/** An answer of the API is what it says it is, and no browser keeps a copy unless its route allows one. */
function guardFromBrowsers(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-content-type-options', 'nosniff');
  if (request.url.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
}

/** JSON by RFC 8259 in valid UTF-8, without NUL characters (PostgreSQL has none) and without prototype keys. */
function readJsonStrictly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.headers['content-digest'] !== undefined) keepBodyDigest(request, body as Buffer);
    if (!isUtf8(body as Buffer)) return done(new Refused(refusal('malformed.utf8')));
    const text = body.toString('utf8');
    if (text.includes('\\u0000') || text.includes('\0')) return done(new Refused(refusal('malformed.nul')));
    void parse(request, text, (error, value) => {
      done(error === null ? null : new Refused(refusal('malformed.json')), value);
    });
  });
}

type Check = (data: unknown) => { value: unknown } | { error: Error };

/** Bodies are checked as they are; what comes as text in a URL or header is first read as the schema's type. */
function checkerOf(schema: TSchema, httpPart: string): Check {
  const validator = Compile(schema);
  return (data) => {
    const value = httpPart === 'body' ? data : Value.Default(schema, fromText(schema, data));
    if (!validator.Check(value)) return { error: schemaRefusal(validator, value, httpPart) };
    return holdsNoInstant(value) ? { error: noInstant } : { value };
  };
}

const noInstant = new Refused(refusal('malformed.instant'));

/** Whether anywhere in it stands a month 13: what looks like an instant, and no database has it. */
function holdsNoInstant(value: unknown): boolean {
  if (typeof value === 'string')
    return value.length === 24 && looksLikeInstant.test(value) && Number.isNaN(Date.parse(value));
  if (Array.isArray(value)) return value.some(holdsNoInstant);
  // Not what is read as it comes: a stream, bytes.
  return isPlain(value) && Object.values(value).some(holdsNoInstant);
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

const looksLikeInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** What came as text, as the numbers and truth values that the schema asks for; a text that is neither stays one. */
function fromText(schema: TSchema, data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const properties = (schema as { properties?: Record<string, { type?: string }> }).properties ?? {};
  const read = Object.entries(data).map(([name, value]): [string, unknown] => {
    const type = Object.hasOwn(properties, name) ? properties[name]!.type : undefined;
    if (type === 'integer' && typeof value === 'string' && /^-?\d{1,16}$/.test(value)) return [name, Number(value)];
    if (type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true'];
    return [name, value];
  });
  return Object.fromEntries(read);
}

function schemaRefusal(validator: Validator, data: unknown, httpPart: string): Refused {
  const [first] = validator.Errors(data);
  // The path names our own fields only: a key that the caller invented may be anybody's data.
  const at = first?.keyword === 'additionalProperties' ? '' : (first?.instancePath ?? '').slice(0, 200);
  const missing = first?.keyword === 'required' ? first.params.requiredProperties.join(', ') : undefined;
  return new Refused(
    refusal('malformed.schema', { part: httpPart, at, rule: first?.keyword ?? 'unknown', ...(missing && { missing }) }),
  );
}

const refusalOfFastify: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: refusal('too-large.body'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: refusal('unsupported-media-type'),
  FST_ERR_CTP_EMPTY_JSON_BODY: refusal('malformed.json'),
  FST_ERR_CTP_INVALID_JSON_BODY: refusal('malformed.json'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: refusal('malformed.content-length'),
  FST_ERR_BAD_URL: refusal('malformed.url'),
  FST_ERR_MAX_PARAM_LENGTH: refusal('too-large.url'),
};

/** The one presenter: refusals with their status, outages as 503 with Retry-After, defects as a bare 500. */
function present(telemetry: Telemetry, error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof Refused) return sendRefusal(error.refusal, request, reply);
  if (error instanceof Outage) {
    telemetry.log.warn({ requestId: request.id, cause: (error.cause as Error | undefined)?.message }, error.message);
    void reply.header('retry-after', String(error.retryAfterSeconds));
    return sendRefusal(refusal('unavailable', { retryAfterSeconds: error.retryAfterSeconds }), request, reply);
  }
  const known =
    refusalOfFastify[error.code] ??
    (error.statusCode !== undefined && error.statusCode < 500 ? refusal('malformed.request') : undefined);
  if (known !== undefined) return sendRefusal(known, request, reply);
  telemetry.log.error({ requestId: request.id, route: request.routeOptions.url, err: error }, 'defect');
  const problem = { ...problemOf(refusal('defect'), request.id), status: 500 };
  void reply.code(500).type('application/problem+json').send(problem);
}

function sendRefusal(answer: Refusal, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(answer, request.id);
  if (problem.status === 429 && typeof answer.params?.['retryAfterSeconds'] === 'number') {
    void reply.header('retry-after', String(answer.params['retryAfterSeconds']));
  }
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.code(problem.status).type('application/problem+json').send(problem);
}

function observe(app: FastifyInstance, telemetry: Telemetry): void {
  const duration = new Histogram({
    name: 'drum_http_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers: [telemetry.metrics],
  });
  const children = new Map<string, ReturnType<typeof duration.labels>>();
  const childOf = (method: string, route: string, status: number): ReturnType<typeof duration.labels> => {
    const key = `${method} ${status} ${route}`;
    const child = children.get(key) ?? duration.labels(method, route, String(status));
    children.set(key, child);
    return child;
  };
  // Requests like the one before find theirs without building its key.
  let last = { method: '', route: '', status: 0, child: childOf('GET', 'unknown', 404) };
  app.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method } = request;
    // Fastify builds these options anew each time they are asked for.
    const { url: route = 'unknown', config } = request.routeOptions;
    const status = reply.statusCode;
    if (method !== last.method || route !== last.route || status !== last.status)
      last = { method, route, status, child: childOf(method, route, status) };
    const ms = reply.elapsedTime;
    last.child.observe(ms / 1000);
    if (status >= 400 || config.quiet !== true)
      telemetry.log.info({ requestId, method, route, status, ms: Math.round(ms) }, 'request');
    done();
  });
}

/** Every route may answer with a problem; said once here for the published contract. */
function documentRefusals(route: RouteOptions): void {
  const schema = route.schema as { hide?: boolean; response?: Record<string, unknown> } | undefined;
  if (schema === undefined || schema.hide === true) return;
  const problem = { $ref: 'Problem#' };
  schema.response = { ...schema.response, '4xx': problem, '5xx': problem };
}
