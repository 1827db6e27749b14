import type { DeskProof } from '../../../server/src/journal/contract.ts';

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
  const [checkpoints, commitments, proofs, { sha256 }, { isRefusal }] = await Promise.all([
    import('@bronze-drum/protocol/checkpoints'),
    import('@bronze-drum/protocol/commitments'),
    import('@bronze-drum/protocol/proofs'),
    import('@noble/hashes/sha2.js'),
    import('@bronze-drum/protocol/refusals'),
  ]);
  const { author, book, number, entry } = proof;
  const origin = commitments.originOf(author, book);
  const key = checkpoints.parseVerifyingKey(proof.verifyingKey, sha256);
  const isKeyKnown = !isRefusal(key) && key.name === origin;
  let signed: { message: Uint8Array; signature: Uint8Array } | undefined;
  const note = checkpoints.openNote(
    proof.checkpoint,
    isRefusal(key) ? [] : [key],
    // WebCrypto answers later: what is to be verified is kept, and verified below.
    (_key, message, signature) => {
      signed = { message, signature };
      return true;
    },
    sha256,
  );
  const isSigned =
    !isRefusal(key) && signed !== undefined && (await isEd25519(key.publicKey, signed.message, signed.signature));
  const isOfBook = !isRefusal(note) && note.origin === origin && note.size === proof.size;
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
    !isRefusal(note) && proofs.verifyInclusion(hasher, leaf, number, note.size, proof.path.map(bytesOf), note.root);
  const outcomes: Readonly<Record<ProofStep, boolean | undefined>> = {
    key: isKeyKnown,
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

export async function isEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
  } catch {
    return false;
  }
}
