import type { Access } from '../access/access.ts';
import type { Activity } from '../activity/activity.ts';
import type { Detection } from '../detection/detection.ts';
import type { Directory } from '../directory/directory.ts';
import type { Federation } from '../federation/federation.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { Live } from '../platform/live.ts';
import { migrate } from '../platform/migrations.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { listedChange, type Registry } from '../registry/registry.ts';
import type { Screening } from '../screening/screening.ts';
import { openAudiences } from './audiences.ts';
import { openDigests } from './digests.ts';
import { watchConditions } from './findings/conditions.ts';
import { followDetected } from './findings/detected.ts';
import { followHits } from './findings/hits.ts';
import { listingKinds, openListings } from './findings/listings.ts';
import type { Source } from './findings/source.ts';
import { followActivity } from './findings/suspicions.ts';
import { openTold } from './findings/told.ts';
import { openWatched } from './findings/watched.ts';
import { openGathering, type Gathering } from './gathering.ts';
import { openHandling, type Handling } from './handling.ts';
import { liveAlerts } from './live-alerts.ts';
import { openMetrics } from './metrics.ts';
import { openPassing } from './passing.ts';
import type { KindOfOffice } from './presenting.ts';
import type { Finding } from './record.ts';
import { openReading, type Reading } from './reading.ts';
import { openServing } from './serving.ts';
import * as store from './store.ts';
import { openTelling } from './telling.ts';
import { openWatches, type Watches } from './watches.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

export { openWebhooks, type Webhooks } from './webhooks/webhooks.ts';

/** What somebody should look at now: gathered from what the rooms above find, merged, ranked, routed and delivered. */
export interface Alerts extends Reading, Handling {
  readonly watches: Omit<Watches, 'index'>;
  /** Alerts people to what a room below found, in its transaction. */
  raise(tx: Tx, findings: readonly Finding[]): Promise<void>;
  /** Begins to gather: once every room is open, before the clocks start. */
  start(): void;
  /** Resolves once everything that was found before this call is in alerts. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface AlertsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'member' | 'append' | 'isHeld' | 'follow' | 'positions'>;
  readonly access: Pick<
    Access,
    | 'requirePermission'
    | 'requireOfficer'
    | 'requirePurpose'
    | 'recordRead'
    | 'officersWith'
    | 'serving'
    | 'onInstitutions'
  >;
  readonly directory: Pick<Directory, 'isMember'>;
  readonly federation: Pick<Federation, 'troubles'>;
  /** As the registry reads statements, so are they read here; without it, as they are. */
  readonly registry?: Pick<Registry, 'snapshot'>;
  readonly screening: Pick<Screening, 'hitsAfter' | 'onHits'>;
  readonly activity: Pick<Activity, 'follow'>;
  readonly detection: Pick<Detection, 'findingsAfter' | 'onFindings' | 'judge'>;
  readonly live: Pick<Live, 'topic'>;
  readonly webhooks: Pick<Webhooks, 'enqueue'>;
  readonly telemetry: Telemetry;
  /** Routes may name kinds of office; without it, an office by its name. */
  readonly kindOfOffice?: KindOfOffice;
}

/** The room's tables; before `openWebhooks`, which works on them too. */
export const prepareAlerts = (db: Db): Promise<void> => migrate(db, 'alerts', new URL('migrations/', import.meta.url));

/** Opens the room, before `clocks.start`. */
export async function openAlerts(parts: AlertsParts): Promise<Alerts> {
  const { db, clock, access, journal, telemetry, webhooks } = parts;
  await prepareAlerts(db);
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'alerts');
  const kindOfOffice = parts.kindOfOffice ?? (() => undefined);
  const serving = await openServing(access, onError);
  const telling = openTelling(parts);
  const audiences = await openAudiences(db, kindOfOffice);
  const watches = await openWatches(parts);
  const topic = parts.live.topic(liveAlerts({ db, kindOfOffice, digests: () => digests }));
  const digests = openDigests({ db, webhooks, publish: topic.publish });
  const gathering = openGathering({
    ...parts,
    serving,
    telling,
    audiences,
    metrics: openMetrics(telemetry, db),
    publish: topic.publish,
    onDue: (atMs) => passing.arm(atMs),
  });
  const passing = await openPassing({ ...parts, gathering, digests, onError });
  const shared = { ...parts, member: journal.member, gathering, serving, telling, onError };
  const watched = openWatched(watches.index, serving);
  const readEntries = await openStatements(parts, { ...shared, watched });
  const { index: _index, ...ownWatches } = watches;
  let sources: readonly Source[] = [];

  return {
    ...openReading({ db, access, audiences, kindOfOffice }),
    ...openHandling({ ...parts, gathering, telling, kindOfOffice }),
    watches: ownWatches,
    raise: gathering.apply,
    start() {
      const statements = journal.follow(readEntries);
      const listingsCaughtUp = statements.caughtUp;
      sources = [
        statements,
        followHits({ ...shared, watched, listingsCaughtUp }),
        followActivity({ clock, activity: parts.activity, gathering, watched }),
        followDetected(shared),
        watchConditions(shared),
      ];
    },
    async caughtUp() {
      for (const source of sources) await source.caughtUp();
    },
    async close() {
      await Promise.all(sources.map((source) => source.close()));
      await serving.close();
    },
  };
}

const beganCursor = 'listings-began';
/** Within the second in which somebody is to be told; every statement by itself would cost a transaction. */
const gatherMs = 100;

/** Follows what members say of listings, and what they tell of alerts. What was said before the room first opened is old. */
async function openStatements(
  { db, clock, journal, registry }: AlertsParts,
  parts: Pick<Parameters<typeof openListings>[0], 'serving' | 'watched'> & { gathering: Gathering },
) {
  let known = (await store.readCursor(db, beganCursor))?.text;
  if (known == null) {
    known = JSON.stringify([...(await journal.positions(db, 'registry'))]);
    await store.moveCursor(db, beganCursor, 0, known);
  }
  const began = new Map(JSON.parse(known) as [string, number][]);
  const isOld = ({ member, book, number, redelivered }: Entry): boolean =>
    redelivered !== true && number < (began.get(`${member}/${book}`) ?? 0);
  const changeOf = (await registry?.snapshot())?.changeOf ?? listedChange;
  const readListings = openListings({ ...parts, clock, changeOf, isOld });
  const readTold = openTold({ clock, member: journal.member });
  return {
    name: 'alerts',
    kinds: [...listingKinds, 'alert'],
    ownKinds: listingKinds,
    asideMs: gatherMs,
    async handle(tx: Parameters<Gathering['apply']>[0], entries: readonly Entry[]): Promise<void> {
      const told = entries.filter((entry) => entry.statement?.envelope.kind === 'alert');
      const listed = told.length === 0 ? entries : entries.filter((entry) => !told.includes(entry));
      await parts.gathering.apply(tx, [...(await readListings(tx, listed)), ...(await readTold(tx, told))]);
    },
  };
}
