import { chanceOf } from '../chance/chance.ts';
import { mix3, named } from '../chance/mix.ts';
import { agencyCount } from '../daily/contacts.ts';
import { localTime, rhythm } from '../daily/rhythm.ts';
import type { Ground } from '../world/ground.ts';
import type { Mark } from '../world/happening.ts';
import type { Nation } from '../world/nations.ts';
import { holderAt } from '../world/people.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { boxDays, boxLinesOf, type Ring } from '../world/underworld.ts';

const channel = 32;
const dayMs = 86_400_000;

type MarkOf = (mark: Omit<Mark, 'scheme' | 'member'> & { readonly nation: Nation }, ring: Ring) => readonly Mark[];

/**
 * Boxes with many cards dial numbers in turn all day from one cell, and hardly anybody talks to them for long. Their cards are
 * registered together before they are used, and changed every few days.
 */
export function simBoxesOf(ground: Ground, records: Records, rings: readonly Ring[], nation: Nation, mark: MarkOf) {
  const people = ground.people[nation.place]!;
  const own = rings.filter(({ targets }) => targets.includes(nation));
  const lines = boxLinesOf(people);
  // Each line as busy as a hundred people; all of them a few of a hundred calls.
  const callsPerMinute =
    (people.population.people * 1.12 * 0.035 * Math.min(2, ground.options.fraudShare / 0.01)) / 1440;
  const stream = named(`boxes/${nation.member}`);

  function dial(
    ring: Ring,
    deed: Deed,
    draw: number,
    spoken: { answered: boolean; durationSeconds: number },
    shown: number | undefined,
  ): void {
    const { atMs } = deed;
    const from = ring.boxLine(nation, atMs, draw);
    const to = ground.lineOf(holderAt(nation, draw % people.population.people));
    const cell = ring.boxCell(nation, atMs, from);
    const device = ring.boxDevice(nation, atMs, draw);
    const presented = shown === undefined ? undefined : ({ nation, place: shown, fixed: true } as const);
    ground.agenda.add(atMs, () => {
      const marks = mark({ key: ground.phone(from), role: 'sim-box', nation }, ring);
      return records.call({ ...deed, marks, from, ...(presented && { presented }), to, device, cell, ...spoken });
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
    const device = ring.boxDevice(nation, atMs, place / 3);
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

  return (minuteMs: number): void => {
    if (own.length === 0) return;
    const minute = Math.floor(minuteMs / 60_000);
    const chance = chanceOf(ground.bits, stream, minute);
    const origin = originOf(channel + nation.place, minute);
    const busy = rhythm(localTime(minuteMs, nation.zoneMinutes).minute) * 1.7;
    for (let order = chance.count(callsPerMinute * busy) - 1; order >= 0; order--) {
      const ring = chance.pick(own);
      const answered = chance.is(0.42);
      const durationSeconds = answered ? Math.round(chance.around(14, 1)) : 0;
      const shown = chance.is(0.3) ? chance.below(agencyCount) : undefined;
      const deed: Deed = {
        atMs: minuteMs + chance.below(60_000),
        origin,
        order,
        labels: [{ scheme: ring.name, role: 'lure-call' }],
        suspect: { typology: shown === undefined ? 'sim-box' : 'spoofed-call', chance: 0.05 },
      };
      dial(ring, deed, chance.below(1 << 30), { answered, durationSeconds }, shown);
    }
    for (const ring of own) register(ring, minute);
  };
}
