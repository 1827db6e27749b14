import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNote, parseVerifyingKey, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, originOf, saltBytes } from '@bronze-drum/protocol/commitments';
import { equalHashes, treeHasher, verifyInclusion } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { testClock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { openHttp, type Http } from '../platform/http.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import type { DeskBooks, DeskProof } from './contract.ts';
import { openJournal, type Draft, type Journal } from './journal.ts';
import { journalRoutes } from './routes.ts';

interface Member {
  readonly db: Db;
  readonly journal: Journal;
}
let th: Member;
let kh: Member;
let http: Http;
let reads: string[];

async function open(member: string): Promise<Member> {
  const db = await openTestDb();
  const clock = testClock(Date.UTC(2026, 0, 1));
  const onError = () => undefined;
  return { db, journal: await openJournal({ db, clock, signer: openTestSigner(), member, onError }) };
}

beforeEach(async () => {
  [th, kh] = await Promise.all([open('th'), open('kh')]);
  http = await openHttp(openTelemetry({ level: 'silent', member: 'th' }));
  reads = [];
  journalRoutes(http, th.journal, {
    admit: () => refuse('forbidden.permission'),
    keysOf: async (member, book) => [(member === 'th' ? th : kh).journal.verifyingKey(book)],
    async desk({ headers }) {
      if (headers.authorization === 'bank') return refuse('forbidden.permission');
      return {
        requirePurpose: () => void (headers['drum-purpose'] ?? refuse('forbidden.purpose')),
        mayRead: async ({ statement }) => statement?.envelope.kind !== 'secret',
        recordRead: async (subject) => void reads.push(subject),
      };
    },
  });
});
afterEach(async () => {
  await http.close();
  for (const { journal, db } of [th, kh]) {
    await journal.close();
    await db.close();
  }
});

const author = { office: 'aoc' } as const;
const handling = { tlp: 'AMBER', conditions: [] as never[] } as const;
const note = (text: string, change: Partial<Draft> = {}): Draft => ({
  book: 'alliance',
  kind: 'note',
  version: 1,
  author,
  handling,
  body: { text },
  ...change,
});
const say = ({ db, journal }: Member, ...drafts: Draft[]) => db.tx((tx) => journal.append(tx, drafts));

/** Cambodia’s book comes to Thailand whole, with its checkpoint unless told. */
async function copy(checkpoint?: null): Promise<void> {
  const book = (await kh.journal.books())[0]!;
  const entries = await kh.journal.read('alliance', 0, book.size);
  const accept = () => (checkpoint === null ? null : book.note);
  await th.db.tx((tx) => th.journal.receive(tx, { member: 'kh', book: 'alliance', entries, accept }));
}

const get = (path: string, headers: Record<string, string> = { 'drum-purpose': 'audit' }) =>
  http.inject({ url: `/v1/journal/${path}`, headers });
const proofOf = async (number: number, book = 'alliance', of = 'th') => {
  const answer = await get(`proof?author=${of}&book=${book}&number=${number}`);
  return { status: answer.statusCode, code: answer.json<{ code?: string }>().code, proof: answer.json<DeskProof>() };
};

const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', data, 'buffer'));

/** What a browser does: nothing but `protocol/`, a SHA-256 and its own Ed25519, which answers later. */
async function verifies(proof: DeskProof): Promise<boolean> {
  const origin = originOf(proof.author, proof.book);
  const verifyingKey = parseVerifyingKey(proof.verifyingKey, sha256);
  if (isRefusal(verifyingKey) || verifyingKey.name !== origin) return false;
  const signed: { readonly key: NoteKey; readonly message: Uint8Array; readonly signature: Uint8Array }[] = [];
  const collect = (key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
    signed.push({ key, message, signature }) > 0;
  const opened = openNote(proof.checkpoint, [verifyingKey], collect, sha256);
  if (isRefusal(opened) || opened.origin !== origin || opened.size !== proof.size) return false;
  for (const { key, message, signature } of signed) {
    const imported = await crypto.subtle.importKey('raw', key.publicKey.slice(), 'Ed25519', false, ['verify']);
    if (!(await crypto.subtle.verify('Ed25519', imported, signature.slice(), message.slice()))) return false;
  }
  const commitment = bytesOf(proof.commitment);
  if (proof.entry !== null) {
    const salt = bytesOf(proof.entry.salt);
    const text = new TextEncoder().encode(proof.entry.text);
    if (salt.length !== saltBytes || !equalHashes(commitmentOf(sha256, salt, text), commitment)) return false;
  }
  const hasher = treeHasher(sha256);
  const leaf = hasher.leaf(commitment);
  const path = proof.path.map(bytesOf);
  return (
    signed.length > 0 &&
    equalHashes(leaf, bytesOf(proof.leafHash)) &&
    verifyInclusion(hasher, leaf, proof.number, proof.size, path, opened.root)
  );
}

describe('the proof of an entry', () => {
  test('verifies in a browser with the protocol alone: of our own book, and of the copy of another’s', async () => {
    await say(th, ...Array.from({ length: 300 }, (_, index) => note(`n${index}`)));
    await say(kh, note('ជនរងគ្រោះបីនាក់ 👮'), note('another', { subject: 'phone:+85512345678' }));
    await copy();
    for (const [of, number] of [
      ['th', 0],
      ['th', 255],
      ['th', 299],
      ['kh', 0],
      ['kh', 1],
    ] as const) {
      const { status, proof } = await proofOf(number, 'alliance', of);
      expect(status).toBe(200);
      expect(await verifies(proof), `${of} ${number}`).toBe(true);
      expect(JSON.parse(proof.entry!.text)).toMatchObject({ envelope: { member: of, book: 'alliance' } });
      // Whatever is altered on the way shows.
      const forged = { ...proof.entry!, text: `${proof.entry!.text} ` };
      expect(await verifies({ ...proof, number: proof.number === 0 ? 1 : 0 })).toBe(false);
      expect(await verifies({ ...proof, entry: forged })).toBe(false);
      expect(await verifies({ ...proof, checkpoint: proof.checkpoint.replace(`\n${proof.size}\n`, '\n9\n') })).toBe(
        false,
      );
      expect(await verifies({ ...proof, path: proof.path.slice(1) })).toBe(false);
    }
    expect(reads.slice(-2)).toEqual(['kh/alliance/0', 'phone:+85512345678']);
  });

  test('still verifies where its text is erased, or not for this officer, and shows nothing of it', async () => {
    await say(th, note('a'), note('b', { kind: 'secret' }));
    const basis = { author, handling, basis: 'law' };
    await th.db.tx((tx) => th.journal.erase(tx, { member: 'th', book: 'alliance', number: 0 }, basis));
    const proofs = [await proofOf(0), await proofOf(1)].map(({ proof }) => proof);
    expect(proofs.map(({ entry, absent, size }) => [entry, absent, size])).toEqual([
      [null, 'not-here', 3],
      [null, 'withheld', 3],
    ]);
    for (const proof of proofs) expect(await verifies(proof)).toBe(true);
    expect(reads).toEqual([]);
  });

  test('is refused where there is none: no such book or entry, or no checkpoint that covers it yet', async () => {
    await say(th, note('a'));
    await say(kh, note('a'));
    await copy(null);
    expect((await proofOf(0, 'kh%2Bth')).code).toBe('not-found.book');
    expect((await proofOf(0, 'alliance', 'vn')).code).toBe('not-found.book');
    expect((await proofOf(1)).code).toBe('not-found.entry');
    expect((await proofOf(0, 'alliance', 'kh')).code).toBe('not-found.checkpoint');
  });

  test('is given only to officers who say why they look', async () => {
    await say(th, note('a'));
    const path = 'proof?author=th&book=alliance&number=0';
    expect((await get(path, {})).json()).toMatchObject({ code: 'forbidden.purpose' });
    for (const one of [path, 'books'])
      expect((await get(one, { authorization: 'bank' })).json()).toMatchObject({ code: 'forbidden.permission' });
  });
});

test('the books that are kept here are named with size, root, newest checkpoint and keys', async () => {
  await say(th, note('a'), note('b', { book: 'kh+th' }));
  await say(kh, note('c'));
  await copy();
  const { books } = (await get('books', {})).json<DeskBooks>();
  expect(books.map((book) => [book.author, book.book, book.size])).toEqual([
    ['kh', 'alliance', 1],
    ['th', 'alliance', 1],
    ['th', 'kh+th', 1],
  ]);
  for (const { checkpoint, root, verifyingKeys } of books) {
    expect(checkpoint).toContain(`\n1\n${root}\n`);
    expect(verifyingKeys).toHaveLength(1);
  }
});
