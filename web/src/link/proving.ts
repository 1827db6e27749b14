import type { DeskProof } from '../../../server/src/journal/contract.ts';
import { openCheckpoint } from './checkpoint.ts';

/** What was checked, in this order. `unknown`: it could not be, because the text may not be read here. */
export const proofSteps = ['key', 'signature', 'origin', 'commitment', 'leaf', 'inclusion', 'statement'] as const;
export type ProofStep = (typeof proofSteps)[number];
export type StepOutcome = 'passed' | 'failed' | 'unknown';

export interface Proven {
  /** `partly`: the entry stands in the book, but its text is not here to be compared. */
  readonly verdict: 'verified' | 'partly' | 'failed';
  readonly steps: readonly { readonly name: ProofStep; readonly outcome: StepOutcome }[];
  /** How many hashes lead from the entry to the root. */
  readonly hashes: number;
  readonly size: number;
}

/** What the officer sees, which the proof must be about. */
export interface Seen {
  readonly author: string;
  readonly book: string;
  readonly number: number;
  /** In base64. */
  readonly commitment?: string;
}

/**
 * Verifies in this browser that an entry stands in its author's book and says what was shown, by the protocol's own code: the
 * server is asked for nothing more. What cannot be read at all counts as failed.
 */
export async function prove(proof: DeskProof, seen: Seen): Promise<Proven> {
  const [{ keys, note, isSigned }, commitments, proofs, { sha256 }] = await Promise.all([
    openCheckpoint(proof.checkpoint, [proof.verifyingKey]),
    import('@bronze-drum/protocol/commitments'),
    import('@bronze-drum/protocol/proofs'),
    import('@noble/hashes/sha2.js'),
  ]);
  const { author, book, number, entry } = proof;
  const origin = commitments.originOf(author, book);
  const isOfBook = note !== undefined && note.origin === origin && note.size === proof.size;
  const commitment = bytesOf(proof.commitment);
  const salt = entry === null ? undefined : bytesOf(entry.salt);
  const isCommitted =
    entry === null || salt === undefined
      ? undefined
      : salt.length === commitments.saltBytes &&
        proofs.equalHashes(commitments.commitmentOf(sha256, salt, new TextEncoder().encode(entry.text)), commitment);
  const hasher = proofs.treeHasher(sha256);
  const leaf = hasher.leaf(commitment);
  const isIncluded =
    note !== undefined && proofs.verifyInclusion(hasher, leaf, number, note.size, proof.path.map(bytesOf), note.root);
  const outcomes: Readonly<Record<ProofStep, boolean | undefined>> = {
    key: keys[0]?.name === origin,
    signature: isSigned,
    origin: isOfBook,
    commitment: isCommitted,
    leaf: proofs.equalHashes(leaf, bytesOf(proof.leafHash)),
    inclusion: isIncluded,
    statement: isAbout(proof, seen),
  };
  const steps = proofSteps.map((name) => ({ name, outcome: outcomeOf(outcomes[name]) }));
  const failed = steps.some(({ outcome }) => outcome === 'failed');
  const unknown = steps.some(({ outcome }) => outcome === 'unknown');
  return {
    verdict: failed ? 'failed' : unknown ? 'partly' : 'verified',
    steps,
    hashes: proof.path.length,
    size: proof.size,
  };
}

/** Of base64; nothing if it is none. */
function bytesOf(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.codePointAt(0)!);
  } catch {
    return new Uint8Array(0);
  }
}

const outcomeOf = (passed: boolean | undefined): StepOutcome =>
  passed === undefined ? 'unknown' : passed ? 'passed' : 'failed';

/** Whether the proof, and the text that it proves, is of what the officer saw. */
function isAbout(proof: DeskProof, seen: Seen): boolean {
  const { author, book, number, commitment, entry } = proof;
  if (author !== seen.author || book !== seen.book || number !== seen.number) return false;
  if (seen.commitment !== undefined && seen.commitment !== commitment) return false;
  if (entry === null) return true;
  try {
    const { envelope } = JSON.parse(entry.text) as { envelope: { member: string; book: string } };
    return envelope.member === author && envelope.book === book;
  } catch {
    return false;
  }
}
