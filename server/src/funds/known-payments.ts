import { hash } from 'node:crypto';
import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { Activity, ReportedRecord } from '../activity/activity.ts';
import { hourMs, type Clock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import type { FundsRules } from '../kernel/policy-acts.ts';
import type { Orders } from '../orders/orders.ts';
import type { Db, Tx } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Following } from '../platform/stream.ts';
import type { Sources, TraceMethod } from './contract.ts';
import type { Counters } from './counters.ts';
import { openPaymentMemory } from './payment-memory.ts';
import type { Followed, FollowedEdge, FollowedPlace } from './picture.ts';
import { follow, type HeldAmount, type Origin, type TracedPlace } from './tracing/following.ts';
import {
  neighboursOf,
  paymentsOf,
  type AccountPayment,
  type Neighbours,
  type PaymentPlace,
} from './tracing/neighbours.ts';
import { foundOrigin } from './tracing/origins.ts';
import type { PaymentChannel } from './tracing/payment-index.ts';
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
    held: readonly HeldAmount[],
  ): Followed;
  /** Where an account's payment with a reference went, if an institution told it; null for cash. */
  payeeOf(from: string, reference: string): string | null | undefined;
  /** Whether an institution told all of these payments too: the debit is more than the victim's word. */
  isReported(origins: readonly store.OriginRow[]): boolean;
  /** Whether an institution tells its payments as they happen, and not only those that it suspects. */
  isTelling(institution: string): boolean;
  /** Payments that were told in answer to an order, once they are stored. */
  tell(told: readonly store.ToldPayment[]): void;
  /** Whether `ready` has come. */
  isReady(): boolean;
  neighboursOf(key: string, asked: Parameters<typeof neighboursOf>[2]): Neighbours;
  /** The newest first, after a place. */
  paymentsOf(key: string, after: PaymentPlace | undefined, limit: number): AccountPayment[];
  /** Who else paid into an account of a trace, the largest amounts first. */
  payersOf(key: string, fromMs: number, untilMs: number, followed: Followed): Sources['payers'];
  /** Begins to read on, and says which accounts pay and are paid. */
  start(touched: (keys: Iterable<string>) => void): void;
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const consumer = 'funds';
const pageRecords = 5000;
/** Places and steps that a trace is followed to at the most. */
const placesMax = 2000;
const edgesMax = 20_000;

export async function openKnownPayments(parts: KnownPaymentsParts): Promise<KnownPayments> {
  const { db, member, activity, orders, counters } = parts;
  const memory = openPaymentMemory({
    ...parts,
    seed: Number.parseInt(hash('sha256', parts.placeSecret).slice(0, 8), 16),
  });
  const { index } = memory;
  const loaded = Promise.withResolvers<void>();
  let following: Following | undefined;

  /** What was told before: everything up to where the cursor stands, and the answers to orders. */
  async function load(): Promise<void> {
    const until = await activity.readUpTo(consumer);
    for (let after = 0; after < until;) {
      const records = await activity.read(after, pageRecords);
      const last = records.at(-1);
      if (last === undefined) break;
      for (const record of records) memory.add(record);
      after = last.number;
    }
    for (let after = 0; ;) {
      const told = await store.readToldPayments(db, after, pageRecords);
      const last = told.at(-1);
      if (last === undefined) break;
      for (const one of told) memory.addTold(one);
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

  let toForget = 0;

  const limitsOf = (method: TraceMethod, limits: FundsRules['trace'], fromMs: number) => ({
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
    isMerchant: (key: string, channel: PaymentChannel) =>
      (channel === 'qr' || channel === 'card') && memory.isCompany(key),
    reports: (key: string) => orders.keeperOf(key) !== undefined,
  });

  return {
    ready: loaded.promise,
    follow(trace, method, rows, limits, held) {
      const origins = rows.map(originOf);
      if (origins.length === 0) return { places: [], edges: [] };
      const fromMs = Math.min(...origins.map(({ atMs }) => atMs));
      const traced = follow(index, origins, { ...limitsOf(method, limits, fromMs), held });
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
    payeeOf: memory.payeeOf,
    isReported: (rows) => rows.length > 0 && rows.every((row) => foundOrigin(index, originOf(row)) !== undefined),
    isTelling: memory.isTelling,
    tell(told) {
      for (const one of told) memory.addTold(one);
    },
    isReady: () => isLoaded,
    neighboursOf: (key, asked) => neighboursOf(index, key, asked),
    paymentsOf: (key, after, limit) => paymentsOf(index, key, after, limit),
    payersOf: memory.payersOf,
    start(touched) {
      following = activity.follow({
        name: consumer,
        async handle(tx, records) {
          await loaded.promise;
          const keys = new Set(records.flatMap(memory.add));
          await countPrevented(tx, records);
          toForget += records.length;
          if (toForget > pageRecords * 100) {
            toForget = 0;
            memory.forgetOld();
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
      payer: key === null || end !== 'exchange' ? null : (memory.exchangeOf(key) ?? null),
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
