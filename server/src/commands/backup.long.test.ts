import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal, type Draft, type Journal } from '../journal/journal.ts';
import { testClock } from '../kernel/clock.ts';
import { openClocks } from '../platform/clocks.ts';
import type { Db, DbAddress } from '../platform/db.ts';
import { openSigner } from '../platform/signer.ts';
import { openTestDb } from '../platform/test-database.ts';
import { backUp } from './backup.ts';
import { restore } from './restore.ts';
import { verify } from './verify.ts';

const statements = 100_000;
const bodyBytes = 2000;
// The statements alone are 200 MB: whoever gathered them, or a tenth of them twice, would be found out.
const growthBytesMax = 60_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let home: string;
let db: Db & { readonly address: DbAddress };
let journal: Journal;
const screen = { line: () => undefined, progress: () => undefined };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'drum-backup-long-'));
  await chmod(home, 0o711);
  await mkdir(join(home, 'data', 'th'), { recursive: true });
  db = await openTestDb();
  await writeFile(join(home, 'data', 'th', 'database.json'), JSON.stringify(db.address));
  const clock = testClock(0);
  await (await openClocks({ db, clock, onError: () => undefined })).close();
  const signer = await openSigner(join(home, 'data', 'th', 'keys'), undefined);
  journal = await openJournal({ db, clock, signer, member: 'th', onError: () => undefined });
});
afterEach(async () => {
  await journal.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
});

const draft = (number: number): Draft => ({
  book: number % 3 === 0 ? 'domestic' : 'alliance',
  kind: 'note',
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  body: { number, text: String(number).padEnd(bodyBytes, '·x') },
});

/** How much more memory is held at any time during the work than before it. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  const held = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = held();
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, held())), 100);
  await work();
  clearInterval(sampling);
  return most - before;
}

test('a backup, its verification and its restore take no more memory for a big journal', async () => {
  for (let from = 0; from < statements; from += 5000) {
    await db.tx((tx) =>
      journal.append(
        tx,
        Array.from({ length: 5000 }, (_, index) => draft(from + index)),
      ),
    );
  }
  const folder = join(home, 'one');
  const data = join(home, 'data');
  expect(await growthOf(() => backUp(folder, { data }, 0, screen))).toBeLessThan(growthBytesMax);
  const audit = async () => expect(await verify(folder, { data }, screen)).toBe(0);
  expect(await growthOf(audit)).toBeLessThan(growthBytesMax);
  const passphraseFile = join(data, 'th', 'keys', 'passphrase');
  const restoring = () => restore(folder, { data: join(home, 'new'), passphraseFile }, 0, screen);
  expect(await growthOf(restoring)).toBeLessThan(growthBytesMax);
  const restored = JSON.parse(await readFile(join(home, 'new', 'th', 'restored.json'), 'utf8')) as {
    books: { size: number }[];
  };
  expect(restored.books.reduce((sum, book) => sum + book.size, 0)).toBe(statements);
});
