import { hash as digest } from 'node:crypto';
import { hex } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consistencyProof,
  emptyFrontier,
  inclusionProof,
  pushLeaf,
  rootOf,
  rootOfFrontier,
  treeHasher,
  verifyConsistency,
  verifyInclusion,
  type Hash,
  type SubtreeReader,
} from './proofs.ts';

const sha256 = (data: Uint8Array): Hash => digest('sha256', data, 'buffer');
const hasher = treeHasher(sha256);

/** The leaves, roots and proofs with which Certificate Transparency implementations have tested each other since 2012. */
const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ctRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const ctInclusions: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
];
const ctConsistencies: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

function hashed(leaves: readonly Hash[]): Hash[] {
  return leaves.map((leaf) => hasher.leaf(leaf));
}

/** A store of hashes as `pushLeaf` announces them. */
function readerOver(leafHashes: readonly Hash[]): SubtreeReader {
  const kept = new Map<string, Hash>();
  let frontier = emptyFrontier;
  for (const leaf of leafHashes) {
    frontier = pushLeaf(hasher, frontier, leaf, (level, index, hash) => kept.set(`${level}/${index}`, hash));
  }
  return (level, index) => {
    const hash = kept.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`no subtree ${level}/${index}`);
    return hash;
  };
}

const leavesMax = 130;
const manyLeaves = hashed(Array.from({ length: leavesMax }, (_, index) => new TextEncoder().encode(`leaf ${index}`)));

// RFC 6962 section 2.1 over leaves [from, to), as it is written there: the definition that the rest is checked against.
const splitOf = (count: number): number => 2 ** Math.ceil(Math.log2(count) - 1);
const naiveRoots = new Map<number, Hash>();
function naiveRoot(from: number, to: number): Hash {
  if (to === from) return sha256(new Uint8Array(0));
  if (to - from === 1) return manyLeaves[from]!;
  const known = naiveRoots.get(from * 1000 + to);
  if (known !== undefined) return known;
  const middle = from + splitOf(to - from);
  const root = sha256(Uint8Array.of(1, ...naiveRoot(from, middle), ...naiveRoot(middle, to)));
  naiveRoots.set(from * 1000 + to, root);
  return root;
}
function naivePath(index: number, from: number, to: number): Hash[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...naivePath(index, from, middle), naiveRoot(middle, to)]
    : [...naivePath(index, middle, to), naiveRoot(from, middle)];
}
function naiveSubproof(old: number, from: number, to: number, whole: boolean): Hash[] {
  if (old === to) return whole ? [] : [naiveRoot(from, to)];
  const middle = from + splitOf(to - from);
  return old <= middle
    ? [...naiveSubproof(old, from, middle, whole), naiveRoot(middle, to)]
    : [...naiveSubproof(old, middle, to, false), naiveRoot(from, middle)];
}

const manyRoots = Array.from({ length: leavesMax + 1 }, (_, size) => naiveRoot(0, size));
const hexes = (hashes: readonly Hash[]): string => hashes.map((hash) => hex.encode(hash)).join(' ');
const readMany = readerOver(manyLeaves);

describe('known answers of Certificate Transparency', () => {
  const leaves = hashed(ctLeaves.map((leaf) => hex.decode(leaf)));
  const read = readerOver(leaves);

  test('every root is the published one, by the frontier and by the subtrees', async () => {
    let frontier = emptyFrontier;
    for (const [size, root] of ctRoots.entries()) {
      expect(hex.encode(rootOfFrontier(hasher, frontier))).toBe(root);
      expect(hex.encode(await rootOf(hasher, read, size))).toBe(root);
      const next = leaves[size];
      if (next !== undefined) frontier = pushLeaf(hasher, frontier, next);
    }
  });

  test.each(ctInclusions)('leaf %i of %i has the published audit path, which verifies', async (index, size, path) => {
    const proof = await inclusionProof(hasher, read, index, size);
    expect(proof.map((hash) => hex.encode(hash))).toEqual(path);
    expect(verifyInclusion(hasher, leaves[index]!, index, size, proof, hex.decode(ctRoots[size]!))).toBe(true);
  });

  test.each(ctConsistencies)('sizes %i and %i have the published proof, which verifies', async (from, to, path) => {
    const proof = await consistencyProof(hasher, read, from, to);
    expect(proof.map((hash) => hex.encode(hash))).toEqual(path);
    expect(verifyConsistency(hasher, from, to, hex.decode(ctRoots[from]!), hex.decode(ctRoots[to]!), proof)).toBe(true);
  });
});

describe('against the definition, for every size up to 130', () => {
  test('roots', async () => {
    for (let size = 0; size <= leavesMax; size += 1)
      expect(await rootOf(hasher, readMany, size)).toEqual(manyRoots[size]);
  });

  test('inclusion proofs', async () => {
    const wrong: string[] = [];
    for (let size = 1; size <= leavesMax; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(hasher, readMany, index, size);
        const same = hexes(proof) === hexes(naivePath(index, 0, size));
        const verified = verifyInclusion(hasher, manyLeaves[index]!, index, size, proof, manyRoots[size]!);
        if (!same || !verified) wrong.push(`leaf ${index} of ${size}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('consistency proofs', async () => {
    const wrong: string[] = [];
    for (let size = 1; size <= leavesMax; size += 1) {
      for (let old = 1; old <= size; old += 1) {
        const proof = await consistencyProof(hasher, readMany, old, size);
        const same = hexes(proof) === hexes(naiveSubproof(old, 0, size, true));
        const verified = verifyConsistency(hasher, old, size, manyRoots[old]!, manyRoots[size]!, proof);
        if (!same || !verified) wrong.push(`from ${old} to ${size}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('the empty tree comes before every tree, with an empty proof and no other', async () => {
    expect(await consistencyProof(hasher, readMany, 0, 7)).toEqual([]);
    expect(verifyConsistency(hasher, 0, 7, hasher.empty, manyRoots[7]!, [])).toBe(true);
    expect(verifyConsistency(hasher, 0, 7, manyRoots[1]!, manyRoots[7]!, [])).toBe(false);
    expect(verifyConsistency(hasher, 0, 7, hasher.empty, manyRoots[7]!, [manyRoots[7]!])).toBe(false);
  });

  test('a proof about a leaf or a size that the tree does not have is not made', async () => {
    await expect(inclusionProof(hasher, readMany, 5, 5)).rejects.toThrow(RangeError);
    await expect(inclusionProof(hasher, readMany, -1, 5)).rejects.toThrow(RangeError);
    await expect(consistencyProof(hasher, readMany, 6, 5)).rejects.toThrow(RangeError);
  });
});

describe('what was changed does not verify', () => {
  /** A hash with one bit changed, cut short, made longer, or replaced. */
  const spoiled = (hash: Hash, at: number, bit: number, how: number): Hash => {
    if (how === 1) return hash.slice(0, at);
    if (how === 2) return Uint8Array.of(...hash, at);
    const copy = Uint8Array.from(hash);
    copy[at]! ^= 1 << bit;
    return copy;
  };
  const spoil = fc.tuple(fc.nat(31), fc.nat(7), fc.nat(2));
  const sizes = fc.integer({ min: 1, max: leavesMax });

  test('an inclusion proof with any hash, index or size changed', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), spoil, fc.nat(), fc.nat(4), async (size, seed, [at, bit, how], which, what) => {
        const index = seed % size;
        const path = await inclusionProof(hasher, readMany, index, size);
        const [leaf, root] = [manyLeaves[index]!, manyRoots[size]!];
        const verify = (...given: [Hash, number, number, Hash[], Hash]) => verifyInclusion(hasher, ...given);
        if (what === 0) expect(verify(spoiled(leaf, at, bit, how), index, size, path, root)).toBe(false);
        if (what === 1) expect(verify(leaf, index, size, path, spoiled(root, at, bit, how))).toBe(false);
        if (what === 2 && path.length > 0) {
          const changed = path.map((hash, place) =>
            place === which % path.length ? spoiled(hash, at, bit, how) : hash,
          );
          expect(verify(leaf, index, size, changed, root)).toBe(false);
          expect(verify(leaf, index, size, path.toSpliced(which % path.length, 1), root)).toBe(false);
        }
        if (what === 3) expect(verify(leaf, index, size, [...path, root], root)).toBe(false);
        if (what === 4 && which % size !== index) expect(verify(leaf, which % size, size, path, root)).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  test('a consistency proof with any hash changed, left out or added', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), spoil, fc.nat(), fc.nat(3), async (size, seed, [at, bit, how], which, what) => {
        const old = 1 + (seed % size);
        const path = await consistencyProof(hasher, readMany, old, size);
        const [before, after] = [manyRoots[old]!, manyRoots[size]!];
        const verify = (...given: [Hash, Hash, Hash[]]) => verifyConsistency(hasher, old, size, ...given);
        if (what === 0) expect(verify(spoiled(before, at, bit, how), after, path)).toBe(false);
        if (what === 1) expect(verify(before, spoiled(after, at, bit, how), path)).toBe(false);
        if (what === 2 && path.length > 0) {
          const changed = path.map((hash, place) =>
            place === which % path.length ? spoiled(hash, at, bit, how) : hash,
          );
          expect(verify(before, after, changed)).toBe(false);
          expect(verify(before, after, path.toSpliced(which % path.length, 1))).toBe(false);
        }
        if (what === 3) expect(verify(before, after, [...path, after])).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  test('nothing that is sent makes a verification throw, and nonsense is never true', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(0, 1, 1.5, 2 ** 53, 2 ** 60, Number.NaN, Infinity, -1),
    );
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 32, maxLength: 32 }));
    const path = fc.array(bytes, { maxLength: 70 });
    fc.assert(
      fc.property(bytes, number, number, path, bytes, (a, first, second, proof, b) => {
        const included = verifyInclusion(hasher, a, first, second, proof, b);
        if (included) expect([first, second, hex.encode(a)]).toEqual([0, 1, hex.encode(b)]);
        const consistent = verifyConsistency(hasher, first, second, a, b, proof);
        if (consistent) expect(hex.encode(a)).toBe(hex.encode(first === 0 && second > 0 ? hasher.empty : b));
      }),
      { numRuns: 2000 },
    );
  });

  test('a size that is no whole number is no size', () => {
    expect(verifyInclusion(hasher, manyLeaves[0]!, 0, 1.5, [manyLeaves[1]!], manyRoots[2]!)).toBe(false);
    expect(verifyConsistency(hasher, 1, 1.5, manyRoots[1]!, manyRoots[2]!, [manyLeaves[1]!])).toBe(false);
  });
});
