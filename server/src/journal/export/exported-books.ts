import { access, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVerifyingKey, writeVerifyingKey, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { isDamage } from '../../platform/backup-manifest.ts';
import { publishFolder, readGzip, syncFolder, writeNewFile } from '../../platform/durable-files.ts';
import { linesOf } from '../../platform/text-lines.ts';
import type { BookSource } from '../audit/audit.ts';
import { readEntryLine, writeEntryLine, type ReadEntry } from '../audit/entry-lines.ts';
import { sha256 } from '../tree.ts';

// An export is `keys` (a verifying key a line) and, for each book, `books/<book>/checkpoint` and `entries.ndjson.gz`.
const keysFile = 'keys';
const entriesFile = 'entries.ndjson.gz';

/** Whether a folder holds an exported journal. */
export function isExport(folder: string): Promise<boolean> {
  return access(join(folder, 'books')).then(
    () => true,
    () => false,
  );
}

/** Writes books to a new folder, from which they can be audited again years later. */
export async function writeExport(folder: string, books: readonly BookSource[]): Promise<void> {
  const partial = `${folder}.partial`;
  await mkdir(join(partial, 'books'), { recursive: true, mode: 0o700 });
  const keys = books.flatMap((source) => source.keys).map((key) => `${writeVerifyingKey(key, sha256)}\n`);
  await writeNewFile(join(partial, keysFile), [[...new Set(keys)].join('')]);
  for (const source of books) {
    const place = join(partial, 'books', source.book);
    await mkdir(place, { mode: 0o700 });
    if (source.note !== null) await writeNewFile(join(place, 'checkpoint'), [source.note]);
    await writeNewFile(join(place, entriesFile), chunksOf(source.entries()), { gzip: true });
    await syncFolder(place);
  }
  await syncFolder(join(partial, 'books'));
  await publishFolder(partial, folder);
}

const chunkLength = 65_536;

async function* chunksOf(entries: AsyncIterable<ReadEntry | null>): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const entry of entries) {
    // An empty line is no entry either: what could not be read stays visible where it stood.
    text += entry === null ? '\n' : writeEntryLine(entry);
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

/** The books of an exported journal. The keys in it name the member. Throws when it has no key that can be read. */
export async function exportedBooks(folder: string): Promise<BookSource[]> {
  const keys = await readKeys(join(folder, keysFile));
  const [, member] = /^([a-z]{2})\.bronze-drum\//.exec(keys[0]?.name ?? '') ?? [];
  if (member === undefined) throw new Error(`${join(folder, keysFile)} holds no verifying key of a member`);
  const books: BookSource[] = [];
  for (const book of (await readdir(join(folder, 'books'))).sort()) {
    const place = join(folder, 'books', book);
    books.push({
      member,
      book,
      note: await readFile(join(place, 'checkpoint'), 'utf8').catch(nullIfMissing),
      keys: keys.filter((key) => key.name === originOf(member, book)),
      entries: () => entriesOf(join(place, entriesFile)),
    });
  }
  return books;
}

/** The verifying keys of a file, one a line; a line that is none is passed over, and its book then has no key. */
async function readKeys(path: string): Promise<NoteKey[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.map((line) => parseVerifyingKey(line, sha256)).filter((key): key is NoteKey => !isRefusal(key));
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function* entriesOf(path: string): AsyncGenerator<ReadEntry | null> {
  try {
    for await (const line of linesOf(readGzip(path))) yield line === null ? null : readEntryLine(line);
  } catch (error) {
    if (!isDamage(error)) throw error;
    yield null;
  }
}
