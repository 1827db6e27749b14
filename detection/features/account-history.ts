import type { PairHistory } from './pair-history.ts';
import { daysSince, dayMs, type FeaturePart, type PaymentSight } from './payment-sight.ts';

/** Windows forget by halves: after a quarter of a day, 1, 4 and 16 days. Each is the one before, four times slower. */
const halfLives = ['6h', '1d', '4d', '16d'] as const;
const windows = halfLives.length;

const timesPerAccount = 7;
const first = 0;
const lastOut = 1;
const lastIn = 2;
const lastSpent = 3;
const lastIncome = 4;
const decayed = 5;
const channelsAt = [3, 4, 6];

/** What is summed in each window, and under which name. */
const flows = ['out', 'out.usd', 'in', 'in.usd', 'out.new', 'in.new', 'spent'] as const;
const out = 0;
const outUsd = 1;
const incoming = 2;
const inUsd = 3;
const outNew = 4;
const inNew = 5;
const spent = 6;

/** For good: count, mean and sum of squared differences of payments out, payments in, spending and income. */
const moments = 0;
const cashCount = 12;
const newOutCount = 13;
const newInCount = 14;
const balance = 15;
const lastOutUsd = 16;
const lastInUsd = 17;
const flowsFrom = 18;
const valuesPerAccount = flowsFrom + flows.length * windows;
const kinds = ['out', 'in', 'spent', 'income'] as const;

const scalars = [
  'age',
  'since.out',
  'since.in',
  'since.spent',
  'since.income',
  ...kinds.flatMap((kind) => [`${kind}.count`, `${kind}.mean`, `${kind}.deviation`]),
  'spent.perDay',
  'spent.cashShare',
  'out.newShare',
  'in.newShare',
  'out.newCount',
  'in.newCount',
  'balance',
  'usd.toOutMean',
  'usd.toInMean',
  'usd.toSpentMean',
  'usd.toLastOut',
  'usd.toLastIn',
] as const;

const namesOfEnd: readonly string[] = [
  ...scalars,
  ...flows.flatMap((flow) => halfLives.map((life) => `${flow}.${life}`)),
  ...halfLives.map((life) => `through.${life}`),
];

/**
 * What each account did before, between accounts and outside: its everyday life, its windows, what it had. Payments with cash or
 * the outside at the other end are spending and income.
 */
export function openAccountHistory(accounts: number, pairs: Pick<PairHistory, 'isNew'>): FeaturePart {
  const times = new Float64Array(accounts * timesPerAccount);
  const values = new Float32Array(accounts * valuesPerAccount);

  /** Lets the windows of an account forget until now. */
  function decay(slot: number, atMs: number): void {
    const base = slot * timesPerAccount;
    const passed = atMs - times[base + decayed]!;
    if (passed <= 0) return;
    times[base + decayed] = atMs;
    let factor = 2 ** (-passed / (16 * dayMs));
    for (let window = windows - 1; window >= 0; window -= 1) {
      for (let flow = 0; flow < flows.length; flow += 1) {
        const place = slot * valuesPerAccount + flowsFrom + flow * windows + window;
        values[place] = values[place]! * factor;
      }
      factor = factor * factor * factor * factor;
    }
  }

  function add(slot: number, flow: number, value: number): void {
    const place = slot * valuesPerAccount + flowsFrom + flow * windows;
    for (let window = 0; window < windows; window += 1) values[place + window] = values[place + window]! + value;
  }

  function observe(slot: number, kind: number, usd: number): void {
    const place = slot * valuesPerAccount + moments + kind * 3;
    const count = values[place]! + 1;
    const difference = usd - values[place + 1]!;
    const mean = values[place + 1]! + difference / count;
    values[place] = count;
    values[place + 1] = mean;
    values[place + 2] = values[place + 2]! + difference * (usd - mean);
  }

  function readMoments(slot: number, row: Float32Array, offset: number): number {
    let at = offset;
    for (let kind = 0; kind < kinds.length; kind += 1) {
      const place = slot * valuesPerAccount + moments + kind * 3;
      const count = values[place]!;
      row[at++] = count;
      row[at++] = count === 0 ? Number.NaN : values[place + 1]!;
      row[at++] = count < 2 ? Number.NaN : Math.sqrt(Math.max(0, values[place + 2]!) / (count - 1));
    }
    return at;
  }

  function readEnd(slot: number, payment: PaymentSight, known: number, row: Float32Array, offset: number): void {
    decay(slot, payment.atMs);
    const time = slot * timesPerAccount;
    const value = slot * valuesPerAccount;
    const age = daysSince(times[time + first]!, payment.atMs);
    row[offset] = age;
    row[offset + 1] = daysSince(times[time + lastOut]!, payment.atMs);
    row[offset + 2] = daysSince(times[time + lastIn]!, payment.atMs);
    row[offset + 3] = daysSince(times[time + lastSpent]!, payment.atMs);
    row[offset + 4] = daysSince(times[time + lastIncome]!, payment.atMs);
    let at = readMoments(slot, row, offset + 5);
    const spentCount = values[value + moments + 6]!;
    row[at++] = spentCount / (age + 1);
    row[at++] = values[value + cashCount]! / spentCount;
    row[at++] = values[value + newOutCount]! / values[value + moments]!;
    row[at++] = values[value + newInCount]! / values[value + moments + 3]!;
    row[at++] = values[value + newOutCount]!;
    row[at++] = values[value + newInCount]!;
    row[at++] = known === known ? known : values[value + balance]!;
    row[at++] = payment.usd / values[value + moments + 1]!;
    row[at++] = payment.usd / values[value + moments + 4]!;
    row[at++] = payment.usd / values[value + moments + 7]!;
    row[at++] = payment.usd / values[value + lastOutUsd]!;
    row[at++] = payment.usd / values[value + lastInUsd]!;
    const flow = value + flowsFrom;
    for (let place = 0; place < flows.length * windows; place += 1) row[at++] = values[flow + place]!;
    for (let window = 0; window < windows; window += 1) {
      const left = values[flow + outUsd * windows + window]!;
      row[at++] = left / (left + values[flow + inUsd * windows + window]! + 1e-3);
    }
  }

  function noteTime(slot: number, which: number, atMs: number): void {
    const time = slot * timesPerAccount;
    if (times[time + first] === 0) times[time + first] = atMs;
    times[time + which] = Math.max(times[time + which]!, atMs);
    decay(slot, atMs);
  }

  function noteOut({ from, to, atMs, usd, channel, fromBalance }: PaymentSight, isNew: boolean): void {
    const value = from * valuesPerAccount;
    const isOutside = to < 0;
    noteTime(from, isOutside ? lastSpent : lastOut, atMs);
    observe(from, isOutside ? 2 : 0, usd);
    if (fromBalance === fromBalance) values[value + balance] = fromBalance;
    if (isOutside) {
      add(from, spent, 1);
      if (channelsAt.includes(channel)) values[value + cashCount] = values[value + cashCount]! + 1;
      return;
    }
    add(from, out, 1);
    add(from, outUsd, usd);
    values[value + lastOutUsd] = usd;
    if (!isNew) return;
    add(from, outNew, 1);
    values[value + newOutCount] = values[value + newOutCount]! + 1;
  }

  function noteIn({ from, to, atMs, usd, toBalance }: PaymentSight, isNew: boolean): void {
    const value = to * valuesPerAccount;
    const isOutside = from < 0;
    noteTime(to, isOutside ? lastIncome : lastIn, atMs);
    observe(to, isOutside ? 3 : 1, usd);
    if (toBalance === toBalance) values[value + balance] = toBalance;
    if (isOutside) return;
    add(to, incoming, 1);
    add(to, inUsd, usd);
    values[value + lastInUsd] = usd;
    if (!isNew) return;
    add(to, inNew, 1);
    values[value + newInCount] = values[value + newInCount]! + 1;
  }

  return {
    names: ['from', 'to'].flatMap((end) => namesOfEnd.map((name) => `${end}.${name}`)),
    read(payment, row, offset) {
      const { from, to, fromBalance, toBalance } = payment;
      const width = namesOfEnd.length;
      if (from < 0) row.fill(Number.NaN, offset, offset + width);
      else readEnd(from, payment, fromBalance, row, offset);
      if (to < 0) row.fill(Number.NaN, offset + width, offset + 2 * width);
      else readEnd(to, payment, toBalance, row, offset + width);
    },
    note(payment) {
      const isNew = payment.from >= 0 && payment.to >= 0 && pairs.isNew(payment.from, payment.to);
      if (payment.from >= 0) noteOut(payment, isNew);
      if (payment.to >= 0) noteIn(payment, isNew);
    },
    forget(slot) {
      times.fill(0, slot * timesPerAccount, (slot + 1) * timesPerAccount);
      values.fill(0, slot * valuesPerAccount, (slot + 1) * valuesPerAccount);
    },
    arrays: () => [times, values],
  };
}
