import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { keyUses, type KeyUse } from '@bronze-drum/protocol/directory';
import { must } from '../kernel/assert.ts';
import { rawPublicKey, type Signer } from './signer.ts';

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A signer whose keys live only as long as the test. */
export function openTestSigner(): Signer {
  const pair = (): KeyPair => generateKeyPairSync('ed25519');
  const keys = new Map<KeyUse, KeyPair>(keyUses.map((use) => [use, pair()]));
  const prepared = new Map<KeyUse, KeyPair>();
  const nextOf = (use: KeyUse): KeyPair => must(prepared.get(use), 'a key is prepared');
  return {
    publicKey: (use) => rawPublicKey(keys.get(use)!.publicKey),
    sign: (use, message) => sign(null, message, keys.get(use)!.privateKey),
    next: (use) => (prepared.has(use) ? rawPublicKey(nextOf(use).publicKey) : undefined),
    prepare: async (use) => {
      if (!prepared.has(use)) prepared.set(use, pair());
      return rawPublicKey(nextOf(use).publicKey);
    },
    signNext: (use, message) => sign(null, message, nextOf(use).privateKey),
    activate: async (use) => {
      if (prepared.has(use)) keys.set(use, nextOf(use));
      prepared.delete(use);
    },
    secretFor: (purpose) => `a test’s secret for ${purpose}`,
  };
}
