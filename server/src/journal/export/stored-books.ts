import { originOf } from '@bronze-drum/protocol/commitments';
import type { NoteKey } from '@bronze-drum/protocol/checkpoints';
import type { Sql } from '../../platform/db.ts';
import type { BookSource } from '../audit/audit.ts';
import type { ReadEntry } from '../audit/entry-lines.ts';
import { readBooks, readKeys, readStatements, type KeyRow } from '../store.ts';

export { hasPendingErasure } from '../store.ts';

const batchEntries = 1000;

/** A member's own books in its database, in one snapshot if `sql` is one. */
export async function storedBooks(sql: Sql, member: string): Promise<BookSource[]> {
  const keys = await readKeys(sql);
  return (await readBooks(sql, member)).map(({ id, name, size, note }) => ({
    member,
    book: name,
    note,
    keys: keysOf(member, name, keys),
    entries: () => entriesOf(sql, id, size),
  }));
}

/** What a database says of a member's own books, for a backup's manifest. */
export async function listBooks(
  sql: Sql,
  member: string,
): Promise<{ name: string; size: number; note: string | null }[]> {
  return (await readBooks(sql, member)).map(({ name, size, note }) => ({ name, size, note }));
}

/** Every key that may have signed a book. */
export function keysOf(member: string, book: string, keys: readonly KeyRow[]): NoteKey[] {
  return keys.map((key) => ({ name: originOf(member, book), algorithm: key.algorithm, publicKey: key.public_key }));
}

async function* entriesOf(sql: Sql, book: number, size: number): AsyncGenerator<ReadEntry> {
  for (let from = 0; from < size; from += batchEntries) {
    const rows = await readStatements(sql, book, from, Math.min(batchEntries, size - from));
    for (const { number, commitment, salt, bytes } of rows) {
      yield { number, commitment, salt, bytes: bytes === null ? null : Buffer.from(bytes) };
    }
  }
}
