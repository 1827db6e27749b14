import { readRecord } from '@bronze-drum/protocol/activity/reading';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Alerts } from '../alerts/alerts.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { instantMs, minuteMs, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { NewReport, ReportAnswer, ReportChannel, ReportedPayment } from './contract.ts';
import type { KnownPayments } from './known-payments.ts';
import { byCurrency, sortOut } from './report-rules.ts';
import * as reportStore from './report-store.ts';
import * as store from './trace-store.ts';

export interface ReportsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requirePermission' | 'takeQuota' | 'member'>;
  readonly known: Pick<KnownPayments, 'payeeOf'>;
  readonly alerts: Pick<Alerts, 'ledTo'>;
  readonly orders: { keeperOf(key: string): string | undefined };
  /** Opens a trace from these origins, in the report's transaction. */
  open(tx: Tx, trace: store.NewTrace, origins: readonly store.NewOrigin[]): Promise<void>;
  /** Follows these traces, once the report is durable; resolves when what follows at once is ordered. */
  follow(traces: readonly string[]): Promise<void>;
}

export interface Reports {
  /**
   * Takes what a victim told, and opens a trace for each currency; what was reported before joins its trace. Resolves once
   * it is durable and what follows at once (holds by standing rule, requests to other members) has been ordered.
   */
  report(actor: Actor, report: NewReport): Promise<ReportAnswer>;
}

/** A clock on the other side of a counter may be ahead by so much. */
const aheadMs = 5 * minuteMs;

export function openReports(parts: ReportsParts): Reports {
  const { db, clock, policy, access, orders, known } = parts;
  const country = access.member.toUpperCase();

  /** A payment with keys, as it will be followed. */
  function originOf(payment: ReportedPayment, nowMs: number): store.NewOrigin {
    const { from, to, amount, at, reference, channel = 'other' } = payment;
    if (instantMs(at) > nowMs + aheadMs || Number.isNaN(instantMs(at))) refuse('funds.payment-in-future');
    const payee = to ?? payeeOf(from, reference);
    const ends = { ...(from !== undefined && { from }), ...(payee !== null && { to: payee }) };
    const read = readRecord('payment', { id: 'report', at, amount, channel, ...ends }, country);
    if (isRefusal(read)) return refuse(read.refused, read.params);
    const { record } = read;
    return {
      from_key: record.from ?? null,
      to_key: record.to ?? null,
      amount: amount.value,
      currency: amount.currency,
      at: new Date(instantMs(at)),
      reference: reference ?? null,
      hop: 1,
    };
  }

  /** Of a payment that is known by its reference alone: where it went, as an institution told it. */
  function payeeOf(from: string | undefined, reference: string | undefined): string | null {
    const key = from === undefined ? undefined : parse(from, { country });
    if (key !== undefined && isRefusal(key)) refuse(key.refused, key.params);
    const payee = key === undefined || reference === undefined ? undefined : known.payeeOf(key, reference);
    return payee === undefined ? refuse('funds.payment-unknown', { field: 'to' }) : payee;
  }

  /** Who is heard, and how much their word about the debit weighs. */
  function weigh(actor: Actor, report: NewReport, origins: readonly store.NewOrigin[]) {
    if (actor.kind === 'institution') {
      const isTheirs = origins.some(
        ({ from_key }) => from_key !== null && orders.keeperOf(from_key) === actor.institution,
      );
      return {
        channel: 'institution' as const,
        by: 'institution' as const,
        confirmed: report.debitConfirmed === true && isTheirs,
      };
    }
    const channel: ReportChannel = report.channel ?? 'hotline';
    const by = channel === 'public' ? ('public' as const) : ('officer' as const);
    return { channel, by, confirmed: report.debitConfirmed === true && channel !== 'public' };
  }

  async function take(tx: Tx, actor: Actor, report: NewReport, nowMs: number) {
    const origins = report.payments.map((payment) => originOf(payment, nowMs));
    const { channel, by, confirmed } = weigh(actor, report, origins);
    const reportedAt = new Date(Math.min(nowMs, report.at === undefined ? nowMs : instantMs(report.at)));
    await reportStore.lockReports(tx);
    const sorted = sortOut(await readTwins(tx, origins), origins);
    const id = newId();
    const isJoined = sorted.traces.length > 0;
    await reportStore.insertReport(tx, {
      id,
      sender: actorId(actor),
      reference: report.reference ?? null,
      channel,
      at: reportedAt,
      received_at: new Date(nowMs),
      typology: report.typology,
      debit_confirmed: confirmed,
      payments: report.payments,
      contacts: keysOf(report.contacts ?? [], country),
      story: report.story ?? null,
      victim: report.victim ?? null,
      exhibits: report.exhibits ?? [],
      state: isJoined ? 'joined' : 'opened',
      alert: report.alert ?? null,
    });
    const traces = [...sorted.traces];
    for (const [currency, some] of byCurrency(sorted.fresh)) {
      // What the same victim paid besides goes to the trace that is there, if it is in the same money.
      const joined = await traceIn(tx, sorted.traces, currency);
      if (joined !== undefined) {
        await store.addOrigins(tx, joined, some);
        continue;
      }
      const trace = newId();
      traces.push(trace);
      const method = report.method ?? policy.at(nowMs).funds.trace.method;
      await parts.open(
        tx,
        {
          id: trace,
          opened_at: new Date(nowMs),
          reported_at: reportedAt,
          typology: report.typology,
          method,
          currency,
          debit_confirmed: confirmed,
          reported_by: by,
          from_member: null,
          request: null,
        },
        some,
      );
    }
    if (confirmed) for (const trace of sorted.traces) await store.confirmDebit(tx, trace, by);
    await reportStore.joinReport(tx, id, traces);
    if (report.alert !== undefined)
      await parts.alerts.ledTo(
        tx,
        actor,
        [report.alert],
        traces.map((trace) => `trace:${trace}`),
      );
    const state = isJoined ? ('joined' as const) : ('opened' as const);
    return { report: id, traces, state };
  }

  async function readTwins(tx: Tx, origins: readonly store.NewOrigin[]): Promise<store.OriginRow[]> {
    const references = origins.flatMap(({ reference }) => (reference === null ? [] : [reference]));
    const payees = origins.flatMap(({ to_key }) => (to_key === null ? [] : [to_key]));
    return store.readLikeOrigins(tx, references, payees);
  }

  return {
    async report(actor, report) {
      access.requirePermission(actor, 'funds.report');
      access.takeQuota(actor, report.payments.length);
      const nowMs = clock.now();
      const answer = await db.tx(async (tx): Promise<ReportAnswer> => {
        const before =
          report.reference === undefined
            ? undefined
            : await reportStore.findReport(tx, actorId(actor), report.reference);
        if (before !== undefined) return { report: before.id, traces: before.traces, state: 'known' };
        return take(tx, actor, report, nowMs);
      });
      if (answer.state !== 'known') await parts.follow(answer.traces);
      return answer;
    },
  };
}

async function traceIn(tx: Tx, traces: readonly string[], currency: string): Promise<string | undefined> {
  for (const id of traces) {
    const row = await store.lockTrace(tx, id);
    if (row?.currency === currency && row.state === 'open') return id;
  }
  return undefined;
}

/** What can be read of the numbers, links and handles that a victim names, as keys. */
function keysOf(texts: readonly string[], country: string): string[] {
  return texts.map((text) => {
    const key = parse(text, { country });
    return isRefusal(key) ? refuse(key.refused, key.params) : key;
  });
}
