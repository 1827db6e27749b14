import type { Chance } from '../chance/chance.ts';
import { mix } from '../chance/mix.ts';
import type { Ground, Line } from '../world/ground.ts';
import { addresses } from '../world/networks.ts';
import { currencies, roundly, type Currency, type Nation } from '../world/nations.ts';
import type { Deed } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { localTime } from './rhythm.ts';
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

const sharingOneAddress = 300;

/** Where a person is on the network: at home, at work or on the move; a few use a VPN, or live where only a satellite reaches. */
export function addressOf({ chance, ground, nation, people, person, atMs }: Moment): string {
  const draw = chance.next();
  const bits = chance.below(65_536);
  const habit = mix(person, 18) % 1000;
  if (habit < 15 && draw < 0.4) return addresses.vpn(mix(person, bits % 2));
  if (habit >= 995 && draw < 0.7) return addresses.satellite(mix(person, 19));
  if (draw > 0.7)
    return addresses.mobile(nation, bits, Math.max(8, Math.ceil(people.population.people / sharingOneAddress)));
  if (draw > 0.55 && people.job(person) === 'employed') {
    const { minute } = localTime(atMs, nation.zoneMinutes);
    if (minute > 540 && minute < 1080) return addresses.office(nation, mix(people.employer(person), 21));
  }
  return ground.home(person);
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
