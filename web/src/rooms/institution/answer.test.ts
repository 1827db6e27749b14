import { orderKinds, orderRefusals } from '@bronze-drum/protocol/orders';
import { expect, test } from 'vitest';
import { emptyAnswer, outcomeOf, outcomesOf, refusals, type TypedAnswer } from './answer.ts';
import { byDeadline, dueOf } from './deadlines.ts';
import { nextOf } from './sheet.ts';

const hold = { kind: 'hold-amount', revision: 2, amount: { value: '15000000', currency: 'THB' } } as const;
const typed = (part: Partial<TypedAnswer>): TypedAnswer => ({ ...emptyAnswer('th'), ...part });

test('every kind of order can be answered, and every reason of refusal is offered', () => {
  expect(Object.keys(outcomesOf).sort()).toEqual([...orderKinds].sort());
  expect([...refusals].sort()).toEqual([...orderRefusals].sort());
});

test('what is held in part is sent in minor units, for the revision that was read', () => {
  const answer = typed({ outcome: 'partly', held: '110,000', gone: '40,000', reference: 'F-1', note: ' ok ' });
  expect(outcomeOf(hold, answer)).toEqual({
    outcome: 'partly',
    revision: 2,
    held: '11000000',
    gone: '4000000',
    reference: 'F-1',
    note: { language: 'th', text: 'ok' },
  });
});

test('nothing is sent while something is missing or unreadable', () => {
  expect(outcomeOf(hold, typed({}))).toBeUndefined();
  expect(outcomeOf(hold, typed({ outcome: 'partly' }))).toBeUndefined();
  expect(outcomeOf(hold, typed({ outcome: 'partly', held: 'much' }))).toBeUndefined();
  expect(outcomeOf(hold, typed({ outcome: 'refused' }))).toBeUndefined();
  expect(outcomeOf(hold, typed({ outcome: 'placed', reference: 'two words' }))).toBeUndefined();
  expect(outcomeOf({ kind: 'identify-holder', revision: 1 }, typed({ outcome: 'placed' }))).toBeUndefined();
});

test('what belongs to another outcome is not sent, though it was typed before', () => {
  const answer = typed({ outcome: 'refused', refusal: 'amount', held: '1', gone: '1', balance: '0' });
  expect(outcomeOf(hold, answer)).toEqual({ outcome: 'refused', revision: 2, refusal: 'amount' });
  expect(outcomeOf({ kind: 'block-number', revision: 1 }, typed({ outcome: 'placed', held: '5' }))).toEqual({
    outcome: 'placed',
    revision: 1,
  });
});

test('onward payments are sent without rows in which nothing stands; half a row holds the answer back', () => {
  const empty = { row: 'a', to: '', amount: '', currency: 'THB', at: '', reference: '' };
  const paid = { ...empty, row: 'b', to: 'TH:902:1234567890', amount: '500', at: '2026-11-22T10:00:00Z' };
  const asked = { kind: 'report-onward', revision: 1 } as const;
  expect(outcomeOf(asked, typed({ outcome: 'placed', onward: [empty, paid] }))?.onward).toEqual([
    { to: 'TH:902:1234567890', amount: { value: '50000', currency: 'THB' }, at: '2026-11-22T10:00:00Z' },
  ]);
  expect(outcomeOf(asked, typed({ outcome: 'placed', onward: [{ ...paid, at: '' }] }))).toBeUndefined();
});

test('orders stand by what is due first; an end to confirm is due too, a confirmed one is not', () => {
  const order = (id: string, part: object) =>
    ({ id, state: 'issued', answerBy: '2026-11-22T12:00:00Z', ...part }) as never;
  const ended = { why: 'released', at: '2026-11-22T08:00:00Z', confirmBy: '2026-11-22T11:00:00Z' };
  const done = order('done', { state: 'ended', ended: { ...ended, confirmedAt: '2026-11-22T09:00:00Z' } });
  const sorted = byDeadline([order('answer', {}), done, order('end', { state: 'ended', ended })]);
  expect(sorted.map(({ id }) => id)).toEqual(['end', 'answer', 'done']);
  expect(dueOf(done)).toBeUndefined();
});

test('the next page of a sheet is read from its header', () => {
  expect(nextOf('</v1/orders?waits=true&after=a%2Fb>; rel="next"')).toBe('a/b');
  expect(nextOf(null)).toBeUndefined();
  expect(nextOf('</v1/orders?limit=5>; rel="next"')).toBeUndefined();
});
