import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultOfParts, proRata, shareOut, type Claim, type Pot } from './return-rules.ts';

const minor = (max: bigint) => fc.bigInt({ min: 1n, max });
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

test('property: the parts of a whole add up to it exactly, and none is more than its weight', () => {
  fc.assert(
    fc.property(fc.array(minor(10n ** 15n), { minLength: 1, maxLength: 40 }), minor(10n ** 15n), (weights, asked) => {
      const all = sum(weights);
      const whole = asked < all ? asked : all;
      const parts = shareOut(whole, weights);
      expect(sum(parts)).toBe(whole);
      expect(parts.every((part, index) => part >= 0n && part <= weights[index]!)).toBe(true);
    }),
  );
});

test('three victims of equal loss share what does not divide by three to the last satang', () => {
  expect(shareOut(100n, [50n, 50n, 50n])).toEqual([34n, 33n, 33n]);
});

test('what is found in the currency of the theft is paid before what was exchanged', () => {
  const claims = [claim('a', 1000n)];
  const pots = [pot('usd', 100n, 'USD', 3000n), pot('thb', 600n, 'THB', 600n)];
  const parts = proRata(claims, pots);
  expect(parts).toContainEqual({ claim: 'a', hold: 'thb', amount: 600n });
  // 400 satang are missing; a cent is worth 30 of them, and nobody gets a fraction more than their claim.
  expect(parts).toContainEqual({ claim: 'a', hold: 'usd', amount: 13n });
});

test('property: pro rata pays nobody more than their claim and no hold more than it has, and leaves nothing that is due', () => {
  const claims = fc.array(minor(10n ** 10n), { minLength: 1, maxLength: 12 });
  const pots = fc.array(
    fc.record({ available: minor(10n ** 10n), worth: minor(10n ** 10n), isForeign: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(claims, pots, (amounts, found) => {
      const asked = amounts.map((amount, index) => claim(`claim-${index}`, amount));
      const held = found.map(({ available, worth, isForeign }, index) =>
        isForeign ? pot(`hold-${index}`, available, 'USD', worth) : pot(`hold-${index}`, available, 'THB', available),
      );
      const parts = proRata(asked, held);
      const paid = new Map<string, bigint>();
      for (const { hold, amount } of parts) paid.set(hold, (paid.get(hold) ?? 0n) + amount);
      expect(held.every(({ id, available }) => (paid.get(id) ?? 0n) <= available)).toBe(true);
      const thb = held.filter(({ currency }) => currency === 'THB');
      const paidThb = sum(parts.filter(({ hold }) => thb.some(({ id }) => id === hold)).map(({ amount }) => amount));
      const foundThb = sum(thb.map(({ available }) => available));
      const due = sum(amounts);
      expect(paidThb).toBe(foundThb < due ? foundThb : due);
      for (const { id, amount } of asked) {
        const own = parts.filter((part) => part.claim === id);
        const inTheft = own.filter(({ hold }) => thb.some((one) => one.id === hold));
        expect(sum(inTheft.map((part) => part.amount)) <= amount).toBe(true);
      }
    }),
  );
});

test('shares that somebody decided are refused above the claim or the hold, and in another currency than was stolen', () => {
  const claims = [claim('a', 100n), { ...claim('b', 100n), currency: 'CNY' }];
  const pots = [pot('h', 150n, 'THB', 150n)];
  const fault = (parts: Parameters<typeof faultOfParts>[2]): string | undefined =>
    faultOfParts(claims, pots, parts)?.code;
  expect(fault([{ claim: 'a', hold: 'h', amount: 100n }])).toBeUndefined();
  expect(fault([{ claim: 'a', hold: 'h', amount: 101n }])).toBe('funds.share-above-claim');
  expect(fault([{ claim: 'a', hold: 'h', amount: 151n }])).toBe('funds.share-above-hold');
  expect(fault([{ claim: 'b', hold: 'h', amount: 1n }])).toBe('funds.share-currency');
  expect(fault([{ claim: 'c', hold: 'h', amount: 1n }])).toBe('funds.share-without-claim');
  expect(fault([{ claim: 'a', hold: 'i', amount: 1n }])).toBe('funds.share-without-hold');
});

function claim(id: string, amount: bigint): Claim {
  return { id, amount, currency: 'THB' };
}

function pot(id: string, available: bigint, currency: string, worth: bigint): Pot {
  return { id, available, currency, worth, stolenCurrency: 'THB' };
}
