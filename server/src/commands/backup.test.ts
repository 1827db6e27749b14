import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal, type Draft, type Journal } from '../journal/journal.ts';
import { testClock } from '../kernel/clock.ts';
import { openClocks } from '../platform/clocks.ts';
import { openDb, type Db, type DbAddress } from '../platform/db.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { refuseUnfinishedRestore, restoreDatabase, unfinishedRestore } from '../platform/restore.ts';
import { openSigner } from '../platform/signer.ts';
import { openTestDb } from '../platform/test-database.ts';
import { backUp, roomsFolder } from './backup.ts';
import { journalIn } from './journal-sources.ts';
import { restore } from './restore.ts';
import { verify } from './verify.ts';

const nowMs = Date.UTC(2026, 0, 1);
let home: string;
let data: string;
let db: Db & { readonly address: DbAddress };
let journal: Journal;
let said: string[];
const screen = { line: (text: string) => void said.push(text), progress: () => undefined };

/** A server's data folder and database, without the server. */
beforeEach(async () => {
  said = [];
  home = await mkdtemp(join(tmpdir(), 'drum-backup-'));
  await chmod(home, 0o711);
  data = join(home, 'data');
  await mkdir(join(data, 'th'), { recursive: true });
  db = await openTestDb();
  await writeFile(join(data, 'th', 'database.json'), JSON.stringify(db.address));
  const clock = testClock(nowMs);
  const signer = await openSigner(join(data, 'th', 'keys'), undefined);
  const clocks = await openClocks({ db, clock, onError: () => undefined });
  await db.tx((tx) => clocks.set(tx, { kind: 'hold', subject: 'a\tb\n\\c', dueMs: nowMs + 1 }));
  await clocks.close();
  journal = await openJournal({ db, clock, signer, member: 'th', onError: () => undefined });
});
afterEach(async () => {
  await journal.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
});

const draft = (text: string, book = 'alliance'): Draft => ({
  book,
  kind: 'note',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  subject: `phone:+6681${text.length}`,
  body: { text },
});
const say = (...drafts: Draft[]) => db.tx((tx) => journal.append(tx, drafts));
const many = (count: number, book?: string) =>
  Array.from({ length: count }, (_, index) => draft(`n${index}\n\t\\ สวัสดี "x"`, book));
const folder = (name: string) => join(home, name);
const backUpTo = (name: string) => backUp(folder(name), { data }, nowMs, screen);
const erase = (book: string, number: number) =>
  db.tx((tx) =>
    journal.erase(
      tx,
      { member: 'th', book, number },
      { author: { office: 'aoc' }, handling: { tlp: 'AMBER', conditions: [] }, basis: 'law' },
    ),
  );

async function contentOf(sql: Db): Promise<Record<string, unknown>> {
  const tables = await sql.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
     WHERE table_schema IN ('platform', 'journal') ORDER BY 1`,
  );
  const content: Record<string, unknown> = {};
  for (const { name } of tables)
    content[name] = await sql.query(`SELECT row_to_json(t)::text AS row FROM ${name} t ORDER BY 1`);
  content['sequences'] = await sql.query(
    "SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE schemaname IN ('platform', 'journal') ORDER BY 1, 2",
  );
  return content;
}

/** Loads a backup into a fresh database, which is then the caller's to close. */
async function restored(name: string): Promise<Db> {
  const { backup } = await journalIn(folder(name));
  const target = await openTestDb();
  await restoreDatabase({
    from: folder(name),
    manifest: backup!,
    address: target.address,
    roomsFolder,
    check: async () => undefined,
  });
  return target;
}

describe('a backup', () => {
  test('that is restored gives every table, sequence and root as it was, and the journal goes on from there', async () => {
    await say(...many(300), ...many(5, 'kh+th'));
    await say(...many(500), ...many(3, 'domestic'));
    await erase('alliance', 7);
    await backUpTo('one');
    expect(await verify(folder('one'), { data }, screen)).toBe(0);
    const target = await restored('one');
    expect(await contentOf(target)).toEqual(await contentOf(db));
    const signer = await openSigner(join(data, 'th', 'keys'), undefined);
    const again = await openJournal({
      db: target,
      clock: testClock(nowMs),
      signer,
      member: 'th',
      onError: () => undefined,
    });
    expect(await again.books()).toEqual(await journal.books());
    await target.tx((tx) => again.append(tx, [draft('after')]));
    expect((await again.read('alliance', 801, 5)).map((entry) => entry.number)).toEqual([801]);
    await again.close();
    await target.close();
  });

  test('taken while many write holds one instant: it verifies, and everything acknowledged before it is in it', async () => {
    await say(...many(50));
    let writing = true;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      while (writing) {
        await say(...many(1 + writer * 3), ...many(2, writer % 2 === 0 ? 'kh+th' : 'domestic'));
        if (writer === 0)
          await erase('alliance', (await journal.positions(db, 'registry')).get('th/alliance')! - 1).catch(
            () => undefined,
          );
      }
    });
    for (const name of ['one', 'two', 'three']) {
      const before = await journal.positions(db, 'registry');
      const manifest = await backUpTo(name);
      for (const { name: book, size } of manifest.books) expect(size).toBeGreaterThanOrEqual(before.get(book) ?? 0);
    }
    writing = false;
    await Promise.all(writers);
    for (const name of ['one', 'two', 'three']) {
      expect(await verify(folder(name), { data }, screen), said.join('\n')).toBe(0);
      await (await restored(name)).close();
    }
    expect(await verify(folder('three'), { data, against: folder('one') }, screen)).toBe(0);
  });

  test('keeps statements that had no number yet, which get one after the restore', async () => {
    await say(draft('a'));
    await journal.close();
    await db.query('INSERT INTO journal.appends (book, count) VALUES (1, 1)');
    await db.query(
      `INSERT INTO journal.statements SELECT (SELECT max(id) FROM journal.appends), 0, commitment, salt, bytes, kind, subject
       FROM journal.statements LIMIT 1`,
    );
    await backUpTo('one');
    expect(await verify(folder('one'), { data }, screen)).toBe(0);
    const target = await restored('one');
    const signer = await openSigner(join(data, 'th', 'keys'), undefined);
    const again = await openJournal({
      db: target,
      clock: testClock(nowMs),
      signer,
      member: 'th',
      onError: () => undefined,
    });
    expect((await again.books())[0]!.size).toBe(2);
    await again.close();
    await target.close();
  });

  test('reads appends that committed in another order than they began', async () => {
    await say(draft('the first statement makes the book'));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const late = db.tx(async (tx) => {
      await journal.append(tx, many(40));
      await held;
    });
    await say(...many(7));
    await say(...many(3));
    release();
    await late;
    await say(...many(2));
    await backUpTo('one');
    expect(await verify(folder('one'), { data }, screen)).toBe(0);
    const [book] = (await journalIn(folder('one'))).books;
    const entries = await Array.fromAsync(book!.entries());
    expect(entries.map((entry) => entry?.number)).toEqual(Array.from({ length: 53 }, (_, number) => number));
  });

  test('leaves the passphrase where it is, and is for its owner alone', async () => {
    await say(draft('a'));
    await backUpTo('one');
    expect(await readdir(join(folder('one'), 'keys'))).toEqual([
      'call.pem',
      'checkpoint.pem',
      'cosignature.pem',
      'secrets.pem',
    ]);
    expect((await stat(folder('one'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder('one'), 'manifest.json'))).mode & 0o777).toBe(0o600);
  });

  test('writes over nothing', async () => {
    await backUpTo('one');
    await expect(backUpTo('one')).rejects.toThrow('something in');
    await mkdir(folder('two.partial'));
    await expect(backUpTo('two')).rejects.toThrow('interrupted');
    expect(await readdir(folder('two.partial'))).toEqual([]);
  });

  test('says what to do when no server runs or none was started', async () => {
    await writeFile(join(data, 'th', 'database.json'), JSON.stringify({ ...db.address, port: 1, host: '127.0.0.1' }));
    await expect(backUpTo('one')).rejects.toThrow('not running');
    await expect(backUp(folder('one'), { data, member: 'vn' }, nowMs, screen)).rejects.toThrow('no server of vn');
    await expect(backUp(folder('one'), { data: folder('none') }, nowMs, screen)).rejects.toThrow(
      'no server has been started',
    );
    expect(await readdir(home)).toEqual(['data']);
  });
});

describe('a backup that was tampered with', () => {
  /** Changes a table's text; with `knowing`, by somebody who also corrects the manifest. */
  async function tamper(table: string, from: string | RegExp, to: string, knowing: boolean): Promise<void> {
    const path = join(folder('one'), 'tables', `${table}.copy.gz`);
    const text = gunzipSync(await readFile(path)).toString();
    expect(text.search(from)).not.toBe(-1);
    const content = gzipSync(text.replace(from, to));
    await writeFile(path, content);
    if (!knowing) return;
    const { createHash } = await import('node:crypto');
    const manifestPath = join(folder('one'), 'manifest.json');
    const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as { files: { path: string; sha256: string }[] };
    manifest.files.find((file) => file.path.endsWith(`${table}.copy.gz`))!.sha256 = createHash('sha256')
      .update(content)
      .digest('hex');
    await writeFile(manifestPath, JSON.stringify(manifest));
  }

  beforeEach(async () => {
    await say(...many(40));
    await backUpTo('one');
    said = [];
  });

  test('is found by its manifest, and a restore of it leaves nothing', async () => {
    await tamper('platform.clocks', 'hold', 'gold', false);
    expect(await verify(folder('one'), { data }, screen)).toBe(1);
    expect(said.join('\n')).toContain('backup.changed-file  tables/platform.clocks.copy.gz');
    await expect(restore(folder('one'), { data: folder('new') }, nowMs, screen)).rejects.toThrow(
      'nothing was restored',
    );
    expect((await readdir(home)).sort()).toEqual(['data', 'one']);
  });

  test.each([
    ['a text', 'journal.statements', /n17\\/, 'n71\\', 'audit.commitment  alliance 17'],
    [
      'a commitment',
      'journal.statements',
      /\\\\x[0-9a-f]{64}/,
      `\\\\x${'0'.repeat(64)}`,
      'audit.commitment  alliance 0',
    ],
    ['a line', 'journal.statements', /^.*\n/, '', 'audit.gap  alliance 0'],
    ['the form of a line', 'journal.statements', '\t', ' ', 'audit.malformed  alliance 0'],
    ['a checkpoint', 'journal.books', /\\n40\\n/, '\\n39\\n', 'audit.checkpoint  alliance'],
    ['the key', 'journal.keys', /\\\\x[0-9a-f]{64}/, `\\\\x${'1'.repeat(64)}`, 'audit.checkpoint  alliance'],
  ])('is found by the audit although the manifest was corrected: %s', async (_what, table, from, to, finding) => {
    await tamper(table, from, to, true);
    expect(await verify(folder('one'), { data }, screen)).toBe(1);
    expect(said.join('\n')).toContain(finding);
    await expect(restore(folder('one'), { data: folder('new') }, nowMs, screen)).rejects.toThrow(
      'nothing was restored',
    );
  });

  test('is refused while it is loaded if what was loaded is not what was signed', async () => {
    const { backup: manifest } = await journalIn(folder('one'));
    const target = await openTestDb();
    const load = restoreDatabase({
      from: folder('one'),
      manifest: { ...manifest!, tables: manifest!.tables.map((table) => ({ ...table, rows: table.rows + 1 })) },
      address: target.address,
      roomsFolder,
      check: async () => undefined,
    });
    await expect(load).rejects.toThrow('rows, not');
    expect(await target.query("SELECT 1 FROM pg_namespace WHERE nspname IN ('journal', 'platform')")).toEqual([]);
    await target.close();
  });

  test.each([
    ['migrations/journal/0001-journal.sql', 'another release'],
    ['migrations/journal/0009-more.sql', 'does not name'],
  ])('runs no SQL that is not of this release: %s', async (path, message) => {
    await writeFile(join(folder('one'), path), 'DROP TABLE x;', { flag: 'a' });
    const { backup: manifest } = await journalIn(folder('one'));
    const target = await openTestDb();
    const load = restoreDatabase({
      from: folder('one'),
      manifest: manifest!,
      address: target.address,
      roomsFolder,
      check: async () => undefined,
    });
    await expect(load).rejects.toThrow(message);
    await target.close();
  });
});

describe('a restore', () => {
  test('makes a data folder in which the server finds all that the backup held', async () => {
    await say(...many(30));
    await backUpTo('one');
    const target = folder('new');
    const passphraseFile = join(data, 'th', 'keys', 'passphrase');
    await restore(folder('one'), { data: target, passphraseFile }, nowMs, screen);
    expect((await readdir(target)).sort()).toEqual(['th']);
    await refuseUnfinishedRestore(join(target, 'th'));
    expect(JSON.parse(await readFile(join(target, 'th', 'restored.json'), 'utf8'))).toMatchObject({
      backupAt: '2026-01-01T00:00:00.000Z',
      books: [{ name: 'alliance', size: 30 }],
    });
    const postgres = await startEmbeddedPostgres(join(target, 'th'), () => undefined);
    const there = openDb({
      address: { ...postgres.connection, database: 'postgres' },
      connectionsMax: 4,
      onError: () => undefined,
    });
    const signer = await openSigner(join(target, 'th', 'keys'), undefined);
    const again = await openJournal({
      db: there,
      clock: testClock(nowMs),
      signer,
      member: 'th',
      onError: () => undefined,
    });
    expect(await again.books()).toEqual(await journal.books());
    expect(again.verifyingKey('alliance')).toEqual(journal.verifyingKey('alliance'));
    await again.close();
    await there.close();
    await postgres.stop();
    await expect(restore(folder('one'), { data: target }, nowMs, screen)).rejects.toThrow('something in');
  }, 60_000);

  test('goes into an empty database that somebody else runs, and into no other', async () => {
    await say(...many(3));
    await backUpTo('one');
    const target = await openTestDb();
    const { host, port, user, password, database } = target.address as Exclude<DbAddress, { url: string }>;
    const databaseUrl = `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
    await restore(folder('one'), { data: folder('new'), databaseUrl }, nowMs, screen);
    expect(await contentOf(target)).toEqual(await contentOf(db));
    expect((await readdir(join(folder('new'), 'th'))).sort()).toEqual(['keys', 'restored.json']);
    await rename(folder('new'), folder('old'));
    await expect(restore(folder('one'), { data: folder('new'), databaseUrl }, nowMs, screen)).rejects.toThrow(
      'not empty',
    );
    expect(await readdir(folder('new'))).toEqual([]);
    await target.close();
  });

  test('that was interrupted leaves a mark on which the server refuses to start', async () => {
    await writeFile(join(data, 'th', unfinishedRestore), '');
    await expect(refuseUnfinishedRestore(join(data, 'th'))).rejects.toThrow('interrupted');
  });

  test('asks for the passphrase that opens the keys, and for the member whose backup it is', async () => {
    await say(draft('a'));
    await backUpTo('one');
    await writeFile(folder('wrong'), 'not the passphrase\n');
    const options = { data: folder('new') };
    await expect(
      restore(folder('one'), { ...options, passphraseFile: folder('wrong') }, nowMs, screen),
    ).rejects.toThrow('does not open');
    await expect(restore(folder('one'), { ...options, member: 'vn' }, nowMs, screen)).rejects.toThrow('is of th');
    await expect(restore(folder('none'), options, nowMs, screen)).rejects.toThrow('no folder');
    expect(await readdir(folder('new')).catch(() => [])).toEqual([]);
  });
});
