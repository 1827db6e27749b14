import type { Checkpoint, NoteKey } from '@bronze-drum/protocol/checkpoints';

/** What a checkpoint says, and whether it is to be believed. */
export interface Opened {
  /** Those of the keys that could be read. */
  readonly keys: readonly NoteKey[];
  /** Undefined if it cannot be read, or none of the keys is said to have signed it. */
  readonly note: Checkpoint | undefined;
  readonly isSigned: boolean;
}

/** Opens a checkpoint in this browser, by the protocol's own code and WebCrypto. */
export async function openCheckpoint(checkpoint: string, verifyingKeys: readonly string[]): Promise<Opened> {
  const [{ openNote, parseVerifyingKey }, { sha256 }, { isRefusal }] = await Promise.all([
    import('@bronze-drum/protocol/checkpoints'),
    import('@noble/hashes/sha2.js'),
    import('@bronze-drum/protocol/refusals'),
  ]);
  const keys = verifyingKeys
    .map((text) => parseVerifyingKey(text, sha256))
    .filter((key): key is NoteKey => !isRefusal(key));
  const signed: Parameters<typeof isEd25519>[] = [];
  const note = openNote(
    checkpoint,
    keys,
    // WebCrypto answers later: what is to be verified is kept, and verified below.
    ({ publicKey }, message, signature) => signed.push([publicKey, message, signature]) > 0,
    sha256,
  );
  const verdicts = await Promise.all(signed.map((parts) => isEd25519(...parts)));
  return { keys, note: isRefusal(note) ? undefined : note, isSigned: verdicts.length > 0 && verdicts.every(Boolean) };
}

async function isEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
  } catch {
    return false;
  }
}
