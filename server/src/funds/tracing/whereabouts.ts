import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { cash, type AccountPayments, type PaymentChannel, type PaymentIndex } from './payment-index.ts';
import { openPool, type Pool } from './pools.ts';
import { nothing, plus, type Taint } from './taint.ts';
import type { Origin, TracedEdge, TracedPlace, TraceLimits, Via } from './trace-terms.ts';

/** An account that stolen money reached. */
export interface Account {
  readonly key: string;
  readonly outs: AccountPayments | undefined;
  readonly ins: AccountPayments | undefined;
  /** The next of its payments that was not looked at. */
  out: number;
  in: number;
  readonly holdings: Holding[];
  hop: number;
  /** It is not followed, for good. */
  end: PlaceEnd | undefined;
  readonly member: MemberCode | undefined;
  isFollowed: boolean;
  /** Its next payment is among the steps to come. */
  isWaiting: boolean;
  /** It paid on after the money came, within the trace’s time. */
  readonly hasPaidOn: boolean;
}

/** Its money in one currency. */
export interface Holding {
  readonly name: string;
  readonly currency: number;
  readonly pool: Pool;
  reached: bigint;
  /** What came where it is not followed. */
  resting: Taint;
  hop: number;
  readonly firstAtMs: number;
}

/** No account: cash, a fee, and what nobody can say. */
interface Exit {
  readonly name: string;
  readonly end: PlaceEnd;
  readonly currency: number;
  hop: number;
  taint: Taint;
  readonly firstAtMs: number;
}

/** Where the money of one trace is while it is followed, and what becomes of that. */
export interface Whereabouts {
  /** The account of a slot or key; undefined if there are too many. `atMs`: when money first reaches it. */
  accountAt(slot: number, atMs: number): Account | undefined;
  accountOf(key: string, atMs: number): Account | undefined;
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

export interface WhereaboutsOptions {
  readonly index: PaymentIndex;
  readonly limits: TraceLimits;
  readonly stolenCurrency: string;
  readonly startMs: number;
  /** Whoever was robbed got back what reaches them. */
  readonly victims: ReadonlySet<string>;
}

export function openWhereabouts(options: WhereaboutsOptions): Whereabouts {
  const { index, limits, stolenCurrency } = options;
  const bySlot = new Map<number, Account>();
  const byKey = new Map<string, Account>();
  const exits = new Map<string, Exit>();
  const edges: TracedEdge[] = [];

  const nameOf = (key: string, currency: number): string => `${index.currencyCode(currency)} ${key}`;

  function openAccount(key: string, slot: number, atMs: number): Account {
    const outs = slot === -1 ? undefined : index.outOf(slot);
    const ins = slot === -1 ? undefined : index.into(slot);
    const out = outs?.firstFrom(atMs) ?? 0;
    const home = limits.homeOf(key);
    const member = home === limits.self ? undefined : home;
    return {
      key,
      outs,
      ins,
      out,
      in: ins?.firstFrom(atMs) ?? 0,
      holdings: [],
      hop: Infinity,
      end: endOf(key, member, ins),
      member,
      isFollowed: false,
      isWaiting: false,
      hasPaidOn: outs !== undefined && out < outs.count && index.atMs(outs.placeAt(out)) <= limits.untilMs,
    };
  }

  /** Why an account is not followed, whichever payment reaches it. */
  function endOf(key: string, member: MemberCode | undefined, ins: AccountPayments | undefined): PlaceEnd | undefined {
    if (options.victims.has(key)) return 'open';
    if (key.startsWith('wallet:')) return 'exchange';
    if (member !== undefined) return 'abroad';
    return ins !== undefined && isPooled(ins) ? 'pooled' : undefined;
  }

  function isPooled(ins: AccountPayments): boolean {
    const { startMs } = options;
    const from = ins.firstFrom(startMs);
    const payersMin = limits.pooledPayersMin;
    if (ins.count - from < payersMin) return false;
    const to = ins.firstFrom(limits.untilMs + 1);
    const payers = new Set<number>();
    for (let at = from; at < to && payers.size < payersMin; at += 1) {
      const payer = ins.otherAt(at);
      if (payer !== cash) payers.add(payer);
    }
    return payers.size >= payersMin;
  }

  const isFull = (): boolean => bySlot.size + byKey.size >= limits.placesMax;

  function accountAt(slot: number, atMs: number): Account | undefined {
    const known = bySlot.get(slot);
    if (known !== undefined || isFull()) return known;
    const account = openAccount(index.keyOf(slot), slot, atMs);
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

  function sync(account: Account, atMs: number): void {
    const { ins, outs } = account;
    if (ins === undefined || outs === undefined) return;
    for (;;) {
      const cameAt = nextIn(account, atMs);
      const wentAt = nextOut(account, atMs);
      if (cameAt === undefined && wentAt === undefined) return;
      if (cameAt !== undefined && (wentAt === undefined || index.arrivesAtMs(cameAt) <= index.atMs(wentAt))) {
        account.in += 1;
        credit(account, cameAt);
      } else {
        account.out += 1;
        const holding = account.holdings.find(({ currency }) => currency === index.currency(wentAt!));
        holding?.pool.pass({ amount: index.amount(wentAt!), balanceAfter: index.balanceOut(wentAt!) });
      }
    }
  }

  function nextIn({ ins, in: at }: Account, atMs: number): number | undefined {
    if (at >= ins!.count || !ins!.mayBeBy(at, atMs)) return undefined;
    const place = ins!.placeAt(at);
    return index.arrivesAtMs(place) <= atMs ? place : undefined;
  }

  function nextOut({ outs, out: at }: Account, atMs: number): number | undefined {
    if (at >= outs!.count || !outs!.mayBeBy(at, atMs)) return undefined;
    const place = outs!.placeAt(at);
    return index.atMs(place) < atMs ? place : undefined;
  }

  function credit(account: Account, place: number): void {
    const holding = account.holdings.find(({ currency }) => currency === index.creditedCurrency(place));
    if (holding === undefined) return;
    const atMs = index.arrivesAtMs(place);
    const balanceAfter = index.balanceIn(place);
    unseen(
      account,
      holding,
      holding.pool.credit({ amount: index.credited(place), atMs, payment: place, balanceAfter }),
      atMs,
    );
  }

  return {
    accountAt,
    accountOf(key, atMs) {
      const slot = index.slotOf(key);
      if (slot !== -1) return accountAt(slot, atMs);
      const known = byKey.get(key);
      if (known !== undefined || isFull()) return known;
      const account = openAccount(key, slot, atMs);
      byKey.set(key, account);
      return account;
    },
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
    for (const holding of account.holdings)
      unseen(account, holding, holding.pool.close(), Math.max(lastLookedAtMs(account), holding.firstAtMs));
  }

  function lastLookedAtMs({ ins, outs, in: at, out }: Account): number {
    const cameMs = ins === undefined || at === 0 ? -Infinity : index.arrivesAtMs(ins.placeAt(at - 1));
    const wentMs = outs === undefined || out === 0 ? -Infinity : index.atMs(outs.placeAt(out - 1));
    return Math.max(cameMs, wentMs);
  }

  function placeOf(account: Account, { name, currency, pool, hop, reached, resting, firstAtMs }: Holding): TracedPlace {
    const remains = pool.stolen() + resting.stolen;
    const balance = pool.toldBalance();
    const end = placeEnd(account, remains);
    return {
      name,
      key: account.key,
      currency: index.currencyCode(currency),
      stolenCurrency,
      hop,
      reached,
      remains,
      local: pool.local() + resting.local,
      ...(balance === undefined ? {} : { balance }),
      end,
      ...(end === 'abroad' && account.member !== undefined ? { member: account.member } : {}),
      firstAtMs,
    };
  }

  function placeEnd(account: Account, remains: bigint): PlaceEnd {
    if (account.end !== undefined) return account.end;
    if (remains === 0n) return 'passed-on';
    if (!account.isFollowed) {
      if (account.hop < limits.hopsMax) return 'too-small';
      if (account.hasPaidOn) return 'too-far';
    }
    if (account.outs !== undefined && account.out < account.outs.count) return 'too-late';
    return limits.reports(account.key) ? 'open' : 'unknown';
  }

  function exitPlace({ name, end, currency, hop, taint, firstAtMs }: Exit): TracedPlace {
    const { stolen: remains, local } = taint;
    const code = index.currencyCode(currency);
    return { name, key: null, currency: code, stolenCurrency, hop, reached: remains, remains, local, end, firstAtMs };
  }
}

/** Why an account is not followed from a payment that reached it in such a way. */
function endBy(channel: PaymentChannel, key: string, limits: TraceLimits): PlaceEnd | undefined {
  if (channel === 'exchange') return 'exchange';
  return limits.isMerchant(key, channel) ? 'merchant' : undefined;
}

const byArrival = (a: TracedPlace, b: TracedPlace): number =>
  a.firstAtMs - b.firstAtMs || a.hop - b.hop || (a.name < b.name ? -1 : 1);

const originPayment = ({ from, to, amount, currency, atMs, reference }: Origin): NamedPayment => ({
  ...(from === undefined ? {} : { from }),
  ...(to === null ? {} : { to }),
  amount: { value: amount.toString(), currency },
  at: new Date(atMs).toISOString(),
  ...(reference === undefined ? {} : { reference }),
});
