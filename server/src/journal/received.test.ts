import { scheduler } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNote } from '@bronze-drum/protocol/checkpoints';
import { equalHashes, verifyConsistency, verifyInclusion } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { testClock } from '../kernel/clock.ts';
import { Outage } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { verifyEd25519, type Signer } from '../platform/signer.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openJournal, type Draft, type Entry, type Journal, type Positions } from './journal.ts';
import { hasher, sha256 } from './tree.ts';

// Cambodia says it, Thailand keeps a copy.
let kh: { db: Db; signer: Signer; journal: Journal };
let th: { db: Db; signer: Signer; journal: Journal };
const errors: unknown[] = [];

const open = (db: Db, signer: Signer, member: string, held = false): Promise<Journal> =>
  openJournal({
    db,
    clock: testClock(Date.UTC(2026, 0, 1)),
    signer,
    member,
    onError: (error) => errors.push(error),
    lockWaitMs: 2000,
    held,
  });

async function server(member: string): Promise<typeof kh> {
  const db = await openTestDb();
  const signer = openTestSigner();
  return { db, signer, journal: await open(db, signer, member) };
}

async function reopen(of: typeof kh, held = false): Promise<void> {
  const { member } = of.journal;
  await of.journal.close();
  of.journal = await open(of.db, of.signer, member, held);
}

beforeEach(async () => {
  errors.length = 0;
  [kh, th] = await Promise.all([server('kh'), server('th')]);
});
afterEach(async () => {
  for (const { journal, db } of [kh, th]) {
    await journal.close();
    await db.close();
  }
});

const draft = (text: string, more: Partial<Draft> = {}): Draft => ({
  book: 'alliance',
  kind: 'note',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  body: { text },
  ...more,
});
const say = (of: typeof kh, ...drafts: Draft[]) => of.db.tx((tx) => of.journal.append(tx, drafts));
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => draft(`n${from + index}`));
const textOf = ({ statement }: Entry) => (statement!.body as { text: string }).text;
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
const sizeOf = async (of: typeof kh, member: string, name = 'alliance') =>
  (await of.journal.books(member)).find((book) => book.name === name)?.size ?? 0;

/** What of a page is not as its author said it. */
interface Carrying {
  readonly book?: string;
  readonly change?: (entry: Entry) => Entry;
  readonly refuses?: boolean;
}

/** Carries entries up to a number of the author's into the copy, as federation does: all of them or none. */
async function carry(to: number, { book = 'alliance', change, refuses = false }: Carrying = {}): Promise<void> {
  const from = await sizeOf(th, 'kh', book);
  const entries = await kh.journal.read(book, from, to - from);
  const own = (await kh.journal.books()).find(({ name }) => name === book)!;
  const root = await kh.journal.root(book, to);
  await th.db.tx((tx) =>
    th.journal.receive(tx, {
      member: 'kh',
      book,
      entries: change === undefined ? entries : entries.map(change),
      accept(size, reached) {
        if (refuses || size !== to || !equalHashes(reached, root)) throw new Error('this is not what was signed');
        return to === own.size ? own.note : null;
      },
    }),
  );
}

/** The entry as it is kept while its body is held back. */
const bare = (entry: Entry): Entry => ({ ...entry, salt: null, bytes: null, statement: null });

describe("a copy of a neighbour's book", () => {
  test('has the roots and proofs of its author at every size', async () => {
    for (const count of [1, 2, 250, 3, 261]) await say(kh, ...many(count));
    for (const to of [1, 3, 200, 256, 400, 517]) await carry(to);
    const size = 517;
    expect(await th.journal.books('kh')).toMatchObject(
      (await kh.journal.books()).map(({ member, name, note }) => ({ member, name, size, note })),
    );
    const last = await kh.journal.root('alliance', size);
    const differing: string[] = [];
    for (let at = 1; at <= size; at += at < 20 || (at > 250 && at < 262) ? 1 : 13) {
      const root = await th.journal.root('alliance', at, 'kh');
      if (!equalHashes(root, await kh.journal.root('alliance', at))) differing.push(`root ${at}`);
      const path = await th.journal.consistency('alliance', at, size, 'kh');
      if (!verifyConsistency(hasher, at, size, root, last, path)) differing.push(`consistency ${at}`);
    }
    const entries = await th.journal.read('alliance', 0, size, 'kh');
    for (const number of [0, 2, 199, 200, 255, 256, 257, 511, 512, 516]) {
      const path = await th.journal.inclusion('alliance', number, size, 'kh');
      const leaf = hasher.leaf(entries[number]!.commitment);
      if (!verifyInclusion(hasher, leaf, number, size, path, last)) differing.push(`inclusion ${number}`);
    }
    expect(differing).toEqual([]);
    const own = await kh.journal.read('alliance', 0, size);
    expect(entries.map(({ bytes, number }) => [number, bytes])).toEqual(
      own.map(({ bytes, number }) => [number, bytes]),
    );
  });

  test('stands beside books of the same name, and goes on after a restart', async () => {
    await say(kh, ...many(300), draft('for two', { book: 'kh+th' }));
    await say(th, draft('ours'));
    await carry(290);
    await carry(1, { book: 'kh+th' });
    await reopen(th);
    await carry(300);
    await say(th, draft('ours too'));
    const books = (await th.journal.allBooks()).map(({ member, name, size }) => `${member}/${name}: ${size}`);
    expect(books).toEqual(['kh/alliance: 300', 'kh/kh+th: 1', 'th/alliance: 2']);
    expect(await th.journal.root('alliance', 300, 'kh')).toEqual(await kh.journal.root('alliance', 300));
    expect((await th.journal.read('alliance', 0, 10)).map(textOf)).toEqual(['ours', 'ours too']);
  });

  test('is found by what it is about, with whose word it is', async () => {
    const subject = 'ip:192.0.2.7';
    await say(kh, draft('x', { subject }));
    await say(th, draft('y', { subject }));
    await carry(1);
    const about = await th.journal.about(subject, 10);
    expect(about.map((entry) => [entry.member, textOf(entry)])).toEqual([
      ['th', 'y'],
      ['kh', 'x'],
    ]);
  });
});

describe('a page that is refused', () => {
  test('leaves nothing, and the right one is taken after it', async () => {
    await say(kh, ...many(3));
    await carry(2);
    const other = Buffer.alloc(32, 7);
    await expect(carry(3, { refuses: true })).rejects.toThrow('not what was signed');
    await expect(carry(3, { change: (entry) => ({ ...entry, commitment: other }) })).rejects.toThrow('not what');
    expect(await sizeOf(th, 'kh')).toBe(2);
    expect(await th.journal.read('alliance', 0, 10, 'kh')).toHaveLength(2);
    await carry(3);
    expect(await th.journal.root('alliance', 3, 'kh')).toEqual(await kh.journal.root('alliance', 3));
  });

  test('leaves no book where there was none', async () => {
    await say(kh, ...many(3));
    await expect(carry(3, { refuses: true })).rejects.toThrow('not what was signed');
    expect(await th.journal.allBooks()).toEqual([]);
    await carry(3);
    expect(await sizeOf(th, 'kh')).toBe(3);
  });

  test('is no page either if what belongs to it fails in the same transaction', async () => {
    await say(kh, ...many(2));
    const entries = await kh.journal.read('alliance', 0, 2);
    const failing = th.db.tx(async (tx) => {
      await th.journal.receive(tx, { member: 'kh', book: 'alliance', entries, accept: () => null });
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    await carry(2);
    expect((await th.journal.read('alliance', 0, 10, 'kh')).map(textOf)).toEqual(['n0', 'n1']);
  });
});

describe('followers', () => {
  const seen: string[] = [];
  const tell = (entries: readonly Entry[]) =>
    void seen.push(...entries.map((entry) => `${entry.member} ${textOf(entry)}${entry.redelivered ? ' again' : ''}`));
  const room = (kinds = ['note']) =>
    th.journal.follow({ name: 'room', kinds, handle: async (_tx, found) => tell(found) });
  const view = (from: Positions) => th.journal.followInMemory({ name: 'view', from, kinds: ['note'], handle: tell });
  beforeEach(() => {
    seen.length = 0;
  });

  test('hear of what a neighbour says once each and in its order, in rooms and in memory', async () => {
    const heard: string[] = [];
    const memory = th.journal.followInMemory({
      name: 'memory',
      from: new Map(),
      kinds: ['note'],
      handle: (found) => void heard.push(...found.map(textOf)),
    });
    let following = room();
    await say(kh, ...many(40));
    for (const to of [3, 4, 20]) await carry(to);
    await following.caughtUp();
    await following.close();
    await carry(30);
    following = room();
    await carry(40);
    await Promise.all([following.caughtUp(), memory.caughtUp()]);
    expect(seen).toEqual(names(40).map((name) => `kh ${name}`));
    expect(heard).toEqual(names(40));
    expect(th.journal.applied('kh', 'alliance')).toBe(40);
  });

  test('go on after a restart where they were', async () => {
    await say(kh, ...many(10));
    await carry(6);
    await room().caughtUp();
    await reopen(th);
    await carry(10);
    await room().caughtUp();
    expect(seen).toEqual(names(10).map((name) => `kh ${name}`));
  });

  test('see nothing of a body that is held back, and hear of it once more when it is let in', async () => {
    await say(kh, ...many(4), draft('held', { subject: 'ip:192.0.2.9' }), draft('n5'));
    const [whole] = await kh.journal.read('alliance', 4, 1);
    await carry(6, { change: (entry) => (entry.number === 4 ? bare(entry) : entry) });
    const following = room();
    const memory = view(await th.journal.positions(th.db, 'none'));
    await Promise.all([following.caughtUp(), memory.caughtUp()]);
    expect(seen.filter((text) => text.includes('held'))).toEqual([]);
    expect(await th.journal.about('ip:192.0.2.9', 10)).toEqual([]);
    const ref = { member: 'kh', book: 'alliance', number: 4 };
    await th.db.tx((tx) => th.journal.admit(tx, ref, { salt: whole!.salt!, bytes: whole!.bytes! }));
    await Promise.all([following.caughtUp(), memory.caughtUp()]);
    expect(seen.filter((text) => text.includes('held'))).toEqual(['kh held again', 'kh held again']);
    expect(await th.journal.about('ip:192.0.2.9', 10)).toHaveLength(1);
    expect((await th.journal.read('alliance', 4, 1, 'kh'))[0]!.bytes).toBe(whole!.bytes);
  });

  test('do not see a later version of a kind that they know, until a release that reads it takes it up', async () => {
    await say(kh, draft('old', { kind: 'listing' }), draft('new', { kind: 'listing', version: 2 }), draft('other'));
    await carry(3);
    const following = room(['listing', 'note']);
    await following.caughtUp();
    expect(seen).toEqual(['kh old', 'kh other']);
    // As an earlier release kept it that knew no version but 0.
    await th.db.query("UPDATE journal.statements SET kind = 'listing@1' WHERE kind = 'listing'");
    await reopen(th);
    await room(['listing', 'note']).caughtUp();
    expect(seen).toEqual(['kh old', 'kh other', 'kh old again']);
    await reopen(th);
    await room(['listing', 'note']).caughtUp();
    expect(seen).toHaveLength(3);
  });

  test('that are rebuilt from what a room has written miss nothing, though much comes meanwhile', async () => {
    const written: string[] = [];
    const following = th.journal.follow({
      name: 'projection',
      kinds: ['note'],
      handle: async (tx, found) => {
        await scheduler.wait(2);
        tx.afterCommit(() => void written.push(...found.map(textOf)));
      },
    });
    await say(kh, ...many(60));
    let carried = 0;
    const carrying = (async () => {
      for (carried = 2; carried <= 60; carried += 2) await carry(carried);
    })();
    const found: Set<string>[] = [];
    for (let round = 0; round < 6; round += 1) {
      await scheduler.wait(5);
      const from = await th.journal.positions(th.db, 'projection');
      const rebuilt = new Set(written);
      found.push(rebuilt);
      const handle = (entries: readonly Entry[]): void => entries.forEach((entry) => rebuilt.add(textOf(entry)));
      th.journal.followInMemory({ name: `view ${round}`, from, kinds: ['note'], handle });
    }
    await carrying;
    await following.caughtUp();
    for (const rebuilt of found) await expect.poll(() => rebuilt.size).toBe(60);
  });
});

test('a body of a neighbour is forgotten here, and every proof still holds', async () => {
  const subject = 'phone:+85512345678';
  await say(kh, draft('secret', { subject }), draft('b'));
  await carry(2);
  const ref = { member: 'kh', book: 'alliance', number: 0 };
  expect(await th.db.tx((tx) => th.journal.forget(tx, ref))).toBe(true);
  expect(await th.db.tx((tx) => th.journal.forget(tx, ref))).toBe(false);
  expect(await th.db.query("SELECT 1 FROM journal.statements WHERE bytes LIKE '%secret%'")).toEqual([]);
  expect(await th.journal.about(subject, 10)).toEqual([]);
  const [entry] = await th.journal.read('alliance', 0, 1, 'kh');
  expect(entry).toMatchObject({ number: 0, salt: null, bytes: null, statement: null });
  const path = await th.journal.inclusion('alliance', 0, 2, 'kh');
  const root = await kh.journal.root('alliance', 2);
  expect(verifyInclusion(hasher, hasher.leaf(entry!.commitment), 0, 2, path, root)).toBe(true);
  const own = { member: 'th', book: 'alliance', number: 0 };
  await expect(th.db.tx((tx) => th.journal.forget(tx, own))).rejects.toThrow('erased, and said to be');
});

describe('a journal that is held', () => {
  test('refuses to append, and signs nothing until it is released', async () => {
    await say(th, draft('before'));
    await reopen(th, true);
    const [book] = await th.journal.books();
    await expect(say(th, draft('now'))).rejects.toThrow(Outage);
    await th.journal.flush();
    expect(await th.journal.books()).toEqual([book]);
    expect(th.journal.isHeld()).toBe(true);
    th.journal.release();
    await say(th, draft('after'));
    expect((await th.journal.read('alliance', 0, 10)).map(textOf)).toEqual(['before', 'after']);
  });

  test('numbers what was on its way only once it is released', async () => {
    const saying = th.db.tx(async (tx) => {
      await th.journal.append(tx, [draft('on its way')]);
      await th.journal.hold();
    });
    await scheduler.wait(100);
    expect(await sizeOf(th, 'th')).toBe(0);
    th.journal.release();
    await saying;
    expect(await sizeOf(th, 'th')).toBe(1);
  });

  test('still takes what neighbours say', async () => {
    await th.journal.hold();
    await say(kh, ...many(2));
    await carry(2);
    expect(await sizeOf(th, 'kh')).toBe(2);
  });
});

test('after a restore what readers give back takes the place of what was not numbered yet, and is heard again', async () => {
  await say(th, draft('a'));
  const [early] = await th.journal.books();
  const frontier = hasher.leaf((await th.journal.read('alliance', 0, 1))[0]!.commitment);
  await say(th, draft('b'), draft('b too'));
  await say(th, draft('c'));
  const known = await th.journal.read('alliance', 1, 3);
  const { note } = (await th.journal.books())[0]!;
  // The backup was made after b was committed and before it had its number; of c it knows nothing.
  await th.journal.close();
  await th.db.query('DELETE FROM journal.statements WHERE append = 3');
  await th.db.query('DELETE FROM journal.appends WHERE id = 3');
  await th.db.query('UPDATE journal.appends SET first_number = NULL WHERE id = 2');
  await th.db.query('DELETE FROM journal.checkpoints WHERE size > 1');
  await th.db.query('UPDATE journal.books SET size = 1, frontier = $1, note = $2', [frontier, early!.note]);
  th.journal = await open(th.db, th.signer, 'th', true);
  const seen: string[] = [];
  const following = th.journal.follow({
    name: 'room',
    kinds: ['note'],
    ownKinds: [],
    handle: async (_tx, entries) =>
      void seen.push(...entries.map((entry) => `${textOf(entry)}${entry.redelivered ? ' again' : ''}`)),
  });
  await th.db.tx((tx) =>
    th.journal.receive(tx, { member: 'th', book: 'alliance', entries: known, redeliver: true, accept: () => note }),
  );
  await following.caughtUp();
  expect(seen).toEqual(['b again', 'b too again', 'c again']);
  th.journal.release();
  await th.journal.flush();
  expect((await th.journal.books())[0]).toMatchObject({ size: 4, note });
  await say(th, draft('d'));
  const entries = await th.journal.read('alliance', 0, 10);
  expect(entries.map((entry) => [entry.number, textOf(entry)])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'b too'],
    [3, 'c'],
    [4, 'd'],
  ]);
  expect(await th.db.query('SELECT 1 FROM journal.appends WHERE first_number IS NULL')).toEqual([]);
});

describe('after a change of the key', () => {
  const signedByNow = async (name: string): Promise<boolean> => {
    const book = (await th.journal.books()).find((one) => one.name === name)!;
    const verify: Parameters<typeof openNote>[2] = (key, message, signature) =>
      verifyEd25519(key.publicKey, message, signature);
    return !isRefusal(openNote(book.note!, [th.journal.verifyingKey(name)], verify, sha256));
  };
  const change = async (): Promise<void> => {
    await th.signer.prepare('checkpoint');
    await th.signer.activate('checkpoint');
  };

  test('books in which nothing is said any more are signed anew, and whoever serves them hears of it', async () => {
    await say(th, draft('a'), draft('for two', { book: 'kh+th' }));
    const root = await th.journal.root('kh+th', 1);
    let heard = 0;
    th.journal.onGrowth(() => (heard += 1));
    await change();
    expect(await signedByNow('kh+th')).toBe(false);
    await th.journal.flush();
    for (const name of ['alliance', 'kh+th']) expect(await signedByNow(name), name).toBe(true);
    expect(heard).toBeGreaterThan(0);
    expect(await th.journal.root('kh+th', 1)).toEqual(root);
    expect(await th.journal.keysOf('kh+th')).toHaveLength(2);
  });

  test('also when the server stopped before it could', async () => {
    await say(th, draft('for two', { book: 'kh+th' }));
    await th.journal.close();
    await change();
    th.journal = await open(th.db, th.signer, 'th', true);
    th.journal.release();
    await th.journal.flush();
    expect(await signedByNow('kh+th')).toBe(true);
  });
});
