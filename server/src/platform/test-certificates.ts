import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { TlsTexts } from './mutual-tls.ts';

/** An authority that lives as long as the test, and certifies servers on this machine. */
export interface TestAuthority {
  readonly ca: string;
  certify(name: string): TlsTexts;
}

export function openTestAuthority(name: string): TestAuthority {
  const own = generateKeyPairSync('ed25519');
  const isAuthority = extension('551d13', sequence(der(0x01, Buffer.of(0xff))));
  const ca = certificate(name, name, own.publicKey, isAuthority, own.privateKey);
  return {
    ca,
    certify(subject) {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const onThisMachine = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1)));
      const cert = certificate(name, subject, publicKey, extension('551d11', onThisMachine), own.privateKey);
      return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }), ca };
    },
  };
}

/** X.509 version 3 (RFC 5280) signed with Ed25519 (RFC 8410), in PEM. */
function certificate(issuer: string, subject: string, key: KeyObject, extra: Buffer, signedBy: KeyObject): string {
  const algorithm = sequence(objectId('2b6570'));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1, ...Buffer.from(subject))),
    algorithm,
    commonName(issuer),
    sequence(der(0x17, Buffer.from('250101000000Z')), der(0x18, Buffer.from('21250101000000Z'))),
    commonName(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extra)),
  );
  const signature = der(0x03, Buffer.of(0), sign(null, signed, signedBy));
  const lines = sequence(signed, algorithm, signature)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), der(0x04, value));
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(name)))));
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

/** One element of DER: tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
