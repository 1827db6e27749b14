import type { FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { activityKinds, type ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import { refusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import { quietRoute, type Http } from '../platform/http.ts';
import type { Activity } from './activity.ts';
import { activityPaths, bodyBytesMax, bodyOf, ReportAnswer, ReportQuery, type LineResult } from './contract.ts';
import { linesOf } from './lines.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who reports activity; known before the body is read. */
    reporter: Actor | null;
  }
}

type Authentication = Pick<Access, 'authenticate' | 'requirePermission'>;

const query = Compile(ReportQuery);
const checkQuery = (value: unknown) =>
  query.Check(value) ? { value } : { error: new Refused(refusal('malformed.schema', { part: 'querystring' })) };

/** What bodies of one institution, and of all, may take of memory at once. */
const openBytesMax = { each: 64 * 1024 * 1024, all: 256 * 1024 * 1024 };
const retryAfterSeconds = 1;
const xmlTypes = ['application/xml', 'text/xml'];

export function activityRoutes(http: Http, activity: Activity, access: Authentication): void {
  const open = openBodies();
  // In a scope of their own, so that no other route takes such bodies.
  void http.register((scope, _options, done) => {
    scope.decorateRequest('reporter', null);
    for (const type of ['application/x-ndjson', ...xmlTypes])
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.addHook('onRequest', async (request, reply) => {
      const actor = await identify(access, request);
      request.reporter = actor;
      open.take(actor, request, reply);
    });
    for (const kind of activityKinds) reportRoute(scope, activity, kind);
    done();
  });
}

function reportRoute(http: Http, activity: Activity, kind: ActivityKind): void {
  http.post(
    `/v1/activity/${activityPaths[kind]}`,
    {
      schema: {
        summary: `Reports ${activityPaths[kind]}: a line each, acknowledged once it is durable`,
        tags: ['activity'],
        security: [{ bearer: [] }],
        querystring: ReportQuery,
        body: bodyOf(kind),
        response: { 200: ReportAnswer },
      },
      config: quietRoute,
      bodyLimit: bodyBytesMax,
      // A line that breaks its schema is refused in its place, which no validator of bodies can do.
      validatorCompiler: ({ httpPart }) => (httpPart === 'body' ? (value: unknown) => ({ value }) : checkQuery),
    },
    async (request, reply) => {
      const body: unknown = request.body;
      const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
      const isXml = xmlTypes.includes(type);
      if (!Buffer.isBuffer(body) || (isXml && kind !== 'payment')) refuse('unsupported-media-type');
      const results = isXml
        ? await activity.reportPacs008(request.reporter!, body)
        : await activity.report(request.reporter!, kind, linesOf(body));
      return answer(reply, results, request.query.results === 'all');
    },
  );
}

async function identify(access: Authentication, request: FastifyRequest): Promise<Actor> {
  const actor = await access.authenticate(request);
  access.requirePermission(actor, 'activity.report');
  if (request.headers['content-encoding'] !== undefined) refuse('unsupported-media-type');
  return actor;
}

/** Counts the bytes of bodies on their way, so that many large ones at once are refused before they are read. */
function openBodies() {
  const bytes = new Map<string, number>();
  let all = 0;
  return {
    take(actor: Actor, request: FastifyRequest, reply: FastifyReply): void {
      const who = actor.kind === 'institution' ? actor.institution : '';
      const said = Number(request.headers['content-length'] ?? bodyBytesMax);
      const size = Number.isSafeInteger(said) && said >= 0 ? Math.min(said, bodyBytesMax) : bodyBytesMax;
      const own = bytes.get(who) ?? 0;
      if (own + size > openBytesMax.each || all + size > openBytesMax.all)
        refuse('too-many.records', { retryAfterSeconds });
      bytes.set(who, own + size);
      all += size;
      reply.raw.once('close', () => {
        all -= size;
        const left = bytes.get(who)! - size;
        if (left === 0) bytes.delete(who);
        else bytes.set(who, left);
      });
    },
  };
}

function answer(reply: FastifyReply, results: readonly LineResult[], isAll: boolean): FastifyReply {
  const counts = { accepted: 0, known: 0, refused: 0 };
  for (const { state } of results) counts[state] += 1;
  const told = isAll ? results : results.filter(({ state }) => state !== 'accepted');
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ ...counts, results: told }));
}
