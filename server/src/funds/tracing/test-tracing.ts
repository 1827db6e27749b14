import fc from 'fast-check';
import type { Origin, Traced, TraceLimits } from './following.ts';
import { openPaymentIndex, type PaymentIndex, type ToldPayment } from './payment-index.ts';
import { tracingMethods } from './pools.ts';

export const account = (name: string | number): string => `account:TH:014:${name}`;
/** Nine o'clock, and so many minutes. */
export const at = (minutes: number): number => Date.parse('2026-03-02T09:00:00Z') + minutes * 60_000;

let lastId = 0;
export function payment(
  from: string | null,
  to: string | null,
  amount: number,
  more: Partial<ToldPayment> & { readonly minute: number },
): ToldPayment {
  const { minute, ...rest } = more;
  lastId += 1;
  return {
    source: 'bank',
    id: `p-${lastId}`,
    ...(from === null ? {} : { from: account(from) }),
    ...(to === null ? {} : { to: account(to) }),
    amount: BigInt(amount),
    currency: 'THB',
    atMs: at(minute),
    channel: 'mobile',
    state: 'settled',
    side: 'sender',
    ...rest,
  };
}

export function indexOf(payments: readonly ToldPayment[], seed = 7): PaymentIndex {
  const index = openPaymentIndex({ seed });
  for (const told of payments) index.add(told);
  return index;
}

export const limits: TraceLimits = {
  method: 'haircut',
  hopsMax: 20,
  untilMs: at(100_000),
  smallest: {},
  placesMax: 10_000,
  edgesMax: 100_000,
  pooledPayersMin: 1000,
  self: 'th',
  homeOf: (key) => (key.includes(':KH:') ? 'kh' : 'th'),
  isMerchant: () => false,
  reports: () => true,
};

export const origin = (to: string, amount: number, minute: number, more: Partial<Origin> = {}): Origin => ({
  to: account(to),
  amount: BigInt(amount),
  currency: 'THB',
  atMs: at(minute),
  hop: 1,
  ...more,
});

/** What remains at each place, by its name without what all have in common. */
export function remaining({ places }: Traced): Record<string, string> {
  const shown = places.filter(({ remains }) => remains > 0n);
  return Object.fromEntries(
    shown.map(({ name, remains, end }) => [name.replace(/account:TH:014:/g, ''), `${remains} ${end}`]),
  );
}

export const sumOf = ({ places }: Traced): bigint => places.reduce((sum, { remains }) => sum + remains, 0n);

const currencies = ['THB', 'USD'] as const;

/** Any record: cycles, cash, fees, currencies, returns, both sides, balances that fit nothing. */
const someRecord = (accounts: number): fc.Arbitrary<ToldPayment> =>
  fc
    .record({
      from: fc.option(fc.integer({ min: 0, max: accounts }), { freq: 12 }),
      to: fc.option(fc.integer({ min: 0, max: accounts }), { freq: 8 }),
      amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000 })),
      currency: fc.constantFrom('THB', 'THB', 'THB', 'USD'),
      minute: fc.integer({ min: 0, max: 40 }),
      state: fc.constantFrom('settled', 'settled', 'settled', 'settled', 'returned', 'pending', 'rejected'),
      side: fc.constantFrom('sender', 'receiver', 'both'),
      reference: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 3 }),
      balance: fc.option(fc.integer({ min: -500, max: 1_000_000 }), { freq: 2 }),
    })
    .map(({ from, to, amount, currency, minute, state, side, reference, balance }) =>
      payment(from === null ? null : String(from), to === null ? null : String(to), amount, {
        minute,
        currency,
        state,
        side,
        ...(reference === null ? {} : { reference: `R${reference}` }),
        ...(balance === null ? {} : { balanceAfter: BigInt(balance) }),
      }),
    );

/** One payment as both banks tell it: perhaps with a fee, in another currency, later. */
const somePair = (accounts: number): fc.Arbitrary<ToldPayment[]> =>
  fc
    .record({
      from: fc.integer({ min: 0, max: accounts }),
      to: fc.integer({ min: 0, max: accounts }),
      amount: fc.integer({ min: 10, max: 100_000 }),
      fee: fc.integer({ min: 0, max: 9 }),
      currency: fc.constantFrom(...currencies),
      minute: fc.integer({ min: 0, max: 40 }),
      delay: fc.integer({ min: -2, max: 5 }),
      number: fc.integer({ min: 10, max: 10_000 }),
      isReturned: fc.boolean(),
    })
    .map(({ from, to, amount, fee, currency, minute, delay, number, isReturned }) => {
      const reference = `E2E${number}`;
      const [sender, receiver] = [String(from), String(to)];
      const tellings = [
        payment(sender, receiver, amount, { minute, reference }),
        payment(sender, receiver, currency === 'THB' ? amount - fee : amount * 3, {
          minute: minute + delay,
          reference,
          currency,
          side: 'receiver',
        }),
      ];
      if (isReturned)
        tellings.push(payment(sender, receiver, amount, { minute: minute + 7, reference, state: 'returned' }));
      return tellings;
    });

export const someRecords = (accounts = 6): fc.Arbitrary<ToldPayment[]> =>
  fc
    .tuple(fc.array(someRecord(accounts), { maxLength: 60 }), fc.array(somePair(accounts), { maxLength: 15 }))
    .map(([alone, pairs]) => [...alone, ...pairs.flat()]);

export const someOrigins: fc.Arbitrary<Origin[]> = fc.array(
  fc
    .record({
      to: fc.option(fc.integer({ min: 0, max: 7 }), { freq: 9 }),
      amount: fc.integer({ min: 1, max: 1_000_000 }),
      minute: fc.integer({ min: 0, max: 20 }),
      hop: fc.integer({ min: 1, max: 3 }),
      currency: fc.constantFrom('THB', 'THB', 'USD'),
    })
    .map(({ to, amount, minute, hop, currency }) =>
      origin('', amount, minute, { to: to === null ? null : account(to), hop, currency }),
    ),
  { minLength: 1, maxLength: 4 },
);

export const someMethod = fc.constantFrom(...tracingMethods);
