import { readFile } from 'node:fs/promises';
import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import { readRecord } from '@bronze-drum/protocol/activity/reading';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import type { Role } from '../access/access.ts';
import type { ReportedRecord } from '../activity/activity.ts';
import type { Trouble } from '../federation/federation.ts';
import type { InstitutionActor, OfficerActor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { parsePolicy, type Policy, type PolicyRules } from '../kernel/policy.ts';
import { openClocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import type { LiveChange, LiveMessage, LiveTopic } from '../platform/live.ts';
import { openLoop } from '../platform/loops.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestRegistry, type TestRegistry } from '../registry/test-registry.ts';
import type { StoredHit } from '../screening/screening.ts';
import { openAlerts, prepareAlerts, type Alerts, type AlertsParts } from './alerts.ts';
import type { Alert, AlertQuery } from './contract.ts';
import type { LiveItem } from './live-alerts.ts';
import { alertRoutes } from './routes.ts';

/** Thailand's alerts over an empty database: registry, journal, access and clocks are real; what else finds things is given. */
export interface TestAlerts extends TestRegistry {
  alerts(): Alerts;
  /** Hits as screening would have stored them. */
  hit(...hits: Partial<StoredHit>[]): void;
  /** Records as institutions would have reported them. */
  report(kind: ActivityKind, record: object, institution?: string): void;
  readonly troubles: Trouble[];
  readonly webhooks: { readonly institution: string; readonly event: WebhookEvent }[];
  /** What was published so far, in order. */
  readonly published: LiveChange<LiveItem>[];
  readonly topic: LiveTopic<LiveItem>;
  /** Fails the next transaction of a source after its work. */
  failNext(): void;
  /** Everything that was found is in alerts, and everything that is due was dealt with. */
  settle(): Promise<void>;
  /** Adds an institution that serves some keys. */
  serve(id: string, serves: readonly string[]): Promise<InstitutionActor>;
  officer(id: string, roles: Role[]): Promise<OfficerActor>;
  /** The alerts that somebody sees, as `[subject, priority, codes]`. */
  seen(actor: OfficerActor | InstitutionActor, query?: Partial<AlertQuery>): Promise<Alert[]>;
  /** The messages that a viewer of the stream would have been told. */
  told(viewer: OfficerActor | InstitutionActor): LiveMessage[];
  /** Throws what went wrong in the background, if anything did but what `failNext` asked for. */
  refuseErrors(): void;
  /** Ends the room, as a killed server would, and opens it again over the same database. */
  reopen(): Promise<void>;
}

const killed = 'killed before the commit';
const noPage: AlertQuery = { for: 'all', mine: false, sort: 'urgent', limit: 200 };

/** What the tests count on, whatever becomes of a member’s policy. */
function pin({ alerts }: PolicyRules): void {
  Object.assign(alerts, { digestMinutes: 15, keepHours: 2160, newPerMinuteMax: 600 });
  alerts.routes.corroboration.digest = true;
}

/** With `given` in the place of what is otherwise made up. */
export async function openTestAlerts(
  change: (rules: PolicyRules) => void = () => undefined,
  given: (house: TestRegistry & { policy: Policy }) => Promise<Partial<AlertsParts>> = async () => ({}),
): Promise<TestAlerts> {
  const house = await openTestRegistry(change);
  const { db, clock, access, journal, registry, http } = house;
  const file = JSON.parse(await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8')) as {
    rules: PolicyRules[];
  };
  for (const rules of file.rules) {
    pin(rules);
    change(rules);
  }
  const policy = parsePolicy(JSON.stringify(file));
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const real = await given({ ...house, policy });
  await prepareAlerts(db);
  await db.query('CREATE TABLE IF NOT EXISTS alerts.test_cursor (number bigint NOT NULL)');
  const hits: StoredHit[] = [];
  const records: ReportedRecord[] = [];
  const troubles: Trouble[] = [];
  const webhooks: TestAlerts['webhooks'] = [];
  const published: LiveChange<LiveItem>[] = [];
  const members = new Set(['cn', 'kh', 'la', 'mm', 'th', 'vn']);
  const onError = (error: unknown) => house.errors.push(error);
  const state = { fail: false, topic: undefined as LiveTopic<LiveItem> | undefined };
  let onHits: () => void = () => undefined;

  const follow = followRecords(db, records, state, onError);
  /** As the house has them; another set for a room that is opened again, whose handlers they call. */
  let clocks = house.clocks;
  const open = async (): Promise<Alerts> => {
    telemetry.metrics.clear();
    const opened = await openAlerts({
      db,
      clock,
      clocks,
      policy,
      journal,
      access,
      registry,
      directory: { isMember: (code) => members.has(code) },
      federation: { troubles: async () => troubles },
      screening: {
        hitsAfter: async (_sql, number, limit) => hits.filter((hit) => hit.number > number).slice(0, limit),
        onHits: (hear) => {
          onHits = hear;
        },
      },
      activity: { follow },
      detection: { findingsAfter: async () => [], onFindings: () => undefined, judge: async () => undefined },
      live: {
        topic(topic) {
          state.topic = topic as unknown as LiveTopic<LiveItem>;
          return { publish: (changes) => void published.push(...(changes as unknown as LiveChange<LiveItem>[])) };
        },
      },
      webhooks: { enqueue: async (_tx, institution, event) => void webhooks.push({ institution, event }) },
      telemetry,
      ...real,
    });
    opened.start();
    return opened;
  };
  let alerts = await open();
  alertRoutes(
    http,
    newest(() => alerts),
    access,
  );

  return {
    ...house,
    alerts: () => alerts,
    hit(...more) {
      for (const one of more) hits.push(hitOf(hits.length + 1, clock.now(), one));
      onHits();
    },
    report(kind, record, institution = 'bank-a') {
      const id = `r${records.length + 1}`;
      const read = readRecord(kind, { id, at: instantText(clock.now()), ...record }, 'TH');
      if (isRefusal(read)) throw new Error(read.refused);
      const { keys, atMs } = read;
      const about = { institution, kind, id, atMs, receivedAtMs: atMs, keys };
      records.push({ number: records.length + 1, record: read.record, ...about });
    },
    troubles,
    webhooks,
    published,
    get topic() {
      return state.topic!;
    },
    failNext() {
      state.fail = true;
    },
    async settle() {
      await alerts.caughtUp();
      await clocks.run();
    },
    async serve(id, serves) {
      const quota = { perSecond: 1000, burst: 1000 };
      await access.institutions.add(house.administrator, { id, name: id, kind: 'bank', quota, serves: [...serves] });
      const { key } = await access.keys.issue(house.administrator, id, {});
      return (await access.authenticate({ headers: { authorization: `Bearer ${key}` } })) as InstitutionActor;
    },
    officer: async (id, roles) => house.actor(await house.enlist(id, roles)),
    seen: async (actor, query) => (await alerts.list(actor, { ...noPage, ...query })).alerts,
    told: (viewer) => published.flatMap(({ item }) => state.topic!.present(viewer, item) ?? []),
    refuseErrors() {
      for (const error of house.errors) if ((error as Error).message !== killed) throw error as Error;
    },
    async reopen() {
      await alerts.close();
      clocks = await openClocks({ db, clock, onError });
      alerts = await open();
    },
    async close() {
      await alerts.close();
      await house.close();
    },
  };
}

/** The room as it is open now, for routes that were made once. */
function newest(alerts: () => Alerts): Alerts {
  return {
    list: (...asked) => alerts().list(...asked),
    get: (...asked) => alerts().get(...asked),
    counts: (...asked) => alerts().counts(...asked),
    act: (...asked) => alerts().act(...asked),
    bulk: (...asked) => alerts().bulk(...asked),
    tell: (...asked) => alerts().tell(...asked),
    takers: (...asked) => alerts().takers(...asked),
    follow: (...asked) => alerts().follow(...asked),
    ledTo: (...asked) => alerts().ledTo(...asked),
    watches: alerts().watches,
    raise: (...asked) => alerts().raise(...asked),
    start: () => undefined,
    caughtUp: () => alerts().caughtUp(),
    close: () => alerts().close(),
  };
}

/** A stream with a cursor in the consumer's transaction, which fails once where it is asked to. */
function followRecords(
  db: Db,
  records: readonly ReportedRecord[],
  state: { fail: boolean },
  onError: (error: unknown) => void,
): AlertsParts['activity']['follow'] {
  return ({ handle }) => {
    const loop = openLoop(
      async () => {
        const [row] = await db.query<{ number: number }>('SELECT number FROM alerts.test_cursor');
        let read = row?.number ?? 0;
        while (read < records.length) {
          const batch = records.slice(read, read + 1000);
          await db.tx(async (tx) => {
            await handle(tx, batch);
            await tx.query('DELETE FROM alerts.test_cursor');
            await tx.query('INSERT INTO alerts.test_cursor VALUES ($1)', [read + batch.length]);
            if (!state.fail) return;
            state.fail = false;
            throw new Error(killed);
          });
          read += batch.length;
        }
      },
      { onError },
    );
    return { caughtUp: loop.run, close: loop.close };
  };
}

function hitOf(number: number, nowMs: number, change: Partial<StoredHit>): StoredHit {
  const key = change.key ?? 'account:TH:014:1234567890';
  return {
    number,
    at: new Date(nowMs),
    institution: 'bank-a',
    key,
    advice: 'hold',
    kind: 'exact',
    matched: key,
    listing: '00000000-0000-8000-8000-000000000000',
    members: ['la'],
    discreet: false,
    ...change,
  };
}

/** The codes of an alert's reasons, in order. */
export const codesOf = (alert: Alert | undefined): string[] => alert?.reasons.map(({ code }) => code).sort() ?? [];
