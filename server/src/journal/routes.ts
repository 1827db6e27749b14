import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { writeVerifyingKey } from '@bronze-drum/protocol/checkpoints';
import type { Hash } from '@bronze-drum/protocol/proofs';
import type { Actor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import { writeEntryLine } from './audit/entry-lines.ts';
import { BookList, ConsistencyQuery, EntriesQuery, EntryLine, OfBook, Proof, ProofQuery } from './contract.ts';
import type { Book, Entry, Journal } from './journal.ts';
import { sha256 } from './tree.ts';

/** Who may read the journal's books. The room access answers; it stands below this one and is therefore given. */
export interface Readers {
  authenticate(request: FastifyRequest): Actor | Promise<Actor>;
  requirePermission(actor: Actor, permission: 'journal.read'): void;
}

const pageEntries = 500;

/** What a reader of a book needs to follow and verify it. A book that the caller may not see does not exist for them. */
export function journalRoutes(http: Http, journal: Journal, readers: Readers): void {
  const security = [{ bearer: [] }];
  const tags = ['journal'];
  const admit = async (request: FastifyRequest): Promise<void> => {
    readers.requirePermission(await readers.authenticate(request), 'journal.read');
  };
  const bookOf = async (name: string): Promise<Book> =>
    (await journal.books()).find((book) => book.name === name) ?? refuse('not-found.book', { book: name });

  http.get(
    '/federation/v1/books',
    { schema: { summary: 'The books that the caller may read', tags, security, response: { 200: BookList } } },
    async (request) => {
      await admit(request);
      const books = (await journal.books()).map(({ name, size, note }) => ({
        name,
        size,
        note,
        verifyingKey: writeVerifyingKey(journal.verifyingKey(name), sha256),
      }));
      return { member: journal.member, books };
    },
  );

  const checkpoint = { description: 'A signed note', content: { 'text/plain': { schema: Type.String() } } };
  http.get(
    '/federation/v1/checkpoint',
    {
      schema: {
        summary: 'A book’s newest checkpoint',
        tags,
        security,
        querystring: OfBook,
        response: { 200: checkpoint },
      },
    },
    async (request, reply) => {
      await admit(request);
      const { note } = await bookOf(request.query.book);
      if (note === null) refuse('not-found.checkpoint', { size: 0 });
      return reply.type('text/plain; charset=utf-8').send(note);
    },
  );

  const lines = {
    description: 'NDJSON, one entry a line',
    content: { 'application/x-ndjson': { schema: Type.Unsafe<Readable>(EntryLine) } },
  };
  http.get(
    '/federation/v1/entries',
    {
      schema: {
        summary: 'A book’s entries from a number on',
        tags,
        security,
        querystring: EntriesQuery,
        response: { 200: lines },
      },
    },
    async (request, reply) => {
      await admit(request);
      const { book, from, limit } = request.query;
      // The first page is read before the answer begins, so that a refusal can still be one.
      const first = await journal.read(book, from, Math.min(pageEntries, limit));
      return reply.type('application/x-ndjson').send(Readable.from(pagesOf(journal, book, first, limit)));
    },
  );

  http.get(
    '/federation/v1/proof',
    {
      schema: {
        summary: 'That an entry is in a book',
        tags,
        security,
        querystring: ProofQuery,
        response: { 200: Proof },
      },
    },
    async (request) => {
      await admit(request);
      const { book, number, size } = request.query;
      return proofOf(await journal.inclusion(book, number, size));
    },
  );

  http.get(
    '/federation/v1/consistency',
    {
      schema: {
        summary: 'That a book only grew',
        tags,
        security,
        querystring: ConsistencyQuery,
        response: { 200: Proof },
      },
    },
    async (request) => {
      await admit(request);
      const { book, from, to } = request.query;
      return proofOf(await journal.consistency(book, from, to));
    },
  );
}

const proofOf = (path: readonly Hash[]) => ({ path: path.map((hash) => Buffer.from(hash).toString('base64')) });

/** Entries as text, a page at a time, so that an answer of any length takes the memory of one page. */
async function* pagesOf(
  journal: Journal,
  book: string,
  first: readonly Entry[],
  limit: number,
): AsyncGenerator<string> {
  let page = first;
  let sent = 0;
  while (page.length > 0) {
    yield page.map(writeEntryLine).join('');
    sent += page.length;
    if (sent >= limit) return;
    page = await journal.read(book, page.at(-1)!.number + 1, Math.min(pageEntries, limit - sent));
  }
}
