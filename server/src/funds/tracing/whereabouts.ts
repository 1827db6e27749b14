import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { lastLookedAtMs, syncAccount, type Account, type Exit, type Holding } from './account-money.ts';
import { openAccount, type WhereaboutsOptions } from './account-opening.ts';
import { cash, type PaymentChannel } from './payment-index.ts';
import { openPool } from './pools.ts';
import { nothing, plus, type Taint } from './taint.ts';
import type { Origin, TracedEdge, TracedPlace, TraceLimits, Via } from './trace-terms.ts';
import { byArrival, tracedPlaces } from './traced-places.ts';

/** Where the money of one trace is while it is followed, and what becomes of that. */
export interface Whereabouts {
  /** The account of a slot or key; undefined if there are too many. `atMs`: when money first reaches it. */
  accountAt(slot: number, atMs: number): Account | undefined;
  accountOf(key: string, atMs: number): Account | undefined;
  /** An account that money has reached. */
  reached(key: string): Account | undefined;
  /** Money reaches an account; whether it may go on from there is said by the account’s `end`. */
  reach(account: Account, currency: number, taint: Taint, via: Via): Holding;
  rest(holding: Holding, taint: Taint): void;
  /** Brings an account’s balances to an instant: all that came until then, and what left before and was not followed. */
  sync(account: Account, atMs: number): void;
  toNobody(end: 'cash' | 'too-far', currency: number, taint: Taint, via: Via): void;
  toFee(currency: number, taint: Taint, via: Via): void;
  unseen(account: Account, holding: Holding, taint: Taint, atMs: number): void;
  nameOfOrigin(origin: Origin): string | null;
  edges(): number;
  finish(): { readonly places: TracedPlace[]; readonly edges: TracedEdge[] };
}

export function openWhereabouts(options: WhereaboutsOptions): Whereabouts {
  const { index, limits, stolenCurrency } = options;
  const bySlot = new Map<number, Account>();
  const byKey = new Map<string, Account>();
  const exits = new Map<string, Exit>();
  const edges: TracedEdge[] = [];

  const nameOf = (key: string, currency: number): string => `${index.currencyCode(currency)} ${key}`;

  const isFull = (): boolean => bySlot.size + byKey.size >= limits.placesMax;

  function accountAt(slot: number, atMs: number): Account | undefined {
    const known = bySlot.get(slot);
    if (known !== undefined || isFull()) return known;
    const account = openAccount(options, index.keyOf(slot), slot, atMs);
    bySlot.set(slot, account);
    return account;
  }

  function holdingOf(account: Account, currency: number, atMs: number): Holding {
    const held = account.holdings.find((holding) => holding.currency === currency);
    if (held !== undefined) return held;
    const holding: Holding = {
      name: nameOf(account.key, currency),
      currency,
      pool: openPool(limits.method),
      reached: 0n,
      resting: nothing,
      hop: Infinity,
      firstAtMs: atMs,
    };
    account.holdings.push(holding);
    return holding;
  }

  function exitFor(name: string, end: PlaceEnd, currency: number, atMs: number): Exit {
    const known = exits.get(name);
    if (known !== undefined) return known;
    const exit: Exit = { name, end, currency, hop: Infinity, taint: nothing, firstAtMs: atMs };
    exits.set(name, exit);
    return exit;
  }

  function leaveBy(exit: Exit, taint: Taint, via: Via): void {
    exit.taint = plus(exit.taint, taint);
    exit.hop = Math.min(exit.hop, via.hop);
    addEdge(exit.name, taint, via);
  }

  function addEdge(to: string, { stolen, local }: Taint, { from, atMs, place, origin }: Via): void {
    const payment = place === undefined ? origin && originPayment(origin) : paymentAt(place);
    edges.push({ from, to, stolenCurrency, stolen, local, atMs, ...(payment === undefined ? {} : { payment }) });
  }

  function paymentAt(place: number): NamedPayment {
    const [from, to, reference] = [index.from(place), index.to(place), index.reference(place)];
    return {
      ...(from === cash ? {} : { from: keyAt(from) }),
      ...(to === cash ? {} : { to: keyAt(to) }),
      amount: { value: index.amount(place).toString(), currency: index.currencyCode(index.currency(place)) },
      at: new Date(index.atMs(place)).toISOString(),
      ...(reference === undefined ? {} : { reference }),
    };
  }

  const keyAt = (slot: number): string => bySlot.get(slot)?.key ?? index.keyOf(slot);

  function unseen(account: Account, holding: Holding, taint: Taint, atMs: number): void {
    if (taint.stolen === 0n) return;
    const exit = exitFor(`unknown ${holding.name}`, 'unknown', holding.currency, atMs);
    leaveBy(exit, taint, { from: holding.name, hop: account.hop + 1, atMs, place: undefined });
  }

  const sync = (account: Account, atMs: number): void => syncAccount(index, account, atMs, unseen);

  return {
    accountAt,
    accountOf(key, atMs) {
      const slot = index.slotOf(key);
      if (slot !== -1) return accountAt(slot, atMs);
      const known = byKey.get(key);
      if (known !== undefined || isFull()) return known;
      const account = openAccount(options, key, slot, atMs);
      byKey.set(key, account);
      return account;
    },
    reached: (key) => bySlot.get(index.slotOf(key)) ?? byKey.get(key),
    reach(account, currency, taint, via) {
      account.hop = Math.min(account.hop, via.hop);
      if (via.place !== undefined)
        account.end ??= endBy(paymentChannels[index.channel(via.place)]!, account.key, limits);
      const holding = holdingOf(account, currency, via.atMs);
      holding.hop = Math.min(holding.hop, via.hop);
      holding.reached += taint.stolen;
      addEdge(holding.name, taint, via);
      return holding;
    },
    rest(holding, taint) {
      holding.resting = plus(holding.resting, taint);
    },
    sync,
    toNobody(end, currency, taint, via) {
      const name =
        end === 'cash' ? `cash ${via.from ?? index.currencyCode(currency)}` : `${end} ${index.currencyCode(currency)}`;
      leaveBy(exitFor(name, end, currency, via.atMs), taint, via);
    },
    toFee: (currency, taint, via) =>
      leaveBy(exitFor(`fee ${index.currencyCode(currency)}`, 'fee', currency, via.atMs), taint, via),
    unseen,
    nameOfOrigin: ({ from, currency }) => (from === undefined ? null : `${currency} ${from}`),
    edges: () => edges.length,
    finish() {
      const accounts = [...bySlot.values(), ...byKey.values()];
      const places: TracedPlace[] = [];
      const { placeOf, exitPlace } = tracedPlaces(options);
      for (const account of accounts) {
        if (account.isFollowed && account.end === undefined) close(account);
        for (const holding of account.holdings) places.push(placeOf(account, holding));
      }
      for (const exit of exits.values()) places.push(exitPlace(exit));
      return { places: places.sort(byArrival), edges };
    },
  };

  function close(account: Account): void {
    sync(account, limits.untilMs);
    for (const holding of account.holdings) {
      const taint = holding.pool.close();
      if (taint.stolen > 0n)
        unseen(account, holding, taint, Math.max(lastLookedAtMs(index, account), holding.firstAtMs));
    }
  }
}

/** Why an account is not followed from a payment that reached it in such a way. */
function endBy(channel: PaymentChannel, key: string, limits: TraceLimits): PlaceEnd | undefined {
  if (channel === 'exchange') return 'exchange';
  return limits.isMerchant(key, channel) ? 'merchant' : undefined;
}

const originPayment = ({ from, to, amount, currency, atMs, reference }: Origin): NamedPayment => ({
  ...(from === undefined ? {} : { from }),
  ...(to === null ? {} : { to }),
  amount: { value: amount.toString(), currency },
  at: new Date(atMs).toISOString(),
  ...(reference === undefined ? {} : { reference }),
});
