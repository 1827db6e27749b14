import { expect, test } from 'vitest';
import { fanIn } from './fan-in.ts';
import { subjectsOf, tell } from './test-payments.ts';

/** So many payers, one every five minutes from ten o’clock. */
const payers = (many: number, dollars: number, to = 'pot', channel = 'mobile'): string[] =>
  Array.from(
    { length: many },
    (_, at) =>
      `${10 + Math.floor(at / 12)}:${String((at % 12) * 5).padStart(2, '0')} p${at} > ${to} ${dollars} USD ${channel}`,
  );

test('many payers whose money is passed on together are found, with the facts', () => {
  expect(tell(fanIn, [...payers(8, 40), '12:00 pot > next 300'])).toEqual([
    {
      line: 8,
      subject: 'pot',
      facts: {
        senders: 8,
        inAmount: '32000',
        inCurrency: 'USD',
        firstAt: '2026-01-05T10:00:00.000Z',
        lastAt: '2026-01-05T10:35:00.000Z',
        leftPercent: 94,
        withinHours: 24,
        sendersMin: 8,
      },
      counterparts: ['next', 'p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6'],
      strength: expect.closeTo((0 + (1 - 300 / 320) + (300 / 320 - 0.6) / 0.4) / 3, 9),
    },
  ]);
});

test('the limits: seven payers, too little money, too little of it gone, too many who get it', () => {
  const found = (lines: readonly string[]) => tell(fanIn, lines).length;
  expect(found([...payers(7, 60), '12:00 pot > next 420'])).toBe(0);
  expect(found([...payers(8, 37), '12:00 pot > next 296'])).toBe(0);
  expect(found([...payers(8, 40), '12:00 pot > next 190'])).toBe(0);
  expect(found([...payers(8, 40), '12:00 pot > next 192'])).toBe(1);
  const five = [60, 60, 60, 60, 60].map((dollars, at) => `12:0${at} pot > n${at} ${dollars}`);
  expect(found([...payers(8, 40), ...five])).toBe(1);
  expect(tell(fanIn, [...payers(8, 40), ...five], {}, { leftShareMin: 0.9 })).toEqual([]);
});

test('one payer who pays often is no fan', () => {
  const lines = Array.from({ length: 9 }, (_, at) => `10:0${at} anna > pot 50`);
  expect(tell(fanIn, [...lines, '12:00 pot > next 400'])).toEqual([]);
});

test('on a new account of a person it is found before anything has left', () => {
  const said = tell(fanIn, payers(8, 40), { accounts: { pot: { openedFor: 10 } } });
  expect(said.map(({ line }) => line)).toEqual([7]);
  expect(said[0]!.facts.leftPercent).toBe(0);
  expect(tell(fanIn, payers(8, 40), { accounts: { pot: { openedFor: 31 } } })).toEqual([]);
  // First seen now, after a year of seeing.
  expect(subjectsOf(tell(fanIn, payers(8, 40), { accounts: { pot: { seenFor: 0 } } }))).toEqual(['pot']);
  expect(tell(fanIn, payers(8, 40), { accounts: { pot: { seenFor: 0 } }, beganFor: 5 })).toEqual([]);
});

test('a payment that comes late completes it', () => {
  const lines = [...payers(8, 40), '12:00 pot > next 300'];
  const late = [...lines.slice(0, 3), ...lines.slice(4), lines[3]!];
  const [inOrder] = tell(fanIn, lines);
  expect(tell(fanIn, late)).toEqual([{ ...inOrder, line: 8 }]);
});

test('a shop is none: it takes as many payments every day, and passes the takings on in the evening', () => {
  const day = payers(60, 12, 'shop', 'qr');
  const lines = [...day, '20:30 shop > supplier 600'];
  expect(tell(fanIn, lines, { accounts: { shop: { ins: 6_000 } } })).toEqual([]);
  // A small one with eight or ten customers a day.
  const small = [...payers(10, 40, 'shop', 'qr'), '20:30 shop > supplier 300'];
  expect(tell(fanIn, small, { accounts: { shop: { ins: 900, outs: 90 } } })).toEqual([]);
  // On the engine's first day nothing is known of either, but takings stay longer than loot.
  const first = { accounts: { shop: { seenFor: 0 } }, beganFor: 0 };
  expect(tell(fanIn, lines, first)).toEqual([]);
  expect(tell(fanIn, small, first)).toEqual([]);
});

test('a shop that opened this month is none while it keeps its takings', () => {
  const accounts = { shop: { openedFor: 10, company: {} } };
  expect(tell(fanIn, payers(30, 15, 'shop', 'qr'), { accounts })).toEqual([]);
});

test('friends who collect for a present of twenty dollars each are none', () => {
  expect(tell(fanIn, [...payers(10, 20, 'friend'), '13:00 friend > shop 190'])).toEqual([]);
});

test('a landlord whom tenants pay on one day is none: it stays, or goes where it goes every month', () => {
  expect(tell(fanIn, payers(10, 200, 'landlord'))).toEqual([]);
});

test('a cash agent is none', () => {
  const lines = [...payers(10, 60, 'agent', 'agent'), '11:30 agent > bank 590 USD agent'];
  expect(tell(fanIn, lines)).toEqual([]);
});
