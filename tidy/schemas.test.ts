import { describe, expect, test } from 'vitest';
import { expectKept } from './breach.ts';
import { decisionBreaches, migrationBreaches, roomOf, schemaBreaches } from './schemas.ts';
import { houseFiles } from './source.ts';

const files = houseFiles();

test('nobody reads or writes the tables of another room', () => {
  const bound = files.filter(({ path }) => roomOf(path) !== undefined);
  expectKept('one schema a room', { count: bound.length, atLeast: 10 }, bound.flatMap(schemaBreaches));
});

test('migrations are numbered from 0001 without a gap', () => {
  const paths = files.map(({ path }) => path);
  const count = paths.filter((path) => path.includes('/migrations/')).length;
  expectKept('migrations', { count, atLeast: 1 }, migrationBreaches(paths));
});

test('decisions are numbered from 0001 without a gap', () => {
  const paths = files.map(({ path }) => path);
  const count = paths.filter((path) => path.startsWith('docs/decisions/')).length;
  expectKept('decisions', { count, atLeast: 1 }, decisionBreaches(paths));
});

describe("another room's schema", () => {
  const found = (text: string, path = 'server/src/registry/store.ts'): number => schemaBreaches({ path, text }).length;

  test.each([
    'db.query(`SELECT * FROM journal.entry`)',
    "db.query('insert into journal.entry values (1)')",
    'db.query(`UPDATE\n  journal.entry SET a = 1`)',
    'db.query(`select 1 from registry.listing l join access.officer o on true`)',
    'db.query(`delete from "journal"."entry"`)',
    'db.query(`copy platform.clock (id) from stdin`)',
    'db.query(`create schema if not exists journal`)',
    'db.query(`set search_path to journal`)',
  ])('is found in TypeScript: %s', (text) => {
    expect(found(text)).toBe(1);
  });

  test.each([
    'db.query(`select * from registry.listing`)',
    'db.query(`select * from known`)',
    '// select * from journal.entry',
    'const page = await journal.entries(actor);',
    'for (const a of journal.entries()) use(a);',
    'db.query(`insert into registry.listing select ${journal.name}`)',
    'db.query(`create schema if not exists registry`)',
  ])('is not seen in: %s', (text) => {
    expect(found(text)).toBe(0);
  });

  test('is found anywhere in a migration', () => {
    const path = 'server/src/registry/migrations/0001-listings.sql';
    expect(found('create table registry.a (b bigint references journal.entry);', path)).toBe(1);
    expect(found('create table registry.a (b bigint default access.next());', path)).toBe(1);
    expect(found('-- as in journal.entry\ncreate table registry.a ();', path)).toBe(0);
  });

  test('binds the ground too, and the roof not', () => {
    expect(found('db.query(`select 1 from journal.entry`)', 'server/src/platform/db.ts')).toBe(1);
    expect(roomOf('server/src/commands/backup.ts')).toBeUndefined();
  });
});

describe('numbers', () => {
  const at = (...names: string[]): string[] => names.map((name) => `server/src/journal/migrations/${name}`);

  test('from 0001 on without a gap are right, each room by itself', () => {
    expect(
      migrationBreaches([...at('0001-start.sql', '0002-more-words.sql'), 'server/src/registry/migrations/0001-a.sql']),
    ).toEqual([]);
    expect(decisionBreaches(['docs/decisions/0001-a.md', 'docs/decisions/0002-b.md', 'docs/guides/bank.md'])).toEqual(
      [],
    );
  });

  test('with a gap, twice, or no number are refused', () => {
    expect(migrationBreaches(at('0002-late.sql'))).toHaveLength(1);
    expect(migrationBreaches(at('0001-a.sql', '0003-c.sql'))).toHaveLength(1);
    expect(migrationBreaches(at('0001-a.sql', '0001-b.sql'))).toHaveLength(1);
    expect(migrationBreaches(at('0001-a.sql', 'more.sql'))).toHaveLength(1);
    expect(migrationBreaches(at('0001_a.sql'))).toHaveLength(1);
    expect(decisionBreaches(['docs/decisions/0001-a.md', 'docs/decisions/0001-b.md'])).toHaveLength(1);
    expect(decisionBreaches(['docs/decisions/0001-Title.md'])).toHaveLength(1);
  });
});
