import { expect, test } from 'vitest';
import { limitOf, typedOf, unitOf } from './limits.ts';

test('what a limit is follows from its name', () => {
  const units = [
    'withinMinutes',
    'slowHours',
    'newDays',
    'secondsMin',
    'leftShareMin',
    'chanceMin',
    'errandDollars',
    'dollarsMin',
    'outsMax',
  ];
  expect(units.map(unitOf)).toEqual([
    'minutes',
    'hours',
    'days',
    'seconds',
    'percent',
    'percent',
    'dollars',
    'dollars',
    'count',
  ]);
});

test('parts of one are typed as hundredths, and come back as they were', () => {
  expect(typedOf('shareMin', 0.85)).toBe('85');
  expect(limitOf('shareMin', '85')).toBe(0.85);
  expect(limitOf('shareMin', typedOf('shareMin', 0.125))).toBe(0.125);
});

test('digits of every script are read, and what is no number is not', () => {
  expect(['30', '๓๐', '៣០', '၃၀', '໓໐', '３０', ' 30 '].map((text) => limitOf('withinMinutes', text))).toEqual(
    Array.from({ length: 7 }, () => 30),
  );
  expect(limitOf('hoursMax', '0,25')).toBe(0.25);
  expect(['', 'half', '-1', '1e9', '1.', '∞'].map((text) => limitOf('hoursMax', text))).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});
