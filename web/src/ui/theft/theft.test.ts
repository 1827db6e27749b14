import { expect, test } from 'vitest';
import { reportOf, type TypedTheft } from './theft.ts';

const nowMs = Date.UTC(2026, 10, 22, 4);
const payment = { row: 'a', to: '', amount: '480,000', currency: 'THB', time: '10:42', reference: 'R1' };
const theft: TypedTheft = {
  reference: 'desk-1',
  from: 'TH:901:1',
  typology: 'mule-account',
  payments: [payment],
  isConfirmed: true,
  contacts: ' 081 234 5678 \n\n',
  story: '',
  language: 'th',
};

test('a theft is sent once it says what was paid, when, where it went, and the kind of fraud', () => {
  const report = (change: Partial<TypedTheft> = {}) => reportOf({ ...theft, ...change }, nowMs, 'Asia/Bangkok');
  expect(report()).toMatchObject({ debitConfirmed: true, contacts: ['081 234 5678'] });
  expect(report()?.payments[0]).toMatchObject({
    amount: { value: '48000000', currency: 'THB' },
    at: '2026-11-22T03:42:00.000Z',
  });
  // Without the account it came from, a reference leads nowhere.
  expect(report({ from: '' })).toBeUndefined();
  expect(report({ typology: '' })).toBeUndefined();
  expect(report({ payments: [{ ...payment, time: 'noon' }] })).toBeUndefined();
});
