import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { newSecret } from '../kernel/ids.ts';

/** Each use of a key has a key of its own, so that one that leaks cannot speak for the others. */
export const keyUses = ['checkpoint', 'call', 'cosignature'] as const;
export type KeyUse = (typeof keyUses)[number];

export interface Signer {
  /** The raw 32-byte Ed25519 public key. */
  publicKey(use: KeyUse): Uint8Array;
  sign(use: KeyUse, message: Uint8Array): Uint8Array;
}

/**
 * Opens the member's keys, creating them on first use. Each private key is stored as PKCS#8 encrypted under the
 * passphrase; without one given, a random passphrase is kept beside the keys, for the file system to protect.
 */
export async function openSigner(folder: string, givenPassphrase: string | undefined): Promise<Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const passphrase = givenPassphrase ?? (await readOrCreate(join(folder, 'passphrase'), () => newSecret('keys')));
  const keys = new Map<KeyUse, KeyObject>();
  for (const use of keyUses) {
    const pem = await readOrCreate(join(folder, `${use}.pem`), () => encryptedKey(passphrase));
    keys.set(use, readKey(pem, passphrase, use));
  }
  return {
    publicKey: (use) => rawPublicKey(createPublicKey(keys.get(use)!)),
    sign: (use, message) => sign(null, message, keys.get(use)!),
  };
}

function encryptedKey(passphrase: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
}

function readKey(pem: string, passphrase: string, use: KeyUse): KeyObject {
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch (error) {
    throw new Error(`the ${use} key cannot be opened: is the passphrase the one it was made with?`, { cause: error });
  }
}

// An Ed25519 SubjectPublicKeyInfo (RFC 8410) is a fixed 12-byte header and the raw key.
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');

export function rawPublicKey(key: KeyObject): Uint8Array {
  return key.export({ type: 'spki', format: 'der' }).subarray(spkiHeader.length);
}

/** Whether an Ed25519 signature by a raw public key stands; a malformed key or signature does not. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([spkiHeader, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

/** The file's text; created durably and whole on first use, readable by its owner alone. */
export async function readOrCreate(path: string, create: () => string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const text = create();
  const file = await open(`${path}.new`, 'w', 0o600);
  await file.writeFile(`${text}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  return text.trimEnd();
}
