import { createPrivateKey, createPublicKey, sign, verify as verifySignature } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, hex } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkpointBody,
  keyId,
  openNote,
  parseVerifyingKey,
  signatureAlgorithms,
  writeNote,
  writeVerifyingKey,
  type NoteKey,
} from './checkpoints.ts';
import { originOf } from './commitments.ts';
import { isRefusal } from './refusals.ts';

const spki = hex.decode('302a300506032b6570032100');
const pkcs8 = hex.decode('302e020100300506032b657004220420');

function verify(key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = createPublicKey({ key: Buffer.from([...spki, ...key.publicKey]), format: 'der', type: 'spki' });
  return verifySignature(null, message, publicKey, signature);
}

function keyOf(vkey: string): NoteKey {
  const key = parseVerifyingKey(vkey, sha256);
  if (isRefusal(key)) throw new Error(key.refused);
  return key;
}

/** A key pair from a seed. */
function pairOf(name: string, seed: number) {
  const secret = createPrivateKey({
    key: Buffer.from([...pkcs8, ...new Uint8Array(32).fill(seed)]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = new Uint8Array(
    createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(spki.length),
  );
  const key: NoteKey = { name, algorithm: signatureAlgorithms.ed25519, publicKey };
  return { key, signed: (body: string) => writeNote(body, key, sign(null, Buffer.from(body), secret), sha256) };
}

const root = sha256(new Uint8Array(1));
const ours = pairOf('th.bronze-drum/alliance', 1);
const theirs = pairOf('witness.example', 2);
const body = checkpointBody({ origin: 'th.bronze-drum/alliance', size: 7, root });
const note = ours.signed(body);
const signatureOf = (whole: string) => whole.slice(whole.lastIndexOf('\n\n') + 2);
const open = (text: string, ...keys: NoteKey[]) => openNote(text, keys.length > 0 ? keys : [ours.key], verify, sha256);

describe('notes of other implementations', () => {
  // The example of golang.org/x/mod/sumdb/note. It is a note, but its text is no checkpoint.
  const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  // A tree head of Go's checksum database, and its key as the go command carries it.
  const sumdb = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
  const treeHead = `go.sum database tree
65209736
5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=

— sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=
`;

  test('verifying keys of Go are read and written back as they were', () => {
    for (const vkey of [peter, sumdb]) expect(writeVerifyingKey(keyOf(vkey), sha256)).toBe(vkey);
    expect(hex.encode(keyId(keyOf(peter), sha256))).toBe('c74f20a3');
  });

  test("a signature of Go's example key verifies over its text", () => {
    const line =
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature = base64.decode(line.split(' ')[2]!).subarray(4);
    expect(verify(keyOf(peter), Buffer.from(text), signature)).toBe(true);
    expect(open(`${text}\n${line}\n`, keyOf(peter))).toEqual({ refused: 'checkpoint.malformed' });
  });

  test("a tree head of Go's checksum database opens", () => {
    expect(open(treeHead, keyOf(sumdb))).toMatchObject({ origin: 'go.sum database tree', size: 65_209_736 });
    expect(open(treeHead.replace('65209736', '65209737'), keyOf(sumdb))).toEqual({ refused: 'checkpoint.signature' });
    expect(open(treeHead, keyOf(peter))).toEqual({ refused: 'checkpoint.signature' });
  });

  test('the example of C2SP tlog-checkpoint is a checkpoint by a key that we do not know', () => {
    const example = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
    expect(open(example)).toEqual({ refused: 'checkpoint.signature' });
  });
});

describe('a checkpoint', () => {
  test('says what was signed, and by whom', () => {
    expect(open(note)).toEqual({ origin: 'th.bronze-drum/alliance', size: 7, root, signedBy: ours.key });
  });

  test('of an empty book has the size 0', () => {
    expect(open(ours.signed(checkpointBody({ origin: 'x', size: 0, root })))).toMatchObject({ size: 0 });
  });

  test('keeps signatures of others, which are passed over', () => {
    const both = body + '\n' + signatureOf(theirs.signed(body)) + signatureOf(note);
    expect(open(both)).toMatchObject({ signedBy: ours.key });
    expect(open(both, theirs.key)).toMatchObject({ signedBy: theirs.key });
    const sameNameOtherKey = body + '\n' + signatureOf(pairOf(ours.key.name, 9).signed(body)) + signatureOf(note);
    expect(open(sameNameOtherKey)).toMatchObject({ signedBy: ours.key });
  });

  test('with a false signature by a known key is refused although another one is good', () => {
    const forged = pairOf(ours.key.name, 1).signed(body.replace('7', '8'));
    const both = body + '\n' + signatureOf(note) + signatureOf(forged);
    expect(open(both)).toEqual({ refused: 'checkpoint.signature' });
  });

  test('may carry lines that a newer release added', () => {
    expect(open(ours.signed(`${body}extension\n`))).toMatchObject({ size: 7 });
  });

  test.each([
    ['no signature', body],
    ['an empty signature block', `${body}\n`],
    ['no end of the last line', note.slice(0, -1)],
    ['a signature line that is none', `${note}nonsense\n`],
    ['a signature that is too short', `${body}\n— x AAAA\n`],
    ['a signature in loose base64', note.replace(/=\n$/, '\n')],
    ['another dash', note.replace('—', '-')],
    ['two spaces', note.replace('— ', '—  ')],
    ['a control character', ours.signed(body.replace('alliance', 'alli\tance'))],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['half a character', ours.signed(body.replace('alliance', '\ud800'))],
    ['no origin', ours.signed(body.replace('th.bronze-drum/alliance', ''))],
    ['a size with a leading zero', ours.signed(body.replace('\n7\n', '\n07\n'))],
    ['a size in another spelling', ours.signed(body.replace('\n7\n', '\n+7\n'))],
    ['a size above what can be counted', ours.signed(body.replace('\n7\n', '\n9007199254740993\n'))],
    ['a root of another length', ours.signed(`x\n7\n${base64.encode(root.slice(1))}\n`)],
    ['a root in loose base64', ours.signed(body.replace('=\n', '\n'))],
    ['an empty extension line', ours.signed(`${body}\nmore\n`)],
    ['65 signatures', body + '\n' + signatureOf(theirs.signed(body)).repeat(65)],
    ['nothing', ''],
  ])('with %s is malformed', (_what, text) => {
    expect(open(text)).toEqual({ refused: 'checkpoint.malformed' });
  });

  test('has room for 16 signatures of a post-quantum key and an end to its length', () => {
    const long = `— pq.example ${base64.encode(new Uint8Array(4900))}\n`;
    expect(open(note + long.repeat(15))).toMatchObject({ size: 7 });
    expect(open(note + long.repeat(30))).toEqual({ refused: 'checkpoint.too-long' });
  });

  test('with any one character changed does not open', () => {
    fc.assert(
      fc.property(
        fc.nat(note.length - 1),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
        (at, character) => {
          fc.pre(note[at] !== character);
          expect(isRefusal(open(note.slice(0, at) + character + note.slice(at + 1)))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('that is any text at all gives a refusal and never throws', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '— x AAAAAAAA', '0', '7', body, signatureOf(note)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const opened = open(lines.join('\n'));
        if (!isRefusal(opened)) expect(opened.size).toBe(7);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a verifying key', () => {
  const vkey = writeVerifyingKey(ours.key, sha256);

  test('is read back', () => {
    expect(parseVerifyingKey(vkey, sha256)).toEqual(ours.key);
  });

  test('of every book has a name without spaces or plus signs, each its own', () => {
    const names = ['domestic', 'alliance', 'kh+th', 'kh+th+vn', 'kh+vn'].map((book) => originOf('th', book));
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(keyOf(writeVerifyingKey({ ...ours.key, name }, sha256)).name).toBe(name);
  });

  test('with any one character changed is refused', () => {
    fc.assert(
      fc.property(
        fc.nat(vkey.length - 1),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
        (at, character) => {
          fc.pre(vkey[at] !== character);
          expect(isRefusal(parseVerifyingKey(vkey.slice(0, at) + character + vkey.slice(at + 1), sha256))).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each(['', 'x', 'x+00000000', 'x+00000000+', 'x+00000000+AQ==', '+c74f20a3+AAAA', `${vkey}\n`])(
    '%j is malformed',
    (text) => {
      expect(parseVerifyingKey(text, sha256)).toEqual({ refused: 'verifying-key.malformed' });
    },
  );
});
