import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { keyUses, type KeyUse } from '@bronze-drum/protocol/directory';
import { must } from '../kernel/assert.ts';
import { newSecret } from '../kernel/ids.ts';
import { syncFolder } from './durable-files.ts';

export type { KeyUse } from '@bronze-drum/protocol/directory';

export interface Signer {
  /** The raw 32-byte Ed25519 public key. */
  publicKey(use: KeyUse): Uint8Array;
  sign(use: KeyUse, message: Uint8Array): Uint8Array;
  /** The raw public key of the prepared key, which is not in use yet; undefined if none is prepared. */
  next(use: KeyUse): Uint8Array | undefined;
  /** Makes the key that is to follow, durable once this returns; the same one until it is activated. Its raw public key. */
  prepare(use: KeyUse): Promise<Uint8Array>;
  /** Signs by the prepared key, which must be there. */
  signNext(use: KeyUse, message: Uint8Array): Uint8Array;
  /** The prepared key is the current one from now on, durably; the old one is kept beside it. Nothing if none is prepared. */
  activate(use: KeyUse): Promise<void>;
  /** A secret for one purpose: the same for as long as the folder of keys is kept, and never written anywhere. */
  secretFor(purpose: string): string;
}

/**
 * Opens the member's keys, creating them on first use. Each private key is stored as PKCS#8 encrypted under the
 * passphrase; without one given, a random passphrase is kept beside the keys, for the file system to protect. The
 * current key of a use is `<use>.pem`, a prepared one `<use>.next.pem`, and former ones `<use>-<n>.pem`. `secrets.pem` signs nothing
 * that anybody sees: secrets follow from it, since an Ed25519 signature of one text is always the same.
 */
export async function openSigner(folder: string, givenPassphrase: string | undefined): Promise<Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const passphrase = givenPassphrase ?? (await readOrCreate(join(folder, 'passphrase'), () => newSecret('keys')));
  const keys = new Map<KeyUse, KeyObject>();
  const prepared = new Map<KeyUse, KeyObject>();
  const pathOf = (use: KeyUse): string => join(folder, `${use}.pem`);
  const nextPathOf = (use: KeyUse): string => join(folder, `${use}.next.pem`);
  const create = (): string => encryptedKey(passphrase);
  for (const use of keyUses) {
    keys.set(use, readKey(await readOrCreate(pathOf(use), create), passphrase, use));
    const pem = await readIfThere(nextPathOf(use));
    if (pem !== undefined) prepared.set(use, readKey(pem, passphrase, use));
  }
  const secrets = readKey(await readOrCreate(join(folder, 'secrets.pem'), create), passphrase, 'secrets');
  const publicOf = (key: KeyObject): Uint8Array => rawPublicKey(createPublicKey(key));
  const nextOf = (use: KeyUse): KeyObject => must(prepared.get(use), `a ${use} key is prepared`);
  const inTurn = oneAtATime();
  return {
    publicKey: (use) => publicOf(keys.get(use)!),
    sign: (use, message) => sign(null, message, keys.get(use)!),
    next: (use) => (prepared.has(use) ? publicOf(nextOf(use)) : undefined),
    prepare: (use) =>
      inTurn(async () => {
        if (!prepared.has(use)) {
          const pem = await readOrCreate(nextPathOf(use), create);
          await syncFolder(folder);
          prepared.set(use, readKey(pem, passphrase, use));
        }
        return publicOf(nextOf(use));
      }),
    signNext: (use, message) => sign(null, message, nextOf(use)),
    activate: (use) =>
      inTurn(async () => {
        const key = prepared.get(use);
        if (key === undefined) return;
        await keepFormer(folder, use, await readFile(pathOf(use), 'utf8'));
        await rename(nextPathOf(use), pathOf(use));
        await syncFolder(folder);
        keys.set(use, key);
        prepared.delete(use);
      }),
    secretFor: (purpose) => hash('sha256', sign(null, Buffer.from(`secret ${purpose}`), secrets), 'base64url'),
  };
}

/** Keeps the current key under the next number. One that an interrupted activation kept already is not kept twice. */
async function keepFormer(folder: string, use: KeyUse, pem: string): Promise<void> {
  const former = new RegExp(`^${use}-(\\d{1,6})\\.pem$`);
  const numbers = (await readdir(folder)).map((name) => Number(former.exec(name)?.[1] ?? 0));
  const last = Math.max(0, ...numbers);
  if (last > 0 && (await readFile(join(folder, `${use}-${last}.pem`), 'utf8')).trimEnd() === pem.trimEnd()) return;
  await readOrCreate(join(folder, `${use}-${last + 1}.pem`), () => pem.trimEnd());
}

/** Runs works one after the other. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function encryptedKey(passphrase: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
}

function readKey(pem: string, passphrase: string, use: KeyUse | 'secrets'): KeyObject {
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

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** The file's text; created durably and whole on first use, readable by its owner alone. */
export async function readOrCreate(path: string, create: () => string): Promise<string> {
  const there = await readIfThere(path);
  if (there !== undefined) return there;
  const text = create();
  const file = await open(`${path}.new`, 'w', 0o600);
  await file.writeFile(`${text}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  return text.trimEnd();
}
