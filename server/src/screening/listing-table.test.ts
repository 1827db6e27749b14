import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import { derivedId } from '../kernel/ids.ts';
import type { ListedChange, ListedRow } from '../registry/registry.ts';
import { openListingTable } from './listing-table.ts';
import { listed, someDay, testSeed } from './test-listings.ts';

const typologyNames = (set: number) => typologies.filter((_, at) => (set & (1 << at)) !== 0);
const key = 'phone:+66812345678';
const sorted = (listings: readonly { id: string }[]) => listings.toSorted((a, b) => a.id.localeCompare(b.id));

test('a listing is found with everything that it claims', () => {
  const table = openListingTable(testSeed);
  table.apply({
    put: listed(key, { member: 'kh', tier: 'court', typologies: ['infrastructure', 'sim-box'], discreet: true }),
  });
  const [found] = table.inForce(key, someDay);
  expect(found).toMatchObject({
    id: derivedId(key, 'kh'),
    member: 'kh',
    tier: 'court',
    presented: false,
    discreet: true,
  });
  expect(typologyNames(found!.typologies)).toEqual(['sim-box', 'infrastructure']);
  expect(found!.untilMs).toBe(someDay + 5 * 86_400_000);
});

test('a listing is in force from its first instant until just before its last, by the clock alone', () => {
  const table = openListingTable(testSeed);
  const row = listed(key);
  table.apply({ put: row });
  const countAt = (atMs: number) => table.inForce(key, atMs).length;
  expect([countAt(row.sinceMs - 1), countAt(row.sinceMs), countAt(row.untilMs - 1), countAt(row.untilMs)]).toEqual([
    0, 1, 1, 0,
  ]);
});

test('a withdrawal that arrives before its listing still ends it', () => {
  const table = openListingTable(testSeed);
  const row = listed(key);
  table.apply({ end: { id: row.id, member: row.member, revision: 2, key } });
  table.apply({ put: row });
  expect(table.inForce(key, someDay)).toEqual([]);
  table.apply({ put: { ...row, revision: 3 } });
  expect(table.inForce(key, someDay)).toHaveLength(1);
});

test('two members may give their listings the same id', () => {
  const table = openListingTable(testSeed);
  const id = derivedId('same');
  table.apply({ put: listed(key, { id }) });
  table.apply({ put: listed(key, { id, member: 'vn' }) });
  table.apply({ end: { id, member: 'th', revision: 2, key } });
  expect(table.inForce(key, someDay).map((listing) => listing.member)).toEqual(['vn']);
});

const Row = fc.record({
  id: fc.integer({ min: 0, max: 3 }).map((n) => derivedId(String(n))),
  member: fc.constantFrom(...foundingMembers),
  revision: fc.integer({ min: 1, max: 4 }),
  tier: fc.constantFrom(...tiers),
  presented: fc.boolean(),
  discreet: fc.boolean(),
});
const History = fc.uniqueArray(fc.tuple(Row, fc.boolean()), {
  maxLength: 30,
  // A member says one thing with one revision.
  selector: ([row]) => `${row.id} ${row.member} ${row.revision}`,
});
// The id decides the key, as the registry sees to.
const keyOfId = (id: string) => `phone:+6681234567${Number.parseInt(id[0]!, 16) % 2}`;

test('the same statements give the same listings in any order and however often they are heard', () => {
  fc.assert(
    fc.property(
      History.chain((history) =>
        fc.tuple(
          fc.constant(history),
          fc.shuffledSubarray([...history, ...history], { minLength: history.length * 2 }),
        ),
      ),
      ([history, shuffled]) => {
        const [one, other] = [history, shuffled].map((statements) => {
          const table = openListingTable(testSeed);
          for (const [row, ends] of statements) table.apply(changeOf({ ...listed(keyOfId(row.id)), ...row }, ends));
          return [keyOfId('0'), keyOfId('1')].map((key) => sorted(table.inForce(key, someDay)));
        });
        const byMember = (found: typeof one) =>
          found!.map((listings) => listings.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
        expect(byMember(other)).toEqual(byMember(one));
      },
    ),
  );
});

function changeOf(row: ListedRow, ends: boolean): ListedChange {
  return ends ? { end: { id: row.id, member: row.member, revision: row.revision, key: row.key } } : { put: row };
}

test('a listing long over is forgotten with its key, and its memory serves the next one', () => {
  const table = openListingTable(testSeed);
  for (let n = 0; n < 1000; n += 1)
    table.apply({ put: listed(`account:TH:014:${n}`, { untilMs: n < 900 ? someDay : someDay + 1000 }) });
  const before = table.counts();
  table.forget(someDay, 5000);
  expect(table.counts()).toMatchObject({ keys: 100, listings: 100 });
  for (let n = 0; n < 900; n += 1) table.apply({ put: listed(`account:TH:014:${n}`) });
  expect(table.counts()).toEqual(before);
  expect(table.inForce('account:TH:014:7', someDay)).toHaveLength(1);
  expect(table.inForce('account:TH:014:950', someDay)).toHaveLength(1);
});

test('one of several listings of a key can be forgotten', () => {
  const table = openListingTable(testSeed);
  for (const [at, member] of foundingMembers.entries())
    table.apply({ put: listed(key, { member, untilMs: someDay + at }) });
  table.forget(someDay + 2, 100);
  expect(
    table
      .inForce(key, someDay)
      .map((listing) => listing.member)
      .sort(),
  ).toEqual(['mm', 'th', 'vn']);
});

test('a member that joined later is heard like a founder, and a tier or typology of a later release stops nobody', () => {
  const table = openListingTable(testSeed);
  table.apply({ put: listed(key, { member: 'xx' }) });
  table.apply({ put: listed(key, { tier: 'rumour' as 'court' }) });
  table.apply({ put: listed(key, { member: 'la', typologies: ['moon-scam'] }) });
  const found = table.inForce(key, someDay);
  expect(found.map((listing) => [listing.member, typologyNames(listing.typologies)])).toEqual([
    ['la', ['unspecified']],
    ['xx', ['mule-account']],
  ]);
});
