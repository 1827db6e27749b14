/**
 * Merkle trees as RFC 6962 section 2.1 hashes them: a leaf is H(0x00 ‖ data), a node is H(0x01 ‖ left ‖ right). A tree
 * is addressed as C2SP tlog-tiles does: `hash(level, index)` is the root of the complete subtree of 2^level leaves that
 * begins at leaf index × 2^level. All sizes and indexes are safe integers.
 */
export type Hash = Uint8Array;

/** SHA-256 of one buffer. Injected, so that a server uses its native one and a browser a portable one. */
export type Sha256 = (data: Uint8Array) => Hash;

/** The hash of a complete subtree. Whoever stores a tree supplies it. */
export type SubtreeReader = (level: number, index: number) => Hash | Promise<Hash>;

export const hashBytes = 32;

/** Leaf and node hashing over one SHA-256. */
export interface TreeHasher {
  leaf(data: Uint8Array): Hash;
  node(left: Hash, right: Hash): Hash;
  /** The root of the tree without leaves: SHA-256 of nothing. */
  readonly empty: Hash;
}

export function treeHasher(sha256: Sha256): TreeHasher {
  return {
    leaf(data) {
      const input = new Uint8Array(data.length + 1);
      input.set(data, 1);
      return sha256(input);
    },
    node(left, right) {
      const input = new Uint8Array(1 + 2 * hashBytes);
      input[0] = 1;
      input.set(left, 1);
      input.set(right, 1 + hashBytes);
      return sha256(input);
    },
    empty: sha256(new Uint8Array(0)),
  };
}

/** A complete subtree's place. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** The complete subtrees that cover leaves [from, to), left to right. `from` is aligned to the largest of them. */
function coverOf(from: number, to: number): Subtree[] {
  const cover: Subtree[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    let width = 1;
    while (start % (width * 2) === 0 && start + width * 2 <= to) {
      level += 1;
      width *= 2;
    }
    cover.push({ level, index: start / width });
    start += width;
  }
  return cover;
}

/** The largest power of two that is smaller than `count`, as RFC 6962 splits a tree. */
function splitOf(count: number): number {
  let width = 1;
  while (width * 2 < count) width *= 2;
  return width;
}

/** The root over leaves [from, to). */
async function rootOfRange(hasher: TreeHasher, read: SubtreeReader, from: number, to: number): Promise<Hash> {
  const hashes: Hash[] = [];
  for (const { level, index } of coverOf(from, to)) hashes.push(await read(level, index));
  return foldRight(hasher, hashes);
}

function foldRight(hasher: TreeHasher, hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1);
  if (last === undefined) return hasher.empty;
  return hashes.slice(0, -1).reduceRight((right, left) => hasher.node(left, right), last);
}

/** The root of the tree's first `size` leaves. */
export function rootOf(hasher: TreeHasher, read: SubtreeReader, size: number): Promise<Hash> {
  return rootOfRange(hasher, read, 0, size);
}

/** The audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards (RFC 6962 section 2.1.1). */
export async function inclusionProof(
  hasher: TreeHasher,
  read: SubtreeReader,
  index: number,
  size: number,
): Promise<Hash[]> {
  if (index < 0 || index >= size) throw new RangeError(`there is no leaf ${index} in a tree of ${size}`);
  const path: Hash[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(await rootOfRange(hasher, read, middle, to));
      to = middle;
    } else {
      path.push(await rootOfRange(hasher, read, from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

// Who proves something may send anything: a hash of another length would slide into its neighbour's bytes in a node.
const isHash = (hash: Hash): boolean => hash.length === hashBytes;
const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;

/** Whether `path` proves that `leafHash` is leaf `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  hasher: TreeHasher,
  leafHash: Hash,
  index: number,
  size: number,
  path: readonly Hash[],
  root: Hash,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![leafHash, ...path].every(isHash)) return false;
  let position = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = hasher.node(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = hasher.node(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalHashes(hash, root);
}

/** The proof that the tree of `newSize` leaves only added to the tree of `oldSize` leaves (RFC 6962 section 2.1.2). */
export async function consistencyProof(
  hasher: TreeHasher,
  read: SubtreeReader,
  oldSize: number,
  newSize: number,
): Promise<Hash[]> {
  if (oldSize < 0 || oldSize > newSize) throw new RangeError(`a tree of ${newSize} never had ${oldSize} leaves`);
  if (oldSize === 0 || oldSize === newSize) return [];
  const path: Hash[] = [];
  let from = 0;
  let to = newSize;
  let whole = true;
  while (oldSize !== to) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      path.push(await rootOfRange(hasher, read, middle, to));
      to = middle;
    } else {
      path.push(await rootOfRange(hasher, read, from, middle));
      from = middle;
      whole = false;
    }
  }
  if (!whole) path.push(await rootOfRange(hasher, read, from, to));
  return path.reverse();
}

/** Whether `path` proves that the tree with `newRoot` continues the one with `oldRoot` (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  hasher: TreeHasher,
  oldSize: number,
  newSize: number,
  oldRoot: Hash,
  newRoot: Hash,
  path: readonly Hash[],
): boolean {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize || ![oldRoot, newRoot, ...path].every(isHash))
    return false;
  if (oldSize === newSize) return path.length === 0 && equalHashes(oldRoot, newRoot);
  if (oldSize === 0) return path.length === 0 && equalHashes(oldRoot, hasher.empty);
  let position = oldSize - 1;
  let last = newSize - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  const rest = [...path];
  const first = position === 0 ? oldRoot : rest.shift();
  if (first === undefined) return false;
  let oldHash = first;
  let newHash = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      oldHash = hasher.node(sibling, oldHash);
      newHash = hasher.node(sibling, newHash);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newHash = hasher.node(newHash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalHashes(oldHash, oldRoot) && equalHashes(newHash, newRoot);
}

export function equalHashes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The right edge of a growing tree: the roots of its complete subtrees, left to right. Enough to add and to get the root. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** The frontier after one more leaf; `complete` hears of every subtree that the leaf completes, from level 0 upwards. */
export function pushLeaf(
  hasher: TreeHasher,
  frontier: Frontier,
  leafHash: Hash,
  complete?: (level: number, index: number, hash: Hash) => void,
): Frontier {
  const hashes = [...frontier.hashes];
  let hash = leafHash;
  let index = frontier.size;
  let level = 0;
  complete?.(level, index, hash);
  while (index % 2 === 1) {
    hash = hasher.node(hashes.pop()!, hash);
    index = (index - 1) / 2;
    level += 1;
    complete?.(level, index, hash);
  }
  hashes.push(hash);
  return { size: frontier.size + 1, hashes };
}

export function rootOfFrontier(hasher: TreeHasher, frontier: Frontier): Hash {
  return foldRight(hasher, frontier.hashes);
}
