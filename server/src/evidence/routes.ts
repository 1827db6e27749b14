import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Access } from '../access/access.ts';
import { actorId, type Actor, type PartyActor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import * as contract from './contract.ts';
import type { Evidence } from './evidence.ts';

const security = [{ bearer: [] }];
const tags = ['evidence'];
const params = contract.ExhibitParams;
const binary = (description: string) => ({
  description,
  content: { 'application/octet-stream': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } },
});
const retryAfterSeconds = 2;

/** `authenticateParty` says whose server signed a call, or refuses it. */
export function evidenceRoutes(
  http: Http,
  evidence: Evidence,
  access: Access,
  authenticateParty: (request: FastifyRequest) => Promise<PartyActor>,
): void {
  const incoming = openGate({ each: 4, all: 16 });
  const outgoing = openGate({ each: 8, all: 32 });
  takingRoute(http, evidence, access, incoming);
  listRoutes(http, evidence, access, incoming);
  contentRoutes(http, evidence, access, outgoing);
  actRoutes(http, evidence, access);
  http.get(
    '/federation/v1/exhibits/:sha256',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'The content of an exhibit that the caller was given',
        tags: ['federation'],
        security: [{ signature: [] }],
        params: contract.DigestParams,
        response: { 200: binary('Its bytes, as they were sealed') },
      },
    },
    async (request, reply) => {
      const actor = await authenticateParty(request);
      outgoing(actor, reply);
      const { content, bytes } = await evidence.serve(actor.party, request.params.sha256);
      return send(reply, 'application/octet-stream', bytes, content);
    },
  );
}

/** Takes the body as a stream, of any type: in a scope of its own, so that no other route does. */
function takingRoute(http: Http, evidence: Evidence, access: Access, gate: Gate): void {
  void http.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    postRoute(scope, evidence, access, gate);
    done();
  });
}

function postRoute(http: Http, evidence: Evidence, access: Access, gate: Gate): void {
  http.post(
    '/v1/exhibits',
    {
      schema: {
        summary: 'Take in an exhibit: the body is its content, whatever its media type',
        consumes: ['application/octet-stream', '*/*'],
        tags,
        security,
        querystring: contract.TakeQuery,
        body: Type.Unsafe<Readable | undefined>({ description: 'At most 200 MB' }),
        response: { 201: contract.Exhibit },
      },
    },
    async (request, reply) => {
      const actor = await access.authenticate(request);
      const { headers, body } = request;
      if (headers['content-encoding'] !== undefined) refuse('unsupported-media-type');
      if (Number(headers['content-length'] ?? 0) > contract.exhibitBytesMax)
        refuse('too-large.blob', { bytesMax: contract.exhibitBytesMax });
      gate(actor, reply);
      const arrived = body instanceof Readable ? body : Readable.from([]);
      try {
        const exhibit = await evidence.take(actor, request.query, arriving(arrived), headers['content-type']);
        return await reply.code(201).send(exhibit);
      } catch (error) {
        // Nobody reads the rest of what was refused.
        if (!arrived.readableEnded) void reply.header('connection', 'close');
        throw error;
      }
    },
  );
}

/** A body that breaks off is the sender's trouble, not a defect. */
async function* arriving(body: Readable): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await pieces.next().catch(() => refuse('malformed.truncated'));
    if (done === true) return;
    yield value as Uint8Array;
  }
}

function listRoutes(http: Http, evidence: Evidence, access: Access, gate: Gate): void {
  http.get(
    '/v1/exhibits',
    {
      schema: {
        summary: 'The exhibits, the newest first',
        tags,
        security,
        querystring: contract.ExhibitQuery,
        response: { 200: contract.ExhibitPage },
      },
    },
    async (request) => evidence.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/exhibits/:id',
    {
      schema: {
        summary: 'An exhibit; to officers with its chain of custody',
        tags,
        security,
        params,
        querystring: contract.CustodyQuery,
        response: { 200: contract.ExhibitWithCustody },
      },
    },
    async (request) => evidence.get(await access.authenticate(request), request.params.id, request.query),
  );
  http.get(
    '/v1/exhibits/abroad',
    {
      schema: {
        summary: 'What other members let us fetch',
        tags,
        security,
        querystring: contract.AbroadQuery,
        response: { 200: contract.AbroadPage },
      },
    },
    async (request) => evidence.abroad(await access.authenticate(request), request.query),
  );
  http.post(
    '/v1/exhibits/abroad/:id/fetch',
    {
      schema: {
        summary: 'Bring an exhibit of another member here, under the id that it has there',
        tags,
        security,
        params,
        querystring: contract.FetchQuery,
        response: { 200: contract.Exhibit },
      },
    },
    async (request, reply) => {
      const actor = await access.authenticate(request);
      gate(actor, reply);
      return evidence.fetch(actor, request.params.id, request.query.member);
    },
  );
}

function contentRoutes(http: Http, evidence: Evidence, access: Access, gate: Gate): void {
  http.get(
    '/v1/exhibits/:id/content',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Its content; every reading stands in its chain of custody',
        tags,
        security,
        params,
        response: { 200: binary('Its bytes, under the media type that it was taken in with') },
      },
    },
    async (request, reply) => {
      const actor = await access.authenticate(request);
      gate(actor, reply);
      const { content, bytes, mediaType, sha256 } = await evidence.read(actor, request.params.id);
      // A name of our own: a title may be anything. And nothing of it is ever run by a browser.
      void reply.headers({
        'content-disposition': `attachment; filename="exhibit-${request.params.id}"`,
        'content-security-policy': 'sandbox',
        'x-content-type-options': 'nosniff',
        'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      });
      return send(reply, mediaType, bytes, content);
    },
  );
  http.get(
    '/v1/exhibits/:id/bundle',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'A tar archive that proves by itself what it is and what was done with it',
        tags,
        security,
        params,
        response: { 200: binary('manifest.json and content; see `drum evidence verify`') },
      },
    },
    async (request, reply) => {
      const actor = await access.authenticate(request);
      gate(actor, reply);
      const { content, bytes } = await evidence.bundle(actor, request.params.id);
      void reply.header('content-disposition', `attachment; filename="exhibit-${request.params.id}.tar"`);
      return send(reply, 'application/x-tar', bytes, content);
    },
  );
}

function actRoutes(http: Http, evidence: Evidence, access: Access): void {
  const response = { 200: contract.Exhibit };
  http.post(
    '/v1/exhibits/:id/notes',
    {
      schema: {
        summary: 'Write down what was done with it outside of the server',
        tags,
        security,
        params,
        body: contract.CustodyNote,
        response,
      },
    },
    async (request) => evidence.note(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/exhibits/:id/withdrawal',
    {
      schema: {
        summary: 'Give it no longer to the readers of a book, or to an institution',
        tags,
        security,
        params,
        body: contract.Withdrawal,
        response,
      },
    },
    async (request) => evidence.withdraw(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/exhibits/:id/destruction',
    {
      schema: {
        summary: 'Destroy its content; its chain and its digest stay',
        tags,
        security,
        params,
        body: contract.Destruction,
        response,
      },
    },
    async (request) => evidence.destroy(await access.authenticate(request), request.params.id, request.body),
  );
}

function send(reply: FastifyReply, type: string, bytes: number, content: AsyncGenerator<Uint8Array>): FastifyReply {
  return reply
    .header('content-length', String(bytes))
    .header('content-type', type)
    .header('cache-control', 'no-store')
    .send(Readable.from(content, { objectMode: false }));
}

type Gate = (actor: Actor, reply: FastifyReply) => void;

/** Lets so many contents through at once, of each caller and of all; each keeps a file open for as long as it takes. */
function openGate(most: { readonly each: number; readonly all: number }): Gate {
  const open = new Map<string, number>();
  let all = 0;
  return (actor, reply) => {
    const who = actorId(actor);
    const own = open.get(who) ?? 0;
    if (own >= most.each || all >= most.all) refuse('too-many.exhibits', { retryAfterSeconds });
    open.set(who, own + 1);
    all += 1;
    reply.raw.once('close', () => {
      all -= 1;
      const left = open.get(who)! - 1;
      if (left === 0) open.delete(who);
      else open.set(who, left);
    });
  };
}
