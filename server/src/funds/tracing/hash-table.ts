/** Numbers found by a hash of what they stand for; several may have one hash. */
export interface HashTable {
  /** The first number kept under a hash for which `isIt` says yes, or -1. */
  find(hash: number, isIt: (value: number) => boolean): number;
  /** Of 32 bits, below 2^32 - 1. */
  insert(hash: number, value: number): void;
  remove(hash: number, value: number): void;
  size(): number;
  bytes(): number;
}

/** Each part grows by itself, so that no insertion waits until millions of others have moved. */
const parts = 256;
const partShift = 24;
const cellsMin = 16;
const loadMax = 0.7;

interface Part {
  /** At each cell the value + 1, or 0, and the whole hash. */
  cells: Uint32Array<ArrayBuffer>;
  mask: number;
  count: number;
}

export function openHashTable(): HashTable {
  const table: (Part | undefined)[] = Array.from({ length: parts });
  let size = 0;
  let bytes = 0;

  function grow(part: Part): void {
    const old = part.cells;
    const length = (part.mask + 1) * 2;
    part.cells = new Uint32Array(length * 2);
    part.mask = length - 1;
    bytes += old.byteLength;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) put(part, old[at]!, old[at + 1]!);
  }

  function put({ cells, mask }: Part, kept: number, hash: number): void {
    let cell = hash & mask;
    while (cells[cell * 2] !== 0) cell = (cell + 1) & mask;
    cells[cell * 2] = kept;
    cells[cell * 2 + 1] = hash;
  }

  function partFor(hash: number): Part {
    const found = table[hash >>> partShift];
    if (found !== undefined) return found;
    const part = { cells: new Uint32Array(cellsMin * 2), mask: cellsMin - 1, count: 0 };
    table[hash >>> partShift] = part;
    bytes += part.cells.byteLength;
    return part;
  }

  function cellOf({ cells, mask }: Part, hash: number, isIt: (value: number) => boolean): number {
    for (let cell = hash & mask; cells[cell * 2] !== 0; cell = (cell + 1) & mask)
      if (cells[cell * 2 + 1] === hash && isIt(cells[cell * 2]! - 1)) return cell;
    return -1;
  }

  /** Empties a cell, and moves up those that stand behind it because it was taken. */
  function vacate({ cells, mask }: Part, from: number): void {
    let hole = from;
    for (let next = (hole + 1) & mask; cells[next * 2] !== 0; next = (next + 1) & mask) {
      const wanted = cells[next * 2 + 1]! & mask;
      if (((next - wanted) & mask) < ((next - hole) & mask)) continue;
      cells[hole * 2] = cells[next * 2]!;
      cells[hole * 2 + 1] = cells[next * 2 + 1]!;
      hole = next;
    }
    cells[hole * 2] = 0;
  }

  return {
    find(hash, isIt) {
      const part = table[hash >>> partShift];
      if (part === undefined) return -1;
      const cell = cellOf(part, hash, isIt);
      return cell === -1 ? -1 : part.cells[cell * 2]! - 1;
    },
    insert(hash, value) {
      const part = partFor(hash);
      if (part.count + 1 > (part.mask + 1) * loadMax) grow(part);
      put(part, value + 1, hash);
      part.count += 1;
      size += 1;
    },
    remove(hash, value) {
      const part = table[hash >>> partShift];
      if (part === undefined) return;
      const cell = cellOf(part, hash, (kept) => kept === value);
      if (cell === -1) return;
      vacate(part, cell);
      part.count -= 1;
      size -= 1;
      if (part.count > 0) return;
      table[hash >>> partShift] = undefined;
      bytes -= part.cells.byteLength;
    },
    size: () => size,
    bytes: () => bytes,
  };
}

/** One step of a hash (FNV-1a over UTF-16); begin with a seed, and end with `mixed`. */
export function hashOn(hash: number, text: string): number {
  let on = hash;
  for (let at = 0; at < text.length; at += 1) on = Math.imul(on ^ text.charCodeAt(at), 0x01000193);
  return on;
}

/** All 32 bits depend on all that was hashed; not negative. */
export function mixed(hash: number): number {
  let on = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  on = Math.imul(on ^ (on >>> 15), 0x846ca68b);
  return (on ^ (on >>> 16)) >>> 0;
}
