import type { Trace } from '../../../../server/src/funds/contract.ts';

export type Place = Trace['places'][number];
type Told = Pick<Trace, 'amount' | 'origins' | 'places' | 'from'>;

const thb = (value: number) => ({ value: String(value), currency: 'THB' });
export const at = (second: number): string => new Date(Date.UTC(2026, 10, 22, 3, 0, second)).toISOString();

export function place(id: string, reached: number, more: Partial<Place> = {}): Place {
  return {
    place: id,
    member: 'th',
    key: `account:TH:901:${id}`,
    hop: 1,
    reached: thb(reached),
    remains: thb(0),
    end: 'passed-on',
    to: [],
    ...more,
  };
}

export const to = (id: string, amount: number, second: number) => ({ place: id, amount: thb(amount), at: at(second) });

/** A theft of so much into the first of these places. */
export function theft(amount: number, places: readonly Place[], parts: Partial<Told> = {}): Told {
  const first = places[0]!.place;
  return {
    amount: thb(amount),
    from: null,
    origins: [{ place: first, from: 'account:TH:014:1', amount: thb(amount), at: at(0), reference: null }],
    places: [...places],
    ...parts,
  };
}
