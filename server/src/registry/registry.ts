import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { Access } from '../access/access.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { Redress } from '../redress/redress.ts';
import { appliedKinds, openApplying } from './applying.ts';
import { keepBarring } from './barring.ts';
import { digestOf, type Digest } from './digest.ts';
import { openAudiences } from './audiences.ts';
import { openExports } from './exports.ts';
import { openImports } from './imports.ts';
import type { ListedChange, ListedRow } from './listed.ts';
import { openListings, type ListingOutcome } from './listings.ts';
import { listingOf } from './presenting.ts';
import { openReading } from './reading.ts';
import { openRetention } from './retention.ts';
import * as store from './store.ts';

export type { Digest } from './digest.ts';
export { listedChange, listedKinds, type ListedChange, type ListedRow } from './listed.ts';
export { mergeViews, viewOf, type View } from './rules.ts';

export interface RegistryParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Journal;
  readonly access: Access;
  readonly redress: Redress;
  readonly telemetry?: Telemetry;
}

/** What a view in memory is rebuilt from: every listing that counts, and the place in each book to follow on from. */
export interface RegistrySnapshot {
  readonly positions: ReadonlyMap<string, number>;
  readonly rows: AsyncIterable<readonly ListedRow[]>;
  /** What an entry changes in the view; `listedChange` where nothing is kept out. */
  readonly changeOf?: (entry: Entry) => ListedChange | undefined;
}

export type Registry = Awaited<ReturnType<typeof openRegistry>>;

export async function openRegistry(parts: RegistryParts) {
  const { db, clock, journal, redress } = parts;
  await migrate(db, 'registry', new URL('migrations/', import.meta.url));
  await keepBarring({ ...parts, member: journal.member });
  const applying = openApplying(parts);
  const exports = openExports(parts);
  const listings = openListings(parts, exports);
  const audiences = openAudiences(parts, listings);
  const imports = openImports(parts);
  const reading = openReading(parts);
  await openRetention(parts);

  redress.contestable('listing', async (sql, id) => {
    // Another member's listing is contested with that member.
    const row = await store.readListing(sql, journal.member, id);
    if (row?.state !== 'listed') return null;
    return {
      actedBy: row.acted_by,
      subject: row.key,
      book: row.book,
      handling: store.handlingOf(row),
      discreet: row.discreet,
    };
  });

  const following = journal.follow({
    name: 'registry',
    kinds: [...appliedKinds, 'appeal-decision'],
    ownKinds: ['appeal-decision'],
    async handle(tx, entries) {
      const decisions = entries.filter((entry) => entry.statement?.envelope.kind === 'appeal-decision');
      await applying.apply(
        tx,
        decisions.length === 0 ? entries : entries.filter((entry) => !decisions.includes(entry)),
      );
      for (const entry of decisions) {
        // What followed from a decision that is recovered is recovered too; if not, it comes once more in its place.
        if (entry.member !== journal.member || entry.redelivered === true) continue;
        const { act, releases, grounds } = entry.statement!.body as AppealDecisionBody;
        if (!releases || act.kind !== 'listing') continue;
        await listings.release(tx, act.id, grounds, { office: 'redress', rule: 'appeal-released' });
      }
    },
  });

  const presentOutcome = ({ listing, ...outcome }: ListingOutcome) => ({
    ...outcome,
    ...(listing !== undefined && { listing: listingOf(listing, clock.now()) }),
  });

  return {
    list: async (...args: Parameters<typeof listings.list>) => presentOutcome(await listings.list(...args)),
    corroborate: async (...args: Parameters<typeof listings.corroborate>) =>
      presentOutcome(await listings.corroborate(...args)),
    revise: async (...args: Parameters<typeof listings.revise>) => presentOutcome(await listings.revise(...args)),
    withdraw: async (...args: Parameters<typeof listings.withdraw>) =>
      listingOf(await listings.withdraw(...args), clock.now()),
    changeAudience: async (...args: Parameters<typeof audiences.change>) =>
      presentOutcome(await audiences.change(...args)),
    imports,
    exports: exports.list,
    search: reading.search,
    merged: reading.merged,
    history: reading.history,
    get: reading.get,
    /** For federation, which compares what two servers know; officers ask by `digestFor`. */
    digest: (nowMs: number, book: string): Promise<Digest> => digestOf(db, nowMs, book),
    digestFor: reading.digest,
    /**
     * Positions are read first: what is said in between is seen twice, and the higher revision stands. `drop` is told,
     * from before then on, what the view must drop although no statement tells it to.
     */
    async snapshot(drop?: (changes: readonly ListedChange[]) => void): Promise<RegistrySnapshot> {
      if (drop !== undefined) applying.onDropped(drop);
      const positions = await journal.positions(db, 'registry');
      return { positions, rows: store.streamListed(db, clock.now()), changeOf: applying.changeOf };
    },
    /** Resolves once every statement that stands in the journal now has been applied here. */
    caughtUp: following.caughtUp,
  };
}

/** What is listed of some keys, for who has no view of all: in force or to be, with what no institution may see marked discreet. */
export const listedAmong = store.readListedAmong;
