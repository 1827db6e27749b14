import { expect, test } from 'vitest';
import fc from 'fast-check';
import type { Order } from '@bronze-drum/protocol/orders';
import type { Happening, Moved } from '../world/happening.ts';
import { nationOf } from '../world/nations.ts';
import { accountOf, holderAt } from '../world/people.ts';
import { openAccounts } from './accounts.ts';
import { complianceOf } from './compliance.ts';
import { simulatedInstitutions } from '../world/institutions.ts';

const [bank] = simulatedInstitutions('th');
const key = (place: number): string => `${bank!.serves[0]}9${String(place).padStart(9, '0')}`;
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** Accounts in Thailand with these baht on them. */
function openTestAccounts(baht: readonly number[]) {
  const balances = baht.map((whole) => whole * 100);
  const placeOf = (account: number): number => baht.findIndex((_, place) => end(place).account === account);
  const accounts = openAccounts({
    balance: (account) => ({ minor: balances[placeOf(account)]!, currency: 'THB' }),
  });
  const payment = (from: number, to: number, whole: number): Happening => {
    const moved: Moved = { from: end(from), to: end(to), minor: whole * 100, currency: 'THB' };
    return { atMs: 0, sent: [], moved };
  };
  return {
    accounts,
    /** As the living world does: the ledger books it first, and takes it back if it cannot be made. */
    pay(from: number, to: number, whole: number, second = 0): boolean {
      balances[from]! -= whole * 100;
      balances[to]! += whole * 100;
      const happening = payment(from, to, whole);
      if (accounts.mayPay(happening)) {
        accounts.paid(happening, at(second));
        return true;
      }
      balances[from]! += whole * 100;
      balances[to]! -= whole * 100;
      return false;
    },
  };
}

const end = (place: number) => ({ account: accountOf(holderAt(nationOf('th'), place), 0), key: key(place) });

function order(place: number, baht: number, rest: Partial<Order> = {}): Order {
  return {
    id: `00000000-0000-4000-8000-00000000000${place}`,
    revision: 1,
    kind: 'hold-amount',
    institution: bank!.id,
    office: 'hotline',
    subject: key(place),
    amount: { value: String(baht * 100), currency: 'THB' },
    legalBasis: 'the law',
    form: 'a notice',
    safeHarbour: 'the law',
    callBack: '1441',
    issuedAt: at(0),
    answerBy: at(59),
    state: 'issued',
    exhibits: [],
    signature: 'A'.repeat(86),
    ...rest,
  };
}

test('a bank holds what is still there, names what went on, and leaves what the customer lives on', () => {
  const { accounts, pay } = openTestAccounts([1000, 0]);
  pay(0, 1, 300, 10);
  expect(accounts.hold(order(0, 600))).toEqual({ outcome: 'placed', held: '60000', gone: '0' });
  accounts.release(order(0, 600).id);
  const leave = { value: '20000', currency: 'THB' };
  expect(accounts.hold(order(0, 600, { leave }))).toEqual({
    outcome: 'partly',
    held: '50000',
    gone: '10000',
    onward: [{ from: key(0), to: key(1), amount: { value: '30000', currency: 'THB' }, at: at(10) }],
  });
});

test('what is held stays: a payment that needs it is not made, and is once the hold ends', () => {
  const { accounts, pay } = openTestAccounts([1000, 0]);
  pay(0, 1, 1);
  accounts.hold(order(0, 800));
  expect(pay(0, 1, 200)).toBe(false);
  expect(pay(0, 1, 199)).toBe(true);
  accounts.release(order(0, 800).id);
  expect(pay(0, 1, 800)).toBe(true);
});

test('an account that is emptied is gone, and one that nobody has used is none of this world', () => {
  const { accounts, pay } = openTestAccounts([500, 0]);
  pay(0, 1, 500, 5);
  expect(accounts.hold(order(0, 500))).toMatchObject({ outcome: 'gone', gone: '50000', onward: [{ to: key(1) }] });
  expect(accounts.knows(key(7))).toBe(false);
  expect(complianceOf('th', bank!.id, accounts).dealsWith(order(7, 500))).toBe(false);
});

test('however it is ordered and paid, nothing is held that is not there, and no answer says more than was ordered', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('pay' as const),
      from: fc.nat(2),
      to: fc.nat(2),
      baht: fc.integer({ min: 1, max: 900 }),
    }),
    fc.record({
      kind: fc.constant('hold' as const),
      at: fc.nat(2),
      baht: fc.integer({ min: 1, max: 2000 }),
      leave: fc.nat(200),
    }),
    fc.record({ kind: fc.constant('release' as const), at: fc.nat(2) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const balances = [1000, 1000, 1000];
      const { accounts, pay } = openTestAccounts(balances);
      for (let place = 0; place < 3; place++) pay(place, (place + 1) % 3, 1);
      const held = [0, 0, 0];
      for (const one of steps) {
        if (one.kind === 'pay') {
          if (one.from !== one.to && one.baht <= balances[one.from]! && pay(one.from, one.to, one.baht)) {
            balances[one.from]! -= one.baht;
            balances[one.to]! += one.baht;
          }
        } else if (one.kind === 'hold') {
          const leave = { value: String(one.leave * 100), currency: 'THB' };
          const outcome = accounts.hold(order(one.at, one.baht, { leave }));
          held[one.at] = Number(outcome.held ?? '0') / 100;
          expect(held[one.at]! + Number(outcome.gone) / 100).toBe(one.baht);
        } else {
          accounts.release(order(one.at, 1).id);
          held[one.at] = 0;
        }
        for (const [place, baht] of held.entries()) expect(baht).toBeLessThanOrEqual(balances[place]!);
      }
    }),
  );
});

test('most institutions answer within seconds, some are slow, one never does, and now and then one refuses', () => {
  const { accounts, pay } = openTestAccounts([1000, 0]);
  pay(0, 1, 1);
  const desks = ['cn', 'kh', 'la', 'mm', 'th', 'vn'].flatMap((member) =>
    simulatedInstitutions(member).map(({ id }) => complianceOf(member, id, accounts)),
  );
  expect(desks.filter(({ answers }) => !answers).length).toBe(1);
  const slow = desks.filter(({ delayMs }) => delayMs(order(0, 1)) >= 20_000).length;
  expect(slow).toBeGreaterThan(0);
  expect(slow).toBeLessThan(desks.length / 3);
  const own = complianceOf('th', bank!.id, accounts);
  const answers = Array.from({ length: 500 }, (_, at) => own.answer(order(0, 1, { id: `order-${at}` })).outcome);
  expect(new Set(answers)).toContain('refused');
  expect(answers.filter((outcome) => outcome === 'refused').length).toBeLessThan(answers.length / 5);
  const elsewhere = complianceOf('th', simulatedInstitutions('th')[1]!.id, accounts);
  expect(elsewhere.answer(order(0, 1))).toEqual({ outcome: 'refused', refusal: 'not-our-customer' });
});
