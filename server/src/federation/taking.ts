import { isReader } from '@bronze-drum/protocol/members';
import { signatureAlgorithms, type Checkpoint, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { checkEntry } from '@bronze-drum/protocol/federation/checks';
import type { PageHeader } from '@bronze-drum/protocol/federation/pages';
import {
  compareShown,
  continuesTo,
  openCheckpoint,
  placePage,
  type Fork,
} from '@bronze-drum/protocol/federation/reading';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import { statementKinds } from '@bronze-drum/protocol/statements/kinds';
import type { Directory } from '../directory/directory.ts';
import { hasher, sha256, type Entry, type Journal, type ReadEntry } from '../journal/journal.ts';
import { assert } from '../kernel/assert.ts';
import { minuteMs, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import * as store from './store.ts';

export interface TakingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly journal: Journal;
  readonly directory: Directory;
  /** Hears of every proof that an author showed two histories, and of what is held back. */
  onFork(fork: Fork): void;
  onHeld(held: store.NewHeld): void;
}

/** The clock of statements from the future: they are let in when their time has come. */
export const futureClock = 'federation.future';

export const verifier = {
  hasher,
  sha256,
  verify: (key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
    verifyEd25519(key.publicKey, message, signature),
};

export function checkpointKeys(directory: Directory, member: string, book: string): NoteKey[] {
  return directory.keysOf(member, 'checkpoint').map((publicKey) => ({
    name: originOf(member, book),
    algorithm: signatureAlgorithms.ed25519,
    publicKey,
  }));
}

export type Taking = Awaited<ReturnType<typeof openTaking>>;

/** Takes what an author shows of its books into the copies here: verified page by page, all of a page or nothing of it. */
export async function openTaking(parts: TakingParts) {
  const { db, clock, journal, directory } = parts;
  const forked = new Set<string>();
  const sizes = new Map<string, number>();
  const shown = new Map<string, number>();
  for (const row of await store.readBooks(db)) {
    shown.set(placeOf(row), row.shown_size);
    if (row.fork !== null) forked.add(placeOf(row));
  }
  for (const book of await journal.allBooks()) sizes.set(`${book.member}/${book.name}`, book.size);

  /**
   * One page of `member`'s. Refuses `federation.gap` (ask again from the position that the copy has), and what shows
   * that the page is not the author's, or not of the history that was seen before.
   */
  async function take(member: string, page: PageHeader, entries: readonly ReadEntry[]): Promise<number> {
    const of = { member, book: page.book };
    const place = placeOf(of);
    // Who sends us what is not for us makes a mistake that we do not share: nothing of it is kept.
    if (!isReader(page.book, directory.self, directory.isMember(directory.self)))
      return refuse('federation.not-for-us');
    if (!directory.isMember(member) || !isReader(page.book, member, true)) return refuse('federation.not-theirs');
    if (forked.has(place)) return 0;
    const checkpoint = openCheckpoint(verifier, of, page.note, checkpointKeys(directory, member, page.book));
    if (isRefusal(checkpoint)) return refuse(checkpoint.refused, checkpoint.params);
    const size = sizes.get(place) ?? 0;
    const placement = placePage(size, page);
    if (placement === 'gap') return refuse('federation.gap', { from: page.from, size });
    if (placement === 'known') {
      await compareWithCopy(of, page, checkpoint);
    } else {
      assert(entries.length === page.count, 'a page is whole');
      await add(of, page, entries.slice(placement.take), checkpoint);
    }
    if (checkpoint.size > (shown.get(place) ?? 0)) shown.set(place, checkpoint.size);
    return placement === 'known' ? 0 : page.count - placement.take;
  }

  async function add(
    of: { member: string; book: string },
    page: PageHeader,
    shownEntries: readonly ReadEntry[],
    checkpoint: Checkpoint,
  ): Promise<void> {
    const nowMs = clock.now();
    const held: (store.NewHeld & { readonly fromMs: number })[] = [];
    const erased: number[] = [];
    const entries = shownEntries.map((entry, index) => {
      const number = page.from + page.count - shownEntries.length + index;
      if (entry.number !== number) refuse('federation.page-order', { number });
      return entryOf(of, entry, nowMs, { held, erased });
    });
    await db.tx(async (tx) => {
      await journal.receive(tx, {
        ...of,
        entries,
        accept(size, root) {
          if (!continuesTo(verifier, { size, root }, checkpoint, page.proof))
            refuse('federation.other-history', { size });
          return checkpoint.size === size ? page.note : null;
        },
      });
      await keepHeld(tx, held, nowMs);
      for (const number of erased) {
        await journal.forget(tx, { ...of, number });
        await store.eraseHeld(tx, { ...of, number }, nowMs);
      }
      const at = entries.at(-1)!.number + 1;
      if (checkpoint.size > at)
        await store.saveShown(tx, of, { size: checkpoint.size, note: page.note, at, proof: page.proof });
    });
    sizes.set(placeOf(of), entries.at(-1)!.number + 1);
    for (const row of held) parts.onHeld(row);
  }

  async function keepHeld(tx: Tx, held: readonly (store.NewHeld & { fromMs: number })[], nowMs: number): Promise<void> {
    if (held.length === 0) return;
    const ids = await store.insertHeld(tx, held, nowMs);
    for (const [index, { code, fromMs }] of held.entries()) {
      if (code !== 'quarantine.future') continue;
      await parts.clocks.set(tx, { kind: futureClock, subject: String(ids[index]), dueMs: fromMs });
    }
  }

  /** What is signed for a size that the copy has already must be the copy's own root at that size. */
  async function compareWithCopy(
    of: { member: string; book: string },
    page: PageHeader,
    checkpoint: Checkpoint,
  ): Promise<void> {
    const compared = await compare(of, { checkpoint, note: page.note });
    if (typeof compared === 'object') return refuse('federation.fork');
    const size = sizes.get(placeOf(of)) ?? 0;
    if (page.from + page.count !== size || size === 0) return;
    const root = await journal.root(of.book, size, of.member);
    if (!continuesTo(verifier, { size, root }, checkpoint, page.proof)) refuse('federation.other-history', { size });
    // A copy that ended between two checkpoints, or whose author has another key now, gets a checkpoint of its own size.
    if (checkpoint.size === size) await db.tx((tx) => journal.confirm(tx, { ...of, size, note: page.note }));
  }

  /** Compares a checkpoint that somebody was shown with our copy; a fork is kept, and nothing more taken from that book. */
  async function compare(
    of: { member: string; book: string },
    other: { readonly checkpoint: Pick<Checkpoint, 'size' | 'root'>; readonly note: string },
  ): Promise<'same' | 'later' | Fork> {
    const copy = (await journal.books(of.member)).find((book) => book.name === of.book);
    if (copy === undefined || copy.note === null) return other.checkpoint.size === 0 ? 'same' : 'later';
    const opened = openCheckpoint(verifier, of, copy.note, checkpointKeys(directory, of.member, of.book));
    // Our copy was verified by a key that is no longer trusted: it cannot accuse anybody.
    if (isRefusal(opened)) return 'later';
    const compared = await compareShown(
      of,
      {
        checkpoint: opened,
        note: copy.note,
        root: (size) => journal.root(of.book, size, of.member),
        consistency: (from, to) => journal.consistency(of.book, from, to, of.member),
      },
      other,
    );
    if (typeof compared === 'object') await keepFork(compared);
    return compared;
  }

  async function keepFork(fork: Fork): Promise<void> {
    if (forked.has(placeOf(fork))) return;
    await store.saveFork(db, fork, clock.now());
    forked.add(placeOf(fork));
    parts.onFork(fork);
  }

  return {
    take,
    compare,
    keepFork,
    isForked: (member: string, book: string): boolean => forked.has(placeOf({ member, book })),
    /** From where on each of a member's books is missing here. */
    positions: (member: string): Map<string, number> =>
      new Map(
        [...sizes].flatMap(([place, size]) =>
          place.startsWith(`${member}/`) ? [[place.slice(member.length + 1), size] as const] : [],
        ),
      ),
    /** The size that a member's newest checkpoint showed, which may be ahead of the copy. */
    shownSize: (member: string, book: string): number =>
      Math.max(shown.get(placeOf({ member, book })) ?? 0, sizes.get(placeOf({ member, book })) ?? 0),
  };
}

const placeOf = ({ member, book }: { member: string; book: string }): string => `${member}/${book}`;

function entryOf(
  of: { readonly member: string; readonly book: string },
  shown: ReadEntry,
  nowMs: number,
  found: { held: (store.NewHeld & { fromMs: number })[]; erased: number[] },
): Entry {
  const { number, commitment } = shown;
  const checked = checkEntry(of, shown, nowMs, sha256);
  const bare = { ...of, number, commitment, salt: null, bytes: null, statement: null };
  if (checked === 'erased') return bare;
  if ('held' in checked) {
    const at = checked.statement?.envelope.at;
    const fromMs = at === undefined ? nowMs : Date.parse(at) - 5 * minuteMs;
    found.held.push({ ...of, number, code: checked.held, salt: shown.salt!, bytes: shown.bytes!, fromMs });
    return bare;
  }
  const { statement, text } = checked;
  const { kind, version } = statement.envelope;
  if (kind === 'erasure' && version <= statementKinds.erasure.version) {
    const erased = (statement.body as ErasureBody).number;
    if (erased < number) found.erased.push(erased);
  }
  return { ...of, number, commitment, salt: shown.salt, bytes: text, statement };
}
