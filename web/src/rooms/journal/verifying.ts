import type { Checkpoint } from '@bronze-drum/protocol/checkpoints';
import type { DeskBooks } from '../../../../server/src/journal/contract.ts';
import { openCheckpoint } from '../../link/checkpoint.ts';
import type { StepOutcome } from '../../link/proving.ts';

export type HeldBook = DeskBooks['books'][number];

/** What this browser saw of a book when it last verified it. */
export interface Remembered {
  readonly size: number;
  /** In base64. */
  readonly root: string;
  readonly atMs: number;
}

/** How a book stands against what was remembered: `shrunk` and `changed` mean that its history was changed. */
export type Growth = 'first' | 'same' | 'grew' | 'shrunk' | 'changed' | 'unknown';

export interface BookChecked {
  readonly signature: StepOutcome;
  readonly origin: StepOutcome;
  /** Whether the entries that are here add up to what is signed; unknown while some are not signed yet. */
  readonly root: StepOutcome;
  readonly growth: Growth;
  /** Of what is signed; 0 without a checkpoint. */
  readonly size: number;
  readonly signedRoot: string;
}

const nothing: BookChecked = {
  signature: 'unknown',
  origin: 'unknown',
  root: 'unknown',
  growth: 'unknown',
  size: 0,
  signedRoot: '',
};

/**
 * Verifies a book's newest checkpoint by the protocol's own code, and that it only grew since `before`, for which `path` is the
 * server's proof (RFC 6962 consistency, base64).
 */
export async function checkBook(
  book: HeldBook,
  before: Remembered | undefined,
  path: readonly string[] | undefined,
): Promise<BookChecked> {
  if (book.checkpoint === null) return nothing;
  const [{ note, isSigned }, commitments, proofs, { base64 }, { sha256 }] = await Promise.all([
    openCheckpoint(book.checkpoint, book.verifyingKeys),
    import('@bronze-drum/protocol/commitments'),
    import('@bronze-drum/protocol/proofs'),
    import('@scure/base'),
    import('@noble/hashes/sha2.js'),
  ]);
  if (note === undefined) return { ...nothing, signature: 'failed' };
  const isOfBook = note.origin === commitments.originOf(book.author, book.book);
  const signedRoot = base64.encode(note.root);
  const isWhole = note.size === book.size;
  return {
    signature: outcomeOf(isSigned),
    origin: outcomeOf(isOfBook),
    root: isWhole ? outcomeOf(signedRoot === book.root) : note.size < book.size ? 'unknown' : 'failed',
    growth: growthOf(note),
    size: note.size,
    signedRoot,
  };

  function growthOf(note: Checkpoint): Growth {
    if (before === undefined) return 'first';
    if (note.size < before.size) return 'shrunk';
    if (note.size === before.size) return signedRoot === before.root ? 'same' : 'changed';
    if (before.size === 0) return 'grew';
    if (path === undefined) return 'unknown';
    try {
      const hasher = proofs.treeHasher(sha256);
      const hashes = path.map((hash) => base64.decode(hash));
      const oldRoot = base64.decode(before.root);
      return proofs.verifyConsistency(hasher, before.size, note.size, oldRoot, note.root, hashes) ? 'grew' : 'changed';
    } catch {
      return 'changed';
    }
  }
}

const outcomeOf = (passed: boolean): StepOutcome => (passed ? 'passed' : 'failed');

/** The size that a checkpoint covers, as its text says it: not verified. 0 if it cannot be read. */
export function sizeIn(checkpoint: string | null): number {
  const size = Number(checkpoint?.split('\n')[1]);
  return Number.isSafeInteger(size) && size > 0 ? size : 0;
}

/** The root that a checkpoint's text names, in base64: not verified. */
export const rootIn = (checkpoint: string): string => checkpoint.split('\n')[2] ?? '';

/**
 * So many different numbers below `size` by chance, in order; all of them if there are not more. `chance` gives a number from
 * 0 up to, not including, 1.
 */
export function sampleOf(size: number, count: number, chance: () => number): number[] {
  if (count >= size) return Array.from({ length: size }, (_, number) => number);
  // Floyd's: each set of numbers is as likely as any other, and none is drawn twice.
  const drawn = new Set<number>();
  for (let top = size - count; top < size; top += 1) {
    const number = Math.floor(chance() * (top + 1));
    drawn.add(drawn.has(number) ? top : number);
  }
  return [...drawn].toSorted((a, b) => a - b);
}
