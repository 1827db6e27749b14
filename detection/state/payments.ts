import { bytesOf, type Flat, type Kept } from './arrays.ts';
import { dollarsPerMinor } from './money.ts';

/** One payment as the windows keep it. An end is a slot of the accounts; `outside` is cash. */
export interface PaymentEntry {
  readonly number: number;
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly minor: number;
  readonly currency: number;
  readonly channel: number;
}

/** No account: cash. */
export const outside = -1;
/** An account that was forgotten since. */
export const gone = -2;
/** No entry. */
export const none = -1;

/**
 * The payments that were seen last, as many as fit, each in two lists: what left its sender and what reached its receiver,
 * newest first by when it happened. A place is where an entry lies in the ring.
 */
export interface Payments extends Kept {
  readonly capacity: number;
  /** How many it holds. */
  size(): number;
  add(entry: PaymentEntry): number;
  /** The newest payment out of (into) an account, or `none`. */
  lastOut(account: number): number;
  lastIn(account: number): number;
  /** The one before, or `none`. */
  earlierOut(place: number): number;
  earlierIn(place: number): number;
  atMs(place: number): number;
  from(place: number): number;
  to(place: number): number;
  dollars(place: number): number;
  minor(place: number): number;
  currency(place: number): number;
  channel(place: number): number;
  number(place: number): number;
  /** An account's slot is given away: its payments have no such end any more. */
  forget(account: number): void;
  bytes(): number;
}

/** How far a late payment is carried back in a list before it is put where it then stands. */
const lateStepsMax = 64;

/** An entry fills one line of a processor's cache: four doubles, and eight words behind them. */
const doubles = 8;
const words = 16;
const field = { at: 0, number: 1, minor: 2, dollars: 3 } as const;
const word = { from: 8, to: 9, earlierOut: 10, earlierIn: 11, laterOut: 12, laterIn: 13, kind: 14 } as const;
const channelShift = 8;

/** One of an entry's two lists. Links hold place + 1, so that what was never written is `none`. */
interface List {
  readonly heads: Int32Array;
  readonly end: number;
  readonly earlier: number;
  readonly later: number;
}

export function openPayments(options: { readonly accounts: number; readonly capacity: number }): Payments {
  const { accounts, capacity } = options;
  const f = new Float64Array(capacity * doubles);
  const w = new Int32Array(f.buffer);
  const firstOut = new Int32Array(accounts);
  const firstIn = new Int32Array(accounts);
  /** How many were added. */
  const added = new Float64Array(1);
  const outs: List = { heads: firstOut, end: word.from, earlier: word.earlierOut, later: word.laterOut };
  const ins: List = { heads: firstIn, end: word.to, earlier: word.earlierIn, later: word.laterIn };

  function link({ heads, end, earlier, later }: List, place: number): void {
    const account = w[place * words + end]!;
    if (account < 0) return;
    const atMs = f[place * doubles]!;
    let before = heads[account]! - 1;
    let after = none;
    for (let steps = 0; before !== none && f[before * doubles]! > atMs && steps < lateStepsMax; steps += 1) {
      after = before;
      before = w[before * words + earlier]! - 1;
    }
    w[place * words + earlier] = before + 1;
    w[place * words + later] = after + 1;
    if (before !== none) w[before * words + later] = place + 1;
    if (after === none) heads[account] = place + 1;
    else w[after * words + earlier] = place + 1;
  }

  function unlink({ heads, end, earlier, later }: List, place: number): void {
    const account = w[place * words + end]!;
    if (account < 0) return;
    const before = w[place * words + earlier]! - 1;
    const after = w[place * words + later]! - 1;
    if (before !== none) w[before * words + later] = after + 1;
    if (after !== none) w[after * words + earlier] = before + 1;
    else heads[account] = before + 1;
  }

  function forgetIn({ heads, end, earlier }: List, account: number): void {
    for (let place = heads[account]! - 1; place !== none; place = w[place * words + earlier]! - 1)
      w[place * words + end] = gone;
    heads[account] = 0;
  }

  const arrays = (): readonly Flat[] => [f, firstOut, firstIn, added];

  return {
    capacity,
    size: () => Math.min(added[0]!, capacity),
    add({ number, atMs, from, to, minor, currency, channel }) {
      const place = added[0]! % capacity;
      if (added[0]! >= capacity) {
        unlink(outs, place);
        unlink(ins, place);
      }
      added[0] = added[0]! + 1;
      const at = place * doubles;
      f[at + field.at] = atMs;
      f[at + field.number] = number;
      f[at + field.minor] = minor;
      f[at + field.dollars] = minor * dollarsPerMinor[currency]!;
      const wordAt = place * words;
      w[wordAt + word.from] = from;
      w[wordAt + word.to] = to;
      w[wordAt + word.kind] = currency | (channel << channelShift);
      link(outs, place);
      link(ins, place);
      return place;
    },
    lastOut: (account) => firstOut[account]! - 1,
    lastIn: (account) => firstIn[account]! - 1,
    earlierOut: (place) => w[place * words + word.earlierOut]! - 1,
    earlierIn: (place) => w[place * words + word.earlierIn]! - 1,
    atMs: (place) => f[place * doubles + field.at]!,
    from: (place) => w[place * words + word.from]!,
    to: (place) => w[place * words + word.to]!,
    dollars: (place) => f[place * doubles + field.dollars]!,
    minor: (place) => f[place * doubles + field.minor]!,
    currency: (place) => w[place * words + word.kind]! & 255,
    channel: (place) => w[place * words + word.kind]! >> channelShift,
    number: (place) => f[place * doubles + field.number]!,
    forget(account) {
      forgetIn(outs, account);
      forgetIn(ins, account);
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
