import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Activity } from '../activity/activity.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { Directory } from '../directory/directory.ts';
import type { Journal } from '../journal/journal.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Liaison } from '../liaison/liaison.ts';
import type { Orders } from '../orders/orders.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import type { Live } from '../platform/live.ts';
import { migrate } from '../platform/migrations.ts';
import type { Signer } from '../platform/signer.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { Redress } from '../redress/redress.ts';
import { openAbroad } from './abroad.ts';
import type {
  NewReport,
  ReportAnswer,
  Sources,
  Trace,
  TraceMethod,
  TracePage,
  TraceQuery,
  TraceSummary,
} from './contract.ts';
import { openCounters, type Counters } from './counters.ts';
import { openHolds, type HoldsRoom } from './holds.ts';
import { openKnownPayments } from './known-payments.ts';
import { openLiveFunds } from './live-funds.ts';
import { openNeighbours, type NeighbourViews } from './neighbours.ts';
import { openReports } from './reports.ts';
import { reportsOf } from './report-store.ts';
import { openReturns, type Returns } from './returns.ts';
import { presentTrace } from './trace-presenting.ts';
import { wholeSummary } from './kept-summary.ts';
import { openTraces } from './traces.ts';
import * as store from './trace-store.ts';

/** Stolen money: followed, held, seized, returned. */
export interface Funds extends NeighbourViews {
  readonly holds: HoldsRoom;
  readonly returns: Returns;
  readonly counters: Counters;
  /** What a victim told. See `Reports`. */
  report(actor: Actor, report: NewReport): Promise<ReportAnswer>;
  list(actor: Actor, query: TraceQuery): Promise<TracePage>;
  get(actor: Actor, id: string): Promise<Trace>;
  /** The money is followed no more; holds go on. */
  end(actor: Actor, id: string, grounds: string): Promise<TraceSummary>;
  /** Follows by another method from now on, and says so in the nation's own record. */
  changeMethod(actor: Actor, id: string, method: TraceMethod, grounds: string): Promise<TraceSummary>;
  /** Who else paid into an account of the trace, and may be a victim too. */
  sources(actor: Actor, id: string, account: string): Promise<Sources>;
  /** Begins to follow: once every room is open, before the clocks start. */
  start(): void;
  /** Resolves once what was reported before this call is known to traces. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface FundsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly signer: Pick<Signer, 'secretFor'>;
  readonly journal: Journal;
  readonly directory: Pick<Directory, 'isMember'>;
  readonly access: Access;
  readonly redress: Redress;
  readonly activity: Pick<Activity, 'follow' | 'read' | 'readUpTo'>;
  readonly alerts: Pick<Alerts, 'raise' | 'ledTo'>;
  readonly orders: Orders;
  readonly liaison: Liaison;
  readonly live: Pick<Live, 'topic'>;
  readonly telemetry: Telemetry;
}

/** Opens the room, before `clocks.start`. */
export async function openFunds(parts: FundsParts): Promise<Funds> {
  const { db, clock, journal, access, telemetry } = parts;
  await migrate(db, 'funds', new URL('migrations/', import.meta.url));
  const { member } = journal;
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'funds');
  const reportOf = async (
    trace: string,
  ): Promise<{ readonly reportedAtMs: number; readonly stolen: string } | undefined> => {
    const row = await store.readTrace(db, trace);
    if (row === undefined) return undefined;
    return { reportedAtMs: row.reported_at.getTime(), stolen: row.summary?.amount.value ?? '0' };
  };
  const counters = openCounters({ ...parts, reportOf });
  const holds = await openHolds(parts);
  const live = openLiveFunds({ ...parts, onError });
  holds.onChange(async (tx) => tx.afterCommit(live.holdsChanged));
  const returns = openReturns({ ...parts, holds });
  const known = await openKnownPayments({
    ...parts,
    member,
    counters,
    placeSecret: parts.signer.secretFor('places'),
    onError,
  });
  const abroad = openAbroad(parts);
  const traces = await openTraces({ ...parts, member, known, holds, abroad, onError, changed: live.tracesChanged });
  abroad.hear(traces);
  // What an institution tells in answer to an order: the payments of an account that nobody streams, or where money went on.
  for (const reference of ['trace', 'hold'])
    parts.orders.onOutcome(reference, async (tx, order, outcome) => {
      const { onward = [] } = outcome;
      if (onward.length === 0) return;
      const told = onward.map((payment) => ({
        institution: order.institution,
        id: payment.reference ?? JSON.stringify([payment.from, payment.to, payment.amount.value, payment.at]),
        payment,
      }));
      const fresh = await store.addToldPayments(tx, told, new Date(clock.now()));
      tx.afterCommit(() => {
        known.tell(fresh);
        traces.touched([order.subject]);
      });
    });
  const reports = openReports({ ...parts, known, open: traces.open, follow: traces.follow });

  async function seen(actor: Actor, id: string): Promise<store.TraceRow> {
    const officer = access.requireOfficer(actor, 'funds.read');
    access.requirePurpose(officer);
    return (await store.readTrace(db, id)) ?? refuse('not-found.trace');
  }

  async function summaryOf(id: string): Promise<TraceSummary> {
    await traces.follow([id]);
    const row = await store.readTrace(db, id);
    return row?.summary == null ? refuse('not-found.trace') : wholeSummary(row.summary);
  }

  /** Changes a trace that is open, and says so in the nation's own record. */
  async function change(actor: Actor, id: string, grounds: string, method?: TraceMethod): Promise<TraceSummary> {
    const officer = access.requireOfficer(actor, 'funds.trace');
    await db.tx(async (tx) => {
      const row = (await store.lockTrace(tx, id)) ?? refuse('not-found.trace');
      if (row.state !== 'open') refuse('conflict.trace-closed');
      if (method === undefined) await traces.end(tx, id);
      else await store.setMethod(tx, id, method);
      await journal.append(tx, [
        {
          book: 'domestic',
          kind: 'trace-change',
          version: 1,
          author: { office: officer.office, officer: officer.officer },
          handling: { tlp: 'AMBER', conditions: [] },
          subject: `trace:${id}`,
          body: { trace: id, change: method === undefined ? 'closed' : 'method', grounds, ...(method && { method }) },
        },
      ]);
    });
    return summaryOf(id);
  }

  return {
    holds,
    returns,
    counters,
    ...reports,
    ...openNeighbours({ ...parts, member, known }),
    async list(actor, { state, account, since, text, after, limit }) {
      const officer = access.requireOfficer(actor, 'funds.read');
      access.requirePurpose(officer);
      const key = account === undefined ? undefined : keyOf(account, member);
      const search = { state, key, text, ...(since !== undefined && { since: new Date(instantMs(since)) }) };
      const rows = await store.listTraces(db, search, placeOf(after), limit + 1);
      const { page, next } = cutPage(rows, limit, (last) => [instantText(last.opened_at.getTime()), last.id]);
      await access.recordRead(db, officer, {
        what: 'traces',
        subject: key ?? text ?? state ?? 'all',
        count: page.length,
      });
      return { traces: page.map(({ summary }) => wholeSummary(summary)), ...next };
    },
    async get(actor, id) {
      const row = await seen(actor, id);
      const { summary, result } = row;
      if (summary === null || result === null) return refuse('conflict.trace-not-followed');
      const [own, asked, told] = await Promise.all([
        holds.ofTraces(db, [id]),
        store.readAsked(db, [id]),
        reportsOf(db, id),
      ]);
      await access.recordRead(db, actor, { what: 'trace', subject: id, count: 1 });
      return presentTrace(row, summary, result, own, asked, told);
    },
    end: (actor, id, grounds) => change(actor, id, grounds),
    changeMethod: (actor, id, method, grounds) => change(actor, id, grounds, method),
    async sources(actor, id, account) {
      const row = await seen(actor, id);
      const key = keyOf(account, member);
      const place = row.result?.places.find((one) => one.key === key) ?? refuse('not-found.account');
      const payers = known.payersOf(key, place.atMs, clock.now(), row.result!);
      await access.recordRead(db, actor, { what: 'payers', subject: key, count: payers.length });
      return { account: key, payers };
    },
    start() {
      abroad.start();
      known.start(traces.touched);
    },
    caughtUp: known.caughtUp,
    async close() {
      await known.close();
      await abroad.close();
      await traces.close();
      await live.close();
    },
  };
}

function keyOf(text: string, member: string): string {
  const key = parse(text, { country: member.toUpperCase() });
  return isRefusal(key) ? refuse(key.refused, key.params) : key;
}

function placeOf(after: string | undefined): store.TracePlaceInList | undefined {
  if (after === undefined) return undefined;
  const [at, id] = readPageToken(after, 2) as [string, string];
  const date = new Date(at);
  if (Number.isNaN(date.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) refuse('malformed.page');
  return { at: date, id };
}
