import { hash } from 'node:crypto';
import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { Activity, ReportedRecord } from '../activity/activity.ts';
import { hourMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import type { FundsRules } from '../kernel/policy-acts.ts';
import type { Orders } from '../orders/orders.ts';
import type { Db, Tx } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Following } from '../platform/stream.ts';
import type { Sources, TraceMethod } from './contract.ts';
import type { Counters } from './counters.ts';
import type { Followed, FollowedEdge, FollowedPlace } from './picture.ts';
import { followBack } from './tracing/following-back.ts';
import { follow, type Origin, type TracedPlace } from './tracing/following.ts';
import { foundOrigin } from './tracing/origins.ts';
import { cash, openPaymentIndex, paymentOf, type PaymentChannel } from './tracing/payment-index.ts';
import * as store from './trace-store.ts';

export interface KnownPaymentsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly member: string;
  readonly activity: Pick<Activity, 'follow' | 'read' | 'readUpTo'>;
  readonly orders: Pick<Orders, 'keeperOf'>;
  readonly counters: Pick<Counters, 'prevented'>;
  /** So that the name of a place says nothing about its account to whoever does not know it. */
  readonly placeSecret: string;
  readonly onError: (error: unknown) => void;
}

/** Every payment that institutions here told, as they happen or when they were asked: in memory, for traces. */
export interface KnownPayments {
  /** What was told before this server was started is known. */
  readonly ready: Promise<void>;
  follow(
    trace: string,
    method: TraceMethod,
    origins: readonly store.OriginRow[],
    limits: FundsRules['trace'],
    placesMax: number,
  ): Followed;
  /** Where an account's payment with a reference went, if an institution told it; null for cash. */
  payeeOf(from: string, reference: string): string | null | undefined;
  /** Whether an institution told all of these payments too: the debit is more than the victim's word. */
  isReported(origins: readonly store.OriginRow[]): boolean;
  /** Whether an institution tells its payments as they happen, and not only those that it suspects. */
  isTelling(institution: string): boolean;
  /** Payments that were told in answer to an order, once they are stored. */
  tell(told: readonly store.ToldPayment[]): void;
  /** Who else paid into an account of a trace, the largest amounts first. */
  payersOf(key: string, fromMs: number, untilMs: number, followed: Followed): Sources['payers'];
  /** Begins to read on, and says which accounts pay and are paid. */
  start(touched: (keys: Iterable<string>) => void): void;
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const consumer = 'funds';
const pageRecords = 5000;
const edgesMax = 20_000;
const payersMax = 200;
const looksMax = 10_000;
/** An institution that told no ordinary payment for so long is asked for what its accounts pay. */
const tellingMs = 24 * hourMs;
/** Before the victim knew it, somebody else may have been robbed by the same account. */
const backMs = 24 * 7 * hourMs;

export async function openKnownPayments(parts: KnownPaymentsParts): Promise<KnownPayments> {
  const { db, clock, policy, member, activity, orders, counters } = parts;
  const index = openPaymentIndex({ seed: Number.parseInt(hash('sha256', parts.placeSecret).slice(0, 8), 16) });
  /** When each institution last told an ordinary payment. */
  const tellingAtMs = new Map<string, number>();
  /** Accounts of companies, as their own institutions say. */
  const companies = new Set<string>();
  const loaded = Promise.withResolvers<void>();
  let following: Following | undefined;

  function add({ institution, record: read, kind }: ReportedRecord): string[] {
    if (kind !== 'payment') return [];
    const record = read as ActivityRecords['payment'];
    if (record.suspicion === undefined) tellingAtMs.set(institution, instantMs(record.at));
    if (record.customer?.kind === 'company') {
      const own = record.side === 'receiver' ? record.to : record.from;
      if (own !== undefined) companies.add(own);
    }
    if (!index.add(paymentOf(record, institution))) return [];
    return [record.from, record.to].filter((key) => key !== undefined);
  }

  const addTold = ({ institution, id, payment }: store.ToldPayment): void => {
    const { from, to, amount, at, reference } = payment;
    index.add({
      source: institution,
      id: `told ${id}`,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      amount: BigInt(amount.value),
      currency: amount.currency,
      atMs: instantMs(at),
      channel: 'other',
      state: 'settled',
      side: 'sender',
      ...(reference !== undefined && { reference }),
    });
  };

  /** What was told before: everything up to where the cursor stands, and the answers to orders. */
  async function load(): Promise<void> {
    const until = await activity.readUpTo(consumer);
    for (let after = 0; after < until; ) {
      const records = await activity.read(after, pageRecords);
      const last = records.at(-1);
      if (last === undefined) break;
      for (const record of records) add(record);
      after = last.number;
    }
    for (let after = 0; ; ) {
      const told = await store.readToldPayments(db, after, pageRecords);
      const last = told.at(-1);
      if (last === undefined) break;
      for (const one of told) addTold(one);
      after = last.number;
    }
    loaded.resolve();
  }
  let isLoaded = false;
  const loading = openLoop(
    async () => {
      if (isLoaded) return;
      await load();
      isLoaded = true;
    },
    { onError: parts.onError },
  );
  loading.wake();

  /** Payments that were not carried out because somebody warned: saved before they were lost. */
  async function countPrevented(tx: Tx, records: readonly ReportedRecord[]): Promise<void> {
    for (const { record, kind, atMs } of records) {
      if (kind !== 'payment') continue;
      const { state, suspicion, amount, side } = record as ActivityRecords['payment'];
      if (state === 'rejected' && suspicion !== undefined && side !== 'receiver')
        await counters.prevented(tx, amount, atMs);
    }
  }

  /** Forgets what no trace can follow any more. */
  function forgetOld(): void {
    const { hoursMax } = policy.at(clock.now()).funds.trace;
    index.forget(clock.now() - hoursMax * hourMs - backMs);
  }
  let toForget = 0;

  const isTelling = (institution: string): boolean =>
    (tellingAtMs.get(institution) ?? -Infinity) > clock.now() - tellingMs;

  const limitsOf = (method: TraceMethod, limits: FundsRules['trace'], fromMs: number, placesMax: number) => ({
    method,
    hopsMax: limits.hopsMax,
    untilMs: fromMs + limits.hoursMax * hourMs,
    smallest: Object.fromEntries(Object.entries(limits.smallest).map(([currency, minor]) => [currency, BigInt(minor)])),
    placesMax,
    edgesMax,
    pooledPayersMin: limits.pooledPayeesMin,
    self: member,
    homeOf: (key: string) => homeOf(key as Key),
    // Whoever is paid by code or card and is a company sold something; a mule that is paid so goes on being followed.
    isMerchant: (key: string, channel: PaymentChannel) => (channel === 'qr' || channel === 'card') && companies.has(key),
    reports: (key: string) => orders.keeperOf(key) !== undefined,
  });

  return {
    ready: loaded.promise,
    follow(trace, method, rows, limits, placesMax) {
      const origins = rows.map(originOf);
      if (origins.length === 0) return { places: [], edges: [] };
      const fromMs = Math.min(...origins.map(({ atMs }) => atMs));
      const traced = follow(index, origins, limitsOf(method, limits, fromMs, placesMax));
      const idOf = (name: string): string => derivedId(parts.placeSecret, trace, name);
      const edges = traced.edges.map(({ from, to, stolen, local, atMs, payment }): FollowedEdge => ({
        from: from === null ? null : idOf(from),
        to: idOf(to),
        stolen: String(stolen),
        local: String(local),
        atMs,
        ...(payment !== undefined && { payment }),
      }));
      const newest = new Map<string, NamedPayment>();
      for (const { to, payment } of edges) if (payment !== undefined) newest.set(to, payment);
      const places = traced.places.map((place) => placeOf(place, idOf(place.name), newest.get(idOf(place.name))));
      return { places, edges };
    },
    payeeOf(from, reference) {
      const slot = index.slotOf(from);
      if (slot === -1) return undefined;
      const paid = index.outOf(slot);
      // What a victim reports is among the newest.
      for (let at = paid.count - 1; at >= Math.max(0, paid.count - looksMax); at -= 1) {
        if (index.reference(paid.placeAt(at)) !== reference) continue;
        const payee = paid.otherAt(at);
        return payee === cash ? null : index.keyOf(payee);
      }
      return undefined;
    },
    isReported: (rows) => rows.length > 0 && rows.every((row) => foundOrigin(index, originOf(row)) !== undefined),
    isTelling,
    tell(told) {
      for (const one of told) addTold(one);
    },
    payersOf(key, fromMs, untilMs, { edges }) {
      const known = new Set(edges.flatMap(({ payment }) => payment?.from ?? []));
      return followBack(index, key, fromMs - backMs, untilMs, { payersMax, isKnown: (payer) => known.has(payer) }).map(
        ({ key: payer, payments, amount, currency, firstAtMs, lastAtMs }) => ({
          key: payer,
          payments,
          amount: { value: String(amount), currency },
          firstAt: instantText(firstAtMs),
          lastAt: instantText(lastAtMs),
        }),
      );
    },
    start(touched) {
      following = activity.follow({
        name: consumer,
        async handle(tx, records) {
          await loaded.promise;
          const keys = new Set(records.flatMap(add));
          await countPrevented(tx, records);
          toForget += records.length;
          if (toForget > pageRecords * 100) {
            toForget = 0;
            forgetOld();
          }
          tx.afterCommit(() => touched(keys));
        },
      });
    },
    caughtUp: async () => following?.caughtUp(),
    async close() {
      await loading.close();
      loaded.resolve();
      await following?.close();
    },
  };

  function placeOf(place: TracedPlace, id: string, payment: NamedPayment | undefined): FollowedPlace {
    const { key, currency, balance, end } = place;
    return {
      place: id,
      key,
      member: place.member ?? member,
      hop: place.hop,
      reached: String(place.reached),
      remains: String(place.remains),
      local: { value: String(place.local), currency },
      balance: balance === undefined ? null : String(balance),
      end,
      atMs: place.firstAtMs,
      payer: end === 'exchange' && payment?.from !== undefined ? (orders.keeperOf(payment.from) ?? null) : null,
      payment: payment ?? null,
    };
  }
}

const originOf = (row: store.OriginRow): Origin => ({
  ...(row.from_key !== null && { from: row.from_key }),
  to: row.to_key,
  amount: BigInt(row.amount),
  currency: row.currency,
  atMs: row.at.getTime(),
  ...(row.reference !== null && { reference: row.reference }),
  hop: row.hop,
});
