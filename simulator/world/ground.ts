import type { MemberCode } from '@bronze-drum/protocol/members';
import { mix, mix3, named, seedBits, share } from '../chance/mix.ts';
import { openAgenda, type Agenda } from './agenda.ts';
import { exchangePlace, operatorPlace, reportersOf, walletPlace, type Reporter } from './institutions.ts';
import { keysOf, type Keys } from './keys.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { addresses } from './networks.ts';
import { nations, type Nation } from './nations.ts';
import {
  holderOf,
  linePlaces,
  nationOfHolder,
  peopleOf,
  peoplePerNationMax,
  placeOf,
  placesMax,
  slotOf,
  strangerLines,
  strangerPlaces,
  strangersFrom,
  type Account,
  type Holder,
  type People,
} from './people.ts';
import { registerOf, type Registered } from './register.ts';

/** What institutions look for, by detector and name of the limit. */
export type KnownLimits = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface WorldOptions {
  readonly seed: number;
  readonly fromMs: number;
  /** Records in a minute, on average over a day, of the members that take part. */
  readonly rate: number;
  readonly members: readonly MemberCode[];
  /** Of the payments that are reported, how many belong to a fraud. */
  readonly fraudShare: number;
  /** How many frauds are in the middle of their payments when the world begins. */
  readonly underway: number;
  /** The rings know these limits, and keep below them. */
  readonly adversary?: KnownLimits;
}

/** A telephone line: of a person, of a ring, or a fixed one of an agency or company. */
export interface Line {
  readonly nation: Nation;
  readonly place: number;
  readonly fixed?: boolean;
}

/** What everything in the world stands on. */
export interface Ground {
  readonly options: WorldOptions;
  readonly bits: number;
  /** In every record's id: another beginning gives other ids. */
  readonly run: string;
  readonly keys: Keys;
  /** By the nation's place. */
  readonly people: readonly People[];
  readonly ledger: Ledger;
  readonly agenda: Agenda;
  takesPart(nation: Nation): boolean;
  /** Who keeps an account. */
  keeper(account: Account): Reporter;
  keyOf(account: Account): string;
  registered(account: Account): Registered;
  /** Whose number it is; undefined for a fixed line, which belongs to the first operator. */
  operator(line: Line): Reporter;
  /** An operator of a nation, of two. */
  network(nation: Nation, which: number): Reporter;
  phone(line: Line): string;
  lineOf(holder: Holder): Line;
  platform(nation: Nation): Reporter;
  /** Cards and telephones are changed now and then. */
  card(line: Line): string;
  changeCard(line: Line): void;
  device(holder: Holder): number;
  /** On what an account is used: in some families all use one tablet for their first accounts. */
  screen(account: Account): number;
  /** The address at which somebody lives; families of up to three do together. */
  home(holder: Holder): string;
  changeDevice(holder: Holder): void;
}

/** Of an average person, in a day; measured. */
const recordsPerPersonDay = 8.9;
const peoplePerNationMin = 400;

const personGenerations = 7;
export const deviceOf = (nation: Nation, generation: number, place: number): number =>
  nation.place * 2 ** 25 + generation * placesMax + place;
/** Between those of SIM boxes and those of rings' rooms. */
const tablets = 1_000_000;
const familySize = 3;
const withTablet = 0.08;
/** A telephone that a ring uses. */
export const ringDevice = (nation: Nation, place: number): number => deviceOf(nation, personGenerations, place);

export function groundOf(options: WorldOptions): Ground {
  const bits = seedBits(options.seed);
  const taking = new Set(options.members);
  const shares = nations.reduce((sum, nation) => sum + (taking.has(nation.member) ? nation.share : 0), 0);
  const everybody = (options.rate * 1440) / recordsPerPersonDay;
  const people = nations.map((nation) => {
    const part = taking.has(nation.member) ? nation.share / shares : 0;
    const count = Math.min(peoplePerNationMax, Math.max(peoplePerNationMin, Math.round(everybody * part)));
    return peopleOf(bits, nation, count);
  });
  const keys = keysOf(bits);
  const reporters = reportersOf(bits);
  const generations = people.map(({ population }) => new Uint8Array(population.people * 2));

  const institution = (account: Account): number => {
    const slot = slotOf(account);
    if (slot === 2) return exchangePlace;
    // Companies on paper go where they are taken.
    const stranger = placeOf(holderOf(account)) - strangersFrom;
    const isShell = stranger >= strangerPlaces.shell && stranger < strangerPlaces.single;
    if (isShell && mix(bits, account) % 4 > 0) return 0;
    const draw = share(mix3(bits, account, named('bank')));
    if (slot === 1 && draw < 0.5) return walletPlace;
    const place = mix(bits, account) % 100;
    return place < 45 ? 0 : place < 80 ? 1 : 2;
  };
  const generation = (nation: Nation, place: number, of: 0 | 1): number =>
    generations[nation.place]![place * 2 + of] ?? 0;
  const age = (nation: Nation, place: number, of: 0 | 1, most: number): void => {
    const now = generation(nation, place, of);
    if (place < people[nation.place]!.population.people) generations[nation.place]![place * 2 + of] = (now + 1) % most;
  };

  const operatorIndex = (line: Line): number => (line.fixed === true ? 0 : keys.operatorOf(line.nation, line.place));

  const ground: Ground = {
    options,
    bits,
    run: Math.floor(options.fromMs / 1000).toString(36),
    keys,
    people,
    ledger: openLedger(bits, people),
    agenda: openAgenda(),
    takesPart: (nation) => taking.has(nation.member),
    keeper: (account) => reporters[nationOfHolder(holderOf(account)).place]![institution(account)]!,
    keyOf(account) {
      const holder = holderOf(account);
      return keys.account(nationOfHolder(holder), institution(account), placeOf(holder) * 4 + slotOf(account));
    },
    operator: (line) => reporters[line.nation.place]![operatorPlace + operatorIndex(line)]!,
    registered: registerOf(bits, people, options.fromMs),
    network: (nation, which) => reporters[nation.place]![operatorPlace + which]!,
    phone: (line) => (line.fixed === true ? keys.fixed(line.nation, line.place) : keys.mobile(line.nation, line.place)),
    lineOf(holder) {
      const place = placeOf(holder);
      const isStranger = place >= strangersFrom;
      const line = isStranger ? linePlaces.stranger + ((place - strangersFrom) % strangerLines) : place;
      return { nation: nationOfHolder(holder), place: line };
    },
    platform: (nation) => reporters[nation.place]![operatorPlace + 2]!,
    card: (line) =>
      keys.card(line.nation, operatorIndex(line), line.place + generation(line.nation, line.place, 0) * placesMax),
    changeCard: ({ nation, place }) => age(nation, place, 0, 60),
    device(holder) {
      const nation = nationOfHolder(holder);
      const place = placeOf(holder);
      return deviceOf(nation, place >= strangersFrom ? personGenerations : generation(nation, place, 1), place);
    },
    screen(account) {
      const holder = holderOf(account);
      const nation = nationOfHolder(holder);
      const family = Math.floor(placeOf(holder) / familySize);
      const isShared =
        slotOf(account) === 0 &&
        placeOf(holder) < people[nation.place]!.population.people &&
        share(mix3(bits, nation.place, mix(family, tablets))) < withTablet;
      return isShared ? deviceOf(nation, personGenerations, tablets + family) : ground.device(holder);
    },
    home(holder) {
      const nation = nationOfHolder(holder);
      const households = Math.ceil(people[nation.place]!.population.people / familySize);
      const family = mix3(bits, Math.floor(placeOf(holder) / familySize), named('home'));
      return addresses.home(nation, family, households);
    },
    changeDevice: (holder) => age(nationOfHolder(holder), placeOf(holder), 1, personGenerations),
  };
  return ground;
}
