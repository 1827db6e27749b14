import type { Kept } from '../state/arrays.ts';
import type { Identities } from './identities.ts';
import { dayMs, type PaymentSight } from './payment-sight.ts';

/** So many payments of an account in each direction are remembered one by one, the newest, and none older than the horizon is shown. */
export const listMax = 16;
const horizonMs = 30 * dayMs;

/** The newest payments of one account in one direction, newest first, as places. Filled anew for each payment. */
export interface RecentList {
  length: number;
  readonly places: Int32Array;
}

export const openList = (): RecentList => ({ length: 0, places: new Int32Array(listMax) });

/**
 * The newest payments out of and into each account. A payment between two accounts is written down with both. Lists leave out payments
 * whose other end was forgotten.
 */
export interface RecentPayments extends Kept {
  /** `isNew` if the two had not paid before; `opinion` is how suspicious the payment was found. */
  note(payment: PaymentSight, isNew: boolean, opinion: number): void;
  /** Into `list`: what left the account. */
  outOf(slot: number, atMs: number, list: RecentList, max: number): void;
  inTo(slot: number, atMs: number, list: RecentList, max: number): void;
  forget(slot: number): void;
  at(place: number): number;
  /** The account at the other end. */
  other(place: number): number;
  usd(place: number): number;
  isNew(place: number): number;
  opinion(place: number): number;
}

// A payment is eight words that lie together, and so do all of one list: memory is read in few runs.
const wordsPerPlace = 8;
const doublesPerPlace = 4;
const [otherWord, bornWord, usdWord, opinionWord, isNewWord] = [2, 3, 4, 5, 6];

export function openRecentPayments(accounts: number, identities: Identities): RecentPayments {
  const doubles = new Float64Array(accounts * 2 * listMax * doublesPerPlace);
  const words = new Int32Array(doubles.buffer);
  const floats = new Float32Array(doubles.buffer);
  /** How many were noted in each list, out and in by turns. The last one is at this number less one, round the list. */
  const noted = new Int32Array(accounts * 2);

  function add(which: number, other: number, payment: PaymentSight, isNew: boolean, opinion: number): void {
    const count = noted[which]!;
    // Starts over before it runs out, at the same place in the list and still full.
    noted[which] = count === 0x7fffffff - listMax + 1 ? listMax + 1 + (count % listMax) : count + 1;
    const place = which * listMax + (count % listMax);
    const word = place * wordsPerPlace;
    doubles[place * doublesPerPlace] = payment.atMs;
    words[word + otherWord] = other;
    words[word + bornWord] = identities.of(other);
    floats[word + usdWord] = payment.usd;
    floats[word + opinionWord] = opinion;
    words[word + isNewWord] = isNew ? 1 : 0;
  }

  function show(which: number, sinceMs: number, list: RecentList, max: number): void {
    const count = noted[which]!;
    const start = which * listMax;
    const least = Math.max(0, count - listMax, count - max);
    let length = 0;
    for (let number = count - 1; number >= least; number -= 1) {
      const place = start + (number % listMax);
      const word = place * wordsPerPlace;
      if (doubles[place * doublesPerPlace]! < sinceMs) break;
      // An account whose slot was given away is nobody that we know.
      if (identities.now(words[word + otherWord]!) === words[word + bornWord]!) list.places[length++] = place;
    }
    list.length = length;
  }

  return {
    at: (place) => doubles[place * doublesPerPlace]!,
    other: (place) => words[place * wordsPerPlace + otherWord]!,
    usd: (place) => floats[place * wordsPerPlace + usdWord]!,
    isNew: (place) => words[place * wordsPerPlace + isNewWord]!,
    opinion: (place) => floats[place * wordsPerPlace + opinionWord]!,
    note(payment, isNew, opinion) {
      add(payment.from * 2, payment.to, payment, isNew, opinion);
      add(payment.to * 2 + 1, payment.from, payment, isNew, opinion);
    },
    outOf(slot, atMs, list, max) {
      show(slot * 2, atMs - horizonMs, list, max);
    },
    inTo(slot, atMs, list, max) {
      show(slot * 2 + 1, atMs - horizonMs, list, max);
    },
    forget(slot) {
      noted[slot * 2] = 0;
      noted[slot * 2 + 1] = 0;
      doubles.fill(0, slot * 2 * listMax * doublesPerPlace, (slot + 1) * 2 * listMax * doublesPerPlace);
    },
    arrays: () => [doubles, noted],
  };
}
