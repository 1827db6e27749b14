import { isRefusal } from '@bronze-drum/protocol/refusals';
import { checkEntry } from '@bronze-drum/protocol/federation/checks';
import { continuesTo, openCheckpoint } from '@bronze-drum/protocol/federation/reading';
import { awaited, richest } from '@bronze-drum/protocol/federation/recovering';
import type { Access } from '../access/access.ts';
import type { Calls, Directory } from '../directory/directory.ts';
import { readEntryLine, sha256, type Entry, type Journal } from '../journal/journal.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { secondMs, type Clock } from '../kernel/clock.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { endsWithin, openLoop } from '../platform/loops.ts';
import { linesOf } from '../platform/text-lines.ts';
import { Cosigned } from './contract.ts';
import { checkpointKeys, verifier } from './taking.ts';
import * as store from './store.ts';

export interface RecoveryParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly directory: Directory;
  readonly calls: Calls;
  readonly access: Access;
  /** This server comes from a backup: every reader must be heard before it signs. */
  readonly restored: boolean;
  /** Called when nothing is awaited any more: the mark of the restore may go. */
  readonly onRecovered: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

const askMs = 2 * secondMs;
/** A start does not wait longer than this for neighbours that may be down. */
const greetMsMax = 1500;
const fetchEntries = 2000;

/**
 * Before a server signs, those who may have read its books say what they cosigned of them, and what is missing here comes
 * back: otherwise new statements under old numbers would look like, and be, a second history. After an ordinary start
 * whoever answers at once is heard; after a restore, or once anybody knew more than was here, everybody is waited for.
 */
export function openRecovery(parts: RecoveryParts) {
  const { db, clock, journal, directory, calls, access } = parts;
  let mustHearAll = parts.restored;
  let greeted = false;

  const others = (): string[] =>
    directory
      .parties()
      .map(({ code }) => code)
      .filter((code) => code !== directory.self);

  async function waiting(): Promise<string[]> {
    if (!journal.isHeld() || !mustHearAll) return [];
    return awaited(others(), new Set((await store.readRecoveries(db)).map(({ reader }) => reader)));
  }

  async function ask(reader: string, signal?: AbortSignal): Promise<void> {
    const path = `/federation/v1/cosignatures?member=${directory.self}`;
    const { notes } = await calls.json<Cosigned>(reader, { method: 'GET', path, ...(signal && { signal }) }, Cosigned);
    for (const { book, note, tail } of notes) {
      if (note !== null) await completeTo(reader, book, { note });
      if (tail !== undefined) await completeTo(reader, book, tail);
    }
    if (mustHearAll) await store.saveRecovery(db, { reader, atMs: clock.now(), waivedBy: null, reason: null });
  }

  /** Asks everybody at once, and gives up on whoever does not answer. */
  async function greet(): Promise<void> {
    const stop = new AbortController();
    const asked = others().map((reader) => ask(reader, stop.signal));
    if (!(await endsWithin(Promise.allSettled(asked), greetMsMax))) stop.abort();
    await Promise.allSettled(asked);
    greeted = true;
  }

  /** Gets what a reader has of a book: all that a note covers, or the beginning of it of the given size. */
  async function completeTo(
    reader: string,
    book: string,
    shown: { readonly note: string; readonly size?: number; readonly proof?: readonly string[] },
  ): Promise<void> {
    const of = { member: directory.self, book };
    const checkpoint = openCheckpoint(verifier, of, shown.note, checkpointKeys(directory, directory.self, book));
    // Only what we signed ourselves is ours.
    if (isRefusal(checkpoint)) return refuse('federation.recovery-signature', { reader, book });
    const to = shown.size ?? checkpoint.size;
    const size = (await journal.books()).find(({ name }) => name === book)?.size ?? 0;
    if (richest(size, [{ reader, size: to }]) === undefined) return;
    mustHearAll = true;
    const proof = shown.proof ?? [];
    // All of it or nothing: only the end of it is proven.
    await db.tx(async (tx) => {
      for (let from = size; from < to; from += fetchEntries) {
        const entries = await fetchEntriesOf(reader, book, from, Math.min(fetchEntries, to - from));
        await journal.receive(tx, {
          ...of,
          entries,
          redeliver: true,
          accept(reached, root) {
            if (!journal.isHeld()) refuse('federation.recovery-over');
            if (reached < to) return null;
            if (!continuesTo(verifier, { size: reached, root }, checkpoint, proof))
              refuse('federation.recovery-root', { reader, book });
            return reached === checkpoint.size ? strippedOf(shown.note) : null;
          },
        });
      }
    });
  }

  async function fetchEntriesOf(reader: string, book: string, from: number, limit: number): Promise<Entry[]> {
    const query = `member=${directory.self}&book=${encodeURIComponent(book)}&from=${from}&limit=${limit}`;
    const { body } = await calls.call(reader, { method: 'GET', path: `/federation/v1/entries?${query}` });
    const entries: Entry[] = [];
    const of = { member: directory.self, book };
    for await (const line of linesOf(body)) {
      const entry = line === null ? null : readEntryLine(line);
      if (entry === null || entry.number !== from + entries.length) return refuse('federation.entry-malformed');
      // Our own word of then: only that it is what was committed to is asked.
      const checked = checkEntry(of, entry, Number.MAX_SAFE_INTEGER, sha256);
      const bare = { ...of, number: entry.number, commitment: entry.commitment };
      if (checked !== 'erased' && 'text' in checked)
        entries.push({ ...bare, salt: entry.salt, bytes: checked.text, statement: checked.statement });
      else entries.push({ ...bare, salt: null, bytes: null, statement: null });
    }
    if (entries.length !== limit) refuse('federation.recovery-short', { reader, book });
    return entries;
  }

  async function step(): Promise<void> {
    if (!journal.isHeld()) return;
    if (!greeted && !mustHearAll) await greet();
    for (const reader of await waiting()) {
      await ask(reader).catch((error: unknown) => {
        if (!(error instanceof Outage)) parts.onError(error);
      });
    }
    if ((await waiting()).length > 0) return;
    if (mustHearAll) await parts.onRecovered();
    mustHearAll = false;
    await store.clearRecoveries(db);
    journal.release();
  }

  const loop = openLoop(step, { onError: parts.onError, pollMs: askMs });
  const first = loop.run().catch(parts.onError);

  return {
    waiting,
    /** Resolves once the neighbours were asked a first time, or have kept us waiting long enough. */
    greeted: async (): Promise<void> => void (await endsWithin(first, 2 * greetMsMax)),
    /** A reader knows more of our books than is here: stops signing until all of it is back. */
    async begin(): Promise<void> {
      mustHearAll = true;
      await journal.hold();
      loop.wake();
    },
    /** Goes on without a reader that cannot be reached for long. What it alone knew is then contradicted by what follows. */
    async waive(actor: Actor, reader: string, reason: string): Promise<void> {
      const officer = access.requireOfficer(actor, 'directory.cosign');
      access.requireStepUp(officer);
      if (!(await waiting()).includes(reader)) refuse('not-found.recovery', { reader });
      await store.saveRecovery(db, { reader, atMs: clock.now(), waivedBy: actorId(officer), reason });
      loop.wake();
    },
    close: loop.close,
  };
}

/** The note without cosignatures: as its author signed it. */
function strippedOf(note: string): string {
  const split = note.lastIndexOf('\n\n') + 2;
  const [first] = note.slice(split).split('\n');
  return `${note.slice(0, split)}${first}\n`;
}
