import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { Account, Holding } from './account-money.ts';
import { openEventHeap } from './event-heap.ts';
import { foundOrigins } from './origins.ts';
import { cash, type PaymentIndex } from './payment-index.ts';
import { atLeast0, max, min, minus, shareOf, type Taint } from './taint.ts';
import type { HeldAmount, Origin, Traced, TracedPlace, TraceLimits, Via } from './trace-terms.ts';
import { openWhereabouts } from './whereabouts.ts';

export type { HeldAmount, Origin, Traced, TracedPlace, TraceLimits } from './trace-terms.ts';

/**
 * Where stolen money went: in the order of time, a payment carries taint only after taint came. A theft in several currencies
 * is followed for each by itself. The same payments give the same answer in whatever order they became known.
 */
export function follow(index: PaymentIndex, origins: readonly Origin[], limits: TraceLimits): Traced {
  const currencies = [...new Set(origins.map(({ currency }) => currency))].sort();
  const traced = currencies.map((currency) =>
    followOne(index, origins.filter((origin) => origin.currency === currency).sort(inOrder), limits),
  );
  return {
    places: traced.flatMap(({ places }) => places),
    edges: traced.flatMap(({ edges }) => edges),
    totals: traced.map(({ places }, at) => totalOf(currencies[at]!, places)),
    isComplete: traced.every(({ isComplete }) => isComplete),
  };
}

function totalOf(currency: string, places: readonly TracedPlace[]): Traced['totals'][number] {
  const byEnd: Partial<Record<PlaceEnd, bigint>> = {};
  for (const { end, remains } of places) byEnd[end] = (byEnd[end] ?? 0n) + remains;
  return { currency, stolen: places.reduce((sum, { remains }) => sum + remains, 0n), byEnd };
}

const textOf = ({ from, to, amount, reference, hop }: Origin): string =>
  JSON.stringify([from, to, `${amount}`, reference, hop]);
const inOrder = (a: Origin, b: Origin): number =>
  a.atMs - b.atMs || (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);

interface Step {
  readonly atMs: number;
  /** Of one instant, arrivals come first. */
  readonly isOut: boolean;
  readonly tie: number;
  /** The account whose next payment it is. */
  readonly account?: Account;
  readonly arrive?: () => void;
}

const isBefore = (a: Step, b: Step): boolean => {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.isOut === b.isOut ? a.tie < b.tie : b.isOut;
};

type One = Pick<Traced, 'places' | 'edges' | 'isComplete'>;

function followOne(index: PaymentIndex, origins: readonly Origin[], limits: TraceLimits): One {
  const stolenCurrency = origins[0]!.currency;
  const found = foundOrigins(index, origins);
  const arrivals = origins.map((origin, at) => {
    const place = found[at];
    return { origin, place, atMs: place === undefined ? origin.atMs : index.atMs(place) };
  });
  const startMs = Math.min(...arrivals.map(({ atMs }) => atMs));
  const victims = new Set(origins.flatMap(({ from, hop }) => (from === undefined || hop > 1 ? [] : [from])));
  const where = openWhereabouts({ index, limits, stolenCurrency, startMs, victims });
  const {
    smallest: { [stolenCurrency]: smallest = 1n },
  } = limits;
  const steps = openEventHeap<Step>(isBefore);
  /** What each payment that was taken back had brought, in the receiver's money. */
  const brought = new Map<number, bigint>();
  const originPlaces = new Set(found);

  function pushNext(account: Account): void {
    const { outs } = account;
    account.isWaiting = false;
    if (outs === undefined || account.out >= outs.count || account.end !== undefined) return;
    const most = account.holdings.reduce((sum, { pool }) => max(sum, pool.stolen()), 0n);
    if (most === 0n) return;
    const place = outs.placeAt(account.out);
    const atMs = index.atMs(place);
    if (atMs > limits.untilMs) return;
    account.hasTooLittle = most < smallest;
    if (account.hasTooLittle) return;
    account.isWaiting = true;
    steps.push({ atMs, isOut: true, tie: index.tie(place), account });
  }

  /** Taint that a payment brings to an account. */
  function arrive(account: Account, currency: number, taint: Taint, via: Via): void {
    const holding = where.reach(account, currency, taint, via);
    if (account.end !== undefined) return where.rest(holding, taint);
    where.sync(account, via.atMs);
    if (via.place === undefined) holding.pool.credit({ ...unseenIn, amount: taint.local, atMs: via.atMs });
    holding.pool.taint(taint, via.place ?? unseenIn.payment);
    account.isFollowed ||= account.hop < limits.hopsMax && holding.pool.stolen() >= smallest;
    if (account.isFollowed && !account.isWaiting) pushNext(account);
    return undefined;
  }

  /** Sends what a payment carries on its way: the fee, the other currency, the time that it takes. */
  function send(place: number, carried: Taint, from: Sender): void {
    const debited = index.amount(place);
    const credited = index.credited(place);
    const currency = index.creditedCurrency(place);
    const isSame = currency === index.currency(place);
    const atMs = index.atMs(place);
    const fee = isSame ? shareOf(carried, (carried.local * atLeast0(debited - credited)) / debited) : noTaint;
    if (fee.stolen > 0n) where.toFee(currency, fee, { from: from.name, hop: from.hop, atMs, place });
    const rest = minus(carried, fee);
    if (rest.stolen === 0n) return;
    const local = isSame ? rest.local : min(credited, (rest.local * credited + debited - 1n) / debited);
    const taint = { local, stolen: rest.stolen };
    if (index.isReturned(place)) brought.set(place, (brought.get(place) ?? 0n) + local);
    const to = index.to(place);
    const arrivesMs = index.arrivesAtMs(place);
    const via: Via = { from: from.name, hop: from.hop, atMs: arrivesMs, place };
    const deliver = (): void => {
      const account = to === cash ? undefined : where.accountAt(to, arrivesMs);
      if (account !== undefined) arrive(account, currency, taint, via);
      else where.toNobody(to === cash ? 'cash' : 'too-far', currency, taint, via);
    };
    if (arrivesMs === atMs) deliver();
    else steps.push({ atMs: arrivesMs, isOut: false, tie: index.tie(place), arrive: deliver });
  }

  function leave(account: Account): void {
    const place = account.outs!.placeAt(account.out);
    where.sync(account, index.atMs(place));
    account.out += 1;
    const holding = account.holdings.find(({ currency }) => currency === index.currency(place));
    if (holding !== undefined) debit(account, holding, place);
    pushNext(account);
  }

  function debit(account: Account, holding: Holding, place: number): void {
    const amount = index.amount(place);
    const balanceAfter = index.balanceOut(place);
    // It carries what its origin says.
    if (originPlaces.has(place)) return holding.pool.pass({ amount, balanceAfter });
    const original = index.returnOf(place);
    const back = original === -1 ? undefined : { payment: original, local: backOf(original, amount) };
    const { carried, unseen } = holding.pool.debit({ amount, balanceAfter, ...(back === undefined ? {} : { back }) });
    where.unseen(account, holding, unseen, index.atMs(place));
    if (carried.stolen > 0n) send(place, carried, { name: holding.name, hop: account.hop + 1 });
    return undefined;
  }

  const backOf = (original: number, amount: bigint): bigint =>
    min(amount, ((brought.get(original) ?? 0n) * amount) / index.credited(original));

  function begin(origin: Origin, place: number | undefined): void {
    const { amount, atMs, to, hop } = origin;
    const currency = index.currencyNumber(origin.currency);
    const from = where.nameOfOrigin(origin);
    if (place !== undefined) {
      const paid = index.amount(place);
      const local = currency === index.currency(place) ? amount : (paid * amount) / index.credited(place);
      return send(place, { local: min(local > 0n ? local : 1n, paid), stolen: amount }, { name: from, hop });
    }
    const taint = { local: amount, stolen: amount };
    const via: Via = { from, hop, atMs, place, origin };
    if (to === null) return where.toNobody('cash', currency, taint, via);
    const account = where.accountOf(to, atMs);
    if (account === undefined) return where.toNobody('too-far', currency, taint, via);
    return arrive(account, currency, taint, via);
  }

  /** What is held can leave no more. */
  function setAside({ key, currency, local, atMs }: HeldAmount): void {
    const account = where.reached(key);
    const holding = account?.holdings.find((one) => index.currencyCode(one.currency) === currency);
    if (account === undefined || holding === undefined) return;
    where.sync(account, atMs);
    where.rest(holding, holding.pool.setAside(local));
  }

  for (const held of limits.held ?? [])
    steps.push({ atMs: held.atMs, isOut: false, tie: Number.MAX_SAFE_INTEGER, arrive: () => setAside(held) });
  for (const [tie, { origin, place, atMs }] of arrivals.entries())
    steps.push({ atMs, isOut: false, tie, arrive: () => begin(origin, place) });
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (step.arrive !== undefined) step.arrive();
    else if (step.account!.end === undefined && where.edges() < limits.edgesMax) leave(step.account!);
    else step.account!.isWaiting = false;
  }
  return { ...where.finish(), isComplete: where.edges() < limits.edgesMax };
}

interface Sender {
  readonly name: string | null;
  readonly hop: number;
}

const noTaint: Taint = { local: 0n, stolen: 0n };
const unseenIn = { payment: -1, balanceAfter: undefined } as const;
