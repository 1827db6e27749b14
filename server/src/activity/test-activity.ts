import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import { openTestAccess, type TestAccess } from '../access/test-access.ts';
import { instantText } from '../kernel/clock.ts';
import { parsePolicy, type PolicyRules } from '../kernel/policy.ts';
import { readFile } from 'node:fs/promises';
import type { Db } from '../platform/db.ts';
import { openTelemetry, type Telemetry } from '../platform/telemetry.ts';
import { openTestNats } from '../platform/test-nats.ts';
import { openActivity, type Activity } from './activity.ts';
import { activityPaths, type ReportAnswer } from './contract.ts';
import { activityRoutes } from './routes.ts';

export interface ReportedBody {
  readonly status: number;
  readonly code: unknown;
  readonly params: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: ReportAnswer;
}

export interface TestActivity extends TestAccess {
  readonly telemetry: Telemetry;
  activity(): Activity;
  /** Adds an institution and returns a key of it. */
  institution(id: string, quota?: { perSecond: number; burst: number }): Promise<string>;
  /** Reports records, each a line, or a body as it is. */
  report(
    token: string | undefined,
    kind: ActivityKind,
    lines: readonly object[] | string | Buffer,
    options?: { readonly type?: string; readonly query?: string },
  ): Promise<ReportedBody>;
  /** Closes the room and opens it again over the same database, or another door to it. */
  reopen(db?: Db): Promise<void>;
}

/** The room over an empty database, under Thailand's policy as changed. */
export async function openTestActivity(
  change: (rules: PolicyRules['activity']) => void = () => undefined,
): Promise<TestActivity> {
  const house = await openTestAccess();
  const { clock, access, http } = house;
  const file = JSON.parse(await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8')) as {
    rules: PolicyRules[];
  };
  for (const rules of file.rules) {
    rules.activity = { lateHours: 168, aheadMinutes: 5, retentionHours: 2160, recordsPerDayMax: 1_000_000 };
    change(rules.activity);
  }
  const policy = parsePolicy(JSON.stringify(file));
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const nats = await openTestNats();
  let clocks = house.clocks;
  const open = (db: Db): Promise<Activity> => openActivity({ db, clock, clocks, policy, access, telemetry, nats });
  let activity = await open(house.db);
  // The clock of retention has its handler from the first time on.
  clocks = { ...clocks, on: () => undefined };
  activityRoutes(
    http,
    {
      report: (...asked) => activity.report(...asked),
      reportPacs008: (...asked) => activity.reportPacs008(...asked),
      follow: (consumer) => activity.follow(consumer),
      read: (...asked) => activity.read(...asked),
      readUpTo: (consumer) => activity.readUpTo(consumer),
      partitions: activity.partitions,
      partitionOf: (key) => activity.partitionOf(key),
      close: () => activity.close(),
    },
    access,
  );
  return {
    ...house,
    telemetry,
    activity: () => activity,
    async institution(id, quota = { perSecond: 100_000, burst: 100_000 }) {
      await access.institutions.add(house.administrator, { id, name: id, kind: 'bank', quota });
      return (await access.keys.issue(house.administrator, id, {})).key;
    },
    async report(token, kind, lines, { type = 'application/x-ndjson', query = '' } = {}) {
      const payload =
        typeof lines === 'string' || Buffer.isBuffer(lines)
          ? lines
          : lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const response = await http.inject({
        method: 'POST',
        url: `/v1/activity/${activityPaths[kind]}${query}`,
        headers: { 'content-type': type, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        payload,
      });
      const body = JSON.parse(response.body) as ReportAnswer & { code?: unknown; params?: unknown };
      return { status: response.statusCode, code: body.code, params: body.params, headers: response.headers, body };
    },
    async reopen(db = house.db) {
      await activity.close();
      telemetry.metrics.clear();
      activity = await open(db);
    },
    async close() {
      await activity.close();
      await nats?.close();
      await house.close();
    },
  };
}

/** A payment of 2026-01-01T00:00Z, when the test clock starts, as changed. */
export function payment(id: string, change: object = {}): Record<string, unknown> {
  return {
    id,
    at: instantText(Date.UTC(2026, 0, 1)),
    from: 'account:TH:901:1234567890',
    to: 'account:TH:902:1234567890',
    amount: { value: '100000', currency: 'THB' },
    channel: 'mobile',
    ...change,
  };
}
