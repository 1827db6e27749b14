import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { base64 } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  checkpointBody,
  signatureAlgorithms,
  writeNote,
  writeVerifyingKey,
  type NoteKey,
} from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import {
  consistencyProof,
  emptyFrontier,
  pushLeaf,
  rootOf,
  treeHasher,
  type Frontier,
  type Hash,
} from '@bronze-drum/protocol/proofs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBook, rootIn, sampleOf, sizeIn, type HeldBook } from './verifying.ts';

const hasher = treeHasher(sha256);
const pair = generateKeyPairSync('ed25519');
const rawKey = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const [author, book] = ['th', 'kh+th'];
const key: NoteKey = {
  name: originOf(author, book),
  algorithm: signatureAlgorithms.ed25519,
  publicKey: new Uint8Array(rawKey),
};

/** A book of so many entries; `mark` makes its history another one. */
async function bookOf(size: number, mark = ''): Promise<HeldBook & { path: (from: number) => Promise<string[]> }> {
  const hashes = new Map<string, Hash>();
  let frontier: Frontier = emptyFrontier;
  for (let number = 0; number < size; number += 1) {
    const leaf = hasher.leaf(new TextEncoder().encode(`${mark}${number}`));
    frontier = pushLeaf(hasher, frontier, leaf, (level, index, hash) => hashes.set(`${level}/${index}`, hash));
  }
  const read = (level: number, index: number): Hash => hashes.get(`${level}/${index}`)!;
  const root = await rootOf(hasher, read, size);
  const body = checkpointBody({ origin: originOf(author, book), size, root });
  const signature = sign(
    null,
    Buffer.from(body),
    createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  );
  return {
    author,
    book,
    size,
    root: base64.encode(root),
    checkpoint: writeNote(body, key, new Uint8Array(signature), sha256),
    verifyingKeys: [writeVerifyingKey(key, sha256)],
    path: async (from) => (await consistencyProof(hasher, read, from, size)).map((hash) => base64.encode(hash)),
  };
}

const seen = ({ size, root }: HeldBook) => ({ size, root, atMs: 0 });

test('a book that its author signed passes, and was never seen before', async () => {
  expect(await checkBook(await bookOf(7), undefined, undefined)).toMatchObject({
    signature: 'passed',
    origin: 'passed',
    root: 'passed',
    growth: 'first',
    size: 7,
  });
});

test('a checkpoint with another root, or by another key, fails', async () => {
  const good = await bookOf(5);
  const forged = { ...good, checkpoint: good.checkpoint!.replace('\n5\n', '\n6\n'), size: 6 };
  expect((await checkBook(forged, undefined, undefined)).signature).toBe('failed');
  expect((await checkBook({ ...good, verifyingKeys: [] }, undefined, undefined)).signature).toBe('failed');
});

test('entries that do not add up to what is signed fail; those that are not signed yet do not', async () => {
  const good = await bookOf(5);
  const other = await bookOf(5, 'other');
  expect((await checkBook({ ...good, root: other.root }, undefined, undefined)).root).toBe('failed');
  expect((await checkBook({ ...good, size: 6 }, undefined, undefined)).root).toBe('unknown');
  expect((await checkBook({ ...good, size: 4 }, undefined, undefined)).root).toBe('failed');
});

test('a book of another name does not pass for this one', async () => {
  const good = await bookOf(5);
  expect((await checkBook({ ...good, book: 'alliance' }, undefined, undefined)).origin).toBe('failed');
});

test('a book that grew since it was seen passes only with the proof of it', async () => {
  const [before, now] = [await bookOf(5), await bookOf(9)];
  expect((await checkBook(now, seen(before), await now.path(5))).growth).toBe('grew');
  expect((await checkBook(now, seen(before), undefined)).growth).toBe('unknown');
  expect((await checkBook(now, seen(before), [])).growth).toBe('changed');
  expect((await checkBook(now, seen(before), ['not base64'])).growth).toBe('changed');
});

test('a book whose past was changed is found out, as is one that lost entries', async () => {
  const [before, rewritten] = [await bookOf(5), await bookOf(9, 'other')];
  expect((await checkBook(rewritten, seen(before), await rewritten.path(5))).growth).toBe('changed');
  expect((await checkBook(await bookOf(5, 'other'), seen(before), undefined)).growth).toBe('changed');
  expect((await checkBook(await bookOf(5), seen(before), undefined)).growth).toBe('same');
  expect((await checkBook(await bookOf(3), seen(before), undefined)).growth).toBe('shrunk');
});

test('a sample is of different numbers in order, all of them of the book', () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.nat(600),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
      (size, count, stream) => {
        const sample = sampleOf(size, count, () => stream.next().value!);
        expect(sample).toHaveLength(Math.min(size, count));
        expect(new Set(sample).size).toBe(sample.length);
        expect(sample).toEqual(sample.toSorted((a, b) => a - b));
        expect(sample.every((number) => number >= 0 && number < size)).toBe(true);
      },
    ),
  );
});

test('a checkpoint’s text tells its size and root', async () => {
  const { checkpoint, root } = await bookOf(4);
  expect([sizeIn(checkpoint), rootIn(checkpoint!)]).toEqual([4, root]);
  expect([sizeIn(null), sizeIn('nonsense')]).toEqual([0, 0]);
});
