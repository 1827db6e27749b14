import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openNote, writeVerifyingKey } from '@bronze-drum/protocol/checkpoints';
import { sha256, storedBooks, writeExport } from '../journal/export/export.ts';
import { openJournal, type Draft, type Journal } from '../journal/journal.ts';
import { testClock } from '../kernel/clock.ts';
import type { Db } from '../platform/db.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { journalIn } from './journal-sources.ts';
import { verify, verifyCommand } from './verify.ts';

let home: string;
let said: string[];
const databases: Db[] = [];
const screen = { line: (text: string) => void said.push(text), progress: () => undefined };
const folder = (name: string) => join(home, name);
const run = (source: string, options: Partial<Parameters<typeof verify>[1]> = {}) =>
  verify(source, { data: home, ...options }, screen);

const draft = (text: string, book = 'alliance'): Draft => ({
  book,
  kind: 'note',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  body: { text },
});

async function open(signer = openTestSigner()): Promise<{ db: Db; journal: Journal }> {
  const db = await openTestDb();
  databases.push(db);
  return {
    db,
    journal: await openJournal({ db, clock: testClock(0), signer, member: 'th', onError: () => undefined }),
  };
}

/** Three exports: an older one, one that continues it, and one of another past under the same key. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drum-verify-'));
  const signer = openTestSigner();
  const { db, journal } = await open(signer);
  await db.tx((tx) => journal.append(tx, [draft('a'), draft('b'), draft('x', 'kh+th')]));
  await writeExport(folder('older'), await storedBooks(db, 'th'));
  await db.tx((tx) => journal.append(tx, [draft('c'), draft('d')]));
  await writeExport(folder('newer'), await storedBooks(db, 'th'));
  await journal.close();
  const other = await open(signer);
  await other.db.tx((tx) =>
    other.journal.append(
      tx,
      ['a', 'B', 'c', 'd'].map((text) => draft(text)),
    ),
  );
  await writeExport(folder('forked'), await storedBooks(other.db, 'th'));
  await other.journal.close();
});
afterAll(async () => {
  await Promise.all(databases.map((db) => db.close()));
  await rm(home, { recursive: true, force: true });
});
beforeEach(() => {
  said = [];
});

const keysIn = async (name: string) => (await readFile(join(folder(name), 'keys'), 'utf8')).trim().split('\n');

describe('an export', () => {
  test('that is whole verifies, and says that its keys are its own', async () => {
    expect(await run(folder('newer'))).toBe(0);
    expect(said.join('\n')).toMatch(/th\/alliance: 4 statements, verified, root \S+/);
    expect(said.join('\n')).toContain('kh+th: 1 statement, verified');
    expect(said.join('\n')).toContain('These keys come from what is being verified.');
  });

  test('is held against the keys that somebody pins', async () => {
    const vkey = await keysIn('newer');
    expect(await run(folder('newer'), { vkey })).toBe(0);
    expect(said.join('\n')).not.toContain('come from');
    await writeFile(folder('keys.txt'), `${vkey.join('\n')}\n`);
    expect(await run(folder('newer'), { keys: folder('keys.txt') })).toBe(0);
    expect(await run(folder('newer'), { vkey: vkey.slice(0, 1) })).toBe(1);
    expect(said.join('\n')).toContain('audit.no-key  kh+th');
    const [book] = (await journalIn(folder('newer'))).books;
    const stranger = { ...book!.keys[0]!, publicKey: openTestSigner().publicKey('checkpoint') };
    expect(await run(folder('newer'), { vkey: [writeVerifyingKey(stranger, sha256), vkey[1]!] })).toBe(1);
    expect(said.join('\n')).toContain('audit.checkpoint  alliance');
    await expect(run(folder('newer'), { vkey: ['nonsense'] })).rejects.toThrow('not a verifying key');
  });

  test('continues an older one, or is found not to', async () => {
    expect(await run(folder('newer'), { against: folder('older') })).toBe(0);
    expect(await run(folder('older'), { against: folder('newer') })).toBe(1);
    expect(said.join('\n')).toContain('audit.consistency  alliance');
    said = [];
    expect(await run(folder('forked'))).toBe(0);
    expect(await run(folder('forked'), { against: folder('older') })).toBe(1);
    expect(said.join('\n')).toContain('audit.consistency  alliance');
    expect(said.join('\n')).toContain('audit.missing-book  kh+th');
  });
});

describe('a server', () => {
  let server: Server;
  let address: string;
  let answer: (book: string) => Promise<Buffer>;
  const entriesOf = async (book: string) =>
    gunzipSync(await readFile(join(folder('newer'), 'books', book, 'entries.ndjson.gz')));

  beforeEach(async () => {
    answer = entriesOf;
    server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x');
      const respond = async () => {
        if (request.headers.authorization !== 'Bearer secret')
          return response.writeHead(401).end('{"code":"unauthenticated.unknown"}');
        if (url.pathname === '/federation/v1/entries') return response.end(await answer(url.searchParams.get('book')!));
        const { books } = await journalIn(folder('newer'));
        const list = books.map(({ book, note, keys }) => {
          const checkpoint = openNote(note!, keys, () => true, sha256) as { size: number };
          return { name: book, size: checkpoint.size, note, verifyingKeys: [writeVerifyingKey(keys[0]!, sha256)] };
        });
        return response.end(JSON.stringify({ member: 'th', members: ['th'], books: list }));
      };
      void respond();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  test('is audited by what it shows, and what was read can be kept', async () => {
    expect(await run(address, { key: 'secret', against: folder('older'), save: folder('saved') })).toBe(0);
    expect(await run(folder('saved'), { against: folder('newer') })).toBe(0);
  });

  test('that shows less, more or other than it signed is found out', async () => {
    const lines = async (book: string) => (await entriesOf(book)).toString().trimEnd().split('\n');
    const wrong: [string, (book: string) => Promise<string>][] = [
      ['audit.size', async (book) => `${(await lines(book)).slice(0, -1).join('\n')}\n`],
      ['audit.size', async () => ''],
      ['audit.gap', async (book) => `${(await lines(book)).join('\n')}\n`.repeat(2)],
      ['audit.malformed', async () => 'x'.repeat(1000)],
      [
        'audit.gap',
        async (book) =>
          (await lines(book))
            .reverse()
            .map((line) => `${line}\n`)
            .join(''),
      ],
    ];
    for (const [code, say] of wrong) {
      answer = async (book) => Buffer.from(await say(book));
      expect(await run(address, { key: 'secret' }), code).toBe(1);
      expect(said.join('\n'), code).toContain(`${code}  alliance`);
      said = [];
    }
  });

  test('that does not answer, or does not know us, could not be read', async () => {
    await expect(run(address, { key: 'wrong' })).rejects.toThrow('unauthenticated.unknown');
    await expect(run('http://127.0.0.1:1', { key: 'secret' })).rejects.toThrow('no server answers');
    await expect(run(address)).rejects.toThrow('DRUM_KEY');
  });
});

describe('the command', () => {
  const written: string[] = [];
  const exitCode = async (...args: string[]) => {
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const before = process.exitCode;
    const program = new Command('drum').option('--data <folder>', '', home).addCommand(verifyCommand());
    await program.parseAsync(['verify', ...args], { from: 'user' });
    const code = process.exitCode;
    process.exitCode = before;
    out.mockRestore();
    err.mockRestore();
    return code;
  };

  test('ends with 0 when all is well, 1 when something is wrong, 2 when nothing could be read', async () => {
    const tampered = join(folder('newer'), 'books', 'alliance', 'entries.ndjson.gz');
    const raw = await readFile(tampered);
    expect(await exitCode(folder('newer'))).toBe(0);
    await writeFile(tampered, gzipSync(gunzipSync(raw).toString().replace('"number":1', '"number":2')));
    expect(await exitCode(folder('newer'))).toBe(1);
    await writeFile(tampered, raw);
    await mkdir(folder('empty'));
    for (const args of [[folder('none')], [folder('empty')], [], [folder('newer'), '--keys', folder('none')]]) {
      expect(await exitCode(...args), args.join(' ')).toBe(2);
    }
    expect(written.join('')).toContain('is neither a backup nor an exported journal');
  });
});
