import { expect, test } from 'vitest';
import type { Order } from '@bronze-drum/protocol/orders';
import { detailLines, orderLine } from './orders.ts';

const order: Order = {
  id: '00000000-0000-4000-8000-000000000001',
  revision: 2,
  kind: 'hold-amount',
  institution: 'bank-a',
  office: 'aoc',
  subject: 'account:TH:901:1234567890',
  amount: { value: '15000000', currency: 'THB' },
  legalBasis: 'a law',
  form: 'a notice',
  safeHarbour: 'good faith',
  callBack: '1441',
  text: { language: 'en', text: 'hold\u001b[31m it' },
  issuedAt: '2026-01-01T00:00:00.000Z',
  answerBy: '2026-01-01T00:30:00.000Z',
  state: 'partly',
  exhibits: [],
  signature: 'x'.repeat(86),
};

test('an officer reads what was ordered, what was answered and who did what', () => {
  const history = [{ at: '2026-01-01T00:00:00.000Z', actor: 'officer:malee', what: 'issued' as const, details: {} }];
  const outcome = { outcome: 'partly' as const, held: '11000000', gone: '4000000' };
  const lines = detailLines({ order, outcome, answeredAt: '2026-01-01T00:04:00.000Z', reminders: 1, history });
  expect(lines).toEqual([
    'order       00000000-0000-4000-8000-000000000001, revision 2',
    'kind        hold-amount',
    'institution bank-a',
    'subject     account:TH:901:1234567890',
    'amount      15000000 THB',
    'form        a notice',
    'legal basis a law',
    'office      aoc, call back 1441',
    'text        hold·[31m it',
    'issued      2026-01-01T00:00:00Z',
    'answer by   2026-01-01T00:30:00Z, 1 reminder',
    'state       partly',
    'answer      partly, held 11000000, gone 4000000, 2026-01-01T00:04:00Z',
    '',
    '2026-01-01T00:00:00Z  issued       officer:malee',
  ]);
});

test('a list has an order on each line', () => {
  const ended = { why: 'released', at: '2026-01-02T00:00:00.000Z' } as const;
  expect(orderLine({ ...order, state: 'ended', ended }).slice(4)).toEqual([
    '15000000 THB',
    'ended: released',
    '2026-01-01T00:30:00Z',
  ]);
});
