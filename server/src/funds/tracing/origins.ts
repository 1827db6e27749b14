import { cash, type AccountPayments, type PaymentIndex } from './payment-index.ts';
import type { Origin } from './trace-terms.ts';

/** How far from the told instant its payment is looked for, if a reference says which it is, and if only the amount does. */
const namedWithinMs = 24 * 3_600_000;
const likeWithinMs = 3_600_000;
const looksMax = 10_000;

/** The places of the payments by which stolen money arrived, where an institution told them; each once. */
export function foundOrigins(index: PaymentIndex, origins: readonly Origin[]): (number | undefined)[] {
  const taken = new Set<number>();
  return origins.map((origin) => {
    const place = foundOrigin(index, origin, taken);
    if (place !== undefined) taken.add(place);
    return place;
  });
}

const none: ReadonlySet<number> = new Set();

/**
 * The place of the payment by which stolen money arrived, if an institution told it: the one with its reference, or else
 * the one between its ends that is nearest in time, of its amount or of one that it may be a part of; none that is taken.
 */
export function foundOrigin(index: PaymentIndex, origin: Origin, taken = none): number | undefined {
  const from = slotOf(index, origin.from);
  const to = slotOf(index, origin.to ?? undefined);
  if (from === undefined || to === undefined || (from === cash && to === cash)) return undefined;
  const list = to === cash ? index.outOf(from) : index.into(to);
  const other = to === cash ? cash : from;
  const near = (withinMs: number, isIt: (place: number) => boolean): number | undefined =>
    nearest(index, origin, list, { other, withinMs, isIt: (place) => !taken.has(place) && isIt(place) });
  const named =
    origin.reference === undefined
      ? undefined
      : near(namedWithinMs, (place) => index.reference(place) === origin.reference);
  if (named !== undefined || from === cash) return named;
  const currency = index.currencyNumber(origin.currency);
  const amounts = (place: number): bigint[] => [
    ...(index.currency(place) === currency ? [index.amount(place)] : []),
    ...(index.creditedCurrency(place) === currency ? [index.credited(place)] : []),
  ];
  return (
    near(likeWithinMs, (place) => amounts(place).includes(origin.amount)) ??
    near(likeWithinMs, (place) => amounts(place).some((amount) => amount > origin.amount))
  );
}

/** Undefined for an account that no payment names. */
function slotOf(index: PaymentIndex, key: string | undefined): number | undefined {
  if (key === undefined) return cash;
  const slot = index.slotOf(key);
  return slot === -1 ? undefined : slot;
}

interface Looked {
  readonly other: number;
  readonly withinMs: number;
  readonly isIt: (place: number) => boolean;
}

function nearest(index: PaymentIndex, origin: Origin, list: AccountPayments, looked: Looked): number | undefined {
  const { other, withinMs, isIt } = looked;
  let found: number | undefined;
  let distanceMs = Infinity;
  const from = list.firstFrom(origin.atMs - withinMs);
  for (let at = from; at < Math.min(list.count, from + looksMax); at += 1) {
    if (origin.from !== undefined && list.otherAt(at) !== other) continue;
    const place = list.placeAt(at);
    const awayMs = Math.abs(index.atMs(place) - origin.atMs);
    if (index.atMs(place) > origin.atMs + withinMs) break;
    if (awayMs >= distanceMs || index.returnOf(place) !== -1 || !isIt(place)) continue;
    found = place;
    distanceMs = awayMs;
  }
  return found;
}
