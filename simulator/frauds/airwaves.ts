import { chanceOf, type Chance } from '../chance/chance.ts';
import { mix3, named } from '../chance/mix.ts';
import { localTime } from '../daily/rhythm.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Ground } from '../world/ground.ts';
import type { Role } from '../world/happening.ts';
import { nationOf, type Nation } from '../world/nations.ts';
import { holderAt } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import type { Ring } from '../world/underworld.ts';
import type { Caution } from './caution.ts';
import type { Marking, Trade } from './marking.ts';

const minuteMs = 60_000;
const channels = { swarm: 70_010, station: 70_020, bulk: 70_030 } as const;
/** Places of cells that are no town’s, and no operator’s. */
const vanCells = 70_000;
const callsEach = 4;

export interface Airwaves {
  readonly rings: readonly Ring[];
  readonly nation: Nation;
  readonly mark: Marking;
  readonly caution: Caution | undefined;
}

/**
 * What rings do with radio: dozens of foreign numbers at a compound’s gate; a van with a transmitter, to which telephones nearby
 * listen for an hour; and one message to hundreds of people.
 */
export function airwavesOf(ground: Ground, records: Records, { rings, nation, mark, caution }: Airwaves): Trade {
  const people = ground.people[nation.place]!;
  const bits = mix3(ground.bits, named('airwaves'), nation.place);
  const targeting = rings.filter(({ targets }) => targets.includes(nation));

  const deedsOf = (
    ring: Ring,
    origin: number,
    role: Role,
    typology: 'fake-base-station' | 'bulk-message' | 'phishing',
  ) => {
    let orders = ring.place * 4096;
    const labels = [{ scheme: ring.name, role }];
    return (atMs: number, chance = 0.04): Deed => ({
      atMs,
      origin,
      order: orders++,
      labels,
      suspect: { typology, chance },
    });
  };

  /** The shift telephones home. */
  function swarm(chance: Chance, ring: Ring, atMs: number): void {
    const { nation: home, cell } = ring.compoundCell(atMs);
    const deed = deedsOf(
      ring,
      originOf(channels.swarm + nation.place, Math.floor(atMs / minuteMs)),
      'staff-call',
      'phishing',
    );
    const numbers = Math.min(26 + chance.below(14), caution?.cellNumbersMax ?? 100);
    for (let at = 0; at < numbers * callsEach; at++) {
      const calledMs = atMs + chance.below(50 * minuteMs);
      const from = ring.guestLine(calledMs, at % numbers);
      const [said, visiting] = [deed(calledMs, 0.001), ground.network(home, 0)];
      const to = { nation: from.nation, place: chance.below(ground.people[from.nation.place]!.population.people) };
      const device = ring.guestDevice(from);
      const answered = chance.is(0.6);
      const durationSeconds = answered ? 15 + chance.below(400) : 0;
      ground.agenda.add(calledMs, () => {
        const marks = mark({ key: ground.phone(from), role: 'staff-number', nation: from.nation }, ring);
        return records.call({ ...said, marks, from, to, answered, durationSeconds, device, cell, visiting });
      });
    }
  }

  /** Who is near gets a message that no operator carried. */
  function station(chance: Chance, ring: Ring, atMs: number): void {
    const minute = Math.floor(atMs / minuteMs);
    const deed = deedsOf(ring, originOf(channels.station + nation.place, minute), 'lure-message', 'fake-base-station');
    const perCell = Math.min(30 + chance.below(40), caution?.cellNumbersMax ?? 1000);
    const town = chance.below(people.towns);
    const presented = `${chance.pick(['BANK', 'PARCEL', 'INFO'])}${chance.below(40)}`;
    for (let van = 0; van < (caution === undefined ? 1 : 3); van++) {
      const cell = ground.keys.cell(nation, 0, vanCells + (mix3(bits, minute, van) % 10_000));
      for (let left = perCell; left > 0; left--) {
        const sentMs = atMs + van * 50 * minuteMs + chance.below(45 * minuteMs);
        const near = (town * 400 + chance.below(400)) % people.population.people;
        const said = deed(sentMs);
        const links = [ring.link(sentMs, chance.below(1 << 16))];
        ground.agenda.add(sentMs, () => {
          const marks = mark({ key: cell, role: 'lure-cell', nation }, ring);
          const to = ground.lineOf(holderAt(nation, near));
          return records.message({ ...said, marks, presented, to, channel: 'sms', links, cell });
        });
      }
    }
  }

  /** Some use a site that is listed already. */
  function bulk(chance: Chance, ring: Ring, atMs: number): void {
    const minute = Math.floor(atMs / minuteMs);
    const deed = deedsOf(ring, originOf(channels.bulk + nation.place, minute), 'lure-message', 'bulk-message');
    const isOld = caution === undefined && chance.is(0.6);
    const count = Math.min(isOld ? 60 + chance.below(60) : 210 + chance.below(80), caution?.recipientsMax ?? 1000);
    const shown = chance.is(0.5) ? `${chance.pick(['BANK', 'PARCEL', 'INFO'])}${chance.below(40)}` : undefined;
    const from = ring.busyLine(nation, atMs);
    const [device, cell] = [ring.boxDevice(nation, atMs, 1), ring.boxCell(nation, atMs, from)];
    for (let left = count; left > 0; left--) {
      const sentMs = atMs + chance.below(40 * minuteMs);
      const person = holderAt(nation, chance.below(people.population.people));
      const path = chance.below(1 << 16);
      const link = isOld ? `url:${ring.oldDomain}/${path.toString(36)}` : ring.link(atMs, 3 * (path % 9));
      const said = deed(sentMs);
      ground.agenda.add(sentMs, () => {
        const site = link.slice(4, link.indexOf('/'));
        const marks = mark({ key: `domain:${site}`, role: 'lure-site', nation }, ring);
        const to = ground.lineOf(person);
        const how = shown === undefined ? { from, device, cell } : { presented: shown };
        return records.message({ ...said, marks, ...how, to, channel: 'sms', links: [link] });
      });
    }
  }

  /** Once in so many days, at a minute of the day. */
  function isDue(ring: Ring, day: number, minute: number, of: number, days: number): boolean {
    const draw = mix3(bits, ring.place * 8 + of, day);
    return draw % days === 0 && minute === 560 + ((draw >>> 8) % 600);
  }

  const chanceAt = (of: number, atMs: number): Chance => chanceOf(bits, of, Math.floor(atMs / minuteMs));
  const isHere = (ring: Ring, atMs: number): boolean => nationOf(ring.compound(atMs).member) === nation;

  return {
    minute(atMs) {
      const { day, minute } = localTime(atMs, nation.zoneMinutes);
      for (const ring of rings)
        if (isDue(ring, day, minute, 1, 2) && isHere(ring, atMs)) swarm(chanceAt(1, atMs), ring, atMs);
      for (const ring of targeting) {
        if (isDue(ring, day, minute, 2, 3)) station(chanceAt(2, atMs), ring, atMs);
        if (isDue(ring, day, minute, 3, 3)) bulk(chanceAt(3, atMs), ring, atMs);
      }
    },
    before(fromMs) {
      const here = rings.find((ring) => isHere(ring, fromMs));
      const atMs = fromMs - 52 * minuteMs;
      if (here !== undefined) swarm(chanceAt(1, atMs), here, atMs);
      const [first] = targeting;
      // Not everywhere at once.
      if (first === undefined) return;
      if (nation.place % 2 === 0) station(chanceAt(2, atMs), first, atMs);
      else bulk(chanceAt(3, atMs), first, atMs);
    },
  };
}
