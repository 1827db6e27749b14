import { consistencyProof, inclusionProof, rootOf, type Hash } from '@bronze-drum/protocol/proofs';
import { must } from '../kernel/assert.ts';
import type { Sql } from '../platform/db.ts';
import type { BookHead } from './heads.ts';
import * as store from './store.ts';
import { emptyTree, foldComplete, hasher, splitHashes, tileLevels, tileWidth, type TreeState } from './tree.ts';

/** Complete subtrees of committed books never change: those that were needed are remembered, by `book/level/index`. */
type Subtrees = Map<string, Hash>;

const rememberedLevelMin = 6;
const rememberedMax = 200_000;

/** Reads the hashes of one book's complete subtrees from its tiles, and what no tile holds yet from its statements. */
function subtreeReader(
  sql: Sql,
  book: BookHead,
  remembered?: Subtrees,
): (level: number, index: number) => Promise<Hash> {
  const tiles = new Map<string, Promise<Hash[] | undefined>>();
  let tail: Promise<Hash[]> | undefined;
  const tile = (level: number, index: number): Promise<Hash[] | undefined> => {
    const key = `${level}/${index}`;
    const known = tiles.get(key) ?? store.readTile(sql, book.id, level, index);
    tiles.set(key, known);
    return known;
  };
  async function compute(level: number, index: number): Promise<Hash> {
    const tileLevel = Math.floor(level / tileLevels);
    const width = 2 ** (level - tileLevel * tileLevels);
    const first = index * width;
    const full = await tile(tileLevel, Math.floor(first / tileWidth));
    if (full !== undefined) return foldComplete(full.slice(first % tileWidth, (first % tileWidth) + width));
    if (tileLevel > 0) return hasher.node(await read(level - 1, index * 2), await read(level - 1, index * 2 + 1));
    tail ??= store.readTail(sql, book.id, book.size).then((rows) => rows.map((commitment) => hasher.leaf(commitment)));
    const leaves = await tail;
    return foldComplete(leaves.slice(first % tileWidth, (first % tileWidth) + width));
  }
  async function read(level: number, index: number): Promise<Hash> {
    if (level < rememberedLevelMin || remembered === undefined) return compute(level, index);
    const key = `${book.id}/${level}/${index}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const hash = await compute(level, index);
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(key, hash);
    return hash;
  }
  return read;
}

/** Proofs over the books as they are committed. */
export function openProofs(sql: Sql) {
  const subtrees: Subtrees = new Map();
  return {
    inclusion: (book: BookHead, number: number, size: number): Promise<Hash[]> =>
      inclusionProof(hasher, subtreeReader(sql, book, subtrees), number, size),
    consistency: (book: BookHead, from: number, to: number): Promise<Hash[]> =>
      consistencyProof(hasher, subtreeReader(sql, book, subtrees), from, to),
    /** The root that the book had, or would have had, at an earlier size. */
    root: (book: BookHead, size: number): Promise<Hash> => rootOf(hasher, subtreeReader(sql, book, subtrees), size),
  };
}

/** The growing tree of a book as it stands in the database. */
export async function loadTree(sql: Sql, book: store.BookRow): Promise<TreeState> {
  const tree: TreeState = { ...emptyTree(), size: book.size, frontier: splitHashes(book.frontier) };
  if (book.size === 0) return tree;
  const read = subtreeReader(sql, book);
  for (let level = 0; tileWidth ** level <= book.size; level += 1) {
    const nodes = Math.floor(book.size / tileWidth ** level);
    const hashes: Hash[] = [];
    for (let index = nodes - (nodes % tileWidth); index < nodes; index += 1) {
      hashes.push(must(await read(level * tileLevels, index), 'a subtree inside the book has a hash'));
    }
    tree.partial[level] = hashes;
  }
  return tree;
}
