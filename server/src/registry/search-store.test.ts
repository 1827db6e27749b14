import { afterAll, beforeAll, expect, test } from 'vitest';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import type { Db } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import { openTestDb } from '../platform/test-database.ts';
import { typologySet } from './rules.ts';
import { placeOf, searchListings, type Search } from './search-store.ts';

const nowMs = Date.UTC(2026, 5, 1);
let db: Db;
interface Planted {
  readonly number: number;
  readonly state: 'listed' | 'withdrawn' | 'released';
  readonly typologies: readonly string[];
  readonly member: string;
  readonly tier: number;
  readonly isOver: boolean;
}
/** A hundred and twenty listings, of which several changed in one instant. */
const planted = Array.from({ length: 120 }, (_, number): Planted => ({
  number,
  state: number % 10 === 0 ? 'withdrawn' : number % 17 === 0 ? 'released' : 'listed',
  typologies: number % 3 === 0 ? [typologies[0], typologies[2]] : [typologies[number % 4]!],
  member: number % 5 === 0 ? 'kh' : 'th',
  tier: number % tiers.length,
  isOver: number % 7 === 0,
}));

beforeAll(async () => {
  db = await openTestDb();
  await migrate(db, 'registry', new URL('migrations/', import.meta.url));
  for (const { number, state, typologies: named, member, tier, isOver } of planted)
    await db.query(
      `INSERT INTO registry.listings (member, id, revision, state, key, tier, typologies, offence, source_grade, information_grade,
         grounds, presented, discreet, book, tlp, conditions, since, until, changed_at, office, acted_by)
       VALUES ($1, gen_random_uuid(), 1, $2, $3, $4, $5, 'x', 'A', 1, 'x', false, false, 'alliance', 'AMBER', '{}', $6, $6, $7, 'aoc', '{}')`,
      [
        member,
        state,
        `phone:+668${number}`,
        tier,
        typologySet(named),
        new Date(nowMs + (isOver ? -1 : 1)),
        new Date(nowMs - Math.floor(number / 4) * 1000),
      ],
    );
});
afterAll(() => db.close());

async function paged(search: Partial<Search>): Promise<number[]> {
  const asked = { ...search, discreet: true, nowMs, limit: 7 };
  const found: number[] = [];
  let after: readonly [string, string, string] | undefined;
  for (;;) {
    const rows = await searchListings(db, asked, after);
    found.push(...rows.map(({ key }) => Number(key.slice('phone:+668'.length))));
    if (rows.length < asked.limit) return found;
    after = placeOf(asked, rows.at(-1)!);
  }
}

const isFound = (one: Planted, { state, typology, member, tier }: Partial<Search>): boolean =>
  (state === undefined ||
    (state === 'expired'
      ? one.state === 'listed' && one.isOver
      : one.state === state && !(state === 'listed' && one.isOver))) &&
  (typology === undefined || one.typologies.includes(typology)) &&
  (member === undefined || one.member === member) &&
  (tier === undefined || tiers[one.tier] === tier);

test('whatever is looked for, each listing comes once, page by page, the newest change first', async () => {
  for (const state of [undefined, 'listed', 'expired', 'withdrawn', 'released'] as const)
    for (const typology of [undefined, typologies[0], typologies[1], typologies[9]])
      for (const filters of [{}, { member: 'kh' }, { tier: tiers[1] }, { member: 'th', tier: tiers[3] }]) {
        const search = {
          ...filters,
          ...(state !== undefined && { state }),
          ...(typology !== undefined && { typology }),
        };
        const found = await paged(search);
        const expected = planted.filter((one) => isFound(one, search));
        expect(
          found.toSorted((a, b) => a - b),
          JSON.stringify(search),
        ).toEqual(expected.map(({ number }) => number));
        const instants = found.map((number) => Math.floor(number / 4));
        expect(instants, JSON.stringify(search)).toEqual(instants.toSorted((a, b) => a - b));
      }
});

test('listings under a beginning come by their keys, also of one typology and in one state', async () => {
  const search = { prefix: 'phone:+6681', typology: typologies[0], state: 'listed' } as const;
  const expected = planted.filter((one) => String(one.number).startsWith('1') && isFound(one, search));
  const keys = (await paged(search)).map(String);
  expect(keys).toEqual(expected.map(({ number }) => String(number)).sort());
  expect(keys.length).toBeGreaterThan(1);
});
