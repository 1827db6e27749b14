import { createHash } from 'node:crypto';

/** Payments in order of time, with what is true of them: parallel arrays, one place a payment. */
export interface DataSet {
  readonly name: string;
  /** Which layout it was read from, and which fields it gave. */
  readonly layout: string;
  readonly fields: readonly string[];
  readonly accounts: number;
  readonly at: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly usd: Float64Array;
  readonly channel: Uint8Array;
  readonly fromBalance: Float64Array;
  readonly toBalance: Float64Array;
  /** 1 for a payment that is judged: one between accounts. The others are history. */
  readonly judged: Uint8Array;
  readonly positive: Uint8Array;
  /** The place in `typologies`. */
  readonly typology: Uint16Array;
  readonly typologies: readonly string[];
  /** Which pattern a positive payment belongs to; -1 if none or not known. */
  readonly pattern: Int32Array;
  /** SHA-256 of the arrays above but the truth. */
  readonly digest: string;
  /** Of a simulated world: what the business cost those behind it and brought them, by name. */
  readonly rings?: Readonly<Record<string, number>>;
}

/** What a reader of a layout finds in one line. */
export interface FoundPayment {
  readonly atMs: number;
  /** The account's name in the data; undefined is cash or outside. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly usd: number;
  readonly channel: number;
  readonly fromBalance?: number;
  readonly toBalance?: number;
  readonly judged: boolean;
  readonly positive: boolean;
  readonly typology?: string | undefined;
  readonly pattern?: string | undefined;
}

/** Something is wrong with the data that the person who gave it can put right. */
export class DataSetError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Steps of a simulated day count from here, so that instants are after 1970. */
export const stepsFromMs = Date.UTC(2020, 0, 1);
export const stepMs = 86_400_000;

export interface Gathering {
  add(payment: FoundPayment): void;
  /** Payments of one instant come in an order of chance, by `seed`: the order of lines in a simulator's file tells its labels. */
  finish(about: Pick<DataSet, 'name' | 'layout' | 'fields'>, seed: number): DataSet;
}

const unlabelled = 'unlabelled';

export function openGathering(): Gathering {
  const accounts = new Map<string, number>();
  const patterns = new Map<string, number>();
  const typologies = new Map<string, number>([[unlabelled, 0]]);
  const at: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const usd: number[] = [];
  const channel: number[] = [];
  const fromBalance: number[] = [];
  const toBalance: number[] = [];
  const judged: number[] = [];
  const positive: number[] = [];
  const typology: number[] = [];
  const pattern: number[] = [];
  return {
    add(payment) {
      at.push(payment.atMs);
      from.push(payment.from === undefined ? -1 : numberOf(accounts, payment.from));
      to.push(payment.to === undefined ? -1 : numberOf(accounts, payment.to));
      usd.push(payment.usd);
      channel.push(payment.channel);
      fromBalance.push(payment.fromBalance ?? Number.NaN);
      toBalance.push(payment.toBalance ?? Number.NaN);
      judged.push(payment.judged ? 1 : 0);
      positive.push(payment.positive ? 1 : 0);
      typology.push(payment.positive ? numberOf(typologies, payment.typology ?? unlabelled) : 0);
      pattern.push(payment.positive && payment.pattern !== undefined ? numberOf(patterns, payment.pattern) : -1);
    },
    finish(about, seed) {
      const order = orderOf(at, seed);
      const take = (values: readonly number[]) => Array.from(order, (place) => values[place]!);
      const known = {
        at: Float64Array.from(take(at)),
        from: Int32Array.from(take(from)),
        to: Int32Array.from(take(to)),
        usd: Float64Array.from(take(usd)),
        channel: Uint8Array.from(take(channel)),
        fromBalance: Float64Array.from(take(fromBalance)),
        toBalance: Float64Array.from(take(toBalance)),
        judged: Uint8Array.from(take(judged)),
      };
      const hash = createHash('sha256');
      for (const array of Object.values(known)) hash.update(new Uint8Array(array.buffer));
      return {
        ...about,
        ...known,
        accounts: accounts.size,
        positive: Uint8Array.from(take(positive)),
        typology: Uint16Array.from(take(typology)),
        typologies: [...typologies.keys()],
        pattern: Int32Array.from(take(pattern)),
        digest: hash.digest('hex'),
      };
    },
  };
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

function orderOf(at: readonly number[], seed: number): Uint32Array {
  const lots = Uint32Array.from(at, (_, place) => lotOf(place, seed));
  const order = Uint32Array.from(at, (_, place) => place);
  return order.sort((one, other) => at[one]! - at[other]! || lots[one]! - lots[other]! || one - other);
}

function lotOf(place: number, seed: number): number {
  let lot = Math.imul(place + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  lot = Math.imul(lot ^ (lot >>> 16), 0x21f0aaad);
  lot = Math.imul(lot ^ (lot >>> 15), 0x735a2d97);
  return (lot ^ (lot >>> 15)) >>> 0;
}
