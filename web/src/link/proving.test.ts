import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { checkpointBody, signatureAlgorithms, writeNote, writeVerifyingKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, originOf } from '@bronze-drum/protocol/commitments';
import { inclusionProof, rootOf, treeHasher } from '@bronze-drum/protocol/proofs';
import { expect, test } from 'vitest';
import type { DeskProof } from '../../../server/src/journal/contract.ts';
import { prove } from './proving.ts';

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
const hasher = treeHasher(sha256);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const seen = { author: 'kh', book: 'kh+th', number: 3 };

/** A book of five entries, and the proof of the fourth as a server gives it. */
async function proofOf(text: string): Promise<DeskProof> {
  const salt = new Uint8Array(16).fill(7);
  const commitments = [0, 1, 2, 3, 4].map((at) =>
    commitmentOf(sha256, salt, Buffer.from(at === 3 ? text : `entry ${at}`)),
  );
  const leaves = commitments.map((one) => hasher.leaf(one));
  const read = (level: number, index: number): Uint8Array =>
    level === 0 ? leaves[index]! : hasher.node(read(level - 1, index * 2), read(level - 1, index * 2 + 1));
  const origin = originOf('kh', 'kh+th');
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const key = { name: origin, algorithm: signatureAlgorithms.ed25519, publicKey: new Uint8Array(raw) };
  const body = checkpointBody({ origin, size: 5, root: await rootOf(hasher, read, 5) });
  return {
    ...seen,
    commitment: base64(commitments[3]!),
    leafHash: base64(leaves[3]!),
    size: 5,
    path: (await inclusionProof(hasher, read, 3, 5)).map(base64),
    checkpoint: writeNote(body, key, sign(null, Buffer.from(body), privateKey), sha256),
    verifyingKey: writeVerifyingKey(key, sha256),
    entry: { text, salt: base64(salt) },
  };
}

const text = JSON.stringify({ envelope: { member: 'kh', book: 'kh+th' }, body: {} });
const failing = ({ steps }: Awaited<ReturnType<typeof prove>>): string[] =>
  steps.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);

test('an entry that stands in its book is verified step by step', async () => {
  const proven = await prove(await proofOf(text), seen);
  expect(failing(proven)).toEqual([]);
  expect(proven).toMatchObject({ verdict: 'verified', size: 5 });
});

test('an entry whose text may not be read here is verified in part', async () => {
  const proof: DeskProof = { ...(await proofOf(text)), entry: null, absent: 'withheld' };
  expect(await prove(proof, seen)).toMatchObject({ verdict: 'partly' });
});

test('a text that was changed does not fit what was committed to', async () => {
  const proof = await proofOf(text);
  const changed = { ...proof, entry: { ...proof.entry!, text: text.replace('{}', '{"tier":"court"}') } };
  expect(failing(await prove(changed, seen))).toEqual(['commitment']);
});

test('a checkpoint that nobody signed, a path to another root and an entry of another place fail', async () => {
  const proof = await proofOf(text);
  const other = await proofOf(text);
  expect(failing(await prove({ ...proof, verifyingKey: other.verifyingKey }, seen))).toContain('signature');
  expect(failing(await prove({ ...proof, path: proof.path.toReversed() }, seen))).toEqual(['inclusion']);
  expect(failing(await prove(proof, { ...seen, commitment: 'AAAA' }))).toEqual(['statement']);
  expect(failing(await prove({ ...proof, verifyingKey: 'nonsense', path: ['?'] }, seen))).toEqual(
    expect.arrayContaining(['key', 'signature', 'inclusion']),
  );
});
