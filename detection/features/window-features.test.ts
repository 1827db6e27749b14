import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from '../state/arrays.ts';
import { dayMs, type PaymentSight } from './payment-sight.ts';
import { openWindowFeatures, type WindowFeatures } from './window-features.ts';

const startMs = Date.UTC(2026, 0, 5);
const accounts = 12;

const open = (pairs = 64): WindowFeatures => openWindowFeatures({ accounts, pairs });

const pay = (from: number, to: number, usd: number, day: number): PaymentSight => ({
  atMs: startMs + day * dayMs,
  from,
  to,
  usd,
  channel: 0,
  fromBalance: Number.NaN,
  toBalance: Number.NaN,
});

const width = (windows: WindowFeatures): number => windows.names.length + windows.opinionNames.length;

/** Shows payments one after the other; gives the row of each, opinions beside windows. */
function show(windows: WindowFeatures, payments: readonly PaymentSight[]): Float32Array[] {
  return payments.map((payment, number) => {
    const row = new Float32Array(width(windows));
    windows.read(payment, row);
    windows.readOpinions(payment, row, windows.names.length);
    windows.note(payment, ((number * 7) % 10) / 10);
    return row;
  });
}

/** The named features of the last of these payments. */
function lastOf(payments: readonly PaymentSight[]): (name: string) => number {
  const windows = open();
  const row = show(windows, payments).at(-1)!;
  const names = [...windows.names, ...windows.opinionNames];
  return (name) => {
    expect(names).toContain(name);
    return row[names.indexOf(name)]!;
  };
}

const slot = fc.integer({ min: -1, max: accounts - 1 });
const balance = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 10_000 }));
const Steps = fc.array(
  fc.record({
    hours: fc.integer({ min: 0, max: 60 }),
    from: slot,
    to: slot,
    usd: fc.integer({ min: 1, max: 2000 }),
    channel: fc.integer({ min: 0, max: 8 }),
    fromBalance: balance,
    toBalance: balance,
  }),
  { minLength: 1, maxLength: 120 },
);

const Payments = Steps.map((steps): PaymentSight[] => {
  let atMs = startMs;
  return steps
    .filter(({ from, to }) => from !== to)
    .map(({ hours, ...payment }) => {
      atMs += hours * 3_600_000;
      return { ...payment, atMs };
    });
});

test('what comes later changes nothing that was known of a payment', () => {
  fc.assert(
    fc.property(Payments, Payments, fc.nat(), (payments, others, cut) => {
      const past = payments.slice(0, cut % (payments.length + 1));
      const alone = show(open(), past);
      const before = show(open(), payments).slice(0, past.length);
      const elsewhere = show(open(), [...past, ...others]).slice(0, past.length);
      expect(before).toEqual(alone);
      expect(elsewhere).toEqual(alone);
    }),
    { numRuns: 60 },
  );
});

test('windows that were written down and read back go on as if nothing had happened', () => {
  fc.assert(
    fc.property(Payments, fc.nat(), (payments, cut) => {
      const at = cut % (payments.length + 1);
      const whole = open(16);
      const expected = show(whole, payments.slice(0, at)).concat(show(whole, payments.slice(at)));
      const first = open(16);
      const rows = show(first, payments.slice(0, at));
      const second = open(16);
      expect(unpack(pack(first.arrays()), second.arrays())).toBe(true);
      expect(rows.concat(show(second, payments.slice(at)))).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

test('an account that gets the slot of another inherits nothing from it', () => {
  fc.assert(
    fc.property(Payments, (payments) => {
      const windows = open();
      show(windows, payments);
      for (let slot = 0; slot < accounts; slot += 1) windows.forget(slot);
      const next = payments.map((payment) => ({ ...payment, atMs: payment.atMs + 400 * dayMs }));
      expect(show(windows, next)).toEqual(show(open(), next));
    }),
    { numRuns: 40 },
  );
});

test('however much is shown, the windows take the same memory', () => {
  const windows = open(8);
  const before = windows.bytes();
  show(
    windows,
    Array.from({ length: 500 }, (_, number) => pay(number % 5, 5 + (number % 7), 10, number / 100)),
  );
  expect(windows.bytes()).toBe(before);
  const row = show(windows, [pay(0, 5, 10, 6)])[0]!;
  expect(row[windows.names.indexOf('recent.to.in.count')]).toBeLessThanOrEqual(16);
});

describe('a person finds in the row what the payments show', () => {
  test('how often two accounts paid each other, and when last', () => {
    const feature = lastOf([pay(1, 2, 100, 0), pay(1, 2, 300, 2), pay(2, 1, 50, 3), pay(1, 2, 150, 5)]);
    expect(feature('pair.count')).toBe(2);
    expect(feature('pair.since')).toBe(3);
    expect(feature('pair.usd.toLast')).toBe(0.5);
    expect(feature('pair.usd.toMean')).toBe(0.75);
    expect(feature('pair.back.count')).toBe(1);
    expect(feature('pair.back.since')).toBe(2);
  });

  test('the everyday life of the sender: spending and income are payments with the outside', () => {
    const feature = lastOf([
      pay(-1, 1, 1000, 0),
      pay(1, -1, 10, 1),
      pay(1, -1, 30, 2),
      { ...pay(1, -1, 20, 3), channel: 3 },
      pay(1, 2, 40, 9),
    ]);
    expect(feature('from.age')).toBe(9);
    expect(feature('from.spent.count')).toBe(3);
    expect(feature('from.spent.mean')).toBe(20);
    expect(feature('from.spent.deviation')).toBe(10);
    expect(feature('from.spent.cashShare')).toBeCloseTo(1 / 3);
    expect(feature('from.income.mean')).toBe(1000);
    expect(feature('from.since.spent')).toBe(6);
    expect(feature('usd')).toBe(40);
    expect(feature('from.usd.toSpentMean')).toBe(2);
    expect(feature('to.age')).toBeNaN();
  });

  test('windows forget by halves', () => {
    const feature = lastOf([pay(1, 2, 64, 0), pay(1, 3, 10, 4)]);
    expect(feature('from.out.usd.16d')).toBeCloseTo(64 * 2 ** -0.25, 4);
    expect(feature('from.out.usd.4d')).toBeCloseTo(32, 4);
    expect(feature('from.out.usd.1d')).toBeCloseTo(4, 4);
    expect(feature('from.out.new.4d')).toBeCloseTo(0.5, 5);
  });

  test('money passed on less a tenth, a day after it came', () => {
    const feature = lastOf([pay(1, 2, 1000, 0), pay(5, 2, 70, 0), pay(2, 3, 900, 1)]);
    expect(feature('recent.from.in.match')).toBeCloseTo(0.9);
    expect(feature('recent.from.in.match.since')).toBe(1);
    expect(feature('recent.from.in.match.count')).toBe(1);
    expect(feature('recent.from.in.usd.toSum.10d')).toBeCloseTo(900 / 1070);
    expect(feature('recent.from.in.others')).toBe(2);
  });

  test('a circle of three, and of four', () => {
    expect(lastOf([pay(2, 3, 5, 0), pay(3, 1, 5, 0), pay(1, 2, 5, 0)])('shape.triangle.count')).toBe(1);
    const four = lastOf([pay(2, 3, 5, 0), pay(3, 4, 5, 0), pay(4, 1, 5, 0), pay(1, 2, 5, 2)]);
    expect(four('shape.square.count')).toBe(1);
    expect(four('shape.square.fresh')).toBeCloseTo(0.5);
    expect(four('shape.triangle.count')).toBe(0);
  });

  test('two groups that pay each other across, and money scattered and gathered', () => {
    const across = [pay(1, 3, 5, 0), pay(2, 3, 5, 0), pay(2, 4, 5, 0), pay(1, 4, 5, 0)];
    expect(lastOf(across)('shape.siblings.count')).toBe(1);
    const gathered = [pay(1, 2, 5, 0), pay(1, 3, 5, 0), pay(2, 4, 5, 0), pay(3, 4, 5, 0)];
    expect(lastOf(gathered)('shape.diamond.count')).toBe(1);
  });

  test('what was thought of earlier payments of both ends', () => {
    const feature = lastOf([pay(1, 2, 5, 0), pay(1, 3, 5, 0), pay(2, 3, 5, 3)]);
    // The opinions were 0, 0.7 and then this one's.
    expect(feature('suspicion.to.in.3d')).toBeCloseTo(0.35, 5);
    expect(feature('suspicion.to.in.max')).toBeCloseTo(0.7);
    expect(feature('suspicion.from.in.max')).toBe(0);
    expect(feature('suspicion.recent.to.in.max')).toBeCloseTo(0.7);
  });
});
