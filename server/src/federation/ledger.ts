import type { Envelope } from '@bronze-drum/protocol/statements/envelope';
import type { Entry, Journal } from '../journal/journal.ts';
import { minuteMs, type Clock } from '../kernel/clock.ts';
import type { Db } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import * as store from './store.ts';

export interface LedgerParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly onError: (error: unknown) => void;
}

/** One statement that was given to one reader. */
export interface Given {
  readonly reader: string;
  readonly atMs: number;
  readonly book: string;
  readonly number: number;
  /** Null once the body was erased. */
  readonly envelope: Envelope | null;
}

export type Ledger = ReturnType<typeof openLedger>;

const flushMs = 200;
const readEntries = 1000;

/** Our ledger: what this member gave to whom, and what it refused. */
export function openLedger({ db, clock, journal, onError }: LedgerParts) {
  const given = new Map<string, store.Delivery>();
  const refused = new Map<string, { party: string; code: string; minute: Date; count: number }>();

  /** Up to where each reader was given each book since the start. */
  const highest = new Map<string, number>();

  const loop = openLoop(flush, { onError, pollMs: flushMs });

  async function flush(): Promise<void> {
    if (given.size === 0 && refused.size === 0) return;
    const deliveries = [...given.entries()];
    const refusals = [...refused.entries()];
    await db.tx(async (tx) => {
      await store.saveDeliveries(
        tx,
        deliveries.map(([, run]) => run),
      );
      await store.saveRefusals(
        tx,
        refusals.map(([, row]) => row),
      );
    });
    // What grew meanwhile is left for the next turn.
    for (const [key, run] of deliveries) {
      const now = given.get(key)!;
      if (now === run) given.delete(key);
      else given.set(key, { ...now, first: run.next });
    }
    for (const [key, row] of refusals) {
      const now = refused.get(key)!;
      if (now === row) refused.delete(key);
      else refused.set(key, { ...now, count: now.count - row.count });
    }
  }

  function delivered({
    reader,
    book,
    first,
    next,
  }: {
    reader: string;
    book: string;
    first: number;
    next: number;
  }): void {
    if (next === first) return;
    const key = `${reader}/${book}`;
    highest.set(key, Math.max(highest.get(key) ?? 0, next));
    const known = given.get(key);
    const now = new Date(clock.now());
    if (known !== undefined && known.next === first) given.set(key, { ...known, next, last_at: now });
    else if (known === undefined) given.set(key, { reader, book, first, next, first_at: now, last_at: now });
    // Asked for again from elsewhere within one flush: both runs are kept.
    else given.set(`${key}/${first}`, { reader, book, first, next, first_at: now, last_at: now });
  }

  return {
    delivered,

    /** A reader's receipt tells of more than was written down before a crash. */
    async reconcile(reader: string, book: string, size: number): Promise<void> {
      if ((highest.get(`${reader}/${book}`) ?? 0) >= size) return;
      await loop.run();
      const known = (await store.deliveredTo(db)).find((row) => row.reader === reader && row.book === book)?.next ?? 0;
      if (known < size) delivered({ reader, book, first: known, next: size });
      highest.set(`${reader}/${book}`, Math.max(known, size));
    },

    refused(party: string, code: string): void {
      const minute = new Date(Math.floor(clock.now() / minuteMs) * minuteMs);
      const key = `${party} ${code} ${minute.getTime()}`;
      const known = refused.get(key);
      refused.set(key, { party, code, minute, count: (known?.count ?? 0) + 1 });
    },

    async refusals(search: store.RefusalSearch) {
      await loop.run();
      return store.readRefusals(db, search);
    },

    /** Statements given, run by run and number by number, after a place in that order. */
    async *statements(
      search: Omit<store.DeliverySearch, 'number'> & {
        readonly key?: string | undefined;
        readonly kind?: string | undefined;
      },
      after: { readonly delivery: number; readonly number: number },
    ): AsyncGenerator<Given & { readonly place: readonly [number, number] }> {
      await loop.run();
      if (search.key !== undefined) {
        for await (const one of aboutKey(search, search.key, after))
          if (search.kind === undefined || one.envelope?.kind === search.kind) yield one;
        return;
      }
      for (let from = after.delivery - 1; ;) {
        const runs = await store.searchDeliveries(db, search, from, 100);
        for (const run of runs) {
          const begin = run.id === after.delivery ? Math.max(run.first, after.number + 1) : run.first;
          for (let next = begin; next < run.next;) {
            const entries = await entriesIn(run, next, search.kind);
            for (const entry of entries) yield givenIn(run, entry.number, entry.statement?.envelope ?? null);
            if (entries.length === 0) break;
            next = entries.at(-1)!.number + 1;
          }
          from = run.id;
        }
        if (runs.length < 100) return;
      }
    },

    async close(): Promise<void> {
      await loop.run().catch(onError);
      await loop.close();
    },
  };

  /** The next entries of a run; of one kind alone if it is given. */
  async function entriesIn(run: store.DeliveryRow, from: number, kind: string | undefined): Promise<Entry[]> {
    if (kind === undefined) return journal.read(run.book, from, Math.min(readEntries, run.next - from));
    return journal.ofKind(run.book, { kind, from, to: run.next, limit: readEntries });
  }

  async function* aboutKey(
    search: Omit<store.DeliverySearch, 'number'>,
    key: string,
    after: { readonly delivery: number; readonly number: number },
  ): AsyncGenerator<Given & { readonly place: readonly [number, number] }> {
    const found: (Given & { readonly place: readonly [number, number] })[] = [];
    for (const entry of await journal.about(key, 1000)) {
      if (entry.member !== journal.member || entry.book === 'domestic') continue;
      const runs = await store.searchDeliveries(db, { ...search, book: entry.book, number: entry.number }, 0, 1000);
      found.push(...runs.map((run) => givenIn(run, entry.number, entry.statement?.envelope ?? null)));
    }
    found.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1]);
    for (const given of found) {
      const [delivery, number] = given.place;
      if (delivery > after.delivery || (delivery === after.delivery && number > after.number)) yield given;
    }
  }
}

function givenIn(run: store.DeliveryRow, number: number, envelope: Envelope | null) {
  const { reader, book } = run;
  // A run lasts an hour at the most; within it numbers were given in order, none before its beginning.
  const atMs = number === run.next - 1 ? run.last_at.getTime() : run.first_at.getTime();
  return { reader, atMs, book, number, envelope, place: [run.id, number] as const };
}
