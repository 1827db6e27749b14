import type { MemberCode } from '@bronze-drum/protocol/members';
import { mix, mix3, named } from '../chance/mix.ts';
import { compounds, type Compound } from './compounds.ts';
import type { Keys } from './keys.ts';
import { addresses } from './keys.ts';
import { nationOf, nations, type Nation } from './nations.ts';
import { accountOf, holderAt, linePlaces, strangersFrom, type Account, type Holder, type People } from './people.ts';
import { ringDevice, type Ground, type Line } from './ground.ts';

export type Tier = 'recruited' | 'bought' | 'corporate';

export interface Mule {
  readonly holder: Holder;
  readonly account: Account;
  readonly tier: Tier;
}

/**
 * A ring: who calls, who lends accounts, where it sits. All of it is a function of the ring and the day, because mules, numbers
 * and places are used up and replaced; only its oldest accounts stay, which other members may have listed long ago.
 */
export interface Ring {
  readonly place: number;
  readonly name: string;
  readonly targets: readonly Nation[];
  compound(atMs: number): Compound;
  mule(nation: Nation, atMs: number, draw: number): Mule;
  /** A line of its SIM box in the nation. */
  boxLine(nation: Nation, atMs: number, draw: number): Line;
  /** Boxes stand still, and change the device numbers that they show. */
  boxCell(nation: Nation, atMs: number, line: Line): string;
  boxDevice(nation: Nation, atMs: number, draw: number): number;
  /** A mobile number of the nation that it sits in. */
  ownLine(atMs: number, draw: number): Line;
  /** The few telephones from which it signs in to many accounts. */
  device(nation: Nation, atMs: number, draw: number): number;
  address(atMs: number, draw: number): string;
  handle(nation: Nation, atMs: number, draw: number): string;
  link(atMs: number, draw: number): string;
  wallet(atMs: number, draw: number): string;
}

const dayMs = 86_400_000;
export const boxDays = 2;
const muleDays = 5;
const oldAccounts = 4;
/** In every world there are these, however small it is. */
export const ringsMin = 6;
const ringsMax = 60;

/** The stretch of so many days that an instant lies in; each ring's begin on other days. */
const stretch = (atMs: number, days: number, bits: number): number => Math.floor((atMs / dayMs + (bits % days)) / days);

export const boxLinesOf = ({ population }: People): number =>
  Math.min(32, Math.max(4, Math.round(population.people / 600)));

export function ringsOf(ground: Ground): Ring[] {
  const everybody = ground.people.reduce((sum, { population }) => sum + population.people, 0);
  const count = Math.min(ringsMax, Math.max(ringsMin, Math.round(everybody / 6_000)));
  return Array.from({ length: count }, (_, place) => ringOf(ground, place));
}

function ringOf(ground: Ground, place: number): Ring {
  const bits = ringBits(ground.bits, place);
  const draw = (...parts: readonly number[]): number => parts.reduce((sum, part) => mix(sum, part), bits);
  const compound = (atMs: number): Compound =>
    compounds[draw(1, stretch(atMs, 30 + (bits % 40), bits)) % compounds.length]!;
  const peopleIn = (nation: Nation): People => ground.people[nation.place]!;

  return {
    place,
    name: `ring-${String(place + 1).padStart(2, '0')}`,
    targets: targetsOf(bits, place),
    compound,
    mule(nation, atMs, which) {
      if (which % 100 < 12) return oldMule(bits, nation, place, which >>> 8);
      const people = peopleIn(nation);
      const slots = Math.max(10, Math.round(people.population.people / 1_200));
      return muleOf(people, draw(2, nation.place, (which >>> 8) % slots, stretch(atMs, muleDays, bits + nation.place)));
    },
    boxLine(nation, atMs, which) {
      const boxes = boxLinesOf(peopleIn(nation));
      const turn = stretch(atMs, boxDays, bits);
      return { nation, place: linePlaces.ring + place * 32_768 + ((turn * boxes + (which % boxes)) % 32_768) };
    },
    boxCell(nation, atMs, line) {
      const town = draw(3, nation.place, stretch(atMs, 12, bits)) % peopleIn(nation).towns;
      return ground.keys.cell(nation, ground.keys.operatorOf(nation, line.place), town);
    },
    boxDevice: (nation, atMs, which) =>
      ringDevice(nation, place * 16_384 + (mix3(bits, Math.floor(atMs / (dayMs / 4)), which % 32) % 16_384)),
    ownLine(atMs, which) {
      const home = nationOf(compound(atMs).member);
      return {
        nation: home,
        place: linePlaces.ring + 2_000_000 + place * 4_096 + (draw(4, stretch(atMs, 4, bits), which % 6) % 4_096),
      };
    },
    device: (nation, atMs, which) =>
      ringDevice(nation, 2_000_000 + place * 1_024 + (draw(5, stretch(atMs, 9, bits), which % 5) % 1_024)),
    address(atMs, which) {
      const site = named(compound(atMs).name);
      return which % 3 === 0 ? addresses.hosting(mix(site, which % 7)) : addresses.satellite(mix(site, which % 5));
    },
    handle: (nation, atMs, which) =>
      ground.keys.handle(nation, 8_000_000 + place * 65_536 + (draw(6, stretch(atMs, 6, bits), which % 40) % 65_536)),
    link: (atMs, which) =>
      `url:${ringDomain(ground.keys, bits, stretch(atMs, 3, bits), which)}/${(which % 46_656).toString(36)}`,
    wallet: (atMs, which) => ground.keys.wallet(draw(8, stretch(atMs, 4, bits), which % 6) >>> 2),
  };
}

const ringBits = (worldBits: number, place: number): number => mix3(worldBits, named('ring'), place);
const ringDomain = (keys: Keys, bits: number, turn: number, which: number): string =>
  keys.domain(mix3(bits, mix(turn, 7), which % 3) >>> 1);

/** Two or three nations, the more often the more they are called. */
function targetsOf(bits: number, place: number): Nation[] {
  const wanted = 2 + (mix(bits, 9) % 2);
  const targets = [nations[(place * 5 + 4) % nations.length]!];
  for (let turn = 0; targets.length < wanted; turn++) {
    const next = nations[[4, 0, 5, 4, 1, 0, 5, 3, 2][mix3(bits, 10, turn) % 9]!]!;
    if (!targets.includes(next)) targets.push(next);
  }
  return targets;
}

function oldMule(bits: number, nation: Nation, place: number, which: number): Mule {
  const slot = mix3(bits, 11, nation.place * oldAccounts + (which % oldAccounts)) % 4096;
  const holder = holderAt(nation, strangersFrom + place * 4096 + slot);
  return { holder, account: accountOf(holder, 0), tier: 'bought' };
}

/** People who lend their own account, accounts that were sold, and companies that exist on paper. */
function muleOf(people: People, bits: number): Mule {
  const { nation, population } = people;
  const kind = bits % 100;
  if (kind >= 85) {
    const holder = people.company(mix(bits, 1));
    return { holder, account: accountOf(holder, 0), tier: 'corporate' };
  }
  let place = mix(bits, 2) % population.people;
  const isBought = kind >= 45;
  for (let tries = 0; tries < 200 && people.isDormant(holderAt(nation, place)) !== isBought; tries++)
    place = (place + 1) % population.people;
  const holder = holderAt(nation, place);
  return { holder, account: accountOf(holder, 0), tier: isBought ? 'bought' : 'recruited' };
}

/** What members know of the rings before the world begins: for officers to list. The same for a seed, however large the world. */
export interface KnownIdentifier {
  readonly key: string;
  readonly typology: 'mule-account' | 'sim-box' | 'crypto-laundering';
  readonly tier: 'institution-confirmed' | 'institution-suspected' | 'victim';
}

export function knownMules(
  keysOfWorld: { readonly bits: number; keyOf(account: Account): string },
  member: MemberCode,
): KnownIdentifier[] {
  const nation = nationOf(member);
  return Array.from({ length: ringsMin * oldAccounts }, (_, at) => {
    const place = Math.floor(at / oldAccounts);
    const { account } = oldMule(ringBits(keysOfWorld.bits, place), nation, place, at);
    const tier = (['institution-confirmed', 'institution-suspected', 'victim'] as const)[at % 3]!;
    return { key: keysOfWorld.keyOf(account), typology: 'mule-account', tier };
  });
}
