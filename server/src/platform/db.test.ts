import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyBytes, copyText, type Db } from './db.ts';
import { openTestDb } from './test-database.ts';

let db: Db;
beforeAll(async () => {
  db = await openTestDb();
  await db.query('CREATE TABLE rows (id integer PRIMARY KEY, name text, raw bytea)');
});
afterAll(() => db.close());

test('what a transaction wrote is gone when its work throws', async () => {
  const failing = db.tx(async (tx) => {
    await tx.query("INSERT INTO rows VALUES (1, 'a')");
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await db.query('SELECT * FROM rows')).toEqual([]);
});

test('a hook runs after the commit, and not after a rollback', async () => {
  const heard: string[] = [];
  await db.tx(async (tx) => {
    tx.afterCommit(async () => {
      heard.push(`sees ${(await db.query('SELECT 1 FROM rows WHERE id = 2')).length}`);
    });
    await tx.query("INSERT INTO rows VALUES (2, 'b')");
  });
  await db
    .tx(async (tx) => {
      tx.afterCommit(() => void heard.push('never'));
      await tx.query('SELECT * FROM missing');
    })
    .catch(() => undefined);
  expect(heard).toEqual(['sees 1']);
});

test('COPY keeps every character and byte', async () => {
  const name = 'tab\t line\n back\\slash \\N ไทย\r';
  await db.tx((tx) =>
    tx.copyIn('rows', ['id', 'name', 'raw'], [`10\t${copyText(name)}\t${copyBytes(Uint8Array.of(0, 255, 92))}\n`]),
  );
  const [row] = await db.query<{ name: string; raw: Buffer }>('SELECT name, raw FROM rows WHERE id = 10');
  expect(row?.name).toBe(name);
  expect([...row!.raw]).toEqual([0, 255, 92]);
});

test('a COPY that the database refuses leaves nothing behind and the connection usable', async () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `${100 + (index % 40_000)}\tx\n`);
  await expect(db.tx((tx) => tx.copyIn('rows', ['id', 'name'], lines))).rejects.toMatchObject({ code: '23505' });
  expect(await db.query('SELECT 1 FROM rows WHERE id >= 100')).toEqual([]);
});

test('a stream sees one instant although rows are added meanwhile', async () => {
  await db.query('INSERT INTO rows SELECT n, $1 FROM generate_series(200, 299) n', ['stream']);
  let seen = 0;
  for await (const batch of db.stream('SELECT id FROM rows WHERE name = $1 ORDER BY id', ['stream'], 40)) {
    seen += batch.length;
    await db.query("INSERT INTO rows VALUES ($1, 'stream')", [300 + seen]);
  }
  expect(seen).toBe(100);
});
