import type { TraceSummary } from '../../../../server/src/funds/contract.ts';
import type { Money } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { members, type Member } from './geography.ts';

/** What stolen money did between two members, in one currency: currencies are never added up. */
export interface Flow {
  readonly from: Member;
  readonly to: Member;
  readonly amount: Money;
  readonly thefts: number;
  /** When the last of it crossed. */
  readonly at: string;
  /** What became of most of the money of these thefts, wherever it is now. */
  readonly fate: Fate;
  /** From 0 to 1, against the largest flow of the same currency. */
  readonly weight: number;
}

export type Fate = 'held' | 'open' | 'lost';
export const fateTone: Readonly<Record<Fate, Tone>> = { held: 'patina', open: 'ochre', lost: 'cinnabar' };

const isDrawn = (code: string): code is Member => members.some((member) => member === code);

export type FlowingTrace = Pick<TraceSummary, 'crossings' | 'held' | 'seized' | 'returned' | 'open' | 'lost'>;

/** The flows of some traces, the heaviest of each currency first. */
export function flowsOf(traces: readonly FlowingTrace[]): Flow[] {
  interface Sum extends Pick<Flow, 'from' | 'to'> {
    currency: string;
    minor: bigint;
    thefts: number;
    at: string;
    held: bigint;
    open: bigint;
    lost: bigint;
  }
  const sums = new Map<string, Sum>();
  for (const { crossings, held, seized, returned, open, lost } of traces)
    for (const { from, to, amount, at } of crossings) {
      if (!isDrawn(from) || !isDrawn(to) || from === to) continue;
      const key = `${from} ${to} ${amount.currency}`;
      const known = sums.get(key) ?? {
        from,
        to,
        currency: amount.currency,
        minor: 0n,
        thefts: 0,
        at,
        held: 0n,
        open: 0n,
        lost: 0n,
      };
      sums.set(key, {
        ...known,
        minor: known.minor + BigInt(amount.value),
        thefts: known.thefts + 1,
        at: known.at > at ? known.at : at,
        held: known.held + BigInt(held.value) + BigInt(seized.value) + BigInt(returned.value),
        open: known.open + BigInt(open.value),
        lost: known.lost + BigInt(lost.value),
      });
    }
  const greatest = new Map<string, bigint>();
  for (const { currency, minor } of sums.values())
    if (minor > (greatest.get(currency) ?? 0n)) greatest.set(currency, minor);
  return [...sums.values()]
    .sort((a, b) => (a.currency === b.currency ? (a.minor > b.minor ? -1 : 1) : a.currency < b.currency ? -1 : 1))
    .map(({ currency, minor, held, open, lost, ...sum }) => ({
      from: sum.from,
      to: sum.to,
      thefts: sum.thefts,
      at: sum.at,
      amount: { value: String(minor), currency },
      fate: held >= open && held >= lost ? 'held' : open >= lost ? 'open' : 'lost',
      weight: Number((minor * 1000n) / (greatest.get(currency) || 1n)) / 1000,
    }));
}

/** What went in or out of a member: one sum a currency. */
export function sumsOf(flows: readonly Flow[]): Money[] {
  const sums = new Map<string, bigint>();
  for (const { amount } of flows) sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + BigInt(amount.value));
  return [...sums].map(([currency, minor]) => ({ value: String(minor), currency }));
}
