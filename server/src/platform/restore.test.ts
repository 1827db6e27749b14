import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { backup, type BackupParts } from './backup.ts';
import { readManifest } from './backup-manifest.ts';
import { openDb, type Db, type DbAddress } from './db.ts';
import { migrate } from './migrations.ts';
import { restoreDatabase } from './restore.ts';
import { openTestDb } from './test-database.ts';

/** A room with everything that makes loading a table hard: order, circles, generated values, triggers, odd names. */
const demo = `
CREATE TABLE demo.a_child (parent integer NOT NULL REFERENCES demo.z_parent, note text);
`;
const parent = `
CREATE TABLE demo.z_parent (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "order" text NOT NULL, twice integer GENERATED ALWAYS AS (id * 2) STORED,
  raw bytea, list text[], at timestamptz, document jsonb, amount numeric(20, 2));
INSERT INTO demo.z_parent ("order") VALUES ('made by the migration');
CREATE SEQUENCE demo.tickets;
CREATE FUNCTION demo.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stays'; END $$;
CREATE TRIGGER stays BEFORE TRUNCATE ON demo.z_parent FOR EACH STATEMENT EXECUTE FUNCTION demo.refuse();
CREATE UNLOGGED TABLE demo.cache (x integer);
CREATE TABLE demo.days (at timestamptz, x integer) PARTITION BY RANGE (at);
CREATE INDEX days_by_x ON demo.days (x);
CREATE TABLE demo.kinds (kind text) PARTITION BY LIST (kind);
CREATE TABLE demo.kinds_rest PARTITION OF demo.kinds DEFAULT;
`;

let home: string;
let rooms: URL;
let db: Db & { readonly address: DbAddress };
const opened: Db[] = [];

async function openedDb(): Promise<typeof db> {
  const db = await openTestDb();
  opened.push(db);
  return db;
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'drum-restore-'));
  rooms = pathToFileURL(`${join(home, 'rooms')}/`);
  await mkdir(join(home, 'rooms', 'demo', 'migrations'), { recursive: true });
  await mkdir(join(home, 'keys'));
  await cp(new URL('migrations', import.meta.url), join(home, 'rooms', 'platform', 'migrations'), { recursive: true });
  await writeFile(join(home, 'rooms', 'demo', 'migrations', '0001-parent.sql'), parent);
  await writeFile(join(home, 'rooms', 'demo', 'migrations', '0002-child.sql'), demo);
  db = await openedDb();
  for (const room of ['platform', 'demo']) await migrate(db, room, new URL(`${room}/migrations/`, rooms));
  await db.query(
    `INSERT INTO demo.z_parent ("order", raw, list, at, document, amount)
     SELECT 'ลำดับ' || n || E'\\t\\n\\\\.', decode('00ff5c', 'hex'), ARRAY['a,b', NULL, '"'], now(), '{"a": [1, null]}', 12.34
     FROM generate_series(1, 50) n`,
  );
  await db.query('INSERT INTO demo.a_child SELECT id, NULL FROM demo.z_parent');
  await db.query(
    "CREATE TABLE demo.days_1 PARTITION OF demo.days FOR VALUES FROM (MINVALUE) TO ('2026-01-01T00:00:00Z')",
  );
  await db.query(
    "CREATE TABLE demo.days_2 PARTITION OF demo.days FOR VALUES FROM ('2026-01-01T00:00:00Z') TO ('2026-01-02')",
  );
  await db.query("CREATE TABLE demo.kinds_a PARTITION OF demo.kinds FOR VALUES IN ('a''b', 'c')");
  await db.query("INSERT INTO demo.days VALUES ('2025-01-01', 1), ('2026-01-01T01:00:00Z', 2)");
  await db.query("INSERT INTO demo.kinds VALUES ('a''b'), ('z')");
  await db.query("SELECT nextval('demo.tickets') FROM generate_series(1, 7)");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()));
  await rm(home, { recursive: true, force: true });
});

const take = (name: string, change: Partial<BackupParts> = {}) =>
  backup({
    address: db.address,
    member: 'th',
    nowMs: Date.UTC(2026, 0, 1),
    folder: join(home, name),
    keysFolder: join(home, 'keys'),
    roomsFolder: rooms,
    inKeyOrder: new Set(['demo.z_parent']),
    books: async () => [],
    settled: async () => true,
    ...change,
  });

async function load(name: string, address: DbAddress): Promise<void> {
  const manifest = await readManifest(join(home, name));
  await restoreDatabase({
    from: join(home, name),
    manifest: manifest!,
    address,
    roomsFolder: rooms,
    check: async () => undefined,
  });
}

const contentOf = (sql: Db) =>
  sql.query(`SELECT (SELECT json_agg(p ORDER BY id)::text FROM demo.z_parent p) AS parents,
                    (SELECT json_agg(c ORDER BY parent)::text FROM demo.a_child c) AS children,
                    (SELECT json_agg(json_build_array(d.tableoid::regclass, d) ORDER BY at)::text FROM demo.days d) AS days,
                    (SELECT json_agg(json_build_array(k.tableoid::regclass, k) ORDER BY kind)::text FROM demo.kinds k) AS kinds,
                    (SELECT json_agg(m ORDER BY room, number)::text FROM platform.migrations m) AS migrations`);

async function expectSame(target: Db): Promise<void> {
  expect(await contentOf(target)).toEqual(await contentOf(db));
  const made = await target.query<{ id: number; ticket: number }>(
    `INSERT INTO demo.z_parent ("order") VALUES ('next') RETURNING id, nextval('demo.tickets') AS ticket`,
  );
  expect(made).toEqual([{ id: 52, ticket: 8 }]);
}

test('every type, generated value, sequence and reference comes back as it was', async () => {
  const manifest = await take('one');
  expect(manifest.tables.map((table) => `${table.schema}.${table.name} ${table.rows}`)).toEqual([
    'demo.a_child 51',
    'demo.days_1 1',
    'demo.days_2 1',
    'demo.kinds_a 1',
    'demo.kinds_rest 1',
    'demo.z_parent 51',
    'platform.clocks 0',
    'platform.migrations 3',
  ]);
  const target = await openedDb();
  await load('one', target.address);
  await expectSame(target);
});

test('a backup of the same content has the same tables, byte for byte', async () => {
  const [one, two] = [await take('one'), await take('two')];
  expect(one.files).toEqual(two.files);
});

test('a database user with no special rights can load it too', async () => {
  await take('one');
  const target = await openedDb();
  const role = `plain_${newId().replaceAll('-', '')}`;
  const { host, port, database } = target.address as Exclude<DbAddress, { url: string }>;
  await target.query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
  await target.query(`GRANT CREATE ON DATABASE ${database} TO ${role}`);
  const address = { host, port, user: role, password: 'plain', database };
  await load('one', address);
  const plain = openDb({ address, connectionsMax: 1, onError: () => undefined });
  await expectSame(plain);
  await plain.close();
  await target.query(`DROP OWNED BY ${role}`);
  await target.query(`DROP ROLE ${role}`);
});

test('a newer release restores the versions of the backup, and brings them up to date at its next start', async () => {
  await take('one');
  await writeFile(
    join(home, 'rooms', 'demo', 'migrations', '0003-more.sql'),
    'ALTER TABLE demo.a_child ADD COLUMN more text;',
  );
  const target = await openedDb();
  await load('one', target.address);
  expect(await contentOf(target)).toEqual(await contentOf(db));
  await migrate(target, 'demo', new URL('demo/migrations/', rooms));
  expect(await target.query('SELECT more FROM demo.a_child LIMIT 1')).toEqual([{ more: null }]);
});

test('an older release refuses, and leaves the database empty', async () => {
  await take('one');
  await rm(join(home, 'rooms', 'demo', 'migrations', '0002-child.sql'));
  const target = await openedDb();
  await expect(load('one', target.address)).rejects.toThrow('another release');
  expect(await target.query("SELECT 1 FROM pg_namespace WHERE nspname IN ('demo', 'platform')")).toEqual([]);
});

test('a database that holds something is not touched', async () => {
  await take('one');
  await expect(load('one', db.address)).rejects.toThrow('not empty');
  await expectSame(db);
});

test('a table that it could not restore stops a backup, rather than being left out', async () => {
  await db.query(
    "CREATE TABLE demo.days_3 PARTITION OF demo.days FOR VALUES FROM ('2026-02-01') TO ('2026-02-02') PARTITION BY LIST (x)",
  );
  await expect(take('one')).rejects.toThrow('demo.days_3');
  expect(await readdir(home)).not.toContain('one');
});

test('a day that is dropped while a backup is under way is left out, and nobody waits for the whole backup', async () => {
  const manifest = await take('one', {
    // The list of tables is made by now, and another table is next: the drop waits for nothing.
    progress: async (table) => void (table === 'demo.days_2' && (await db.query('DROP TABLE demo.kinds_a'))),
  });
  expect(manifest.tables.map((table) => table.name)).toEqual(
    expect.arrayContaining(['days_1', 'days_2', 'kinds_rest']),
  );
  expect(manifest.tables.map((table) => table.name)).not.toContain('kinds_a');
  const target = await openedDb();
  await load('one', target.address);
  expect(await target.query('SELECT kind FROM demo.kinds')).toEqual([{ kind: 'z' }]);
});

test.each([
  "FOR VALUES FROM (lo_import('x')) TO ('2026-01-01')",
  "FOR VALUES IN ('a'); DROP SCHEMA demo",
  "FOR VALUES IN ('a\\')",
  'DEFAULT PARTITION BY LIST (x)',
])('a manifest cannot smuggle SQL into a bound: %s', async (bound) => {
  const manifest = await take('one');
  const tables = manifest.tables.map((table) =>
    table.partition === null ? table : { ...table, partition: { ...table.partition, bound } },
  );
  await writeFile(join(home, 'one', 'manifest.json'), JSON.stringify({ ...manifest, tables }));
  await expect(readManifest(join(home, 'one'))).rejects.toThrow('is not a manifest');
});

test('a file that is cut or damaged while it is loaded undoes everything', async () => {
  const manifest = await take('one');
  const target = await openedDb();
  await writeFile(join(home, 'one', 'tables', 'demo.a_child.copy.gz'), 'no gzip');
  await expect(load('one', target.address)).rejects.toThrow('tables/demo.a_child.copy.gz cannot be loaded');
  expect(await target.query("SELECT 1 FROM pg_namespace WHERE nspname IN ('demo', 'platform')")).toEqual([]);
  expect(manifest.format).toBe(1);
});
