import { hash } from 'node:crypto';
import { hashBytes, treeHasher, type Hash } from '@bronze-drum/protocol/proofs';
import { must } from '../kernel/assert.ts';

export const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
export const hasher = treeHasher(sha256);

/** C2SP tlog-tiles: a tile holds 256 hashes, and each level of tiles stands eight levels of the tree above the last. */
export const tileWidth = 256;
export const tileLevels = 8;

/** A full tile, to be stored once and never changed. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** A growing tree: its right edge, and the tiles that are not full yet. */
export interface TreeState {
  size: number;
  /** Roots of the complete subtrees of the right edge, largest first. */
  readonly frontier: Hash[];
  /** For each level of tiles, the hashes of the tile that is being filled. */
  readonly partial: Hash[][];
}

export function emptyTree(): TreeState {
  return { size: 0, frontier: [], partial: [[]] };
}

/** A tree that grows by itself from here on. */
export function copyTree(tree: TreeState): TreeState {
  return { size: tree.size, frontier: [...tree.frontier], partial: tree.partial.map((hashes) => [...hashes]) };
}

/** Adds one leaf in place; tiles that became full are handed over. */
export function addLeaf(tree: TreeState, leafHash: Hash, full: (tile: Tile) => void): void {
  let node = leafHash;
  let index = tree.size;
  let level = 0;
  intoTile(tree, 0, index, node, full);
  while (index % 2 === 1) {
    node = hasher.node(must(tree.frontier.pop(), 'an odd index has a left sibling'), node);
    index = (index - 1) / 2;
    level += 1;
    if (level % tileLevels === 0) intoTile(tree, level / tileLevels, index, node, full);
  }
  tree.frontier.push(node);
  tree.size += 1;
}

function intoTile(tree: TreeState, level: number, index: number, node: Hash, full: (tile: Tile) => void): void {
  const partial = (tree.partial[level] ??= []);
  partial.push(node);
  if (partial.length < tileWidth) return;
  full({ level, index: (index + 1) / tileWidth - 1, hashes: Buffer.concat(partial) });
  tree.partial[level] = [];
}

export function rootOfTree(tree: TreeState): Hash {
  const last = tree.frontier.at(-1);
  if (last === undefined) return hasher.empty;
  return tree.frontier.slice(0, -1).reduceRight((right, left) => hasher.node(left, right), last);
}

/** The root of a run of hashes whose count is a power of two. */
export function foldComplete(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at < row.length; at += 2) above.push(hasher.node(row[at]!, row[at + 1]!));
    row = above;
  }
  return must(row[0], 'a complete subtree has a leaf');
}

export function splitHashes(bytes: Uint8Array): Hash[] {
  const hashes: Hash[] = [];
  for (let at = 0; at < bytes.length; at += hashBytes) hashes.push(bytes.subarray(at, at + hashBytes));
  return hashes;
}
