import { describe, expect, test } from 'vitest';
import { account, baht, minuteAt, openTestLines, phone, type TestWatch } from '../test-watch.ts';

const victim = phone(1);
const swap = (watch: TestWatch, minute: number, more: object = { check: 'document' }): void =>
  watch.see('sim', minute, { event: 'swap', phone: victim, ...more }, 'operator');
const pay = (watch: TestWatch, minute: number, more: object = {}): void =>
  watch.see('payment', minute, {
    from: account(1),
    to: account(2),
    amount: baht(50_000),
    channel: 'mobile' as const,
    phone: victim,
    ...more,
  });
const signIn = (watch: TestWatch, minute: number, more: object = {}): void =>
  watch.see('login', minute, { account: account(1), outcome: 'ok', newDevice: true, phone: victim, ...more });
const found = (act: (watch: TestWatch) => void) => {
  const watch = openTestLines();
  act(watch);
  return watch.found;
};
const count = (act: (watch: TestWatch) => void): number => found(act).length;

describe('a new card, and then', () => {
  test('a payment is found whichever is told first; the account is the one to protect', () => {
    const one = found((watch) => [swap(watch, 0), pay(watch, 120)]);
    expect(one).toEqual([
      {
        detector: 'sim-swap-then-payment',
        subject: account(1),
        facts: {
          event: 'swap',
          check: 'document',
          swapAt: minuteAt(0),
          act: 'payment',
          actAt: minuteAt(120),
          amount: '5000000',
          currency: 'THB',
          withinHours: 24,
          dollarsMin: 150,
        },
        counterparts: [account(2)],
        strength: (0.95 + 22 / 24 + 0.5) / 3,
      },
    ]);
    expect(found((watch) => [pay(watch, 120), swap(watch, 0)])).toEqual(one);
  });

  test('a log-in from a new device is found whichever is told first, less strongly', () => {
    const one = found((watch) => [swap(watch, 0, { check: 'none' }), signIn(watch, 60)]);
    expect(one).toHaveLength(1);
    expect(one[0]).toMatchObject({ subject: account(1), facts: { act: 'login', actAt: minuteAt(60), check: 'none' } });
    expect(one[0]?.facts).not.toHaveProperty('amount');
    expect(found((watch) => [signIn(watch, 60), swap(watch, 0, { check: 'none' })])).toEqual(one);
  });

  test('a number that was ported counts as one that was swapped', () => {
    for (const event of ['port-in', 'port-out'])
      expect(count((watch) => [swap(watch, 0, { event }), pay(watch, 5)])).toBe(1);
    for (const event of ['registration', 'end'])
      expect(count((watch) => [swap(watch, 0, { event }), pay(watch, 5)])).toBe(0);
  });

  test('the edges: a day, 150 dollars, not before', () => {
    const at = (minute: number, amount = 50_000) =>
      count((watch) => [swap(watch, 0), pay(watch, minute, { amount: baht(amount) })]);
    expect([at(1440), at(1441), at(-1), at(5, 5_000), at(5, 4_999)]).toEqual([1, 0, 0, 1, 0]);
  });

  test('who lost a telephone, and was seen alive when the new card was given out, is not found', () => {
    const lost = (watch: TestWatch) => [swap(watch, 0, { check: 'liveness' }), signIn(watch, 30), pay(watch, 60)];
    expect(count(lost)).toBe(0);
  });

  test('who bought a telephone and a new card for it, and signs in, is not found while no larger sum moves', () => {
    expect(count((watch) => [swap(watch, 0), signIn(watch, 30)])).toBe(0);
    expect(count((watch) => [swap(watch, 0), signIn(watch, 30), pay(watch, 60)])).toBe(1);
  });

  test('a known device, a log-in that failed, another’s number and a card in a shop are not found', () => {
    expect(count((watch) => [swap(watch, 0, {}), signIn(watch, 5, { newDevice: false })])).toBe(0);
    expect(count((watch) => [swap(watch, 0, {}), signIn(watch, 5, { outcome: 'failed' })])).toBe(0);
    expect(count((watch) => [swap(watch, 0, {}), signIn(watch, 5, { phone: phone(2) })])).toBe(0);
    expect(count((watch) => [swap(watch, 0), pay(watch, 5, { channel: 'card' })])).toBe(0);
    expect(count((watch) => [swap(watch, 0), pay(watch, 5, { side: 'receiver' })])).toBe(0);
  });
});
