import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tiers, type ListingBody, type ListingWithdrawalBody } from '@bronze-drum/protocol/statements/listing';
import { instantText, testClock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { parsePolicy } from '../kernel/policy.ts';
import type { Draft, Entry } from '../journal/journal.ts';
import type { Db } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openApplying, type Applying } from './applying.ts';
import { digestOf } from './digest.ts';
import { listedChange, type ListedChange } from './listed.ts';
import { mergeViews, viewOf, type View } from './rules.ts';
import { listedOf, streamListed, type ListingRow } from './store.ts';
import { listingDraft, withdrawalDraft } from './test-registry.ts';

const now = Date.UTC(2026, 5, 1);
const clock = testClock(now);
const policy = parsePolicy(readFileSync(new URL('../../../policies/th.json', import.meta.url), 'utf8'));
let db: Db;
let applying: Applying;
let dropped: ListedChange[];

beforeAll(async () => {
  db = await openTestDb();
  await migrate(db, 'registry', new URL('migrations/', import.meta.url));
});
afterAll(() => db.close());
beforeEach(async () => {
  await clear();
  dropped = [];
  applying = openApplying({ db, clock, policy, journal: { member: 'th', read: async () => [] } });
  applying.onDropped((changes) => dropped.push(...changes));
});

const clear = () => db.query('TRUNCATE registry.listings, registry.tombstones, registry.erased');

/** An entry as federation hands it over. */
function entryOf(member: string, number: number, draft: Draft, redelivered = true): Entry {
  const { body, book, ...envelope } = draft;
  const at = instantText(now);
  const statement = { envelope: { ...envelope, member, book, at, audience: [book] }, body };
  return { member, book, number, commitment: Buffer.alloc(32), salt: null, bytes: '', statement, redelivered };
}
const erasure = (number: number, book = 'alliance'): Draft => ({
  book,
  kind: 'erasure',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  body: { number, basis: 'a law' },
});
const apply = (...entries: Entry[]) => db.tx((tx) => applying.apply(tx, entries));
const rows = () => db.query<ListingRow>('SELECT * FROM registry.listings ORDER BY member, id');
const digest = () => digestOf(db, now, 'alliance');

/** What the table says of each listing, as the algebra would: its newest revision, and its row unless it has ended. */
async function viewOfTable(): Promise<View> {
  const stored = (await rows()).map((row) => viewOfRow(row));
  const tombs = await db.query<{ member: string; id: string; revision: number }>('SELECT * FROM registry.tombstones');
  const ends = tombs.map(({ member, id, revision }) => viewOf({ end: { member, id, revision, key: '' } }));
  return [...stored, ...ends].reduce(mergeViews, new Map());
}
const viewOfRow = (row: ListingRow): View =>
  viewOf(
    row.state === 'listed'
      ? { put: listedOf(row) }
      : { end: { id: row.id, member: row.member, revision: row.revision, key: row.key } },
  );
const plain = (view: View) => [...view].sort(([a], [b]) => (a < b ? -1 : 1));

const keys = ['ip:45.66.77.1', 'ip:45.66.77.2', 'ip:45.66.77.3'];
const said = fc
  .record({
    member: fc.constantFrom('kh', 'vn', 'xx'),
    key: fc.constantFrom(...keys),
    revision: fc.integer({ min: 1, max: 4 }),
    tier: fc.constantFrom(...tiers),
    discreet: fc.boolean(),
    book: fc.constantFrom('alliance', 'kh+th'),
    ends: fc.boolean(),
  })
  .map(({ member, key, revision, tier, discreet, book, ends }) => ({
    member,
    draft: ends
      ? withdrawalDraft(key, { revision: revision + 1, book })
      : listingDraft(key, { revision, tier, discreet, book }),
  }));
const history = fc
  .array(said, { maxLength: 14 })
  .map((all) => all.map(({ member, draft }, number) => entryOf(member, number, draft)));

describe('listings of other members', () => {
  test('are the same in whatever order, pages and number of times their statements come', async () => {
    const orders = history.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }),
        fc.integer({ min: 1, max: 9 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([entries, shuffled, page]) => {
        await clear();
        await apply(...entries);
        const algebra = entries.map((entry) => viewOf(listedChange(entry)!)).reduce<View>(mergeViews, new Map());
        expect(plain(await viewOfTable())).toEqual(plain(algebra));
        const before = await digest();
        const listedBefore = (await rows()).filter((row) => row.state === 'listed');
        await clear();
        for (let at = 0; at < shuffled.length; at += page) await apply(...shuffled.slice(at, at + page));
        expect(plain(await viewOfTable())).toEqual(plain(algebra));
        expect(await digest()).toEqual(before);
        expect((await rows()).filter((row) => row.state === 'listed')).toEqual(listedBefore);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('that were erased are gone in any order, and a view in memory drops them too', async () => {
    const put = entryOf('kh', 0, listingDraft(keys[0]!));
    const raised = entryOf('kh', 1, listingDraft(keys[0]!, { revision: 2, tier: 'court' }));
    const gone = entryOf('kh', 2, erasure(1));
    for (const order of [
      [put, raised, gone],
      [gone, put, raised],
      [raised, gone, put],
      [gone, raised, put],
      [put, gone, raised, put, raised],
    ]) {
      await clear();
      dropped = [];
      for (const entry of order) await apply(entry);
      expect(await rows()).toEqual([]);
      expect((await digest()).count).toBe(0);
      expect(await db.query('SELECT revision, state, key FROM registry.tombstones')).toEqual([
        { revision: 2, state: 'erased', key: null },
      ]);
      expect(dropped).toContainEqual({
        end: { id: expect.any(String), member: 'kh', revision: 2, key: keys[0] },
      });
    }
  });

  test('stay when an older statement of theirs is erased, and an erasure touches no other member or book', async () => {
    await apply(entryOf('kh', 0, listingDraft(keys[0]!)), entryOf('vn', 0, listingDraft(keys[0]!)));
    await apply(entryOf('kh', 1, listingDraft(keys[0]!, { revision: 2 })));
    await apply(entryOf('kh', 2, erasure(0)), entryOf('xx', 2, erasure(1)), entryOf('kh', 2, erasure(1, 'kh+th')));
    expect((await rows()).map((row) => [row.member, row.revision])).toEqual([
      ['kh', 2],
      ['vn', 1],
    ]);
  });

  test('that end before they are heard of never act', async () => {
    await apply(entryOf('kh', 1, withdrawalDraft(keys[0]!)));
    await apply(entryOf('kh', 0, listingDraft(keys[0]!)));
    expect(await rows()).toEqual([]);
    await apply(entryOf('kh', 2, listingDraft(keys[0]!, { revision: 3 })));
    expect(await rows()).toMatchObject([{ revision: 3, state: 'listed', number: 2 }]);
    expect(await db.query('SELECT 1 FROM registry.tombstones')).toEqual([]);
  });

  test('whose author names two identifiers act for neither, whichever statement comes first', async () => {
    const id = derivedId('one');
    const one = entryOf('kh', 0, listingDraft(keys[0]!, { id }));
    const other = entryOf('kh', 1, listingDraft(keys[1]!, { id, revision: 2 }));
    const end = entryOf('kh', 2, withdrawalDraft(keys[2]!, { id, revision: 3 }));
    for (const order of [
      [one, other],
      [other, one],
      [one, end],
      [end, one],
      [end, other, one],
    ]) {
      await clear();
      for (const entry of order) await apply(entry);
      expect(await rows()).toEqual([]);
      expect(await db.query('SELECT state FROM registry.tombstones')).toEqual([{ state: 'void' }]);
    }
  });

  test('that cannot be kept are left out, and the others of their page are not', async () => {
    const faulty: Draft<ListingBody | ListingWithdrawalBody>[] = [
      listingDraft('ip:45.66.77.4', { revision: 2 ** 31 }),
      listingDraft('ip:45.66.77.4', { since: '2026-99-99T00:00:00.000Z' }),
      listingDraft('ip:45.66.77.4', { until: '0000-01-01T00:00:00.000Z' }),
      listingDraft('ip:45.66.77.4', { grounds: 'a\0b' }),
      listingDraft('ip:045.66.77.4'),
      listingDraft('person:TH:passport:AA1234567'),
      withdrawalDraft('nonsense'),
    ];
    const entries = faulty.map((draft, number) => entryOf('kh', number, draft));
    await apply(...entries, entryOf('kh', 9, listingDraft(keys[0]!)));
    expect((await rows()).map((row) => row.key)).toEqual([keys[0]]);
    expect(entries.map((entry) => applying.changeOf(entry))).toEqual(entries.map(() => undefined));
  });

  test('of something on our allow-list are kept, and do not act here', async () => {
    const entry = entryOf('kh', 0, listingDraft('url:www.mots.go.th/pay'));
    await apply(entry, entryOf('kh', 1, listingDraft(keys[0]!)));
    expect((await rows()).map((row) => [row.key, row.barred])).toContainEqual(['url:www.mots.go.th/pay', true]);
    const streamed = await Array.fromAsync(streamListed(db, now));
    expect(streamed.flat().map((row) => row.key)).toEqual([keys[0]]);
    expect(applying.changeOf(entry)).toHaveProperty('end');
    expect((await digest()).count).toBe(2);
  });
});

describe('what this member said itself', () => {
  test('is applied only when it comes back after a restore', async () => {
    const own = entryOf('th', 0, listingDraft(keys[0]!), false);
    await apply(own);
    expect(await rows()).toEqual([]);
    await apply({ ...own, redelivered: true });
    expect(await rows()).toMatchObject([{ member: 'th', number: null, acted_by: ['officer:malee'] }]);
    await apply(entryOf('th', 1, withdrawalDraft(keys[0]!)));
    expect(await rows()).toMatchObject([{ state: 'withdrawn', revision: 2 }]);
  });
});

test('pages of thousands are applied at once', async () => {
  const page = (from: number) =>
    Array.from({ length: 5000 }, (_, at) =>
      entryOf(
        'kh',
        from + at,
        listingDraft(`ip:45.${(from + at) >> 16}.${((from + at) >> 8) & 255}.${(from + at) & 255}`),
        false,
      ),
    );
  const msPer: number[] = [];
  for (let from = 0; from < 40_000; from += 5000) {
    const entries = page(from);
    const started = performance.now();
    await apply(...entries);
    msPer.push(performance.now() - started);
  }
  const ends = Array.from({ length: 5000 }, (_, at) =>
    entryOf('kh', 50_000 + at, withdrawalDraft(`ip:45.${at >> 16}.${(at >> 8) & 255}.${at & 255}`), false),
  );
  const started = performance.now();
  await apply(...ends);
  const endMs = performance.now() - started;
  const median = msPer.sort((a, b) => a - b)[4]!;
  console.log(`new ${Math.round(5_000_000 / median)} rows/s, ended ${Math.round(5_000_000 / endMs)} rows/s`);
  expect((await digest()).count).toBe(35_000);
});
