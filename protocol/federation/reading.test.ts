import { createPrivateKey, createPublicKey, sign, verify as verifySignature } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, hex } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointBody, signatureAlgorithms, writeNote, type NoteKey } from '../checkpoints.ts';
import { originOf } from '../commitments.ts';
import { consistencyProof, inclusionProof, rootOf, treeHasher, type Hash, type SubtreeReader } from '../proofs.ts';
import { beginningOf, compareShown, continuesTo, openCheckpoint, placePage, provesFork, type Fork } from './reading.ts';

const hasher = treeHasher(sha256);
const spki = hex.decode('302a300506032b6570032100');
const secret = createPrivateKey({
  key: Buffer.from([...hex.decode('302e020100300506032b657004220420'), ...new Uint8Array(32).fill(5)]),
  format: 'der',
  type: 'pkcs8',
});
const of = { member: 'th', book: 'kh+th' };
const key: NoteKey = {
  name: originOf(of.member, of.book),
  algorithm: signatureAlgorithms.ed25519,
  publicKey: new Uint8Array(createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(spki.length)),
};
const verifier = {
  hasher,
  sha256,
  verify: ({ publicKey }: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
    verifySignature(
      null,
      message,
      createPublicKey({ key: Buffer.from([...spki, ...publicKey]), format: 'der', type: 'spki' }),
      signature,
    ),
};

const leavesMax = 70;
const texts = (hashes: readonly Hash[]): string[] => hashes.map((hash) => base64.encode(hash));

/** A history of `size` statements which says something else from `split` on. */
function historyOf(size: number, split = size, otherwise = 'other') {
  const leaves = Array.from({ length: size }, (_, index) =>
    hasher.leaf(new TextEncoder().encode(`${index < split ? 'said' : otherwise} ${index}`)),
  );
  const read: SubtreeReader = async (level, index) =>
    level === 0 ? leaves[index]! : hasher.node(await read(level - 1, index * 2), await read(level - 1, index * 2 + 1));
  const root = (at: number): Promise<Hash> => rootOf(hasher, read, at);
  const consistency = (from: number, to: number): Promise<Hash[]> => consistencyProof(hasher, read, from, to);
  return {
    root,
    consistency,
    async at(shown: number, by = key) {
      const checkpoint = { origin: by.name, size: shown, root: await root(shown) };
      const body = checkpointBody(checkpoint);
      return { checkpoint, note: writeNote(body, by, sign(null, Buffer.from(body), secret), sha256) };
    },
    copy: async (shown: number) => ({ ...(await historyOf(size, split, otherwise).at(shown)), root, consistency }),
    /** What its author proves of the first `from` statements to whoever asks. */
    async proven(from: number, to: number) {
      if (!Number.isInteger(Math.log2(from))) return { path: await consistency(from, to) };
      return { path: await inclusionProof(hasher, read, from - 1, to), leafHash: leaves[from - 1]! };
    },
  };
}

const sizes = fc.integer({ min: 1, max: leavesMax });

describe('a page', () => {
  test.each([
    [0, 0, 0, 'known'],
    [0, 0, 3, { take: 0 }],
    [0, 1, 3, 'gap'],
    [5, 5, 0, 'known'],
    [5, 5, 2, { take: 0 }],
    [5, 3, 2, 'known'],
    [5, 3, 3, { take: 2 }],
    [5, 0, 5, 'known'],
    [5, 0, 9, { take: 5 }],
    [5, 6, 0, 'gap'],
    [5, 6, 1, 'gap'],
  ] as const)('at a copy of %i, from %i on, with %i entries, is %j', (copySize, from, count, placement) => {
    expect(placePage(copySize, { from, count })).toEqual(placement);
  });

  test('never leaves a gap and never takes what is known', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (copySize, from, count) => {
        const placement = placePage(copySize, { from, count });
        if (typeof placement === 'object') expect(from + placement.take).toBe(copySize);
        else expect(from > copySize || from + count <= copySize).toBe(true);
      }),
    );
  });
});

describe('a checkpoint', () => {
  test('is of the book under whose name it was signed, and by its author', async () => {
    const { note } = await historyOf(3).at(3);
    expect(openCheckpoint(verifier, of, note, [key])).toMatchObject({ size: 3 });
    expect(openCheckpoint(verifier, of, note, [])).toEqual({ refused: 'checkpoint.signature' });
    const alliance = { ...key, name: originOf('th', 'alliance') };
    const other = await historyOf(3).at(3, alliance);
    expect(openCheckpoint(verifier, of, other.note, [key, alliance])).toEqual({ refused: 'federation.origin' });
  });
});

describe('an honest history', () => {
  test('continues to whatever it becomes, from every size', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(leavesMax), async (to, before) => {
        const history = historyOf(to);
        const from = before % (to + 1);
        const { checkpoint } = await history.at(to);
        const copy = { size: from, root: await history.root(from) };
        const proof = texts(await history.consistency(from, to));
        expect(continuesTo(verifier, copy, checkpoint, proof)).toBe(true);
        if (from > 0)
          expect(continuesTo(verifier, { ...copy, root: sha256(copy.root) }, checkpoint, proof)).toBe(false);
        expect(continuesTo(verifier, copy, checkpoint, [...proof, 'no hash'])).toBe(false);
        if (from < to) expect(continuesTo(verifier, { ...copy, size: to + 1 }, checkpoint, proof)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('is never a fork, whatever is shown of it and whatever somebody makes of the proofs', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(3), fc.nat(), async (one, two, how, place) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const history = historyOf(to);
        const [earlier, later] = [await history.at(from), await history.at(to)];
        const copy = { ...later, root: history.root, consistency: history.consistency };
        expect(await compareShown(of, copy, earlier)).toBe('same');
        if (from < to) expect(await compareShown(of, { ...copy, ...earlier }, later)).toBe('later');
        const proof = texts(await history.consistency(from, to));
        const begins = base64.encode(how === 0 ? earlier.checkpoint.root : sha256(Uint8Array.of(place % 256)));
        const bent = how < 2 ? proof : proof.map((hash, at) => (at === place % proof.length ? begins : hash));
        const fork = { ...of, earlier: earlier.note, later: later.note, begins, proof: bent };
        expect(provesFork(verifier, fork, [key])).toBe(false);
        expect(provesFork(verifier, { ...fork, earlier: later.note, later: earlier.note }, [key])).toBe(false);
        const shown = await history.proven(from, to);
        const beginning = beginningOf(verifier, from, later.checkpoint, shown);
        expect(beginning && hex.encode(beginning)).toBe(from < to ? hex.encode(earlier.checkpoint.root) : undefined);
      }),
      { numRuns: 150 },
    );
  });
});

describe('two histories of one author', () => {
  /** Sizes of two histories that part after `split` statements that both tell. */
  const parting = fc
    .tuple(sizes, sizes, fc.nat())
    .map(([ours, theirs, seed]) => ({ ours, theirs, split: seed % Math.min(ours, theirs) }));

  async function forkOf({ ours, theirs, split }: { ours: number; theirs: number; split: number }): Promise<Fork> {
    const [here, there] = [historyOf(ours), historyOf(theirs, split)];
    const shown = await there.at(theirs);
    const compared = await compareShown(of, await here.copy(ours), shown);
    if (typeof compared === 'object') return compared;
    expect(compared).toBe('later');
    // What was shown covers more than the copy does: its author itself proves how its history begins.
    const begins = beginningOf(verifier, ours, shown.checkpoint, await there.proven(ours, theirs));
    return {
      ...of,
      earlier: (await here.at(ours)).note,
      later: shown.note,
      begins: base64.encode(begins!),
      proof: texts(await there.consistency(ours, theirs)),
    };
  }

  test('are a fork that proves itself, whichever of them is longer', async () => {
    await fc.assert(
      fc.asyncProperty(parting, async (given) => {
        const fork = await forkOf(given);
        expect(provesFork(verifier, fork, [key])).toBe(true);
        // Only to whoever holds the author's keys, and only for its own book.
        expect(provesFork(verifier, fork, [])).toBe(false);
        expect(provesFork(verifier, { ...fork, book: 'th+vn' }, [key])).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('are one at every pair of sizes up to 17, powers of two among them', async () => {
    const missed: string[] = [];
    for (let ours = 1; ours <= 17; ours += 1) {
      for (let theirs = 1; theirs <= 17; theirs += 1) {
        for (const split of new Set([0, Math.min(ours, theirs) - 1])) {
          const fork = await forkOf({ ours, theirs, split });
          if (!provesFork(verifier, fork, [key])) missed.push(`${ours} and ${theirs} after ${split}`);
        }
      }
    }
    expect(missed).toEqual([]);
  });

  test('are none of somebody else: a fork with anything of it changed proves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(parting, fc.nat(4), fc.string(), async (given, what, text) => {
        const fork = await forkOf(given);
        const [first, ...rest] = fork.proof;
        const changed = [
          { ...fork, begins: text },
          { ...fork, begins: base64.encode(sha256(base64.decode(fork.begins))) },
          { ...fork, proof: [...fork.proof, fork.begins] },
          { ...fork, proof: first === undefined ? [text] : [text, ...rest] },
          { ...fork, earlier: fork.earlier.replace('\n', `${text}\n\n`) },
        ];
        expect(provesFork(verifier, changed[what]!, [key])).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a beginning that an author proves', () => {
  test('is the root of then or none, whatever it sends', async () => {
    const hashes = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), fc.array(hashes, { maxLength: 3 }), async (size, to, place, sent) => {
        const history = historyOf(to);
        const { checkpoint } = await history.at(to);
        const from = Math.min(size, to);
        const shown = await history.proven(from, to);
        const bent = shown.path.toSpliced(place % (shown.path.length + 1), sent.length, ...sent);
        const root = hex.encode(await history.root(from));
        for (const path of [bent, sent])
          for (const leafHash of [shown.leafHash, sent[0]]) {
            const begins = beginningOf(verifier, from, checkpoint, { path, ...(leafHash && { leafHash }) });
            if (begins !== undefined) expect(hex.encode(begins)).toBe(root);
          }
        for (const wrong of [0, -1, to, to + 1, 1.5, Number.NaN])
          expect(beginningOf(verifier, wrong, checkpoint, { path: sent })).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
