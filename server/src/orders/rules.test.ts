import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  orderOutcomes,
  orderRefusals,
  orderText,
  type OrderOutcome,
  type OrderTerms,
} from '@bronze-drum/protocol/orders';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { minuteMs } from '../kernel/clock.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import { judgeOutcome, nextReminderMs } from './rules.ts';
import { openSigning } from './signing.ts';

const signing = openSigning({ secretFor: (purpose) => `secret of ${purpose}` });
const unsigned: Omit<OrderTerms, 'signature'> = {
  id: '00000000-0000-4000-8000-000000000001',
  revision: 1,
  kind: 'hold-amount',
  institution: 'bank-a',
  office: 'aoc',
  subject: 'account:TH:901:1234567890',
  amount: { value: '15000000', currency: 'THB' },
  leave: { value: '500000', currency: 'THB' },
  payment: {
    from: 'account:TH:902:1',
    to: 'account:TH:901:1234567890',
    amount: { value: '7', currency: 'THB' },
    at: '2026-01-01T00:00:00.000Z',
    reference: 'E2E-1',
  },
  legalBasis: 'a law\nin two lines',
  form: 'notice',
  safeHarbour: 'good faith',
  callBack: '1441',
  text: { language: 'en', text: 'hold it' },
  issuedAt: '2026-01-01T00:00:00.000Z',
  answerBy: '2026-01-01T00:30:00.000Z',
  until: '2026-01-04T00:00:00.000Z',
  exhibits: [
    {
      id: '00000000-0000-4000-8000-000000000002',
      sha256: 'ab'.repeat(32),
      bytes: 3,
      mediaType: 'text/plain',
      title: 'slip',
    },
  ],
};
const terms = signing.signed(unsigned);

const isGenuine = (order: OrderTerms): boolean =>
  verifyEd25519(
    Buffer.from(signing.publicKeyOf('aoc'), 'base64url'),
    Buffer.from(orderText(order)),
    Buffer.from(order.signature, 'base64url'),
  );

/** The order once for each leaf, with that leaf left out or changed. */
function* tampered(value: unknown, put: (value: unknown) => OrderTerms): Generator<OrderTerms> {
  if (typeof value === 'string') yield put(`${value} `);
  else if (typeof value === 'number') yield put(value + 1);
  else
    for (const [name, part] of Object.entries(value as object)) {
      const rest = Array.isArray(value) ? [] : { ...(value as object), [name]: undefined };
      yield put(rest);
      const whole = (changed: unknown): unknown =>
        Array.isArray(value) ? [changed] : { ...(value as object), [name]: changed };
      yield* tampered(part, (changed) => put(whole(changed)));
    }
}

test('a signed order in which anything was changed is not genuine', () => {
  expect(isGenuine(terms)).toBe(true);
  const { exhibits, ...others } = unsigned;
  let count = 0;
  const forged = [
    ...['text', 'until', 'leave', 'amount', 'payment'].map((name) => ({ ...terms, [name]: undefined })),
    ...Object.keys(others).flatMap((name) => {
      const value = others[name as keyof typeof others];
      return typeof value === 'object'
        ? [...tampered(value, (changed) => ({ ...terms, [name]: changed }))].filter((one) => isComplete(one))
        : [...tampered(value, (changed) => ({ ...terms, [name]: changed }))];
    }),
    ...Object.keys(exhibits[0]!).map((name) => ({ ...terms, exhibits: [{ ...exhibits[0]!, [name]: 'other' }] })),
    { ...terms, exhibits: [] },
    { ...terms, exhibits: [...exhibits, ...exhibits] },
    { ...terms, legalBasis: 'a law in two lines' },
    { ...terms, legalBasis: 'a law\\nin two lines' },
    { ...terms, legalBasis: 'a law', form: 'in two lines\nnotice' },
  ] as OrderTerms[];
  for (const order of forged) {
    count += 1;
    expect(isGenuine(order), JSON.stringify(order)).toBe(false);
  }
  expect(count).toBeGreaterThan(30);
});

/** Amounts need both their parts to be written at all. */
const isComplete = ({ amount, leave, payment, text }: OrderTerms): boolean =>
  [amount, leave, payment?.amount].every((one) => one?.value !== undefined && one.currency !== undefined) &&
  text?.text !== undefined;

test('another office’s key does not verify it', () => {
  expect(signing.publicKeyOf('fiu')).not.toBe(signing.publicKeyOf('aoc'));
  expect(signing.signed(unsigned)).toEqual(terms);
});

test('whatever is answered, never more is held and gone than was ordered', () => {
  const minor = fc.option(
    fc.oneof(fc.bigInt(0n, 30_000_000n), fc.constantFrom(0n, 15_000_000n, 15_000_001n, 10n ** 18n - 1n)).map(String),
    { nil: undefined },
  );
  const said = fc.record(
    {
      outcome: fc.constantFrom(...orderOutcomes),
      held: minor,
      gone: minor,
      refusal: fc.option(fc.constantFrom(...orderRefusals), { nil: undefined }),
    },
    { requiredKeys: ['outcome'] },
  );
  fc.assert(
    fc.property(said, (answer) => {
      const judged = judgeOutcome(terms, answer as OrderOutcome);
      if (isRefusal(judged)) return;
      const held = BigInt(judged.held!);
      expect(held + BigInt(judged.gone!) <= 15_000_000n).toBe(true);
      expect(held > 0n).toBe(judged.outcome === 'placed' || judged.outcome === 'partly');
      // What was kept, said again, is the same.
      expect(judgeOutcome(terms, judged)).toEqual(judged);
    }),
  );
});

test('reminders come in their order, and none that has gone by', () => {
  const from = { issuedMs: 0, answerByMs: 30 * minuteMs };
  expect(nextReminderMs([20, 10, 40], from, 0)).toBe(10 * minuteMs);
  expect(nextReminderMs([20, 10, 40], from, 10 * minuteMs)).toBe(20 * minuteMs);
  expect(nextReminderMs([20, 10, 40], from, 20 * minuteMs)).toBeUndefined();
});
