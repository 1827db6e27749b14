import { base64 } from '@scure/base';
import { openNote, type Checkpoint, type NoteKey, type Verify } from '../checkpoints.ts';
import { originOf } from '../commitments.ts';
import {
  equalHashes,
  hashBytes,
  verifyConsistency,
  verifyInclusion,
  type Hash,
  type Sha256,
  type TreeHasher,
} from '../proofs.ts';
import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import type { PageHeader } from './pages.ts';

/** Where a page stands to the copy of its book. */
export type Placement =
  /** The entries from this index of the page on are new. */
  | { readonly take: number }
  /** Nothing of it is new. */
  | 'known'
  /** Something before it is missing. */
  | 'gap';

/** A copy takes pages in order: what it has already is passed over, and what would leave a gap is asked for again. */
export function placePage(copySize: number, page: Pick<PageHeader, 'from' | 'count'>): Placement {
  if (page.from > copySize) return 'gap';
  const index = copySize - page.from;
  return index >= page.count ? 'known' : { take: index };
}

export interface Verifier {
  readonly hasher: TreeHasher;
  readonly sha256: Sha256;
  readonly verify: Verify;
}

/** The checkpoint that a note holds for a member's book, if one of the keys signed it. */
export function openCheckpoint(
  { verify, sha256 }: Verifier,
  of: { readonly member: string; readonly book: string },
  note: string,
  keys: readonly NoteKey[],
): Checkpoint | Refusal {
  const opened = openNote(note, keys, verify, sha256);
  if (isRefusal(opened)) return opened;
  return opened.origin === originOf(of.member, of.book) ? opened : refusal('federation.origin');
}

/**
 * Whether a book of this size and root is a beginning of what the checkpoint covers, as the path proves. Anything else
 * means that the author's history is not the one that was read so far, or that the page was changed on its way.
 */
export function continuesTo(
  { hasher }: Verifier,
  copy: { readonly size: number; readonly root: Hash },
  checkpoint: Pick<Checkpoint, 'size' | 'root'>,
  proof: readonly string[],
): boolean {
  if (checkpoint.size < copy.size) return false;
  const path = proof.map((hash) => decodeHash(hash));
  // A proof from nothing is empty, and proves nothing: every book begins with nothing.
  if (copy.size === 0) return path.length === 0;
  return verifyConsistency(hasher, copy.size, checkpoint.size, copy.root, checkpoint.root, path);
}

/**
 * Two checkpoints that one author signed for one book and that no single history can hold. Either both have the same
 * size and other roots, or the path proves that the tree of `later` begins with a tree of `earlier`'s size whose root is
 * `begins`, which is not `earlier`'s root.
 */
export interface Fork {
  readonly member: string;
  readonly book: string;
  readonly earlier: string;
  readonly later: string;
  readonly begins: string;
  readonly proof: readonly string[];
}

/** Whether what is said to be a fork is one; whoever holds the author's keys can tell. */
export function provesFork(verifier: Verifier, fork: Fork, keys: readonly NoteKey[]): boolean {
  const earlier = openCheckpoint(verifier, fork, fork.earlier, keys);
  const later = openCheckpoint(verifier, fork, fork.later, keys);
  if (isRefusal(earlier) || isRefusal(later) || earlier.size > later.size || earlier.size === 0) return false;
  const begins = decodeHash(fork.begins);
  if (equalHashes(begins, earlier.root)) return false;
  return continuesTo(verifier, { size: earlier.size, root: begins }, later, fork.proof);
}

/** What a copy can say of itself, to compare it with what somebody else was shown. */
export interface Copy {
  /** The newest checkpoint that the copy was verified against, and its note. */
  readonly checkpoint: Pick<Checkpoint, 'size' | 'root'>;
  readonly note: string;
  root(size: number): Promise<Hash> | Hash;
  consistency(from: number, to: number): Promise<readonly Hash[]> | readonly Hash[];
}

/**
 * Compares a checkpoint that its author showed to somebody else with the copy here. `later`: it covers more than the
 * copy does, so that only its holder can compare.
 */
export async function compareShown(
  of: { readonly member: string; readonly book: string },
  copy: Copy,
  shown: { readonly checkpoint: Pick<Checkpoint, 'size' | 'root'>; readonly note: string },
): Promise<'same' | 'later' | Fork> {
  const { size, root } = shown.checkpoint;
  if (size > copy.checkpoint.size) return 'later';
  if (size === 0) return 'same';
  const begins = await copy.root(size);
  if (equalHashes(begins, root)) return 'same';
  const proof = await copy.consistency(size, copy.checkpoint.size);
  return {
    ...of,
    earlier: shown.note,
    later: copy.note,
    begins: base64.encode(begins),
    proof: proof.map((hash) => base64.encode(hash)),
  };
}

/**
 * The root of the first `size` leaves of the tree of `later`, as its own author proves it; undefined if the proof does not
 * lead to `later`. For a power of two the proof is that leaf `size - 1` is in the tree (with its hash), for any other size
 * that the tree continues one of `size`: the one never holds the root that is looked for, the other always does.
 */
export function beginningOf(
  { hasher }: Verifier,
  size: number,
  later: Pick<Checkpoint, 'size' | 'root'>,
  shown: { readonly path: readonly Hash[]; readonly leafHash?: Hash },
): Hash | undefined {
  const { path, leafHash } = shown;
  if (size < 1 || size >= later.size || path.some((hash) => hash.length !== hashBytes)) return undefined;
  const height = Math.log2(size);
  if (!Number.isInteger(height)) return rootInConsistency(hasher, size, later, path);
  if (leafHash === undefined || !verifyInclusion(hasher, leafHash, size - 1, later.size, path, later.root))
    return undefined;
  return path.slice(0, height).reduce((right, left) => hasher.node(left, right), leafHash);
}

/** RFC 9162 section 2.1.4.2, with the old root as what comes out instead of what is compared. */
function rootInConsistency(
  hasher: TreeHasher,
  size: number,
  later: Pick<Checkpoint, 'size' | 'root'>,
  path: readonly Hash[],
): Hash | undefined {
  let position = size - 1;
  let last = later.size - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  const [first, ...rest] = path;
  if (first === undefined) return undefined;
  let oldHash = first;
  for (const sibling of rest) {
    if (position % 2 === 1 || position === last) {
      oldHash = hasher.node(sibling, oldHash);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return verifyConsistency(hasher, size, later.size, oldHash, later.root, path) ? oldHash : undefined;
}

/** A hash of nothing's length, which no proof holds, where the text is none. */
function decodeHash(text: string): Uint8Array {
  try {
    return base64.decode(text);
  } catch {
    return new Uint8Array(0);
  }
}
