import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../refusals.ts';
import { activityKinds, recordSchemas, type ActivityKind } from './kinds.ts';
import { parse } from '../identifiers/identifiers.ts';
import { keysOf, plainAccount, readRecord } from './reading.ts';

const at = '2026-01-10T12:00:00.000Z';
const amount = { value: '48000000', currency: 'THB' };
const samples: Readonly<Record<ActivityKind, Record<string, unknown>>> = {
  payment: {
    id: 'p1',
    at,
    from: 'TH:014:123-4-56789-0',
    to: '0812345678',
    amount,
    channel: 'mobile',
    ip: '203.0.113.7',
  },
  call: {
    id: 'c1',
    at,
    originating: '+856 20 5555 1234',
    presented: '191',
    called: '0812345678',
    durationSeconds: 60,
    answered: true,
  },
  message: { id: 'm1', at, presented: 'KBANK', to: '0812345678', channel: 'sms', links: ['https://a.example.com/x'] },
  login: { id: 'l1', at, account: 'TH:014:1234567890', outcome: 'ok', device: 'app-4711' },
  sim: { id: 's1', at, event: 'swap', phone: '0812345678', sim: '520031234567890' },
};
const read = (kind: ActivityKind, change: object = {}) => readRecord(kind, { ...samples[kind], ...change }, 'TH');

describe('reading what institutions report', () => {
  test('identifiers in any spelling become keys, each in its part', () => {
    expect(read('payment')).toMatchObject({
      record: { from: 'account:TH:014:1234567890', to: 'phone:+66812345678' },
      atMs: Date.parse(at),
      keys: [
        { role: 'from', key: 'account:TH:014:1234567890' },
        { role: 'to', key: 'phone:+66812345678' },
        { role: 'ip', key: 'ip:203.0.113.7' },
      ],
    });
    expect(read('message')).toMatchObject({
      keys: [
        { role: 'to', key: 'phone:+66812345678' },
        { role: 'link', key: 'url:a.example.com/x' },
      ],
    });
    expect(read('sim')).toMatchObject({ keys: [{ role: 'phone' }, { role: 'sim' }] });
    expect(read('payment', { from: 'TJRabPrwbZy45sbavfcjinPJC18kjpRTv8' })).toMatchObject({
      record: { from: 'wallet:tron:TJRabPrwbZy45sbavfcjinPJC18kjpRTv8' },
    });
  });

  test('the same record in other spellings and another order is the same record', () => {
    const one = read('payment');
    const other = readRecord(
      'payment',
      Object.fromEntries(
        Object.entries({
          ...samples.payment,
          amount: { currency: 'THB', value: '48000000' },
          from: 'account:TH:014:1234567890',
          to: '+66 81 234 5678',
        }).toReversed(),
      ),
      'TH',
    );
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  test('a number that was shown is kept apart from the one that the call came from, also when it is nonsense', () => {
    expect(read('call')).toMatchObject({
      record: { originating: 'phone:+8562055551234', presented: '191' },
      keys: [{ role: 'originating' }, { role: 'called' }],
    });
    expect(read('call', { presented: '02-123-4567' })).toMatchObject({
      keys: [{ role: 'originating' }, { role: 'presented', key: 'phone:+6621234567' }, { role: 'called' }],
    });
    expect(read('call', { presented: 'phone:nonsense' })).toMatchObject({
      refused: 'identifier.phone.malformed',
      params: { field: 'presented' },
    });
  });

  test('a record without an end, or with one end twice, is refused', () => {
    expect(read('payment', { from: undefined, to: undefined })).toMatchObject({ refused: 'activity.no-end' });
    expect(read('payment', { from: undefined })).toMatchObject({ record: { to: 'phone:+66812345678' } });
    expect(read('payment', { from: '+66 812345678' })).toMatchObject({ refused: 'activity.same-ends' });
    expect(read('call', { originating: undefined, presented: undefined })).toMatchObject({
      refused: 'activity.no-end',
    });
  });

  test('a refusal names the field and never says what stood in it', () => {
    expect(read('payment', { from: 'secret' })).toEqual({
      refused: 'identifier.account.bank-needed',
      params: { field: 'from' },
    });
    expect(read('payment', { amount: { value: '-5', currency: 'THB' } })).toEqual({
      refused: 'malformed.schema',
      params: { field: 'amount.value', rule: 'pattern' },
    });
    expect(read('payment', { amount: { value: '1'.repeat(30), currency: 'THB' } })).toMatchObject({
      refused: 'malformed.schema',
    });
    expect(read('payment', { secretField: 1 })).toMatchObject({ refused: 'malformed.schema', params: { field: '' } });
    expect(read('payment', { id: undefined })).toMatchObject({ refused: 'malformed.schema' });
    expect(read('payment', { at: '2026-02-30T00:00:00.000Z' })).toMatchObject({
      params: { field: 'at', rule: 'instant' },
    });
    expect(read('payment', { to: 'person:TH:national-id:1101700230708' })).toMatchObject({
      refused: 'activity.identifier-type',
    });
    expect(read('payment', { to: 'promptpay:1101700230708' })).toMatchObject({ refused: 'activity.identifier-type' });
  });

  test('an account that is taken for a key as it stands is one', () => {
    const form = new RegExp(plainAccount.source.replace('(?!000)', ''));
    const plain = fc.stringMatching(form).filter((text) => plainAccount.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(parse(text, { type: 'account', country: 'TH' })).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('prototype keys are fields that nobody knows', () => {
    for (const key of ['__proto__', 'constructor', 'toString'])
      expect(
        readRecord('payment', JSON.parse(`{"${key}":{},${JSON.stringify(samples.payment).slice(1)}`), 'TH'),
      ).toMatchObject({
        refused: 'malformed.schema',
      });
  });

  test('whatever is sent is read or refused with a code, and what was read reads as itself', () => {
    const fields = (kind: ActivityKind) => Object.keys(recordSchemas[kind].properties);
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'phone:+66812345678',
        'account:TH:014:1234567890',
        'device:1',
        'phone:',
        '0812345678',
        at,
        'KBANK',
      ),
    );
    const value = fc.oneof(text, fc.anything(), fc.constant(undefined));
    fc.assert(
      fc.property(
        fc
          .constantFrom(...activityKinds)
          .chain((kind) =>
            fc.tuple(
              fc.constant(kind),
              fc.oneof(
                { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...fields(kind)), value, { maxKeys: 3 }) },
                { weight: 1, arbitrary: fc.anything() },
              ),
            ),
          ),
        ([kind, change]) => {
          const sent = typeof change === 'object' && change !== null ? { ...samples[kind], ...change } : change;
          const answer = readRecord(kind, sent, 'TH');
          if (isRefusal(answer)) {
            expect(answer.refused).toMatch(/^(?:malformed|activity|identifier)\./);
            return;
          }
          expect(readRecord(kind, answer.record, 'TH')).toEqual(answer);
          expect(keysOf(kind, answer.record)).toEqual(answer.keys);
          expect(readRecord(kind, JSON.parse(JSON.stringify(answer.record)), 'TH')).toEqual(answer);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
