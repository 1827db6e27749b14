import { describe, expect, test } from 'vitest';
import { account, baht, minuteAt, openTestLines, phone, phoneAbroad, type TestWatch } from '../test-watch.ts';

const victim = phone(1);
const agency = 'phone:+6621234567';
const known = phone(66);
const world = { listed: { [known]: 2 } } as const;

const call = (watch: TestWatch, minute: number, more: object): void =>
  watch.see('call', minute, { called: victim, durationSeconds: 1200, answered: true, ...more }, 'operator');
const pay = (watch: TestWatch, minute: number, more: object = {}): void =>
  watch.see('payment', minute, {
    from: account(1),
    to: account(2),
    amount: baht(50_000),
    channel: 'mobile' as const,
    phone: victim,
    ...more,
  });
const spoofed = { originating: phoneAbroad(7), presented: agency, international: true };
const found = (act: (watch: TestWatch) => void) => {
  const watch = openTestLines(world);
  act(watch);
  return watch.found;
};
const count = (act: (watch: TestWatch) => void): number => found(act).length;

describe('a payment during or after a call', () => {
  test('from a listed number is found while the victim is on the line; who is paid is told of', () => {
    expect(found((watch) => [pay(watch, 15), call(watch, 0, { originating: known, presented: known })])).toEqual([
      {
        detector: 'call-then-payment',
        subject: account(2),
        facts: {
          callAt: minuteAt(0),
          callSeconds: 1200,
          spoofed: false,
          callerListed: 'confirmed',
          paidAt: minuteAt(15),
          amount: '5000000',
          currency: 'THB',
          onTheLine: true,
          afterMinutes: 30,
        },
        counterparts: [known, account(1)],
        strength: (0.9 + 1 + 1) / 3,
      },
    ]);
  });

  test('is the same finding if the payment is told before the call', () => {
    const one = found((watch) => [call(watch, 0, { originating: known }), pay(watch, 45)]);
    expect(one[0]?.facts).toMatchObject({ onTheLine: false });
    expect(found((watch) => [pay(watch, 45), call(watch, 0, { originating: known })])).toEqual(one);
  });

  test('from abroad under a number of this country is found; the number that was shown is never named', () => {
    const [one] = found((watch) => [call(watch, 0, spoofed), pay(watch, 25)]);
    expect(one).toMatchObject({ subject: account(2), facts: { spoofed: true, callerListed: 'no' } });
    expect(JSON.stringify(one)).not.toContain(agency);
    expect(one?.counterparts).toEqual([phoneAbroad(7), account(1)]);
    const hotline = { originating: phoneAbroad(7), presented: '191' };
    expect(count((watch) => [call(watch, 0, hotline), pay(watch, 25)])).toBe(1);
  });

  test('the edges: half an hour after the call, a minute of it, 150 dollars, not before it', () => {
    const at = (minute: number, callMore: object = {}, payMore: object = {}) =>
      count((watch) => [call(watch, 0, { originating: known, ...callMore }), pay(watch, minute, payMore)]);
    expect([at(50), at(50.1), at(-1)]).toEqual([1, 0, 0]);
    expect([at(5, { durationSeconds: 60 }), at(5, { durationSeconds: 59 })]).toEqual([1, 0]);
    expect([at(5, {}, { amount: baht(5_000) }), at(5, {}, { amount: baht(4_999) })]).toEqual([1, 0]);
  });

  test('cash that is drawn after such a call is told of the account that it leaves', () => {
    const [one] = found((watch) => [call(watch, 0, spoofed), pay(watch, 25, { to: undefined, channel: 'atm' })]);
    expect(one).toMatchObject({ subject: account(1), counterparts: [phoneAbroad(7)] });
  });

  test('a company that shows its main number, a tourist who calls home and a friend abroad are not found', () => {
    const ordinary = [
      { originating: phone(5), presented: agency },
      { originating: phone(5), presented: phone(5), international: true },
      { originating: phoneAbroad(5), presented: phoneAbroad(5), international: true },
      { presented: phone(5), international: true },
      { originating: phoneAbroad(5), presented: 'Mama', international: true },
    ];
    for (const each of ordinary) expect(count((watch) => [call(watch, 0, each), pay(watch, 25)])).toBe(0);
  });

  test('a call that nobody answered, a card in a shop, and the payee’s own telephone are not found', () => {
    expect(count((watch) => [call(watch, 0, { ...spoofed, answered: false }), pay(watch, 25)])).toBe(0);
    expect(count((watch) => [call(watch, 0, spoofed), pay(watch, 25, { channel: 'card' })])).toBe(0);
    expect(count((watch) => [call(watch, 0, spoofed), pay(watch, 25, { side: 'receiver' })])).toBe(0);
    expect(count((watch) => [call(watch, 0, spoofed), pay(watch, 25, { phone: phone(2) })])).toBe(0);
  });

  test('a listed number that was only shown counts for nothing', () => {
    expect(count((watch) => [call(watch, 0, { originating: phone(5), presented: known }), pay(watch, 5)])).toBe(0);
    expect(count((watch) => [call(watch, 0, { presented: known }), pay(watch, 5)])).toBe(0);
  });
});
