import { cash, type AccountPayments, type PaymentIndex } from './payment-index.ts';

export type Direction = 'out' | 'in';

/** Who an account paid, or who paid it. `key` is null for cash. */
export interface Neighbour {
  readonly key: string | null;
  readonly direction: Direction;
  readonly count: number;
  /** Minor units by currency, as they left the account or came to it. */
  readonly amounts: ReadonlyMap<string, bigint>;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

export interface Neighbours {
  readonly neighbours: readonly Neighbour[];
  /** How many there are among the payments that were looked at. */
  readonly total: number;
  /** False if there are more payments than were looked at: the latest were. */
  readonly isComplete: boolean;
}

/** Of each direction so many payments are looked at, the latest first. */
const looksMax = 20_000;

/**
 * The neighbours of an account by its payments before an instant, most money first: compared in the currency in which most of
 * these payments were made, then in the next. What was paid back is no payment.
 */
export function neighboursOf(
  index: PaymentIndex,
  key: string,
  asked: { readonly directions: readonly Direction[]; readonly beforeMs: number; readonly limit: number },
): Neighbours {
  const slot = index.slotOf(key);
  if (slot === -1) return { neighbours: [], total: 0, isComplete: true };
  const found = new Map<string, Gathered>();
  const uses = new Map<string, number>();
  let isComplete = true;
  for (const direction of asked.directions) {
    const side = sideOf(index, slot, direction);
    const end = side.payments.firstFrom(asked.beforeMs);
    const begin = Math.max(0, end - looksMax);
    if (begin > 0) isComplete = false;
    for (let at = begin; at < end; at += 1) {
      const place = side.payments.placeAt(at);
      if (index.returnOf(place) !== -1 || index.isReturned(place)) continue;
      const currency = index.currencyCode(side.currency(place));
      uses.set(currency, (uses.get(currency) ?? 0) + 1);
      gather(found, direction, side.payments.otherAt(at), currency, side.amount(place), side.atMs(place));
    }
  }
  const currencies = [...uses].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([currency]) => currency);
  const sorted = [...found.values()].sort((a, b) => compare(a, b, currencies));
  const neighbours = sorted.slice(0, asked.limit).map(({ other, ...one }) => ({
    ...one,
    key: other === cash ? null : index.keyOf(other),
  }));
  return { neighbours, total: sorted.length, isComplete };
}

interface Gathered {
  readonly other: number;
  readonly direction: Direction;
  count: number;
  readonly amounts: Map<string, bigint>;
  readonly firstAtMs: number;
  lastAtMs: number;
}

function gather(
  found: Map<string, Gathered>,
  direction: Direction,
  other: number,
  currency: string,
  amount: bigint,
  atMs: number,
): void {
  const name = `${direction} ${other}`;
  let one = found.get(name);
  if (one === undefined)
    found.set(name, (one = { other, direction, count: 0, amounts: new Map(), firstAtMs: atMs, lastAtMs: atMs }));
  one.count += 1;
  one.lastAtMs = atMs;
  one.amounts.set(currency, (one.amounts.get(currency) ?? 0n) + amount);
}

function compare(a: Gathered, b: Gathered, currencies: readonly string[]): number {
  for (const currency of currencies) {
    const [ours, theirs] = [a.amounts.get(currency) ?? 0n, b.amounts.get(currency) ?? 0n];
    if (ours !== theirs) return ours > theirs ? -1 : 1;
  }
  return b.lastAtMs - a.lastAtMs || a.other - b.other;
}

/** A payment of an account. `counterpart` is null for cash. */
export interface AccountPayment {
  readonly direction: Direction;
  readonly counterpart: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly atMs: number;
  readonly channel: number;
  readonly reference: string | undefined;
  /** It was paid back, or pays something back. */
  readonly isReturned: boolean;
  readonly isReturn: boolean;
  /** Tells payments apart that are alike in everything else. */
  readonly tie: number;
  readonly place: PaymentPlace;
}

/** Where a page ended: the instant of its last payment, and how many of that instant were shown by then, out and in. */
export interface PaymentPlace {
  readonly atMs: number;
  readonly out: number;
  readonly in: number;
}

/** The payments of an account, the newest first, after a place. */
export function paymentsOf(
  index: PaymentIndex,
  key: string,
  after: PaymentPlace | undefined,
  limit: number,
): AccountPayment[] {
  const slot = index.slotOf(key);
  if (slot === -1) return [];
  const sides = (['out', 'in'] as const).map((direction) => {
    const side = sideOf(index, slot, direction);
    const end = after === undefined ? side.payments.count : side.payments.firstFrom(after.atMs + 1) - after[direction];
    return { ...side, direction, at: end - 1 };
  });
  const [out, into] = sides as [Side, Side];
  const payments: AccountPayment[] = [];
  let last = after;
  for (let side = laterOf(out, into); side !== undefined && payments.length < limit; side = laterOf(out, into)) {
    const payment = paymentAt(index, side);
    const before = payment.atMs === last?.atMs ? last : { atMs: payment.atMs, out: 0, in: 0 };
    last = { ...before, [side.direction]: before[side.direction] + 1 };
    payments.push({ ...payment, place: last });
    side.at -= 1;
  }
  return payments;
}

interface Side {
  readonly direction: Direction;
  readonly payments: AccountPayments;
  readonly amount: (place: number) => bigint;
  readonly currency: (place: number) => number;
  readonly atMs: (place: number) => number;
  at: number;
}

/** Of what is next on both sides the later; what came before what left. */
function laterOf(out: Side, into: Side): Side | undefined {
  if (out.at < 0) return into.at < 0 ? undefined : into;
  if (into.at < 0) return out;
  return out.atMs(out.payments.placeAt(out.at)) > into.atMs(into.payments.placeAt(into.at)) ? out : into;
}

function paymentAt(
  index: PaymentIndex,
  { direction, payments, amount, currency, atMs, at }: Side,
): Omit<AccountPayment, 'place'> {
  const place = payments.placeAt(at);
  const other = payments.otherAt(at);
  return {
    direction,
    counterpart: other === cash ? null : index.keyOf(other),
    amount: amount(place),
    currency: index.currencyCode(currency(place)),
    atMs: atMs(place),
    channel: index.channel(place),
    reference: index.reference(place),
    isReturned: index.isReturned(place),
    isReturn: index.returnOf(place) !== -1,
    tie: index.tie(place),
  };
}

/** An account's payments in one direction, with what each was on the account's own side. */
const sideOf = (index: PaymentIndex, slot: number, direction: Direction): Omit<Side, 'direction' | 'at'> =>
  direction === 'out'
    ? { payments: index.outOf(slot), amount: index.amount, currency: index.currency, atMs: index.atMs }
    : { payments: index.into(slot), amount: index.credited, currency: index.creditedCurrency, atMs: index.arrivesAtMs };
