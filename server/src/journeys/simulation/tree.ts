import {
  consistencyProof,
  emptyFrontier,
  pushLeaf,
  rootOf,
  rootOfFrontier,
  type Frontier,
  type Hash,
} from '@bronze-drum/protocol/proofs';
import { hasher } from './keys.ts';

/** A book's tree: its right edge, and every complete subtree by level. */
export interface Tree {
  frontier: Frontier;
  readonly levels: Hash[][];
}

export const emptyTree = (): Tree => ({ frontier: emptyFrontier, levels: [] });

export const copyTree = (tree: Tree): Tree => ({
  frontier: tree.frontier,
  levels: tree.levels.map((hashes) => [...hashes]),
});

/** What a tree would become; nothing changes until `growTo`. */
export interface Growth {
  readonly frontier: Frontier;
  readonly completed: readonly (readonly [level: number, hash: Hash])[];
}

export function growthBy(frontier: Frontier, commitments: readonly Uint8Array[]): Growth {
  const completed: [number, Hash][] = [];
  let grown = frontier;
  for (const commitment of commitments)
    grown = pushLeaf(hasher, grown, hasher.leaf(commitment), (level, _, hash) => completed.push([level, hash]));
  return { frontier: grown, completed };
}

export function growTo(tree: Tree, { frontier, completed }: Growth): void {
  for (const [level, hash] of completed) (tree.levels[level] ??= []).push(hash);
  tree.frontier = frontier;
}

export const rootNow = (tree: Tree): Hash => rootOfFrontier(hasher, tree.frontier);

const readerOf = (tree: Tree) => (level: number, index: number) => tree.levels[level]![index]!;

export function rootAt(tree: Tree, size: number): Hash | Promise<Hash> {
  return size === tree.frontier.size ? rootNow(tree) : rootOf(hasher, readerOf(tree), size);
}

export function pathBetween(tree: Tree, from: number, to: number): Promise<Hash[]> {
  return consistencyProof(hasher, readerOf(tree), from, to);
}

export async function proofBetween(tree: Tree, from: number, to: number): Promise<string[]> {
  if (from === to || from === 0) return [];
  return (await pathBetween(tree, from, to)).map((hash) => Buffer.from(hash).toString('base64'));
}
