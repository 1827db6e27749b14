import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { writeVerifyingKey } from '@bronze-drum/protocol/checkpoints';
import type { Hash } from '@bronze-drum/protocol/proofs';
import { refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import { writeEntryLine } from './audit/entry-lines.ts';
import {
  BookList,
  BooksQuery,
  ConsistencyQuery,
  EntriesQuery,
  EntryLine,
  OfBook,
  Proof,
  ProofQuery,
} from './contract.ts';
import { deskRoutes } from './desk-routes.ts';
import type { Entry, Journal } from './journal.ts';
import type { Readers } from './readers.ts';
import { sha256 } from './tree.ts';

const pageEntries = 500;

/** What a reader of a book needs to verify it. A book that the caller may not see does not exist for them. */
export function journalRoutes(http: Http, journal: Journal, readers: Readers): void {
  const security = [{ bearer: [] }];
  const tags = ['journal'];
  /** Whose book is meant, and the book, if the caller may read it. */
  const find = async (request: FastifyRequest, query: { member?: string; book: string }) => {
    const mayRead = await readers.admit(request);
    const of = query.member ?? journal.member;
    const book = mayRead(of, query.book)
      ? (await journal.books(of)).find(({ name }) => name === query.book)
      : undefined;
    return { of, book: book ?? refuse('not-found.book', { book: query.book }) };
  };

  http.get(
    '/federation/v1/books',
    {
      schema: {
        summary: 'The books that the caller may read',
        tags,
        security,
        querystring: BooksQuery,
        response: { 200: BookList },
      },
    },
    async (request) => {
      const mayRead = await readers.admit(request);
      const member = request.query.member ?? journal.member;
      const readable = (await journal.allBooks()).filter((book) => mayRead(book.member, book.name));
      const books = readable
        .filter((book) => book.member === member)
        .map(async ({ name, size, note }) => {
          const keys = await readers.keysOf(member, name);
          return { name, size, note, verifyingKeys: keys.map((key) => writeVerifyingKey(key, sha256)) };
        });
      const members = [...new Set(readable.map((book) => book.member))];
      return { member, members, books: await Promise.all(books) };
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
      const { note } = (await find(request, request.query)).book;
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
      const { of } = await find(request, request.query);
      const { book, from, limit } = request.query;
      const read = (next: number, count: number): Promise<Entry[]> =>
        journal.read(book, next, Math.min(pageEntries, count), of);
      // The first page is read before the answer begins, so that a refusal can still be one.
      return reply.type('application/x-ndjson').send(Readable.from(pagesOf(read, await read(from, limit), limit)));
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
      const { of } = await find(request, request.query);
      const { book, number, size } = request.query;
      return proofOf(await journal.inclusion(book, number, size, of));
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
      const { of } = await find(request, request.query);
      const { book, from, to } = request.query;
      return proofOf(await journal.consistency(book, from, to, of));
    },
  );
  deskRoutes(http, journal, readers);
}

const proofOf = (path: readonly Hash[]) => ({ path: path.map((hash) => Buffer.from(hash).toString('base64')) });

/** Entries as text, a page at a time, so that an answer of any length takes the memory of one page. */
async function* pagesOf(
  read: (from: number, limit: number) => Promise<Entry[]>,
  first: readonly Entry[],
  limit: number,
): AsyncGenerator<string> {
  let page = first;
  let sent = 0;
  while (page.length > 0) {
    yield page.map(writeEntryLine).join('');
    sent += page.length;
    if (sent >= limit) return;
    page = await read(page.at(-1)!.number + 1, limit - sent);
  }
}
