import type { Return } from '../../../../server/src/funds/return-contract.ts';

type Claim = Return['claims'][number];

/** One victim's line of the table. All amounts are in minor units of `currency`. */
export interface Line {
  readonly claim: Claim;
  readonly currency: string;
  readonly lost: bigint;
  /** The claim's part of all claims in this currency, from 0 to 1. */
  readonly share: number;
  /** What is paid in the currency of the claim: decided, or as it would be divided now. */
  readonly paid: bigint;
  /** What is paid in other currencies, in which the money was found. */
  readonly foreign: readonly { readonly value: string; readonly currency: string }[];
  /** By how much of the smallest unit the part was rounded up or down; undefined where it is not in proportion. */
  readonly rounding: number | undefined;
}

export interface Group {
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly lost: bigint;
  readonly paid: bigint;
  /** Whether nobody gets more than was lost. */
  readonly isWithinClaims: boolean;
  /** Whether no part is off its exact share by a whole unit or more; undefined where it is not in proportion. */
  readonly isFair: boolean | undefined;
}

/** Divides a whole in units that cannot be divided: the largest remainder first, the earlier first among equals. As the server does. */
export function shareOut(whole: bigint, weights: readonly bigint[]): bigint[] {
  const all = sumOf(weights);
  if (all === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (whole * weight) / all);
  const rest = Number(whole - sumOf(parts));
  const byRemainder = weights
    .map((weight, at) => ({ at, remainder: (whole * weight) % all }))
    .toSorted((a, b) => (a.remainder === b.remainder ? a.at - b.at : a.remainder < b.remainder ? 1 : -1));
  for (const { at } of byRemainder.slice(0, rest)) parts[at]! += 1n;
  return parts;
}

/** The claims by currency with what each is paid. Of an open return it is a preview: the server divides when it is decided. */
export function tableOf(found: Return): readonly Group[] {
  const currencies = [...new Set(found.claims.map(({ amount }) => amount.currency))];
  return currencies.map((currency) => groupOf(found, currency));
}

function groupOf(found: Return, currency: string): Group {
  const claims = found.claims.filter(({ amount }) => amount.currency === currency);
  const losses = claims.map(({ amount }) => BigInt(amount.value));
  const lost = sumOf(losses);
  const parts =
    found.state === 'open' ? previewed(found, currency, losses) : claims.map((one) => paidOf(one, currency));
  const paid = sumOf(parts);
  const isProRata = found.state === 'open' || found.method === 'pro-rata';
  const lines = claims.map((claim, at): Line => {
    const value = parts[at]!;
    return {
      claim,
      currency,
      lost: losses[at]!,
      share: lost === 0n ? 0 : Number((losses[at]! * 1_000_000n) / lost) / 1_000_000,
      paid: value,
      foreign: claim.payments.map(({ amount }) => amount).filter((amount) => amount.currency !== currency),
      rounding: isProRata && lost > 0n ? roundingOf(value, paid * losses[at]!, lost) : undefined,
    };
  });
  const isMixed = lines.some(({ foreign }) => foreign.length > 0);
  return {
    currency,
    lines,
    lost,
    paid,
    isWithinClaims: lines.every((line) => line.paid <= line.lost),
    isFair: isProRata && !isMixed ? lines.every(({ rounding = 0 }) => Math.abs(rounding) < 1) : undefined,
  };
}

function previewed({ available }: Return, currency: string, losses: readonly bigint[]): bigint[] {
  const found = BigInt(available.find((money) => money.currency === currency)?.value ?? '0');
  const due = sumOf(losses);
  return shareOut(found < due ? found : due, losses);
}

const paidOf = ({ payments }: Claim, currency: string): bigint =>
  sumOf(payments.filter(({ amount }) => amount.currency === currency).map(({ amount }) => BigInt(amount.value)));

/** A part less the exact share `over / under`, in hundredths of a unit. */
const roundingOf = (part: bigint, over: bigint, under: bigint): number =>
  Number(((part * under - over) * 100n) / under) / 100;

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
