import { createHash } from 'node:crypto';
import type { Entry, Following, Journal } from '../journal/journal.ts';
import { dayMs, type Clock } from '../kernel/clock.ts';
import { openLoop } from '../platform/loops.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { listedChange, listedKinds, type ListedChange, type Registry } from '../registry/registry.ts';
import { openListingTable, type ListingTable } from './listing-table.ts';

/** The listings in memory: read from the registry at the start, and from then on the journal is followed. */
export interface ListingView {
  /** Undefined until every listing that counts has been read. */
  table(): ListingTable | undefined;
  /** Resolves once every statement that was numbered before this call has been heard. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface ListingViewParts {
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'followInMemory'>;
  readonly registry: Pick<Registry, 'snapshot'>;
  readonly telemetry: Telemetry;
  readonly seed: string;
}

/** For so long a listing whose time is over is remembered, lest an older state of it that arrives late revive it. */
const rememberMs = 30 * dayMs;

export function openListingView(parts: ListingViewParts): ListingView {
  const { clock, journal, registry, telemetry } = parts;
  const seed = createHash('sha256').update(parts.seed).digest().subarray(0, 8);
  let table: ListingTable | undefined;
  let following: Following | undefined;
  /** The table that is kept up to date, from when its reading begins. */
  let current: ListingTable | undefined;
  let isClosed = false;

  const drop = (changes: readonly ListedChange[]): void => {
    for (const change of changes) current?.apply(change);
  };

  function hear(heard: ListingTable, entries: readonly Entry[], changeOf: typeof listedChange): void {
    for (const entry of entries) {
      const change = changeOf(entry);
      if (change !== undefined) heard.apply(change);
    }
    // A few more rows than may have been added, so that the table does not grow for ever.
    heard.forget(clock.now() - rememberMs, entries.length * 4);
  }

  async function rebuild(): Promise<void> {
    if (table !== undefined) return;
    // What an attempt that failed has read may have been withdrawn since: begin anew.
    await following?.close();
    const fresh = openListingTable(seed);
    current = fresh;
    const { positions, rows, changeOf = listedChange } = await registry.snapshot(drop);
    for await (const batch of rows) {
      for (const row of batch) fresh.apply({ put: row });
      if (isClosed) return;
    }
    following = journal.followInMemory({
      name: 'screening',
      from: positions,
      kinds: listedKinds,
      handle: (entries) => hear(fresh, entries, changeOf),
    });
    await following.caughtUp();
    table = fresh;
    telemetry.log.info(fresh.counts(), 'the listings are in memory');
  }

  const loop = openLoop(rebuild, {
    onError: (error) => telemetry.log.error({ err: error }, 'the listings could not be read'),
  });
  loop.wake();
  return {
    table: () => table,
    async caughtUp() {
      await loop.run();
      await following?.caughtUp();
    },
    async close() {
      isClosed = true;
      await loop.close();
      await following?.close();
    },
  };
}
