import { generateKeyPairSync, sign } from 'node:crypto';
import { rawPublicKey, type Signer } from './signer.ts';

/** A signer whose keys live only as long as the test. */
export function openTestSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { publicKey: () => rawPublicKey(publicKey), sign: (_use, message) => sign(null, message, privateKey) };
}
