import { expect, test } from 'vitest';
import { dormantAwakening } from './dormant-awakening.ts';
import { tell } from './test-payments.ts';

const asleep = { accounts: { mule: { silentFor: 90 } } };
const story = ['10:00 victim > mule 1500', '12:00 mule > next 1200'];

test('an account that slept for months and then passes money on is found, with the facts', () => {
  expect(tell(dormantAwakening, story, asleep)).toEqual([
    {
      line: 1,
      subject: 'mule',
      facts: {
        silentDays: 90,
        wokeAt: '2026-01-05T10:00:00.000Z',
        inAmount: '150000',
        inCurrency: 'USD',
        outAmount: '120000',
        outCurrency: 'USD',
        withinHours: 24,
        silentDaysMin: 60,
      },
      counterparts: ['next', 'victim'],
      strength: expect.closeTo((1 - 60 / (90 + 10 / 24) + (1 - 1000 / 1500) + 0.5) / 3, 9),
    },
  ]);
});

test('the limits: less than sixty days, less than a thousand dollars, less than most of it gone', () => {
  const slept = (silentFor: number) => tell(dormantAwakening, story, { accounts: { mule: { silentFor } } }).length;
  expect([slept(59), slept(60)]).toEqual([0, 1]);
  expect(tell(dormantAwakening, ['10:00 v > mule 999', '12:00 mule > n 900'], asleep)).toEqual([]);
  expect(tell(dormantAwakening, ['10:00 v > mule 1500', '12:00 mule > n 899'], asleep)).toEqual([]);
});

test('who wakes it with a little and waits some days is found all the same, up to a week', () => {
  expect(
    tell(dormantAwakening, ['10:00 x > mule 5', '6d 10:00 v > mule 1500', '6d 12:00 mule > n 1200'], asleep),
  ).toHaveLength(1);
  expect(
    tell(dormantAwakening, ['10:00 x > mule 5', '7d 10:00 v > mule 1500', '7d 12:00 mule > n 1200'], asleep),
  ).toEqual([]);
});

test('an old account that is seen for the first time after long watching has slept as long', () => {
  const old = (beganFor: number, openedFor: number) =>
    tell(dormantAwakening, story, { accounts: { mule: { seenFor: 0, openedFor } }, beganFor }).map(
      ({ facts }) => facts.silentDays,
    );
  expect(old(80, 900)).toEqual([80]);
  expect(old(900, 70)).toEqual([70]);
  expect(old(50, 900)).toEqual([]);
  expect(old(900, 20)).toEqual([]);
});

test('it is found whichever payment comes last', () => {
  expect(tell(dormantAwakening, story.toReversed(), asleep)).toMatchObject([{ line: 1, subject: 'mule' }]);
});

test('an old savings account that pays for a house, or is paid into, is none', () => {
  expect(tell(dormantAwakening, ['10:00 mule > house 9000'], asleep)).toEqual([]);
  expect(tell(dormantAwakening, ['10:00 heir > mule 9000'], asleep)).toEqual([]);
});

test('a seasonal worker who is paid again after months, and sends half home, is none', () => {
  const accounts = { mule: { silentFor: 90 }, farm: { seenFor: 300, outs: 3_000 } };
  expect(tell(dormantAwakening, ['10:00 farm > mule 1500', '12:00 mule > home 1200'], { accounts })).toEqual([]);
});
