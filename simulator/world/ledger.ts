import { mix, share } from '../chance/mix.ts';
import { holderOf, nationOfHolder, placeOf, slotOf, strangersFrom, type Account, type People } from './people.ts';
import { fromBaht } from './nations.ts';

/** What is on every account, in its nation's currency (in Cambodia: riel), as far as anybody has looked. */
export interface Ledger {
  balance(account: Account): number;
  add(account: Account, minor: number): void;
}

export function openLedger(bits: number, people: readonly People[]): Ledger {
  const touched = people.map(({ population: all }) =>
    new Float64Array((all.people + all.shops + all.companies + all.agents + all.billers) * 4).fill(NaN),
  );
  const strangers = new Map<Account, number>();

  function initial(account: Account): number {
    const nation = nationOfHolder(holderOf(account));
    const income = people[nation.place]!.income(holderOf(account));
    const draw = share(mix(bits, account));
    const place = placeOf(holderOf(account));
    if (slotOf(account) === 3 || place >= strangersFrom) return fromBaht(20 + draw * 900, nation.currency);
    const part = slotOf(account) === 0 ? 0.1 + draw * draw * 4 : 0.02 + draw * draw * 0.6;
    return fromBaht(income * part, nation.currency);
  }

  const balance = (account: Account): number => {
    const place = placeOf(holderOf(account));
    if (place >= strangersFrom) return strangers.get(account) ?? initial(account);
    const known = touched[nationOfHolder(holderOf(account)).place]![place * 4 + slotOf(account)]!;
    return Number.isNaN(known) ? initial(account) : known;
  };

  return {
    balance,
    add(account, minor) {
      const place = placeOf(holderOf(account));
      const after = balance(account) + minor;
      if (place >= strangersFrom) strangers.set(account, after);
      else touched[nationOfHolder(holderOf(account)).place]![place * 4 + slotOf(account)] = after;
    },
  };
}
