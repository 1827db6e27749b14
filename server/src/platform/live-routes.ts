import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/actor.ts';
import { minuteMs } from '../kernel/clock.ts';
import { quietRoute, type Http } from './http.ts';
import type { Live } from './live.ts';

/** What a stream asks of the room `access`. */
export interface LiveAccess {
  authenticate(request: FastifyRequest): Actor | Promise<Actor>;
  /** Who calls, without this being a use of their session. Without it officers are looked at again when they come again. */
  recheck?(request: FastifyRequest): Actor | Promise<Actor>;
  requirePermission(actor: Actor, permission: 'alerts.read'): void;
}

const After = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        maxLength: 1000,
        description:
          'The id of the last event that was seen, for those who cannot send Last-Event-ID, which goes first',
      }),
    ),
  },
  { additionalProperties: false },
);

const events = {
  description:
    'Server-sent events without end: `hello` first, then each change as its topic says it; `more` when so much ' +
    'happened that some was skipped: read the list again; `beat` after fifteen quiet seconds',
  content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(Type.String()) } },
};

/** The stream of what happens, for desks and institutions. It ends when its viewer may no longer read, and with the server. */
export function liveRoutes(http: Http, live: Live, access: LiveAccess, recheckMs: number = minuteMs): void {
  http.addHook('preClose', () => live.close());
  http.get(
    '/v1/stream',
    {
      config: quietRoute,
      schema: {
        summary: 'What happens, as it happens; resumes after the header Last-Event-ID',
        tags: ['stream'],
        security: [{ bearer: [] }],
        querystring: After,
        response: { 200: events },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const viewer = await access.authenticate(request);
      access.requirePermission(viewer, 'alerts.read');
      const header = request.headers['last-event-id'];
      const after = typeof header === 'string' ? header : request.query.after;
      const texts = live.stream(viewer, after, gone.signal)[Symbol.asyncIterator]();
      // The first text is read before the answer begins, so that an outage can still be told.
      const first = await texts.next();
      watch(request, reply, viewer, access, gone, recheckMs);
      // A connection that outlived its stream would be waited for when the server closes.
      void reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' });
      return reply.type('text/event-stream').send(readableOf(first, texts));
    },
  );
}

/** One text at a time: the next is made when the last one has gone out. */
function readableOf(first: IteratorResult<string>, texts: AsyncIterator<string>): Readable {
  let next: Promise<IteratorResult<string>> | undefined = Promise.resolve(first);
  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    read() {
      const pulled = next ?? texts.next();
      next = undefined;
      pulled.then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy(error, callback) {
      void texts.return?.();
      callback(error);
    },
  });
}

/** Ends the stream of whoever may no longer read it, or does not take what is sent. */
function watch(
  request: FastifyRequest,
  reply: FastifyReply,
  viewer: Actor,
  access: LiveAccess,
  gone: AbortController,
  recheckMs: number,
): void {
  const { raw } = reply;
  let writtenBytes = -1;
  const look = async (): Promise<void> => {
    const written = raw.socket?.bytesWritten ?? 0;
    if (raw.writableNeedDrain && written === writtenBytes) raw.destroy();
    writtenBytes = written;
    // Whoever proves who they are by a session would keep it alive for ever by looking on.
    const find = access.recheck ?? (viewer.kind === 'institution' ? access.authenticate : undefined);
    if (find === undefined) return;
    const now = await find(request);
    access.requirePermission(now, 'alerts.read');
    if (!seesTheSame(viewer, now)) gone.abort();
  };
  const timer = setInterval(() => void look().catch(() => gone.abort()), recheckMs).unref();
  gone.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  if (gone.signal.aborted) clearInterval(timer);
}

/** Whoever has become another in what they may see begins anew. */
function seesTheSame(before: Actor, now: Actor): boolean {
  const described = (actor: Actor): string => {
    const { permissions } = actor as { permissions?: ReadonlySet<string> };
    const { office, roles } = actor as { office?: string; roles?: readonly string[] };
    return JSON.stringify([actor.kind, office, roles?.toSorted(), permissions && [...permissions].toSorted()]);
  };
  return described(before) === described(now);
}
