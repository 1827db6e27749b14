import { createPrivateKey, createPublicKey, hash, sign, type KeyObject } from 'node:crypto';
import { orderText, type OrderTerms } from '@bronze-drum/protocol/orders';
import { rawPublicKey, type Signer } from '../platform/signer.ts';

export interface Signing {
  /** The terms with their office's signature. */
  signed(terms: Omit<OrderTerms, 'signature'>): OrderTerms;
  /** The raw public key of an office, in base64url. */
  publicKeyOf(office: string): string;
}

// A PKCS#8 Ed25519 private key (RFC 8410) is a fixed 16-byte header and the 32 bytes of the seed.
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The offices' keys follow from the server's secret, so that none is stored: see decision 0020. */
export function openSigning(signer: Pick<Signer, 'secretFor'>): Signing {
  const keys = new Map<string, KeyObject>();
  const keyOf = (office: string): KeyObject => {
    const known = keys.get(office);
    if (known !== undefined) return known;
    const seed = hash('sha256', signer.secretFor(`office:${office}`), 'buffer');
    const key = createPrivateKey({ key: Buffer.concat([pkcs8Header, seed]), format: 'der', type: 'pkcs8' });
    keys.set(office, key);
    return key;
  };
  return {
    signed(terms) {
      const signature = sign(null, Buffer.from(orderText(terms)), keyOf(terms.office));
      return { ...terms, signature: signature.toString('base64url') };
    },
    publicKeyOf: (office) => Buffer.from(rawPublicKey(createPublicKey(keyOf(office)))).toString('base64url'),
  };
}
