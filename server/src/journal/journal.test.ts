import { afterEach, beforeEach, expect, test } from 'vitest';
import { openNote } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf } from '@bronze-drum/protocol/commitments';
import { verifyConsistency, verifyInclusion } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { testClock } from '../kernel/clock.ts';
import type { Db } from '../platform/db.ts';
import { verifyEd25519, type Signer } from '../platform/signer.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openJournal, type Draft, type Entry, type Journal } from './journal.ts';
import { hasher, sha256 } from './tree.ts';

let db: Db;
let signer: Signer;
let journal: Journal;
const errors: unknown[] = [];

const reopen = (): Promise<Journal> =>
  openJournal({
    db,
    clock: testClock(Date.UTC(2026, 0, 1)),
    signer,
    member: 'th',
    onError: (error) => errors.push(error),
    lockWaitMs: 300,
  });

beforeEach(async () => {
  errors.length = 0;
  db = await openTestDb();
  signer = openTestSigner();
  journal = await reopen();
});
afterEach(async () => {
  await journal.close();
  await db.close();
});

const draft = (text: string, book = 'alliance', subject?: string): Draft => ({
  book,
  kind: 'note',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  ...(subject && { subject }),
  body: { text },
});
const say = (...drafts: Draft[]) => db.tx((tx) => journal.append(tx, drafts));
const texts = (entries: readonly Entry[]) => entries.map((entry) => (entry.statement!.body as { text: string }).text);
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => draft(`n${from + index}`));

function opened(note: string | null, book = 'alliance') {
  const checkpoint = openNote(
    note!,
    [journal.verifyingKey(book)],
    (key, message, signature) => verifyEd25519(key.publicKey, message, signature),
    sha256,
  );
  if (isRefusal(checkpoint)) throw new Error(checkpoint.refused);
  return checkpoint;
}

test('a statement is numbered, committed to and under a signed checkpoint once its transaction returns', async () => {
  await say(draft('first'));
  const [book] = await journal.books();
  expect(book?.size).toBe(1);
  const [entry] = await journal.read('alliance', 0, 10);
  expect(entry!.statement!.envelope).toMatchObject({ member: 'th', book: 'alliance', at: '2026-01-01T00:00:00.000Z' });
  expect(Buffer.from(commitmentOf(sha256, entry!.salt!, Buffer.from(entry!.bytes!)))).toEqual(entry!.commitment);
  const checkpoint = opened(book!.note);
  expect(checkpoint).toMatchObject({ origin: 'th.bronze-drum/alliance', size: 1 });
  expect(verifyInclusion(hasher, hasher.leaf(entry!.commitment), 0, 1, [], checkpoint.root)).toBe(true);
});

test('statements of a transaction that rolls back are never numbered', async () => {
  const failing = db.tx(async (tx) => {
    await journal.append(tx, [draft('lost')]);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await say(draft('kept'));
  expect(texts(await journal.read('alliance', 0, 10))).toEqual(['kept']);
});

test('each book has its own gapless numbers, however many write at once', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => say(draft(`a${index}`, 'alliance'), draft(`d${index}`, 'domestic'))),
  );
  for (const name of ['alliance', 'domestic']) {
    const entries = await journal.read(name, 0, 100);
    expect(entries.map((entry) => entry.number)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(new Set(texts(entries)).size).toBe(40);
  }
  expect((await journal.read('domestic', 0, 1))[0]!.statement!.envelope.audience).toEqual([]);
});

test('every proof holds across tiles, and reading begins anywhere', async () => {
  await say(...many(300));
  await say(...many(7, 300));
  await say(...many(800, 307));
  const size = 1107;
  const checkpoint = opened((await journal.books())[0]!.note);
  expect(checkpoint.size).toBe(size);
  const entries = await journal.read('alliance', 0, 2000);
  expect(texts(entries)).toEqual(many(size).map((one) => (one.body as { text: string }).text));
  for (const number of [0, 255, 256, 299, 300, 306, 307, 1023, 1024, 1106]) {
    const path = await journal.inclusion('alliance', number, size);
    expect(verifyInclusion(hasher, hasher.leaf(entries[number]!.commitment), number, size, path, checkpoint.root)).toBe(
      true,
    );
    expect(texts(await journal.read('alliance', number, 1))).toEqual([`n${number}`]);
  }
  for (const old of [300, 307]) {
    const before = opened(await journal.checkpointAt('alliance', old));
    const path = await journal.consistency('alliance', old, size);
    expect(verifyConsistency(hasher, old, size, before.root, checkpoint.root, path)).toBe(true);
    expect(verifyConsistency(hasher, old, size, checkpoint.root, before.root, path)).toBe(false);
  }
});

test('a journal that is closed and opened again goes on from the same tree', async () => {
  await say(...many(700));
  const before = opened((await journal.books())[0]!.note);
  await journal.close();
  journal = await reopen();
  await say(...many(600, 700));
  const after = opened((await journal.books())[0]!.note);
  const path = await journal.consistency('alliance', 700, 1300);
  expect(verifyConsistency(hasher, 700, 1300, before.root, after.root, path)).toBe(true);
});

test('what was committed but not numbered before a crash is numbered at the next start', async () => {
  await say(draft('a'));
  await journal.close();
  const id = (
    await db.query<{ id: number }>('INSERT INTO journal.appends (book, count) VALUES (1, 1) RETURNING id')
  )[0]!.id;
  const bytes = JSON.stringify({ envelope: {}, body: { text: 'b' } });
  await db.query(
    'INSERT INTO journal.statements (append, seq, commitment, salt, bytes, kind) VALUES ($1, 0, $2, $3, $4, $5)',
    [id, commitmentOf(sha256, new Uint8Array(16), Buffer.from(bytes)), new Uint8Array(16), bytes, 'note'],
  );
  journal = await reopen();
  expect(texts(await journal.read('alliance', 0, 10))).toEqual(['a', 'b']);
});

test('a second sequencer on the same database is refused while the first one lives', async () => {
  await expect(reopen()).rejects.toThrow('another server');
});

test('an older sequencer can number nothing once a newer one has raised the epoch', async () => {
  await db.query('UPDATE journal.sequencer SET epoch = epoch + 1');
  await expect(say(draft('late'))).rejects.toThrow('another sequencer');
});

test('an erased body is gone for good, is said to be, and every proof still holds', async () => {
  await say(draft('a'), draft('secret', 'alliance', 'phone:+66800000001'), draft('c'));
  await db.tx((tx) =>
    journal.erase(
      tx,
      { member: 'th', book: 'alliance', number: 1 },
      { author: { office: 'aoc' }, handling: { tlp: 'AMBER', conditions: [] }, basis: 'PDPA s.33' },
    ),
  );
  const entries = await journal.read('alliance', 0, 10);
  expect(entries[1]).toMatchObject({ bytes: null, salt: null, statement: null });
  expect(entries[3]!.statement).toMatchObject({
    envelope: { kind: 'erasure' },
    body: { number: 1, basis: 'PDPA s.33' },
  });
  expect(await db.query("SELECT 1 FROM journal.statements WHERE bytes LIKE '%secret%'")).toEqual([]);
  expect(await journal.about('phone:+66800000001', 10)).toEqual([]);
  const { root } = opened((await journal.books())[0]!.note);
  const path = await journal.inclusion('alliance', 1, 4);
  expect(verifyInclusion(hasher, hasher.leaf(entries[1]!.commitment), 1, 4, path, root)).toBe(true);
});

test('a follower sees every statement of its kinds once, in order, across a failure and a restart', async () => {
  const seen: string[] = [];
  let failures = 2;
  const follow = () =>
    journal.follow({
      name: 'test',
      kinds: ['note'],
      handle: async (_tx, entries) => {
        if (failures-- > 0) throw new Error('not yet');
        seen.push(...texts(entries));
      },
    });
  await say(...many(3));
  let following = follow();
  await expect.poll(() => seen.length, { timeout: 5000 }).toBe(3);
  await following.close();
  await say(...many(2, 3));
  following = follow();
  await following.caughtUp();
  expect(seen).toEqual(['n0', 'n1', 'n2', 'n3', 'n4']);
  expect(errors.length).toBeGreaterThan(0);
});

test('what is said about a subject is found by it', async () => {
  await say(
    draft('x', 'alliance', 'ip:192.0.2.1'),
    draft('y', 'domestic', 'ip:192.0.2.2'),
    draft('z', 'domestic', 'ip:192.0.2.1'),
  );
  const about = await journal.about('ip:192.0.2.1', 10);
  expect(about.map((entry) => [entry.book, entry.number])).toEqual([
    ['alliance', 0],
    ['domestic', 1],
  ]);
});
