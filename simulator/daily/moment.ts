import type { Chance } from '../chance/chance.ts';
import { mix } from '../chance/mix.ts';
import type { Ground, Line } from '../world/ground.ts';
import { addresses } from '../world/keys.ts';
import { currencies, roundly, type Currency, type Nation } from '../world/nations.ts';
import type { Deed } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { accountOf, holderAt, type Account, type Holder, type People } from '../world/people.ts';

/** Somebody about to do something: who, when, and the stream that decides what. */
export interface Moment {
  readonly ground: Ground;
  readonly records: Records;
  readonly chance: Chance;
  readonly atMs: number;
  readonly nation: Nation;
  readonly people: People;
  readonly person: Holder;
  /** The beginning of a deed; each has the next order. */
  deed(atMs?: number): Deed;
}

export const incomeUsual = 18_000;

/** An amount for which a person of this income pays; the median is a Thai one’s. */
export function spending({ people, person, chance, nation }: Moment, median: number, spread: number): Money {
  const baht = chance.around(median, spread) * (people.income(person) / incomeUsual);
  const currency: Currency = nation.member === 'kh' && chance.is(0.6) ? 'USD' : nation.currency;
  return { minor: roundly(baht * currencies[currency].perBaht, currency, chance.next()), currency };
}

export interface Money {
  readonly minor: number;
  readonly currency: Currency;
}

/** Where a person is on the network: at home or on the move, seldom behind a VPN or a satellite. */
export function addressOf({ chance, nation, person }: Moment): string {
  const draw = chance.next();
  const bits = chance.below(65_536);
  if (draw < 0.012) return addresses.hosting(bits);
  if (draw < 0.02) return addresses.satellite(bits);
  return addresses.customer(nation, draw < 0.7 ? mix(person, 17) : bits);
}

/** The cell of a line's own town, or of another when it travels. */
export function cellOf({ chance, ground, people }: Moment, line: Line, holder: Holder): string {
  const town = chance.is(0.85) ? people.town(holder) : chance.below(people.towns);
  return ground.keys.cell(line.nation, line.fixed === true ? 0 : ground.keys.operatorOf(line.nation, line.place), town);
}

/** The account that a person uses: mostly the first. */
export const usedAccount = ({ chance, person }: Moment): Account => accountOf(person, chance.is(0.78) ? 0 : 1);

export const anybody = ({ chance, people, nation }: Moment): Holder =>
  holderAt(nation, chance.below(people.population.people));
