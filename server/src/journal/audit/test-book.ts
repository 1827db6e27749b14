import { checkpointBody, signatureAlgorithms, writeNote, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, originOf } from '@bronze-drum/protocol/commitments';
import { emptyFrontier, pushLeaf, rootOfFrontier } from '@bronze-drum/protocol/proofs';
import type { Envelope } from '@bronze-drum/protocol/statements/envelope';
import type { Signer } from '../../platform/signer.ts';
import { hasher, sha256 } from '../tree.ts';
import { auditBook, type BookSource, type Finding } from './audit.ts';
import type { ReadEntry } from './entry-lines.ts';

/** What a statement of a book that exists in memory only says; `erased` ones have lost their text since. */
export interface TestStatement {
  readonly kind?: string;
  readonly body?: unknown;
  readonly envelope?: Record<string, unknown>;
  readonly bytes?: string;
  readonly erased?: boolean;
}

/** A book as its readers would hold it, without a server or a database. */
export function testBook(
  signer: Signer,
  book: string,
  statements: readonly TestStatement[],
): BookSource & { read: ReadEntry[] } {
  const entries = statements.map((statement, number) => testEntry(book, number, statement));
  const key: NoteKey = {
    name: originOf('th', book),
    algorithm: signatureAlgorithms.ed25519,
    publicKey: signer.publicKey('checkpoint'),
  };
  return {
    member: 'th',
    book,
    note: testNote(signer, key, entries),
    keys: [key],
    read: entries,
    entries: () => streamOf(entries),
  };
}

export function testNote(signer: Signer, key: NoteKey, entries: readonly ReadEntry[]): string {
  let frontier = emptyFrontier;
  for (const entry of entries) frontier = pushLeaf(hasher, frontier, hasher.leaf(entry.commitment));
  const body = checkpointBody({ origin: key.name, size: entries.length, root: rootOfFrontier(hasher, frontier) });
  return writeNote(body, key, signer.sign('checkpoint', Buffer.from(body)), sha256);
}

function testEntry(book: string, number: number, statement: TestStatement): ReadEntry {
  const envelope: Envelope = {
    member: 'th',
    book,
    kind: statement.kind ?? 'note',
    version: 1,
    at: '2026-01-01T00:00:00.000Z',
    author: { office: 'aoc' },
    audience: [],
    handling: { tlp: 'AMBER', conditions: [] },
  };
  const body = statement.body ?? { text: `text ${number} · ${'ຂໍ້ຄວາມ'.repeat(number % 3)}` };
  const bytes = Buffer.from(
    statement.bytes ?? JSON.stringify({ envelope: { ...envelope, ...statement.envelope }, body }),
  );
  const salt = sha256(Buffer.from(`salt ${number}`)).slice(0, 16);
  const commitment = commitmentOf(sha256, salt, bytes);
  return statement.erased === true
    ? { number, commitment, salt: null, bytes: null }
    : { number, commitment, salt, bytes };
}

export async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** The findings of an audit, each as `code` or `code@number`. */
export async function findingsOf(source: BookSource, earlier?: string | null): Promise<string[]> {
  const found: Finding[] = [];
  await auditBook(source, { report: (finding) => void found.push(finding), earlier });
  return found.map(({ code, number }) => (number === undefined ? code : `${code}@${number}`));
}
