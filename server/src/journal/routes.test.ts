import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNote, parseVerifyingKey, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { verifyConsistency, verifyInclusion } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { testClock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { openHttp, type Http } from '../platform/http.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { readEntryLine } from './audit/entry-lines.ts';
import { findingsOf } from './audit/test-book.ts';
import type { BookList } from './contract.ts';
import { remoteBooks } from './export/export.ts';
import { openJournal, type Draft, type Journal } from './journal.ts';
import { journalRoutes } from './routes.ts';
import { hasher, sha256 } from './tree.ts';

let db: Db;
let journal: Journal;
let http: Http;

beforeEach(async () => {
  db = await openTestDb();
  journal = await openJournal({
    db,
    clock: testClock(Date.UTC(2026, 0, 1)),
    signer: openTestSigner(),
    member: 'th',
    onError: () => undefined,
  });
  http = await openHttp(openTelemetry({ level: 'silent', member: 'th' }));
  journalRoutes(http, journal, {
    async admit({ headers }) {
      if (headers.authorization === 'auditor') return () => true;
      if (headers.authorization === 'kh') return (_member, book) => book !== 'domestic' && book !== 'th+vn';
      return refuse(headers.authorization === 'bank' ? 'forbidden.permission' : 'unauthenticated.missing');
    },
    keysOf: async (_member, book) => [journal.verifyingKey(book)],
    desk: async () => refuse('forbidden.permission'),
  });
});
afterEach(async () => {
  await http.close();
  await journal.close();
  await db.close();
});

const draft = (text: string, book = 'alliance'): Draft => ({
  book,
  kind: 'note',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  body: { text },
});
const say = (...drafts: Draft[]) => db.tx((tx) => journal.append(tx, drafts));
const many = (count: number, book?: string) => Array.from({ length: count }, (_, index) => draft(`n${index}`, book));
const get = (path: string, as = 'auditor') =>
  http.inject({ url: `/federation/v1/${path}`, headers: { authorization: as } });

function opened(note: string, vkey: string) {
  const key = parseVerifyingKey(vkey, sha256) as NoteKey;
  const checkpoint = openNote(
    note,
    [key],
    (key, message, signature) => verifyEd25519(key.publicKey, message, signature),
    sha256,
  );
  if (isRefusal(checkpoint)) throw new Error(checkpoint.refused);
  return checkpoint;
}

test('books are named with their size, their checkpoint and the key that verifies it', async () => {
  await say(...many(3), ...many(2, 'kh+th'));
  const { member, books } = (await get('books')).json<BookList>();
  expect([member, books.map((book) => [book.name, book.size])]).toEqual([
    'th',
    [
      ['alliance', 3],
      ['kh+th', 2],
    ],
  ]);
  for (const { note, verifyingKeys, size } of books) expect(opened(note!, verifyingKeys[0]!).size).toBe(size);
  const checkpoint = await get('checkpoint?book=kh%2Bth');
  expect([checkpoint.body, checkpoint.headers['content-type']]).toEqual([books[1]!.note, 'text/plain; charset=utf-8']);
});

test('entries come as lines from a number on, over several pages, and verify', async () => {
  await say(...many(1234));
  const answer = await get('entries?book=alliance&from=3&limit=1100');
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  const lines = answer.body.split('\n');
  expect([lines.length, lines.at(-1)]).toEqual([1101, '']);
  expect(lines.slice(0, -1).map((line) => readEntryLine(Buffer.from(line))!.number)).toEqual(
    Array.from({ length: 1100 }, (_, index) => index + 3),
  );
  expect((await get('entries?book=alliance&from=1234')).body).toBe('');
  expect((await get('entries?book=alliance&from=9007199254740991')).body).toBe('');
});

test('what a server shows is enough to audit it, before and after a text is erased', async () => {
  await say(...many(700), ...many(3, 'domestic'));
  const audit = async () => {
    const books = await remoteBooks(
      async (path) => new Response((await get(path.replace('/federation/v1/', ''))).body),
    );
    return (await Promise.all(books.map((book) => findingsOf(book)))).flat();
  };
  expect(await audit()).toEqual([]);
  const author = {
    author: { office: 'aoc' },
    handling: { tlp: 'AMBER', conditions: [] as never[] },
    basis: 'law',
  } as const;
  await db.tx((tx) => journal.erase(tx, { member: 'th', book: 'alliance', number: 5 }, { ...author }));
  const [line] = (await get('entries?book=alliance&from=5&limit=1')).body.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ number: 5, salt: null, bytes: null });
  expect(await audit()).toEqual([]);
  const erasing = db.tx((tx) => journal.erase(tx, { member: 'th', book: 'alliance', number: 700 }, { ...author }));
  await expect(erasing).rejects.toMatchObject({ refusal: { refused: 'conflict.erasure' } });
});

test('proofs verify against the checkpoint', async () => {
  await say(...many(300));
  const before = opened(
    (await journal.books())[0]!.note!,
    (await get('books')).json<BookList>().books[0]!.verifyingKeys[0]!,
  );
  await say(...many(300));
  const [book] = (await get('books')).json<BookList>().books;
  const { root } = opened(book!.note!, book!.verifyingKeys[0]!);
  const pathOf = async (path: string) =>
    (await get(path)).json<{ path: string[] }>().path.map((hash) => Buffer.from(hash, 'base64'));
  const [entry] = await journal.read('alliance', 299, 1);
  const inclusion = await pathOf('proof?book=alliance&number=299&size=600');
  expect(verifyInclusion(hasher, hasher.leaf(entry!.commitment), 299, 600, inclusion, root)).toBe(true);
  const consistency = await pathOf('consistency?book=alliance&from=300&to=600');
  expect(verifyConsistency(hasher, 300, 600, before.root, root, consistency)).toBe(true);
});

describe('what is refused', () => {
  const paths = [
    'checkpoint?book=B',
    'entries?book=B',
    'proof?book=B&number=0&size=1',
    'consistency?book=B&from=0&to=1',
  ];

  test('reading by those who may not read the journal', async () => {
    await say(draft('a'));
    for (const path of ['books', ...paths]) {
      const url = path.replace('=B', '=alliance');
      expect((await get(url, '')).statusCode, path).toBe(401);
      expect((await get(url, 'bank')).json(), path).toMatchObject({ status: 403, code: 'forbidden.permission' });
      // Whether a book exists is not to be learnt by one who may read none.
      expect((await get(path.replace('=B', '=vn%2Bth'), 'bank')).json(), path).toMatchObject({
        code: 'forbidden.permission',
      });
    }
  });

  test('a book that is not there', async () => {
    for (const path of paths) {
      const problem = (await get(path.replace('=B', '=la%2Bth'))).json();
      expect(problem, path).toMatchObject({ status: 404, code: 'not-found.book', params: { book: 'la+th' } });
    }
  });

  test('questions that are malformed', async () => {
    for (const path of [
      'entries?book=x',
      'entries',
      'entries?book=alliance&limit=5001',
      'entries?book=alliance&limit=0',
      'entries?book=alliance&from=-1',
      'entries?book=alliance&from=9007199254740992',
      'entries?book=alliance&other=1',
      'proof?book=alliance&number=0',
      'proof?book=alliance&number=0&size=0',
    ]) {
      expect((await get(path)).statusCode, path).toBe(400);
    }
  });

  test('proofs about what is not in the book', async () => {
    await say(draft('a'));
    expect((await get('proof?book=alliance&number=0&size=2')).json()).toMatchObject({ code: 'not-found.entry' });
    expect((await get('proof?book=alliance&number=1&size=1')).json()).toMatchObject({ code: 'not-found.entry' });
    expect((await get('consistency?book=alliance&from=0&to=2')).json()).toMatchObject({ code: 'not-found.checkpoint' });
    expect((await get('consistency?book=alliance&from=2&to=1')).json()).toMatchObject({ code: 'not-found.checkpoint' });
  });
});
