import { chanceOf, type Chance } from '../chance/chance.ts';
import { mix3, named } from '../chance/mix.ts';
import { agencyCount } from '../daily/contacts.ts';
import { localTime, rhythm } from '../daily/rhythm.ts';
import type { Ground, Line } from '../world/ground.ts';
import type { Nation } from '../world/nations.ts';
import { holderAt } from '../world/people.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { boxDays, boxLinesOf, type Ring } from '../world/underworld.ts';
import type { Caution } from './caution.ts';
import { historyMs, type Marking, type Trade } from './marking.ts';

const channel = 32;
const dayMs = 86_400_000;
/** Compared with all that people call. */
const ofCalls = 0.055;
const callsBefore = 115;

interface Caller {
  readonly role: 'sim-box' | 'lure-number';
  readonly from: Line;
  readonly presented?: Line;
  readonly device: number;
  readonly cell: string;
}

export interface Boxes {
  readonly rings: readonly Ring[];
  readonly nation: Nation;
  readonly mark: Marking;
  readonly caution: Caution | undefined;
}

/**
 * Boxes with many cards dial numbers in turn all day from one cell, and hardly anybody talks to them for long. Their cards are
 * registered together before they are used, and changed every few days. A cautious ring uses all of them a little, each in a
 * telephone of its own.
 */
export function simBoxesOf(ground: Ground, records: Records, { rings, nation, mark, caution }: Boxes): Trade {
  const people = ground.people[nation.place]!;
  const own = rings.filter(({ targets }) => targets.includes(nation));
  const lines = boxLinesOf(people);
  const callsPerMinute =
    (people.population.people * 1.12 * ofCalls * Math.min(2, ground.options.fraudShare / 0.01)) / 1440;
  const stream = named(`boxes/${nation.member}`);

  function throughBox(ring: Ring, atMs: number, draw: number): Caller {
    const from = caution === undefined ? ring.busyLine(nation, atMs) : ring.boxLine(nation, atMs, draw);
    const device = ring.boxDevice(nation, atMs, caution === undefined ? draw : from.place);
    return { role: 'sim-box', from, device, cell: ring.boxCell(nation, atMs, from) };
  }

  /** A box shows its card’s number; to show another, a call has to come over the border. */
  function fromAbroad(ring: Ring, atMs: number, draw: number, shown: number): Caller {
    const from = ring.ownLine(atMs, draw);
    const cell = ground.keys.cell(from.nation, ground.keys.operatorOf(from.nation, from.place), 3 + ring.place);
    const presented: Line = { nation, place: shown, fixed: true };
    return { role: 'lure-number', from, presented, device: ring.device(from.nation, atMs, draw), cell };
  }

  function dial(
    ring: Ring,
    deed: Deed,
    draw: number,
    spoken: { answered: boolean; durationSeconds: number },
    shown: number | undefined,
  ): void {
    const { atMs } = deed;
    const to = ground.lineOf(holderAt(nation, draw % people.population.people));
    const how = shown === undefined ? throughBox(ring, atMs, draw) : fromAbroad(ring, atMs, draw, shown);
    ground.agenda.add(atMs, () => {
      const { role, ...line } = how;
      const marks = mark({ key: ground.phone(line.from), role, nation: line.from.nation }, ring);
      return records.call({ ...deed, marks, ...line, to, ...spoken });
    });
  }

  function register(ring: Ring, minute: number): void {
    // Two days before a turn begins, one card after the other.
    const period = boxDays * 1440;
    const phase = mix3(ground.bits, ring.place, nation.place) % 600;
    const place = (minute + period * 1000 - Math.floor(((ring.place * 7919) % period) / 1) - phase) % period;
    if (place >= lines * 3 || place % 3 !== 0) return;
    const atMs = minute * 60_000 + 20_000;
    const line = ring.boxLine(nation, atMs + boxDays * dayMs, place / 3);
    const cell = ground.keys.cell(nation, ground.keys.operatorOf(nation, line.place), ring.place % people.towns);
    const origin = originOf(channel + 8 + nation.place, minute);
    const labels = [{ scheme: ring.name, role: 'sim-registration' } as const];
    const suspect = { typology: 'sim-box', chance: 0.06 } as const;
    const subscriber = ring.place * 100 + (Math.floor(place / 9) % 50) + 20_000_000;
    const device = ring.boxDevice(nation, atMs, caution === undefined ? 0 : line.place);
    ground.agenda.add(atMs, () =>
      records.sim({
        atMs,
        origin,
        order: ring.place,
        labels,
        suspect,
        event: 'registration',
        line,
        subscriber,
        check: 'document',
        device,
        cell,
      }),
    );
  }

  function call(ring: Ring, atMs: number, chance: Chance, { origin, order }: { origin: number; order: number }): void {
    const answered = chance.is(0.42);
    const durationSeconds = answered ? Math.round(chance.around(14, 1)) : 0;
    const shown = chance.is(0.3) ? chance.below(agencyCount) : undefined;
    const deed: Deed = {
      atMs,
      origin,
      order,
      labels: [{ scheme: ring.name, role: 'lure-call' }],
      suspect: { typology: shown === undefined ? 'sim-box' : 'spoofed-call', chance: 0.05 },
    };
    dial(ring, deed, chance.below(1 << 30), { answered, durationSeconds }, shown);
  }

  return {
    minute(minuteMs) {
      if (own.length === 0) return;
      const minute = Math.floor(minuteMs / 60_000);
      const chance = chanceOf(ground.bits, stream, minute);
      const origin = originOf(channel + nation.place, minute);
      const busy = rhythm(localTime(minuteMs, nation.zoneMinutes).minute) * 1.7;
      for (let order = chance.count(callsPerMinute * busy) - 1; order >= 0; order--)
        call(chance.pick(own), minuteMs + chance.below(60_000), chance, { origin, order });
      for (const ring of own) register(ring, minute);
    },
    before(fromMs) {
      const [ring] = own;
      if (ring === undefined) return;
      const minute = Math.floor(fromMs / 60_000) - 1;
      const chance = chanceOf(ground.bits, stream, minute, 1);
      const origin = originOf(channel + nation.place, minute);
      for (let order = 0; order < callsBefore; order++)
        call(ring, fromMs - 1000 - chance.below(historyMs / 2), chance, { origin, order: 1000 + order });
    },
  };
}
