import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { hourMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Orders } from '../orders/orders.ts';
import type { Tx } from '../platform/db.ts';
import type { Abroad } from './abroad.ts';
import type { HoldProposal, Holds, HoldView } from './holds.ts';
import type { KnownPayments } from './known-payments.ts';
import type { Followed, FollowedPlace } from './picture.ts';
import type { HeldAmount } from './tracing/following.ts';
import * as store from './trace-store.ts';

export interface TraceActsParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly member: string;
  readonly known: Pick<KnownPayments, 'follow' | 'isReported' | 'isTelling'>;
  readonly holds: Pick<Holds, 'propose' | 'ofTraces'>;
  readonly orders: Pick<Orders, 'issue' | 'keeperOf'>;
  readonly abroad: Pick<Abroad, 'ask'>;
  /** These accounts belong to the trace from now on. */
  readonly remember: (trace: string, keys: readonly string[]) => void;
}

/** What follows from a trace: holds are proposed, institutions and members are asked. */
export function openTraceActs(parts: TraceActsParts): {
  goOn(tx: Tx, row: store.TraceRow): Promise<Followed>;
} {
  const { clock, policy, member, known, holds, orders, abroad, remember } = parts;

  /** Follows the money as it is known now, and has done what follows from it. */
  async function goOn(tx: Tx, row: store.TraceRow): Promise<Followed> {
    const nowMs = clock.now();
    const rules = policy.at(nowMs).funds;
    const own = await holds.ofTraces(tx, [row.id]);
    const origins = await store.readOrigins(tx, [row.id]);
    const followed = known.follow(row.id, row.method, origins, rules.trace, heldAmounts(own));
    const keys = followed.places.flatMap(({ key }) => (key === null ? [] : [key]));
    await store.addReached(tx, row.id, keys);
    tx.afterCommit(() => remember(row.id, keys));
    const isConfirmed = row.debit_confirmed || known.isReported(origins);
    await abroad.ask(tx, row, followed, isConfirmed);
    const before = new Set(own.map(({ place }) => place));
    for (const place of followed.places) {
      // Where a hold is, it hears as well that nothing of the theft is left.
      if (place.local.value === '0' && !before.has(place.place)) continue;
      const proposal = proposalOf(row, place, isConfirmed);
      if (proposal !== undefined) await holds.propose(tx, proposal);
    }
    await askKeepers(tx, row, followed, nowMs + rules.trace.hoursMax * hourMs);
    return followed;
  }

  /** What can be held here: money that stays with an institution of this member, and what an exchange paid out. */
  function proposalOf(row: store.TraceRow, place: FollowedPlace, isConfirmed: boolean): HoldProposal | undefined {
    const { key, payment } = place;
    if (key === null || payment === null || place.member !== member) return undefined;
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

  return { goOn };
}

const isNeverHeld: ReadonlySet<string> = new Set(['abroad', 'cash', 'fee', 'too-small']);

const inHand: ReadonlySet<HoldState> = new Set<HoldState>(['held', 'partly', 'seized', 'confiscated', 'returned']);

/** What institutions have in their hands cannot move on, whatever the account pays besides. */
const heldAmounts = (own: readonly HoldView[]): HeldAmount[] =>
  own.flatMap(({ key, state, held, heldAtMs }) =>
    inHand.has(state) && heldAtMs !== null && held.value !== '0'
      ? [{ key, currency: held.currency, local: BigInt(held.value), atMs: heldAtMs }]
      : [],
  );
