import type { Payment } from '@bronze-drum/protocol/activity/payment';
import type { TObject } from 'typebox';
import { accountDetectors } from './detectors/accounts.ts';
import { isBusy } from './detectors/standing.ts';
import { openPaymentBook, type Hop, type PaymentBookSizes } from './payment-book.ts';
import type { PaymentView } from './payment-view.ts';
import type { Sight } from './sight.ts';
import type { PaymentSight } from './features/payment-sight.ts';
import { noted } from './state/accounts.ts';
import { bytesOf, type Flat } from './state/arrays.ts';
import { none } from './state/payments.ts';
import { fillTrail, openTrail } from './state/trail.ts';
import { fillWindow, openWindow, windowEntriesMax, windowSpanMs } from './state/window.ts';
import type { Found, Ground, Watch } from './watch.ts';

export interface AccountWatch extends Watch {
  /**
   * A payment, with what lies behind it, from the process that watches its sender. What is known already counts once.
   */
  seeBehind(hops: readonly Hop[], sight: Sight<'payment'>, found: Found): void;
  /** What lies behind the payment that was seen last, if its sender is watched here and its receiver elsewhere. */
  behind(): readonly Hop[];
  /** The payment that was seen last as a score sees it; undefined if it was known before. */
  lastSight(): PaymentSight | undefined;
  /** How many accounts are known, and how many payments. */
  size(): { readonly accounts: number; readonly payments: number };
}

const hopsMax = 24;
/** What is smaller, or twice what came within a day before it, is hardly part of a way that detectors follow. */
const hopDollarsMin = 50;
const hopShareMin = 0.5;
const hopMsMax = 24 * 3_600_000;
/** Of a till, the last payments are enough: no pattern is looked for in the others. */
const busyEntries = 8;

/** Money itself, of cash at either end or on its way between accounts. `forget` is told of accounts that make way for others. */
export function openAccountWatch(
  ground: Ground,
  sizes: PaymentBookSizes,
  forget: (account: number) => void = () => undefined,
): AccountWatch {
  const book = openPaymentBook(sizes, forget);
  const { payments, accounts } = book;
  const began = new Float64Array(1);
  const trail = openTrail();
  const readLimits = () => accountDetectors.map((each) => ground.limitsOf<TObject>(each));
  let limits = readLimits();
  let isTrailed = false;
  let lastHops: readonly Hop[] = [];
  let lastPlace = none;

  const view: PaymentView = {
    end: 'in',
    own: openWindow(),
    place: 0,
    atMs: 0,
    dollars: 0,
    record: undefined as unknown as Payment,
    isOwnCustomer: false,
    accounts,
    payments,
    beganMs: 0,
    trail() {
      if (!isTrailed) fillTrail(trail, payments, view.place, windowSpanMs);
      isTrailed = true;
      return trail;
    },
    keyOf: book.keyOf,
    accountsOfController: book.accountsOfController,
  };

  function judge(end: 'in' | 'out', account: number, sight: Sight<'payment'>, found: Found): void {
    const key = end === 'in' ? sight.record.to! : sight.record.from!;
    if (!ground.owns(key)) return;
    view.end = end;
    view.isOwnCustomer = isOwnCustomer(sight.record, end);
    const nowMs = Math.max(sight.atMs, accounts.lastAtMs(account));
    const entries = isBusy(accounts, account, nowMs) ? busyEntries : windowEntriesMax;
    fillWindow(view.own, payments, { account, nowMs, entries });
    for (let i = 0; i < accountDetectors.length; i += 1) {
      const verdict = accountDetectors[i]!.find(view, limits[i] as never);
      if (verdict !== undefined) found(accountDetectors[i]!, key, verdict);
    }
  }

  function see(sight: Sight<'payment'>, found: Found): void {
    lastHops = [];
    lastPlace = none;
    const { record, atMs } = sight;
    if (record.state === 'rejected' || record.state === 'returned') return;
    if (began[0] === 0) began[0] = atMs;
    const place = book.enter(sight);
    if (book.isFresh()) lastPlace = place;
    const from = payments.from(place);
    const to = payments.to(place);
    const own = record.side === 'receiver' ? to : from;
    if (own >= 0) book.learn(sight, own);
    if (from >= 0) accounts.note(from, noted.listed, ground.listed(record.from!));
    if (to >= 0) accounts.note(to, noted.listed, ground.listed(record.to!));
    view.place = place;
    view.atMs = payments.atMs(place);
    view.dollars = payments.dollars(place);
    view.record = record;
    view.beganMs = began[0]!;
    isTrailed = false;
    if (to >= 0) judge('in', to, sight, found);
    if (from >= 0) judge('out', from, sight, found);
    const isLeaving = from >= 0 && to >= 0 && ground.owns(record.from!) && !ground.owns(record.to!);
    if (isLeaving && view.dollars >= hopDollarsMin && !isBusy(accounts, from, view.atMs)) lastHops = hopsBehind();
  }

  /** None, unless something of about the amount reached the sender before. */
  function hopsBehind(): Hop[] {
    const { count, place, depth } = view.trail();
    const hops: Hop[] = [];
    const isFunding = (entry: number): boolean =>
      payments.dollars(place[entry]!) >= hopShareMin * view.dollars &&
      view.atMs - payments.atMs(place[entry]!) <= hopMsMax;
    let nearest = 1;
    while (nearest < count && depth[nearest] === 1 && !isFunding(nearest)) nearest += 1;
    if (nearest >= count || depth[nearest] !== 1) return hops;
    for (let entry = 1; entry < count && hops.length < hopsMax; entry += 1) hops.push(book.hopAt(place[entry]!));
    return hops;
  }

  function sightAt(place: number): PaymentSight {
    const [from, to] = [payments.from(place), payments.to(place)];
    const atMs = payments.atMs(place);
    const balance = (account: number): number =>
      account >= 0 && accounts.balanceAtMs(account) === atMs ? accounts.balance(account) : Number.NaN;
    const fromBalance = balance(from);
    const toBalance = balance(to);
    return { atMs, from, to, usd: payments.dollars(place), channel: payments.channel(place), fromBalance, toBalance };
  }

  const arrays = (): readonly Flat[] => [...book.arrays(), began];

  return {
    on: ['payment'],
    see: (sight, found) => see(sight as Sight<'payment'>, found),
    rulesChanged() {
      limits = readLimits();
    },
    seeBehind(hops, sight, found) {
      hops.forEach(book.enterHop);
      see(sight, found);
    },
    behind: () => lastHops,
    lastSight: () => (lastPlace === none ? undefined : sightAt(lastPlace)),
    size: book.size,
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}

/** Whether a record is told by the institution that serves this end, so that what it says of its customer is of this one. */
const isOwnCustomer = ({ side }: Payment, end: 'in' | 'out'): boolean =>
  end === 'in' ? side === 'receiver' : side !== 'receiver';
