import { hash } from 'node:crypto';
import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { hourMs, instantText, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Orders } from '../orders/orders.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Abroad } from './abroad.ts';
import type { TraceSummary } from './contract.ts';
import type { HoldProposal, Holds, HoldView } from './holds.ts';
import type { KnownPayments } from './known-payments.ts';
import {
  countHolds,
  holdByPlace,
  membersReached,
  tallyWhole,
  type Followed,
  type FollowedPlace,
  type Tally,
} from './picture.ts';
import * as store from './trace-store.ts';

export interface TracesParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly member: string;
  readonly known: KnownPayments;
  readonly holds: Pick<Holds, 'propose' | 'ofTraces' | 'onChange'>;
  readonly orders: Pick<Orders, 'issue' | 'keeperOf'>;
  readonly abroad: Pick<Abroad, 'ask' | 'report'>;
  readonly onError: (error: unknown) => void;
}

export interface Traces {
  /** Opens a trace, in the transaction of what began it. */
  open(tx: Tx, trace: store.NewTrace, origins: readonly store.NewOrigin[]): Promise<void>;
  /** Follows some traces now; resolves when all that follows at once has been ordered. */
  follow(traces: readonly string[]): Promise<void>;
  /** Ends a trace, in the transaction of whoever has the right to. */
  end(tx: Tx, trace: string): Promise<void>;
  /** What is known of these traces may have changed: they are followed soon. */
  mark(traces: Iterable<string>): void;
  /** Accounts have paid or been paid: the open traces that reached them are followed soon. */
  touched(keys: Iterable<string>): void;
  close(): Promise<void>;
}

const closing = 'funds.trace';
/** Places that a trace is followed to at the most. */
const placesMax = 2000;

/** Traces that are open, each followed again whenever something about it is learnt. */
export async function openTraces(parts: TracesParts): Promise<Traces> {
  const { db, clock, clocks, policy, member, known, holds, orders, abroad } = parts;
  const marked = new Set<string>();
  const byKey = new Map<string, Set<string>>();
  const remember = (trace: string, keys: Iterable<string>): void => {
    for (const key of keys) {
      const traces = byKey.get(key);
      if (traces === undefined) byKey.set(key, new Set([trace]));
      else traces.add(trace);
    }
  };
  const forget = (trace: string): void => {
    for (const [key, traces] of byKey) if (traces.delete(trace) && traces.size === 0) byKey.delete(key);
  };
  for (const { trace, key } of await store.readReached(db)) {
    remember(trace, [key]);
    marked.add(trace);
  }

  async function end(tx: Tx, trace: string): Promise<void> {
    await store.closeTrace(tx, trace);
    await clocks.cancel(tx, closing, trace);
    tx.afterCommit(() => forget(trace));
  }
  clocks.on(closing, { due: (tx, { subject }) => end(tx, subject) });

  async function followOne(id: string): Promise<void> {
    await db.tx(async (tx) => {
      const row = await store.lockTrace(tx, id);
      if (row === undefined) return;
      const followed = row.state === 'open' ? await goOn(tx, row) : row.result;
      if (followed !== null) await conclude(tx, row, followed);
    });
  }

  /** Follows the money as it is known now, and has done what follows from it. */
  async function goOn(tx: Tx, row: store.TraceRow): Promise<Followed> {
    const nowMs = clock.now();
    const rules = policy.at(nowMs).funds;
    const origins = await store.readOrigins(tx, [row.id]);
    const followed = known.follow(row.id, row.method, origins, rules.trace, placesMax);
    const keys = followed.places.flatMap(({ key }) => (key === null ? [] : [key]));
    await store.addReached(tx, row.id, keys);
    tx.afterCommit(() => remember(row.id, keys));
    const isConfirmed = row.debit_confirmed || known.isReported(origins);
    for (const place of followed.places) {
      const proposal = proposalOf(row, place, isConfirmed);
      if (proposal !== undefined) await holds.propose(tx, proposal);
    }
    await askKeepers(tx, row, followed, nowMs + rules.trace.hoursMax * hourMs);
    await abroad.ask(tx, row, followed, isConfirmed);
    return followed;
  }

  /** What can be held here: money that stays with an institution of this member, and what an exchange paid out. */
  function proposalOf(row: store.TraceRow, place: FollowedPlace, isConfirmed: boolean): HoldProposal | undefined {
    const { key, payment } = place;
    if (key === null || payment === null || place.member !== member || place.local.value === '0') return undefined;
    const isExit = place.end === 'exchange';
    const institution = orders.keeperOf(key) ?? (isExit ? place.payer : null);
    if (institution === null || isNeverHeld.has(place.end)) return undefined;
    return {
      trace: row.id,
      place: place.place,
      key,
      institution,
      hop: place.hop,
      end: place.end,
      taint: place.local,
      stolen: { value: place.remains, currency: row.currency },
      ...(place.balance !== null && { balance: { value: place.balance, currency: place.local.currency } }),
      payment,
      debitConfirmed: isConfirmed,
      reportedBy: row.reported_by,
      ...(row.request !== null && { request: row.request }),
    };
  }

  /** Where an institution does not tell its payments as they happen, it is ordered to tell those of this account. */
  async function askKeepers(tx: Tx, row: store.TraceRow, { places }: Followed, untilMs: number): Promise<void> {
    const silent = places.filter(
      ({ key, end }) =>
        key !== null && (end === 'open' || end === 'passed-on') && isKeptSilently(key, orders.keeperOf(key)),
    );
    if (silent.length === 0) return;
    const before = await store.readOnwardOrders(tx, row.id);
    for (const { key, payment } of silent) {
      if (before.has(key!)) continue;
      const { id } = await orders.issue(tx, store.traceRule, {
        kind: 'report-onward',
        institution: orders.keeperOf(key!)!,
        subject: key!,
        ...(payment !== null && { payment }),
        untilMs,
        reference: `trace:${row.id}`,
      });
      await store.addOnwardOrder(tx, row.id, key!, id);
    }
  }

  const isKeptSilently = (key: string, institution: string | undefined): boolean =>
    institution !== undefined && homeOf(key as Key) === member && !known.isTelling(institution);

  /** Keeps the picture as it is now, and tells it to the member that asked. */
  async function conclude(tx: Tx, row: store.TraceRow, followed: Followed): Promise<void> {
    const own = await holds.ofTraces(tx, [row.id]);
    const asked = await store.readAsked(tx, [row.id]);
    const byPlace = holdByPlace(own);
    const tally = tallyWhole(followed, byPlace, new Map(asked.map((one) => [one.member, one])));
    const firstHoldAt = row.first_hold_at ?? firstOf(own);
    const summary = summaryOf(row, followed, own, asked, tally, firstHoldAt);
    const [result, text] = [JSON.stringify(followed), JSON.stringify(summary)];
    const digest = hash('sha256', result + text, 'base64url');
    if (digest !== row.digest) await store.saveFollowed(tx, row.id, { result, summary: text, digest, firstHoldAt });
    if (row.request !== null) await abroad.report(tx, row, followed, own, asked, tally);
  }

  function summaryOf(
    row: store.TraceRow,
    followed: Followed,
    own: readonly HoldView[],
    asked: readonly store.AskedRow[],
    tally: Tally,
    firstHoldAt: Date | null,
  ): TraceSummary {
    const reports = asked.map(({ report }) => report);
    const { currency } = row;
    const money = (minor: bigint) => ({ value: String(minor), currency });
    const total = tally.held + tally.seized + tally.returned + tally.open + tally.lost;
    return {
      id: row.id,
      state: row.state,
      openedAt: instantText(row.opened_at.getTime()),
      reportedAt: instantText(row.reported_at.getTime()),
      typology: row.typology,
      method: row.method,
      amount: money(total),
      held: money(tally.held),
      seized: money(tally.seized),
      returned: money(tally.returned),
      open: money(tally.open),
      lost: money(tally.lost),
      members: membersReached(member, followed, reports),
      holds: countHolds(own, reports),
      firstHoldAt: firstHoldAt && instantText(firstHoldAt.getTime()),
      from: row.request === null ? null : { member: row.from_member!, request: row.request },
    };
  }

  const loop = openLoop(
    async () => {
      await known.ready;
      for (let next = first(marked); next !== undefined; next = first(marked)) {
        marked.delete(next);
        try {
          await followOne(next);
        } catch (error) {
          marked.add(next);
          throw error;
        }
      }
    },
    { onError: parts.onError },
  );
  const mark = (traces: Iterable<string>): void => {
    for (const trace of traces) marked.add(trace);
    if (marked.size > 0) loop.wake();
  };
  holds.onChange(async (tx, hold) => tx.afterCommit(() => mark([hold.trace])));
  if (marked.size > 0) loop.wake();

  return {
    async open(tx, trace, origins) {
      await store.insertTrace(tx, trace);
      await store.addOrigins(tx, trace.id, origins);
      const { hoursMax } = policy.at(clock.now()).funds.trace;
      const dueMs = trace.opened_at.getTime() + hoursMax * hourMs;
      await clocks.set(tx, { kind: closing, subject: trace.id, dueMs });
    },
    async follow(traces) {
      for (const trace of traces) await followOne(trace);
    },
    end,
    mark,
    touched(keys) {
      for (const key of keys) for (const trace of byKey.get(key) ?? []) marked.add(trace);
      if (marked.size > 0) loop.wake();
    },
    close: loop.close,
  };
}

const first = (marked: ReadonlySet<string>): string | undefined => marked.values().next().value;

const isNeverHeld: ReadonlySet<string> = new Set(['abroad', 'cash', 'fee', 'too-small']);

const moneyInHand: ReadonlySet<HoldState> = new Set<HoldState>([
  'held',
  'partly',
  'seized',
  'confiscated',
  'returned',
  'released',
  'expired',
]);

function firstOf(holds: readonly HoldView[]): Date | null {
  const times = holds.flatMap(({ state, heldAtMs }) => (heldAtMs !== null && moneyInHand.has(state) ? [heldAtMs] : []));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
