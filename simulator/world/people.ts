import { mix, mix3, named, share, weighted } from '../chance/mix.ts';
import { nations, type Nation } from './nations.ts';

/**
 * Who lives in the world. A holder is a number: its nation and its place there; what is true of it is computed from that, so a
 * million people cost no memory. Places of a nation: first people, then shops, companies, agents and billers.
 */
export type Holder = number;
/** An account: whose, and which of four: the first bank account, a second one or a wallet, an exchange's, spare. */
export type Account = number;

export const placesMax = 2 ** 22;
/** From here on places belong to people whom nobody in the world meets but by their accounts. */
export const strangersFrom = 2 ** 21;

/** Lines besides people's first ones, which have their holder's place: second numbers, companies' desks, rings', strangers'. */
export const linePlaces = { second: 1_000_000, desk: 2_000_000, ring: 3_000_000, stranger: 5_300_000 } as const;
export const strangerLines = 690_000;

/** Whose accounts rings have: sold long ago, opened to be used soon, of companies on paper, and for one use each. */
export const strangerPlaces = { old: 0, fresh: 500_000, shell: 1_600_000, single: 1_850_000 } as const;
/** Of the last, how many there are; of the others, how many a ring has. */
export const singles = 247_000;
export const perRing = { old: 4096, fresh: 16_384, shell: 4096 } as const;
/** Fresh accounts are opened so many days before the next are; so many at a time. */
export const freshDays = 3;
export const freshSlots = 128;
/** So many companies on paper have one director. */
export const shellsPerDirector = 4;
export const peoplePerNationMax = 1_000_000;

export const holderAt = (nation: Nation, place: number): Holder => nation.place * placesMax + place;
export const nationOfHolder = (holder: Holder): Nation => nations[Math.floor(holder / placesMax)]!;
export const placeOf = (holder: Holder): number => holder % placesMax;
export const accountOf = (holder: Holder, slot: number): Account => holder * 4 + slot;
export const holderOf = (account: Account): Holder => Math.floor(account / 4);
export const slotOf = (account: Account): number => account % 4;

/** How a ring came by an account: lent or sold by its owner, opened only to be used, or of a company on paper. */
export type Tier = 'recruited' | 'bought' | 'fresh' | 'corporate';

export type Job = 'employed' | 'daily' | 'own' | 'student' | 'retired';
const jobs: readonly Job[] = ['employed', 'daily', 'own', 'student', 'retired'];

export interface Population {
  readonly people: number;
  readonly shops: number;
  readonly companies: number;
  readonly agents: number;
  readonly billers: number;
}

const peoplePerTown = 400;

/** People and whom they deal with, in one nation. */
export interface People {
  readonly nation: Nation;
  readonly population: Population;
  readonly towns: number;
  shop(place: number): Holder;
  company(place: number): Holder;
  agent(place: number): Holder;
  biller(place: number): Holder;
  /** One of a person's friends and family, mostly of the same town. */
  friend(person: Holder, which: number): Holder;
  /** One of the shops where a person usually buys. */
  usualShop(person: Holder, which: number): Holder;
  employer(person: Holder): Holder;
  town(holder: Holder): number;
  job(person: Holder): Job;
  age(person: Holder): number;
  /** Monthly, in baht. */
  income(holder: Holder): number;
  /** How much of what an average person does this one does. */
  vigour(person: Holder): number;
  /** By how many minutes a person's day is later than others'. */
  lateness(person: Holder): number;
  /** Opened once, and hardly used since. */
  isDormant(person: Holder): boolean;
  isTrader(person: Holder): boolean;
  isCourier(person: Holder): boolean;
  isPerson(holder: Holder): boolean;
}

export function peopleOf(bits: number, nation: Nation, count: number): People {
  const own = mix(bits, named(`people/${nation.member}`));
  const population: Population = {
    people: count,
    shops: Math.max(8, Math.round(count / 25)),
    companies: Math.max(6, Math.round(count / 60)),
    agents: Math.max(2, Math.round(count / 400)),
    billers: 6,
  };
  const firstShop = count;
  const firstCompany = firstShop + population.shops;
  const firstAgent = firstCompany + population.companies;
  const firstBiller = firstAgent + population.agents;
  const trait = (holder: Holder, of: number): number => mix3(own, placeOf(holder), of);
  const townCount = Math.max(1, Math.ceil(count / peoplePerTown));
  const isPerson = (holder: Holder): boolean => placeOf(holder) < count;
  const town = (holder: Holder): number =>
    isPerson(holder) ? Math.floor(placeOf(holder) / peoplePerTown) : trait(holder, 1) % townCount;
  const job = (person: Holder): Job => jobs[weighted([52, 16, 17, 8, 7], trait(person, 2))]!;
  const company = (place: number): Holder => holderAt(nation, firstCompany + (place % population.companies));

  return {
    nation,
    population,
    towns: townCount,
    shop: (place) => holderAt(nation, firstShop + (place % population.shops)),
    company,
    agent: (place) => holderAt(nation, firstAgent + (place % population.agents)),
    biller: (place) => holderAt(nation, firstBiller + (place % population.billers)),
    friend(person, which) {
      const draw = trait(person, 100 + which);
      if (draw % 8 === 0) return holderAt(nation, (draw >>> 3) % count);
      const first = town(person) * peoplePerTown;
      return holderAt(nation, first + ((draw >>> 3) % Math.min(peoplePerTown, count - first)));
    },
    usualShop(person, which) {
      const near = (town(person) * 16 + (trait(person, 200 + which) % 24)) % population.shops;
      return holderAt(nation, firstShop + near);
    },
    employer: (person) => company(trait(person, 3)),
    town,
    job,
    age(person) {
      const draw = trait(person, 4);
      const works = job(person);
      if (works === 'student') return 17 + (draw % 8);
      return works === 'retired' ? 60 + (draw % 22) : 20 + (draw % 42);
    },
    income(holder) {
      // Half to five times what is usual.
      const draw = share(trait(holder, 5));
      const level = 0.5 + draw + draw * draw * draw * draw * 3.5;
      return Math.round(nation.income * level * (isPerson(holder) ? 1 : 12));
    },
    vigour: (person) => [0.03, 0.4, 1, 2][weighted([4, 30, 50, 16], trait(person, 6))]!,
    lateness: (person) => [-120, -60, 0, 0, 60, 120, 480][trait(person, 7) % 7]!,
    isDormant: (person) => weighted([4, 30, 50, 16], trait(person, 6)) === 0,
    isTrader: (person) => trait(person, 8) % 400 === 0,
    isCourier: (person) => trait(person, 9) % 100 === 0,
    isPerson,
  };
}
