import { describe, expect, test } from 'vitest';
import { account, baht, minuteAt, openTestDevices, type TestWatch } from '../test-watch.ts';

const signIn = (watch: TestWatch, minute: number, remoteAccess = true, who = 1): void =>
  watch.see('login', minute, { account: account(who), outcome: 'ok', remoteAccess });
const pay = (watch: TestWatch, minute: number, amount = 20_000, more: object = {}): void =>
  watch.see('payment', minute, { from: account(1), to: account(2), amount: baht(amount), channel: 'mobile', ...more });
const found = (act: (watch: TestWatch) => void): number => {
  const watch = openTestDevices();
  act(watch);
  return watch.subjects('remote-access').length;
};

describe('a payment under remote control', () => {
  test('is found within an hour of the log-in; the account is the one to protect', () => {
    const watch = openTestDevices();
    signIn(watch, 10);
    pay(watch, 25);
    expect(watch.found).toEqual([
      {
        detector: 'remote-access',
        subject: account(1),
        facts: {
          loginAt: minuteAt(10),
          paidAt: minuteAt(25),
          minutes: 15,
          amount: '2000000',
          currency: 'THB',
          withinMinutes: 60,
          dollarsMin: 150,
        },
        counterparts: [account(2)],
        strength: (0.75 + 0.75) / 2,
      },
    ]);
  });

  test('is the same finding if the log-in is told after the payment', () => {
    const one = openTestDevices();
    signIn(one, 10);
    pay(one, 25);
    const other = openTestDevices();
    pay(other, 25);
    pay(other, 8);
    signIn(other, 10);
    expect(other.found).toEqual(one.found);
  });

  test('the edges: an hour, 150 dollars, and never before the log-in', () => {
    const after = (minutes: number, amount?: number) =>
      found((watch) => {
        signIn(watch, 100);
        pay(watch, 100 + minutes, amount);
      });
    expect([after(60), after(60.1), after(-1), after(1, 5_000), after(1, 4_999)]).toEqual([1, 0, 0, 1, 0]);
  });

  test('an ordinary log-in, another account, a card and a payment that was refused are not found', () => {
    expect(found((watch) => [signIn(watch, 1, false), pay(watch, 2)])).toBe(0);
    expect(found((watch) => [signIn(watch, 1, true, 3), pay(watch, 2)])).toBe(0);
    expect(found((watch) => [signIn(watch, 1), pay(watch, 2, 20_000, { channel: 'card' })])).toBe(0);
    expect(found((watch) => [signIn(watch, 1), pay(watch, 2, 20_000, { state: 'rejected' })])).toBe(0);
    expect(found((watch) => [signIn(watch, 1), pay(watch, 2, 20_000, { side: 'receiver' })])).toBe(0);
  });
});
