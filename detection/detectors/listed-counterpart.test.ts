import { expect, test } from 'vitest';
import { listedCounterpart } from './listed-counterpart.ts';
import { tell } from './test-payments.ts';

const confirmed = { accounts: { bad: { listed: 2 } } } as const;

test('who is paid by a listed account, and who pays one, are found, with the facts', () => {
  const facts = {
    distance: 1,
    certainty: 'confirmed',
    amount: '20000',
    currency: 'USD',
    at: '2026-01-05T10:00:00.000Z',
    minutes: 0,
    withinHours: 24,
    distanceMax: 3,
  };
  const strength = expect.closeTo((1 + 1 + (1 - 3 / 200)) / 3, 9);
  expect(tell(listedCounterpart, ['10:00 bad > anna 200'], confirmed)).toEqual([
    { line: 0, subject: 'anna', facts: { direction: 'from', ...facts }, counterparts: ['bad'], strength },
  ]);
  expect(tell(listedCounterpart, ['10:00 anna > bad 200'], confirmed)).toEqual([
    { line: 0, subject: 'anna', facts: { direction: 'to', ...facts }, counterparts: ['bad'], strength },
  ]);
});

test('suspicion is told as suspicion', () => {
  const [said] = tell(listedCounterpart, ['10:00 bad > anna 200'], { accounts: { bad: { listed: 1 } } });
  expect(said!.facts.certainty).toBe('suspected');
});

test('who stands behind one, or two, is found with the way that the money came', () => {
  const way = ['10:00 bad > m1 1000', '11:00 m1 > m2 950', '12:00 m2 > end 900', '13:00 end > far 890'];
  const said = tell(listedCounterpart, way, confirmed);
  expect(said.map(({ subject, facts }) => [subject, facts.distance])).toEqual([
    ['m1', 1],
    ['m2', 2],
    ['end', 3],
  ]);
  expect(said[2]).toMatchObject({ facts: { minutes: 120, amount: '90000' }, counterparts: ['bad', 'm1', 'm2'] });
});

test('the limits: too little, another sum, too late, too far', () => {
  const found = (...lines: string[]) => tell(listedCounterpart, lines, confirmed).map(({ subject }) => subject);
  expect(found('10:00 bad > anna 2.99')).toEqual([]);
  expect(found('10:00 bad > m1 1000', '11:00 m1 > m2 149')).toEqual(['m1']);
  expect(found('10:00 bad > m1 1000', '11:00 m1 > m2 500')).toEqual(['m1', 'm2']);
  expect(found('10:00 bad > m1 1000', '11:00 m1 > m2 499')).toEqual(['m1']);
  expect(found('10:00 bad > m1 1000', '1d 10:01 m1 > m2 900')).toEqual(['m1']);
  expect(
    tell(listedCounterpart, ['10:00 bad > m1 1000', '11:00 m1 > m2 900'], confirmed, { distanceMax: 1 }),
  ).toHaveLength(1);
});

test('a shop where a listed account buys noodles is none, and nobody behind a shop is', () => {
  const accounts = { bad: { listed: 2 }, shop: { ins: 4_000 } } as const;
  expect(tell(listedCounterpart, ['10:00 bad > shop 40'], { accounts })).toEqual([]);
  const said = tell(listedCounterpart, ['10:00 bad > shop 400', '11:00 shop > supplier 390'], { accounts });
  expect(said.map(({ subject }) => subject)).toEqual(['shop']);
});

test('who pays back what a listed account sent is not behind itself', () => {
  const said = tell(listedCounterpart, ['10:00 bad > anna 400', '11:00 anna > bad 400'], confirmed);
  expect(said.map(({ subject, facts }) => [subject, facts.direction])).toEqual([
    ['anna', 'from'],
    ['anna', 'to'],
  ]);
});
