import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { readPositions, StreamLine } from '@bronze-drum/protocol/federation/pages';
import type { Access } from '../access/access.ts';
import { refuse } from '../kernel/refusals.ts';
import { quietRoute, type Http } from '../platform/http.ts';
import {
  Cosigned,
  CosignedQuery,
  ForkProof,
  Held,
  HeldDecision,
  HeldId,
  HeldPage,
  LedgerExportQuery,
  LedgerLine,
  LedgerPage,
  LedgerQuery,
  Links,
  OfParty,
  QuarantineQuery,
  Receipts,
  ReceiptsQuery,
  RefusalPage,
  RefusalsQuery,
  StatementReceipts,
  StreamQuery,
  Waiver,
} from './contract.ts';
import type { Federation } from './federation.ts';

const tags = ['federation'];

/** Between servers: every call is signed by its party (RFC 9421). */
function partyRoutes(http: Http, federation: Federation): void {
  const security = [{ signature: [] }];
  const lines = {
    description: 'NDJSON without end: a page, its entries one a line, beats when nothing is said',
    content: { 'application/x-ndjson': { schema: Type.Unsafe<Readable>(StreamLine) } },
  };
  http.get(
    '/federation/v1/stream',
    {
      config: quietRoute,
      schema: {
        summary: 'Everything that the caller may read, from where it asks on, as it is said',
        tags,
        security,
        querystring: StreamQuery,
        response: { 200: lines },
      },
    },
    async (request, reply) => {
      const { party } = await federation.authenticateParty(request);
      const positions = readPositions(request.query.from) ?? refuse('malformed.positions');
      const stream = Readable.from(federation.stream(party, positions), { objectMode: false, highWaterMark: 1 });
      return reply.type('application/x-ndjson').send(stream);
    },
  );
  http.get(
    '/federation/v1/cosignatures',
    {
      config: quietRoute,
      schema: {
        summary: 'What this server has verified of the books that the caller may read as well',
        tags,
        security,
        querystring: CosignedQuery,
        response: { 200: Cosigned },
      },
    },
    async (request) => {
      const { party } = await federation.authenticateParty(request);
      return federation.shownTo(party, request.query.member);
    },
  );
  http.post(
    '/federation/v1/cosignatures',
    {
      config: quietRoute,
      schema: {
        summary: 'What the caller has received, verified and applied of this member’s books',
        tags,
        security,
        body: Receipts,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { party } = await federation.authenticateParty(request);
      await federation.hear(party, request.body);
      return reply.code(204).send(null);
    },
  );
}

export function federationRoutes(http: Http, federation: Federation, access: Access): void {
  const security = [{ bearer: [] }];
  partyRoutes(http, federation);
  http.get(
    '/v1/federation/links',
    {
      schema: {
        summary: 'How it stands with each neighbour, in both directions',
        tags,
        security,
        response: { 200: Links },
      },
    },
    async (request) => federation.links(await access.authenticate(request)),
  );
  http.get(
    '/v1/federation/forks',
    {
      schema: {
        summary: 'Proofs that an author showed two histories',
        tags,
        security,
        response: { 200: Type.Object({ forks: Type.Array(ForkProof) }) },
      },
    },
    async (request) => ({ forks: await federation.forks(await access.authenticate(request)) }),
  );
  http.get(
    '/v1/federation/receipts',
    {
      schema: {
        summary: 'Who has applied what we said about an identifier, and who has not',
        tags,
        security,
        querystring: ReceiptsQuery,
        response: { 200: StatementReceipts },
      },
    },
    async (request) => federation.receiptsAbout(await access.authenticate(request), request.query.key),
  );
  http.get(
    '/v1/federation/quarantine',
    {
      schema: {
        summary: 'Statements of others that are held back',
        tags,
        security,
        querystring: QuarantineQuery,
        response: { 200: HeldPage },
      },
    },
    async (request) => federation.quarantine.list(await access.authenticate(request), request.query),
  );
  http.post(
    '/v1/federation/quarantine/:id',
    {
      schema: {
        summary: 'Release a statement to the rooms, or reject it',
        tags,
        security,
        params: HeldId,
        body: HeldDecision,
        response: { 200: Held },
      },
    },
    async (request) =>
      federation.quarantine.decide(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/federation/recovery/:code/waive',
    {
      schema: {
        summary: 'After a restore, go on without a reader that does not answer',
        tags,
        security,
        params: OfParty,
        body: Waiver,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await federation.waive(await access.authenticate(request), request.params.code, request.body.reason);
      return reply.code(204).send(null);
    },
  );
  ledgerRoutes(http, federation, access);
}

function ledgerRoutes(http: Http, federation: Federation, access: Access): void {
  const security = [{ bearer: [] }];
  http.get(
    '/v1/federation/ledger',
    {
      schema: {
        summary: 'What we gave, to whom, when and on what basis',
        tags,
        security,
        querystring: LedgerQuery,
        response: { 200: LedgerPage },
      },
    },
    async (request) => federation.ledgerPage(await access.authenticate(request), request.query),
  );
  const lines = {
    description: 'NDJSON, one statement and reader a line',
    content: { 'application/x-ndjson': { schema: Type.Unsafe<Readable>(LedgerLine) } },
  };
  http.get(
    '/v1/federation/ledger/export',
    {
      schema: {
        summary: 'The whole of our ledger, or what is asked of it',
        tags,
        security,
        querystring: LedgerExportQuery,
        response: { 200: lines },
      },
    },
    async (request, reply) => {
      const found = federation.ledgerLines(await access.authenticate(request), request.query);
      // The first line is read before the answer begins, so that a refusal can still be one.
      const first = await found.next();
      return reply.type('application/x-ndjson').send(Readable.from(textOf(first, found)));
    },
  );
  http.get(
    '/v1/federation/refusals',
    {
      schema: {
        summary: 'What we refused to other parties, the newest minute first',
        tags,
        security,
        querystring: RefusalsQuery,
        response: { 200: RefusalPage },
      },
    },
    async (request) => federation.refusalsPage(await access.authenticate(request), request.query),
  );
}

async function* textOf(first: IteratorResult<LedgerLine>, rest: AsyncGenerator<LedgerLine>): AsyncGenerator<string> {
  if (first.done === true) return;
  yield `${JSON.stringify(first.value)}\n`;
  for await (const line of rest) yield `${JSON.stringify(line)}\n`;
}
