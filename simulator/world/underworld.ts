import type { MemberCode } from '@bronze-drum/protocol/members';
import { mix, mix3, named } from '../chance/mix.ts';
import { compounds, type Compound } from './compounds.ts';
import type { Keys } from './keys.ts';
import { nationOf, nations, type Nation } from './nations.ts';
import { addresses } from './networks.ts';
import {
  accountOf,
  freshDays,
  freshSlots,
  holderAt,
  linePlaces,
  perRing,
  singles,
  shellsPerDirector,
  strangerPlaces,
  strangersFrom,
  type Account,
  type Holder,
  type People,
  type Tier,
} from './people.ts';
import { ringDevice, type Ground, type Line } from './ground.ts';

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
  /** One of the companies on paper of one director. */
  shell(nation: Nation, atMs: number, draw: number): Mule;
  /** Hardly ever the same twice. */
  unusedMule(nation: Nation, draw: number): Mule;
  /** A line of its SIM box in the nation. */
  boxLine(nation: Nation, atMs: number, draw: number): Line;
  /** The one line that a box dials with for hours. */
  busyLine(nation: Nation, atMs: number): Line;
  /** Boxes stand still, and change the device numbers that they show. */
  boxCell(nation: Nation, atMs: number, line: Line): string;
  boxDevice(nation: Nation, atMs: number, draw: number): number;
  /** A mobile number of the nation that it sits in. */
  ownLine(atMs: number, draw: number): Line;
  /** The few telephones from which it signs in to many accounts. */
  device(nation: Nation, atMs: number, draw: number): number;
  /** One that is used for this account alone. */
  ownDevice(nation: Nation, account: Account): number;
  address(atMs: number, draw: number): string;
  /** A cell at its compound’s gates, and foreign numbers that are used there. */
  compoundCell(atMs: number): { readonly nation: Nation; readonly cell: string };
  guestLine(atMs: number, draw: number): Line;
  guestDevice(line: Line): number;
  /** Where its people sign in with what they stole in a nation: in another country. */
  foreignAddress(nation: Nation, atMs: number, draw: number): string;
  handle(nation: Nation, atMs: number, draw: number): string;
  /** Known since long, as its oldest accounts are. */
  readonly oldLine: Line;
  readonly oldDomain: string;
  link(atMs: number, draw: number): string;
  wallet(atMs: number, draw: number): string;
}

const dayMs = 86_400_000;
export const boxDays = 2;
const muleDays = 5;
const oldAccounts = 4;
/** Of a hundred slots for mules, how many companies on paper fill. */
const corporate = 15;
/** So long a box dials with one card. */
const busyMs = 8 * 3_600_000;
const ringDevices = 3;
const ownDevices = 1_350_000;
const guestDevices = 1_960_000;
/** Places of cells that are no town’s. */
const compoundCells = 60_000;
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
      if (which % 100 < 30) return freshMule(people, place, atMs, which >>> 8);
      const slots = Math.max(10, Math.round(people.population.people / 1_200));
      const turn = stretch(atMs, muleDays, bits + nation.place);
      const own = draw(2, nation.place, (which >>> 8) % slots, turn);
      return own % 100 < corporate ? shell(place, nation, turn, own >>> 8) : muleOf(people, own);
    },
    shell: (nation, atMs, which) => shell(place, nation, stretch(atMs, muleDays, bits + nation.place), which),
    unusedMule(nation, which) {
      const holder = holderAt(nation, strangersFrom + strangerPlaces.single + (mix(bits, which) % singles));
      return { holder, account: accountOf(holder, 0), tier: 'bought' };
    },
    boxLine(nation, atMs, which) {
      const boxes = boxLinesOf(peopleIn(nation));
      const turn = stretch(atMs, boxDays, bits);
      return { nation, place: linePlaces.ring + place * 32_768 + ((turn * boxes + (which % boxes)) % 32_768) };
    },
    busyLine(nation, atMs) {
      const boxes = boxLinesOf(peopleIn(nation));
      const turn = stretch(atMs, boxDays, bits);
      const which = draw(12, nation.place, Math.floor(atMs / busyMs)) % boxes;
      return { nation, place: linePlaces.ring + place * 32_768 + ((turn * boxes + which) % 32_768) };
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
      ringDevice(nation, 2_000_000 + place * 1_024 + (draw(5, stretch(atMs, 9, bits), which % ringDevices) % 1_024)),
    ownDevice: (nation, account) => ringDevice(nation, ownDevices + (mix(bits, account) % 600_000)),
    address(atMs, which) {
      const site = named(compound(atMs).name);
      if (which % 5 === 0) return addresses.vpn(mix(site, which % 4));
      return which % 3 === 0 ? addresses.hosting(mix(site, which % 7)) : addresses.satellite(mix(site, which % 5));
    },
    guestDevice: (line) => ringDevice(line.nation, guestDevices + (line.place % 39_000)),
    foreignAddress(nation, atMs, which) {
      const home = nationOf(compound(atMs).member);
      if (home === nation || which % 4 === 0) return addresses.hosting(mix(bits, which % 9));
      return addresses.mobile(home, mix(bits, which % 9), 4096);
    },
    compoundCell(atMs) {
      const home = nationOf(compound(atMs).member);
      return { nation: home, cell: ground.keys.cell(home, 0, compoundCells + compounds.indexOf(compound(atMs))) };
    },
    guestLine(atMs, which) {
      const home = nationOf(compound(atMs).member);
      const abroad = nations.filter((nation) => nation !== home);
      const nation = abroad[mix(bits, which) % abroad.length]!;
      return {
        nation,
        place: linePlaces.ring + 2_000_000 + place * 4_096 + 2_048 + (draw(13, stretch(atMs, 9, bits), which) % 2_048),
      };
    },
    oldLine: oldLine(bits, place),
    oldDomain: oldDomain(ground.keys, bits),
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

function oldLine(bits: number, place: number): Line {
  const home = nations[place % nations.length]!;
  return { nation: home, place: linePlaces.ring + 2_000_000 + place * 4_096 + (mix(bits, 14) % 2_048) };
}
const oldDomain = (keys: Keys, bits: number): string => keys.domain(mix(bits, 15) >>> 1);

function freshMule({ nation, population }: People, ring: number, atMs: number, which: number): Mule {
  const slots = Math.min(freshSlots, Math.max(6, Math.round(population.people / 2_000)));
  const turn = Math.floor(atMs / dayMs / freshDays);
  const place = strangerPlaces.fresh + ring * perRing.fresh + ((turn * freshSlots + (which % slots)) % perRing.fresh);
  const holder = holderAt(nation, strangersFrom + place);
  return { holder, account: accountOf(holder, 0), tier: 'fresh' };
}

function shell(ring: number, nation: Nation, turn: number, which: number): Mule {
  const slot = (turn * shellsPerDirector + (which % shellsPerDirector)) % perRing.shell;
  const holder = holderAt(nation, strangersFrom + strangerPlaces.shell + ring * perRing.shell + slot);
  return { holder, account: accountOf(holder, 0), tier: 'corporate' };
}

function oldMule(bits: number, nation: Nation, place: number, which: number): Mule {
  const slot = mix3(bits, 11, nation.place * oldAccounts + (which % oldAccounts)) % 4096;
  const holder = holderAt(nation, strangersFrom + place * 4096 + slot);
  return { holder, account: accountOf(holder, 0), tier: 'bought' };
}

/** People who lend their own account, and accounts that were sold: some of them had slept for years. */
function muleOf(people: People, bits: number): Mule {
  const { nation, population } = people;
  let place = mix(bits, 2) % population.people;
  const isBought = bits % 100 >= 60;
  for (let tries = 0; tries < 200 && people.isDormant(holderAt(nation, place)) !== isBought; tries++)
    place = (place + 1) % population.people;
  const holder = holderAt(nation, place);
  const slot = isBought && mix(bits, 3) % 2 === 0 ? 3 : 0;
  return { holder, account: accountOf(holder, slot), tier: isBought ? 'bought' : 'recruited' };
}

/** What members know of the rings before the world begins: for officers to list. The same for a seed, however large the world. */
export interface KnownIdentifier {
  readonly key: string;
  readonly typology: 'mule-account' | 'spoofed-call' | 'phishing';
  readonly tier: 'institution-confirmed' | 'institution-suspected' | 'victim';
}

/** Of each ring that is in every world one number and one site, told by one member; and of all of them accounts in the nation. */
export function knownIdentifiers(ground: Ground, member: MemberCode): KnownIdentifier[] {
  const nation = nationOf(member);
  const bits = ringBits(ground.bits, nation.place % ringsMin);
  return [
    { key: ground.phone(oldLine(bits, nation.place)), typology: 'spoofed-call', tier: 'institution-confirmed' },
    { key: `domain:${oldDomain(ground.keys, bits)}`, typology: 'phishing', tier: 'institution-confirmed' },
    ...knownMules(ground, nation),
  ];
}

function knownMules(ground: Ground, nation: Nation): KnownIdentifier[] {
  return Array.from({ length: ringsMin * oldAccounts }, (_, at) => {
    const place = Math.floor(at / oldAccounts);
    const { account } = oldMule(ringBits(ground.bits, place), nation, place, at);
    const tier = (['institution-confirmed', 'institution-suspected', 'victim'] as const)[at % 3]!;
    return { key: ground.keyOf(account), typology: 'mule-account', tier };
  });
}
