import { useEffect, useRef, useState } from 'react';
import type { DeskProof } from '../../../../server/src/journal/contract.ts';
import { get } from '../../link/call.ts';
import type { ProofStep } from '../../link/proving.ts';
import { recall, remember } from './memory.ts';
import { openVerifier, type Verifier } from './verifier.ts';
import { rootIn, sampleOf, sizeIn, type BookChecked, type HeldBook, type Remembered } from './verifying.ts';

/** An entry whose proof did not hold: at which steps, or that the server showed another root of the same size. */
export interface FailedEntry {
  readonly number: number;
  readonly steps: readonly (ProofStep | 'other-root')[];
}

export interface BookResult {
  readonly checked: BookChecked | undefined;
  readonly planned: number;
  readonly verified: number;
  /** They stand in the book, but their text may not be read here. */
  readonly partly: number;
  readonly failed: readonly FailedEntry[];
  /** The server gave no proof. */
  readonly unanswered: readonly { readonly number: number; readonly error: unknown }[];
  /** Why the book itself could not be checked. */
  readonly error: unknown;
}

export interface Run {
  readonly state: 'idle' | 'running' | 'stopped' | 'done';
  readonly total: number;
  readonly done: number;
  readonly books: Readonly<Record<string, BookResult>>;
}

export const keyOfBook = ({ author, book }: Pick<HeldBook, 'author' | 'book'>): string => `${author}/${book}`;

/** How many calls for proofs are under way at once. */
const lanes = 4;
const idle: Run = { state: 'idle', total: 0, done: 0, books: {} };
const nothing: BookResult = {
  checked: undefined,
  planned: 0,
  verified: 0,
  partly: 0,
  failed: [],
  unanswered: [],
  error: undefined,
};

/**
 * Verifies books in this browser: checkpoints, that they only grew, and proofs of so many entries of each by chance. The
 * server is asked for proofs alone; what they prove is decided here. `mayCompare`: it gives proofs of growth too.
 */
export function useVerification(member: string, mayCompare: boolean) {
  const [run, setRun] = useState(idle);
  const stopping = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);

  const start = async (books: readonly HeldBook[], entries: number): Promise<void> => {
    stopping.current?.abort();
    const stop = new AbortController();
    stopping.current = stop;
    const verifier = openVerifier();
    const plans = books.map((book) => ({
      book,
      numbers: sampleOf(Math.min(book.size, sizeIn(book.checkpoint)), entries, chance),
    }));
    const change = (key: string, part: (before: BookResult) => Partial<BookResult>, done = 0): void => {
      if (stop.signal.aborted) return;
      setRun((before) => {
        const result = before.books[key] ?? nothing;
        return {
          ...before,
          done: before.done + done,
          books: { ...before.books, [key]: { ...result, ...part(result) } },
        };
      });
    };
    setRun({
      state: 'running',
      total: plans.reduce((sum, { numbers }) => sum + numbers.length + 1, 0),
      done: 0,
      books: Object.fromEntries(
        plans.map(({ book, numbers }) => [keyOfBook(book), { ...nothing, planned: numbers.length }]),
      ),
    });
    try {
      for (const { book } of plans) {
        const key = keyOfBook(book);
        try {
          const checked = await checkOne(verifier, member, book, mayCompare, stop.signal);
          change(key, () => ({ checked }), 1);
        } catch (error) {
          change(key, () => ({ error }), 1);
        }
        if (stop.signal.aborted) return;
      }
      const queue = plans.flatMap(({ book, numbers }) => numbers.map((number) => ({ book, number })));
      const lane = async (): Promise<void> => {
        for (let next = queue.shift(); next !== undefined && !stop.signal.aborted; next = queue.shift())
          change(keyOfBook(next.book), await proveOne(verifier, next.book, next.number, stop.signal), 1);
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      if (!stop.signal.aborted) setRun((before) => ({ ...before, state: 'done' }));
    } finally {
      verifier.close();
    }
  };
  const halt = (): void => {
    stopping.current?.abort();
    setRun((before) => ({ ...before, state: 'stopped' }));
  };
  return { run, start, halt };
}

async function checkOne(
  verifier: Verifier,
  member: string,
  book: HeldBook,
  mayCompare: boolean,
  signal: AbortSignal,
): Promise<BookChecked> {
  const before = recall(member)[keyOfBook(book)];
  const path = before === undefined || !mayCompare ? undefined : await pathSince(book, before, signal);
  const checked = await verifier.book(book, before, path);
  const isGood = checked.signature === 'passed' && checked.origin === 'passed' && checked.root !== 'failed';
  // What could not be compared is not taken for the new truth: it is compared another time.
  if (isGood && ['first', 'same', 'grew'].includes(checked.growth))
    remember(member, keyOfBook(book), { size: checked.size, root: checked.signedRoot, atMs: Date.now() });
  return checked;
}

async function pathSince(
  book: HeldBook,
  { size: from }: Remembered,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const to = sizeIn(book.checkpoint);
  if (from === 0 || to <= from) return undefined;
  const query = { member: book.author, book: book.book, from, to };
  try {
    return (await get<{ path: readonly string[] }>('/federation/v1/consistency', { query, signal })).path;
  } catch {
    return undefined;
  }
}

async function proveOne(
  verifier: Verifier,
  book: HeldBook,
  number: number,
  signal: AbortSignal,
): Promise<(before: BookResult) => Partial<BookResult>> {
  try {
    const seen = { author: book.author, book: book.book, number };
    const proof = await get<DeskProof>('/v1/journal/proof', { query: seen, purpose: 'audit', signal });
    const { verdict, steps } = await verifier.entry(proof, seen);
    const broken: FailedEntry['steps'] = [
      ...steps.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
      ...(showsOtherRoot(book, proof) ? (['other-root'] as const) : []),
    ];
    if (broken.length > 0) return (before) => ({ failed: [...before.failed, { number, steps: broken }] });
    return (before) => (verdict === 'verified' ? { verified: before.verified + 1 } : { partly: before.partly + 1 });
  } catch (error) {
    return (before) => ({ unanswered: [...before.unanswered, { number, error }] });
  }
}

const showsOtherRoot = (book: HeldBook, proof: DeskProof): boolean =>
  book.checkpoint !== null &&
  sizeIn(book.checkpoint) === proof.size &&
  rootIn(book.checkpoint) !== rootIn(proof.checkpoint);

function chance(): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 2 ** 32;
}
