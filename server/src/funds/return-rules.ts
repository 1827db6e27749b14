import { assert } from '../kernel/assert.ts';

/**
 * Divides a whole by weights in units that cannot be divided: largest remainder, the earlier first among equals. The parts add
 * up to the whole exactly; none is more than its weight if the whole is not more than all weights together.
 */
export function shareOut(whole: bigint, weights: readonly bigint[]): bigint[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  assert(whole >= 0n && weights.every((weight) => weight >= 0n), 'amounts are not negative');
  if (all === 0n) {
    assert(whole === 0n, 'nothing is divided among nobody');
    return weights.map(() => 0n);
  }
  const parts = weights.map((weight) => (whole * weight) / all);
  let rest = whole - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (whole * weight) % all }))
    .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  for (const { index } of byRemainder) {
    if (rest === 0n) break;
    parts[index]! += 1n;
    rest -= 1n;
  }
  return parts;
}

export interface Claim {
  readonly id: string;
  /** In the currency of the theft. */
  readonly amount: bigint;
  readonly currency: string;
}

/** What a court has of a hold and nobody was promised yet. */
export interface Pot {
  readonly id: string;
  readonly available: bigint;
  readonly currency: string;
  /** The same in the currency of the theft. */
  readonly worth: bigint;
  readonly stolenCurrency: string;
}

export interface Part {
  readonly claim: string;
  readonly hold: string;
  readonly amount: bigint;
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/**
 * Pro rata: each currency that was found is divided among those from whom that money was stolen by what is still missing to
 * each, first the currency of the theft itself. Nobody is paid more than their claim, and no hold pays more than it has.
 */
export function proRata(claims: readonly Claim[], pots: readonly Pot[]): Part[] {
  const missing = new Map(claims.map(({ id, amount }) => [id, amount]));
  const groups = [...Map.groupBy(pots, ({ currency, stolenCurrency }) => `${stolenCurrency} ${currency}`)].toSorted(
    ([a], [b]) => Number(isForeign(a)) - Number(isForeign(b)) || (a < b ? -1 : 1),
  );
  return groups.flatMap(([name, group]) => {
    const [stolenCurrency] = name.split(' ');
    const entitled = claims.filter(({ currency }) => currency === stolenCurrency);
    const worth = sumOf(group.map((pot) => pot.worth));
    const found = sumOf(group.map((pot) => pot.available));
    if (entitled.length === 0 || worth === 0n) return [];
    // What is missing to each in the currency that was found, rounded down: nobody gets more by a fraction either.
    const most = entitled.map(({ id }) => (missing.get(id)! * found) / worth);
    const due = sumOf(most);
    const amounts = shareOut(found < due ? found : due, most);
    entitled.forEach(({ id }, index) => {
      const paid = (amounts[index]! * worth + found - 1n) / found;
      missing.set(id, missing.get(id)! - paid);
    });
    return fill(entitled, amounts, group);
  });
}

const isForeign = (name: string): boolean => {
  const [stolen, found] = name.split(' ');
  return stolen !== found;
};

/** Takes each amount out of the holds one after another. */
function fill(claims: readonly Claim[], amounts: readonly bigint[], pots: readonly Pot[]): Part[] {
  const left = pots.map(({ available }) => available);
  const parts: Part[] = [];
  let at = 0;
  claims.forEach(({ id }, index) => {
    let due = amounts[index]!;
    while (due > 0n && at < pots.length) {
      const amount = due < left[at]! ? due : left[at]!;
      if (amount > 0n) parts.push({ claim: id, hold: pots[at]!.id, amount });
      due -= amount;
      left[at]! -= amount;
      if (left[at] === 0n) at += 1;
    }
    assert(due === 0n, 'no more is paid than was found');
  });
  return parts;
}

/** Why parts that somebody decided cannot be paid: the code and what it is about; undefined if they can. */
export function faultOfParts(
  claims: readonly Claim[],
  pots: readonly Pot[],
  parts: readonly Part[],
): { readonly code: string; readonly id: string } | undefined {
  const seen = new Set<string>();
  const missing = new Map(claims.map((claim) => [claim.id, claim]));
  const taken = new Map<string, bigint>();
  const worths = new Map<string, bigint>();
  for (const { claim: claimId, hold, amount } of parts) {
    const claim = missing.get(claimId);
    const pot = pots.find(({ id }) => id === hold);
    if (claim === undefined) return { code: 'funds.share-without-claim', id: claimId };
    if (pot === undefined) return { code: 'funds.share-without-hold', id: hold };
    if (claim.currency !== pot.stolenCurrency) return { code: 'funds.share-currency', id: hold };
    if (seen.has(`${claimId} ${hold}`)) return { code: 'funds.share-twice', id: claimId };
    seen.add(`${claimId} ${hold}`);
    taken.set(hold, (taken.get(hold) ?? 0n) + amount);
    if (taken.get(hold)! > pot.available) return { code: 'funds.share-above-hold', id: hold };
    // Rounded up: nobody gets more than their claim by a fraction either.
    const worth = (amount * pot.worth + pot.available - 1n) / pot.available;
    worths.set(claimId, (worths.get(claimId) ?? 0n) + worth);
    if (worths.get(claimId)! > claim.amount) return { code: 'funds.share-above-claim', id: claimId };
  }
  return undefined;
}
