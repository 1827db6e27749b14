import { cosigningKey, readCosignature } from '@bronze-drum/protocol/cosignatures';
import { isReader } from '@bronze-drum/protocol/members';
import { beginningOf, openCheckpoint, provesFork, type Fork } from '@bronze-drum/protocol/federation/reading';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Calls, Directory } from '../directory/directory.ts';
import { Proof } from '../journal/contract.ts';
import { hasher, readEntryLine, sha256, type Book, type Journal } from '../journal/journal.ts';
import { secondMs } from '../kernel/clock.ts';
import { Outage, Refused } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import { linesOf } from '../platform/text-lines.ts';
import { Cosigned, type CosignedNote } from './contract.ts';
import type { openReceipts } from './receipts.ts';
import { checkpointKeys, verifier, type Taking } from './taking.ts';
import * as store from './store.ts';

export interface ComparingParts {
  readonly db: Db;
  readonly journal: Journal;
  readonly directory: Directory;
  readonly calls: Calls;
  readonly taking: Taking;
  readonly receipts: Pick<ReturnType<typeof openReceipts>, 'cosign'>;
  /** Stops reading from an author; resolves once nothing that was read is on its way into the copy. */
  leave(party: string): Promise<void>;
  readonly onError: (error: unknown) => void;
}

const compareMs = 5 * secondMs;

/** Readers show each other what they were shown: an author with two histories is caught by any two that compare. */
export function openComparing(parts: ComparingParts) {
  const { db, journal, directory, calls, taking } = parts;

  /** What this server has verified of the books that a party may read as well; and every fork that it knows among them. */
  async function shownTo(party: string, member: string | undefined): Promise<Cosigned> {
    const mayKnow = (book: string): boolean => isReader(book, party, directory.isMember(party));
    // An author that asks for what it said may have lost it: from the answer on, nothing of what it said before may come.
    if (member === party) await parts.leave(party);
    const shown = (await journal.allBooks()).filter(
      (book) =>
        book.member !== directory.self && (member === undefined || book.member === member) && mayKnow(book.name),
    );
    const tails = member === party ? (await store.readBooks(db)).filter((row) => row.member === member) : [];
    const notes = shown.flatMap((book): CosignedNote[] => {
      const tail = tailOf(book, tails);
      if (book.note === null && tail === undefined) return [];
      const note = book.note === null ? null : parts.receipts.cosign(book.member, book.name, book.note);
      return [{ member: book.member, book: book.name, note, ...(tail && { tail }) }];
    });
    const forks = (await store.readBooks(db))
      .filter((row) => row.fork !== null && mayKnow(row.book))
      .map((row) => ({ ...row.fork!, proof: [...row.fork!.proof] }));
    return { notes, forks };
  }

  async function compareWith(party: string): Promise<void> {
    const path = '/federation/v1/cosignatures';
    const { notes, forks } = await calls.json<Cosigned>(party, { method: 'GET', path }, Cosigned);
    for (const fork of forks) await believe(fork);
    for (const { member, book, note } of notes) {
      // Of our own books a reader's copy is compared by its receipt.
      if (note === null || member === directory.self || !isOurs(book) || taking.isForked(member, book)) continue;
      const keys = directory.keysOf(party, 'cosignature').map((key) => cosigningKey(party, key));
      if (readCosignature(note, keys, verifier.verify, sha256) === undefined) continue;
      const checkpoint = openCheckpoint(verifier, { member, book }, note, checkpointKeys(directory, member, book));
      if (!isRefusal(checkpoint)) await taking.compare({ member, book }, { checkpoint, note });
    }
  }

  /** A fork needs no witness: it proves itself, or it is nothing. */
  async function believe(fork: Fork): Promise<void> {
    if (fork.member === directory.self || !isOurs(fork.book)) return;
    if (provesFork(verifier, fork, checkpointKeys(directory, fork.member, fork.book))) await taking.keepFork(fork);
  }

  /**
   * An author signed something that does not continue what it signed before. It can prove itself that it tells another
   * beginning now, and must, or nobody goes on with it: then both its words stand side by side.
   */
  async function accuse(member: string, book: string, note: string): Promise<void> {
    const of = { member, book };
    const keys = checkpointKeys(directory, member, book);
    const copy = (await journal.books(member)).find(({ name }) => name === book);
    const later = openCheckpoint(verifier, of, note, keys);
    const earlier = copy?.note == null ? undefined : openCheckpoint(verifier, of, copy.note, keys);
    if (isRefusal(later) || earlier === undefined || isRefusal(earlier) || earlier.size >= later.size) return;
    const ask = async (path: string): Promise<{ path: string[] }> =>
      calls.json(member, { method: 'GET', path: `/federation/v1/${path}&book=${encodeURIComponent(book)}` }, Proof);
    const { size } = earlier;
    const isPower = Number.isInteger(Math.log2(size));
    const shown = isPower
      ? await ask(`proof?number=${size - 1}&size=${later.size}`)
      : await ask(`consistency?from=${size}&to=${later.size}`);
    const path = shown.path.map((hash) => Buffer.from(hash, 'base64'));
    const leafHash = isPower ? await leafHashOf(member, book, size - 1) : undefined;
    const begins = beginningOf(verifier, size, later, { path, ...(leafHash && { leafHash }) });
    if (begins === undefined) return;
    const proof = isPower ? (await ask(`consistency?from=${size}&to=${later.size}`)).path : shown.path;
    await believe({ ...of, earlier: copy!.note!, later: note, begins: Buffer.from(begins).toString('base64'), proof });
  }

  async function leafHashOf(member: string, book: string, number: number): Promise<Uint8Array | undefined> {
    const path = `/federation/v1/entries?book=${encodeURIComponent(book)}&from=${number}&limit=1`;
    const { body } = await calls.call(member, { method: 'GET', path });
    for await (const line of linesOf(body)) {
      const entry = line === null ? null : readEntryLine(line);
      if (entry?.number === number) return hasher.leaf(entry.commitment);
    }
    return undefined;
  }

  const isOurs = (book: string): boolean => isReader(book, directory.self, directory.isMember(directory.self));

  async function compareAll(): Promise<void> {
    if (directory.isIsolated()) return;
    const others = directory
      .parties()
      .filter(({ code }) => code !== directory.self && !['in', 'both'].includes(directory.pauseOf(code)));
    const compared = await Promise.allSettled(others.map(({ code }) => compareWith(code)));
    for (const outcome of compared) {
      if (outcome.status === 'fulfilled') continue;
      const error: unknown = outcome.reason;
      if (!(error instanceof Outage || error instanceof Refused)) parts.onError(error);
    }
  }

  const loop = openLoop(compareAll, { onError: parts.onError, pollMs: compareMs });
  return {
    shownTo,
    accuse: (member: string, book: string, note: string): void =>
      void accuse(member, book, note).catch((error: unknown) => {
        if (!(error instanceof Outage || error instanceof Refused)) parts.onError(error);
      }),
    close: loop.close,
  };
}

/** What a copy holds beyond its newest checkpoint, and what proves it. */
function tailOf(book: Book, rows: readonly store.BookRow[]): CosignedNote['tail'] {
  const row = rows.find((known) => known.book === book.name);
  const noteSize = book.note === null ? 0 : Number(book.note.split('\n')[1]);
  if (row?.shown_note == null || row.shown_at !== book.size || book.size <= noteSize) return undefined;
  return { size: book.size, note: row.shown_note, proof: [...(row.shown_proof ?? [])] };
}
