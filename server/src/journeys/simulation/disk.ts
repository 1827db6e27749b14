import type { QuarantineCode } from '@bronze-drum/protocol/federation/checks';
import type { Fork } from '@bronze-drum/protocol/federation/reading';
import type { Remembered } from '@bronze-drum/protocol/federation/recovering';
import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import type { View } from '../../registry/registry.ts';
import { copyTree, emptyTree, type Tree } from './tree.ts';

/** Leaves are never changed, only replaced: disks and pages share them. */
export interface Leaf {
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly bytes: Uint8Array | null;
  readonly statement: Statement | null;
}

export interface BookState {
  readonly leaves: Leaf[];
  readonly tree: Tree;
  /** The author's newest checkpoint of exactly `noted` leaves. */
  note: string | null;
  noted: number;
  /** A reader's cosignature under that checkpoint, made once. */
  cosigned: string | null;
  /** What proves a copy that ends between two checkpoints: the later one, and the path to it from the copy's end. */
  shown: { readonly note: string; readonly proof: readonly string[] } | null;
}

export interface Receipt {
  readonly size: number;
  readonly applied: number;
  readonly cosigned: string | null;
  /** The size of the checkpoint that it cosigned; 0 if none. */
  readonly noted: number;
  readonly atMs: number;
}

export interface Recovery {
  readonly question: string;
  readonly settled: Set<string>;
  /** By book. */
  readonly remembered: Map<string, Remembered[]>;
}

/** What survives a crash. Books are keyed `member/book`, statements `member/book/number`, receipts `reader/book`. */
export interface Disk {
  readonly books: Map<string, BookState>;
  readonly pending: { readonly book: string; readonly leaf: Leaf }[];
  view: View;
  readonly cursors: Map<string, number>;
  /** How often each statement took effect: what a room that is not idempotent would show. */
  readonly effects: Map<string, number>;
  readonly held: Map<string, QuarantineCode>;
  readonly receipts: Map<string, Receipt>;
  readonly forks: Map<string, Fork>;
  readonly paused: Set<string>;
  /** How far each member's keys have been rotated, as far as is known here. */
  readonly generations: Map<string, number>;
  /** In which book each listing of one's own stands. */
  readonly placed: Map<string, string>;
  recovery: Recovery | null;
}

export function emptyBook(): BookState {
  return { leaves: [], tree: emptyTree(), note: null, noted: 0, cosigned: null, shown: null };
}

export function emptyDisk(): Disk {
  return {
    books: new Map(),
    pending: [],
    view: new Map(),
    cursors: new Map(),
    effects: new Map(),
    held: new Map(),
    receipts: new Map(),
    forks: new Map(),
    paused: new Set(),
    generations: new Map(),
    placed: new Map(),
    recovery: null,
  };
}

export function copyBook(state: BookState): BookState {
  return { ...state, leaves: [...state.leaves], tree: copyTree(state.tree) };
}

export function copyDisk(disk: Disk): Disk {
  return {
    books: new Map([...disk.books].map(([name, state]) => [name, copyBook(state)])),
    pending: [...disk.pending],
    view: disk.view,
    cursors: new Map(disk.cursors),
    effects: new Map(disk.effects),
    held: new Map(disk.held),
    receipts: new Map(disk.receipts),
    forks: new Map(disk.forks),
    paused: new Set(disk.paused),
    generations: new Map(disk.generations),
    placed: new Map(disk.placed),
    recovery: null,
  };
}

/** A book's state on a disk, begun if it is new. */
export function bookOn(disk: Disk, member: string, book: string): BookState {
  const name = `${member}/${book}`;
  let state = disk.books.get(name);
  if (state === undefined) {
    state = emptyBook();
    disk.books.set(name, state);
  }
  return state;
}

export function nameOf(name: string): { member: string; book: string } {
  const slash = name.indexOf('/');
  return { member: name.slice(0, slash), book: name.slice(slash + 1) };
}

/** The books of one member on a disk: the name of each, and its state. */
export function booksOf(disk: Disk, member: string): [string, BookState][] {
  const books: [string, BookState][] = [];
  for (const [name, state] of disk.books) {
    const of = nameOf(name);
    if (of.member === member) books.push([of.book, state]);
  }
  return books;
}
