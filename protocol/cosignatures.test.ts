import { createPrivateKey, createPublicKey, sign, verify as verifySignature } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, hex } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointBody, openNote, signatureAlgorithms, writeNote, type NoteKey } from './checkpoints.ts';
import { addCosignature, cosignatureMessage, cosigningKey, readCosignature } from './cosignatures.ts';

const spki = hex.decode('302a300506032b6570032100');
const pkcs8 = hex.decode('302e020100300506032b657004220420');

function verify(key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = createPublicKey({ key: Buffer.from([...spki, ...key.publicKey]), format: 'der', type: 'spki' });
  return verifySignature(null, message, publicKey, signature);
}

/** A party's pair from a seed. */
function partyOf(party: string, seed: number) {
  const secret = createPrivateKey({
    key: Buffer.from([...pkcs8, ...new Uint8Array(32).fill(seed)]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = new Uint8Array(
    createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(spki.length),
  );
  const key = cosigningKey(party, publicKey);
  return {
    key,
    signed: (message: Uint8Array) => sign(null, message, secret),
    cosigned: (note: string, atSeconds: number) =>
      addCosignature(note, key, atSeconds, sign(null, cosignatureMessage(note, atSeconds), secret), sha256),
  };
}

const author = partyOf('th', 1);
const authorKey: NoteKey = {
  name: 'th.bronze-drum/alliance',
  algorithm: signatureAlgorithms.ed25519,
  publicKey: author.key.publicKey,
};
const noteOf = (size: number): string => {
  const body = checkpointBody({ origin: authorKey.name, size, root: sha256(Uint8Array.of(size % 256)) });
  return writeNote(body, authorKey, author.signed(Buffer.from(body)), sha256);
};
const note = noteOf(7);
const kh = partyOf('kh', 2);
const vn = partyOf('vn', 3);
const at = 1_790_000_000;
const read = (text: string, ...keys: NoteKey[]) => readCosignature(text, keys, verify, sha256);

describe('a cosignature', () => {
  test('says who saw the checkpoint, and when by their clock', () => {
    const cosigned = kh.cosigned(note, at);
    expect(read(cosigned, kh.key)).toBe(at);
    expect(kh.key.name).toBe('kh.bronze-drum');
    expect(cosigned.startsWith(note)).toBe(true);
  });

  test('signs the message of C2SP tlog-cosignature: a header, the time, and the note without its signatures', () => {
    const message = Buffer.from(cosignatureMessage(note, at)).toString();
    expect(message).toBe(`cosignature/v1\ntime ${at}\n${note.split('\n').slice(0, 3).join('\n')}\n`);
    expect(Buffer.from(cosignatureMessage(kh.cosigned(note, at), at)).toString()).toBe(message);
    const [, , encoded] = kh.cosigned(note, at).trimEnd().split('\n').at(-1)!.split(' ');
    expect(base64.decode(encoded!)).toHaveLength(4 + 8 + 64);
  });

  test('stands beside others, each read by its own key', () => {
    const both = vn.cosigned(kh.cosigned(note, at), at + 5);
    expect(read(both, kh.key)).toBe(at);
    expect(read(both, vn.key)).toBe(at + 5);
    expect(read(both, author.key)).toBeUndefined();
  });

  test('by a key of before a change is read while that key is still known', () => {
    const before = partyOf('kh', 9);
    const cosigned = before.cosigned(note, at);
    expect(read(cosigned, kh.key)).toBeUndefined();
    expect(read(cosigned, kh.key, before.key)).toBe(at);
  });

  test('leaves the note one that its author signed', () => {
    expect(openNote(vn.cosigned(kh.cosigned(note, at), at), [authorKey], verify, sha256)).toMatchObject({ size: 7 });
  });
});

describe('no cosignature is', () => {
  test('one by another key under the same name', () => {
    expect(read(partyOf('kh', 9).cosigned(note, at), kh.key)).toBeUndefined();
  });

  test('one by the right key under another name', () => {
    const renamed = { ...kh.key, name: 'vn.bronze-drum' };
    expect(read(kh.cosigned(note, at), renamed)).toBeUndefined();
  });

  test('one of another note, or of none', () => {
    const line = kh.cosigned(note, at).slice(note.length);
    expect(read(noteOf(8) + line, kh.key)).toBeUndefined();
    for (const text of ['', '\n\n', line, `${note}nonsense\n`, note]) expect(read(text, kh.key)).toBeUndefined();
  });

  test('the author’s signature of the checkpoint itself', () => {
    const body = checkpointBody({ origin: authorKey.name, size: 7, root: sha256(new Uint8Array(1)) });
    const asAuthor = { ...kh.key, algorithm: signatureAlgorithms.ed25519 };
    expect(read(writeNote(body, asAuthor, kh.signed(Buffer.from(body)), sha256), kh.key)).toBeUndefined();
  });

  test('one with any character of its line or of the note’s text changed', () => {
    const cosigned = kh.cosigned(note, at);
    const signature = [note.indexOf('\n\n') + 1, note.length];
    fc.assert(
      fc.property(fc.nat(cosigned.length - 2), fc.string({ minLength: 1, maxLength: 1 }), (place, character) => {
        // The author's own line is not what is cosigned.
        fc.pre(cosigned[place] !== character && (place < signature[0]! || place >= signature[1]!));
        const changed = cosigned.slice(0, place) + character + cosigned.slice(place + 1);
        expect(read(changed, kh.key)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  });

  test('whatever else somebody sends; and nothing makes the reading throw', () => {
    const line = fc
      .tuple(fc.constantFrom('kh.bronze-drum', 'x'), fc.uint8Array({ maxLength: 100 }))
      .map(([name, bytes]) => `— ${name} ${base64.encode(bytes)}\n`);
    const text = fc.oneof(
      fc.string(),
      line,
      line.map((one) => note + one),
      fc.string().map((one) => note + one),
    );
    fc.assert(
      fc.property(text, (sent) => {
        expect(read(sent, kh.key)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  test('a time that no number holds', () => {
    const stamped = new Uint8Array(76).fill(255);
    const line = kh.cosigned(note, at).slice(note.length);
    stamped.set(base64.decode(line.trim().split(' ')[2]!).subarray(0, 4));
    expect(read(`${note}— kh.bronze-drum ${base64.encode(stamped)}\n`, kh.key)).toBeUndefined();
  });
});
