import { answerForm, requestForms } from '@bronze-drum/protocol/requests';
import { expect, test } from 'vitest';
import { noPayment, typedOf, valuesOf } from './typed-form.ts';

const reader = (text: string) => (text.startsWith('?') ? undefined : `phone:${text}`);
const exact = (text: string) => text;

test('a form that is filled in becomes what the server is sent', () => {
  const typed = {
    identifiers: ' +855 1 \n\n+855 2\n+855 1',
    at: '2026-11-22T08:04:00.000Z',
    wanted: ['holder', 'devices'],
  };
  expect(valuesOf(requestForms.identify, typed, reader)).toEqual({
    values: {
      identifiers: ['phone:+855 1', 'phone:+855 2'],
      at: '2026-11-22T08:04:00.000Z',
      wanted: ['holder', 'devices'],
    },
    faults: {},
  });
});

test('each field that is missing or cannot be read says so', () => {
  const { faults } = valuesOf(requestForms.hold, { amount: { text: 'much', currency: 'THB' }, trace: 'x' }, reader);
  expect(faults).toEqual({ account: 'missing', amount: 'amount', trace: 'id' });
  expect(valuesOf(requestForms.identify, { identifiers: 'a\n?b', wanted: [] }, reader).faults).toEqual({
    identifiers: 'identifier',
    wanted: 'missing',
  });
});

test('a yes or no that must be said is never guessed', () => {
  expect(valuesOf(requestForms['verify-identity'], {}, reader).faults).toHaveProperty('custody', 'missing');
});

test('a payment that was begun must be whole; an empty row is none', () => {
  const payment = { ...noPayment('THB'), to: 'b', amount: { text: '5', currency: 'THB' } };
  const asked = (payments: (typeof payment)[]) => valuesOf(requestForms['stop-payment'], { payments }, reader);
  expect(asked([noPayment('THB')]).faults).toEqual({ payments: 'missing' });
  expect(asked([payment]).faults).toEqual({ payments: 'payment' });
  expect(asked([{ ...payment, at: '2026-11-22T08:04:00.000Z' }]).values).toEqual({
    payments: [{ to: 'phone:b', amount: { value: '500', currency: 'THB' }, at: '2026-11-22T08:04:00.000Z' }],
  });
});

test('an answer may be empty', () => {
  expect(valuesOf(answerForm, {}, reader)).toEqual({ values: {}, faults: {} });
});

test('a draft that is opened again says the same', () => {
  const values = {
    trace: '9ac85969-dab2-45fd-887a-4733cd3762f9',
    payments: [
      { from: 'account:TH:901:1', amount: { value: '626364', currency: 'THB' }, at: '2026-11-22T16:04:00.000Z' },
    ],
    tainted: { value: '626364', currency: 'THB' },
    hops: 1,
    method: 'haircut',
    stolenAt: '2026-11-22T16:04:00.000Z',
    debitConfirmed: true,
  };
  const form = requestForms['continue-trace'];
  expect(valuesOf(form, typedOf(form, values), exact)).toEqual({ values, faults: {} });
});
