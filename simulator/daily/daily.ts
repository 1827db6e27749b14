import { chanceOf, type Chance } from '../chance/chance.ts';
import { named } from '../chance/mix.ts';
import type { Ground } from '../world/ground.ts';
import type { Nation } from '../world/nations.ts';
import { holderAt, type Holder } from '../world/people.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { login, sim } from './access.ts';
import { calendarOf } from './calendar.ts';
import { call, callFromDesk, chat, message } from './contacts.ts';
import { payment } from './payments.ts';
import { localTime, rhythm, rhythmMean } from './rhythm.ts';
import { workOf } from './work.ts';

/** What people do by themselves, and how often the one compared with the other. */
const deeds = [payment, call, message, chat, login, sim, callFromDesk] as const;
const weights = [40, 16, 16, 8, 15, 0.25, 1.6] as const;

/** A person's own deeds in a day, without what comes with the calendar. */
const deedsPerDay = 7;
/** Of `People.vigour`: its mean, and its most. */
const vigourMean = 0.9412;
const vigourMax = 2;

/** Everyday life in one nation: puts what people begin in a minute on the agenda. */
export function dailyOf(ground: Ground, records: Records, nation: Nation): (minuteMs: number) => void {
  const people = ground.people[nation.place]!;
  const perMinute = (people.population.people * deedsPerDay) / 1440;
  // People are asked as often as the busiest would do something, and mostly do nothing.
  const candidates = (perMinute / vigourMean / rhythmMean) * vigourMax;
  const stream = named(`daily/${nation.member}`);
  const calendar = calendarOf(ground, records, nation);
  const work = workOf(ground, records, nation);

  function isMoved(chance: Chance, person: Holder, atMs: number): boolean {
    const minute = localTime(atMs, nation.zoneMinutes).minute - people.lateness(person);
    return chance.next() * vigourMax < people.vigour(person) * rhythm(minute);
  }

  return (minuteMs) => {
    const minute = Math.floor(minuteMs / 60_000);
    const chance = chanceOf(ground.bits, stream, minute);
    const origin = originOf(nation.place, minute);
    let orders = 0;
    for (let left = chance.count(candidates); left > 0; left--) {
      const person = holderAt(nation, chance.below(people.population.people));
      const atMs = minuteMs + chance.below(60_000);
      if (!isMoved(chance, person, atMs)) continue;
      const deed = (laterMs = atMs): Deed => ({ atMs: laterMs, origin, order: orders++ });
      deeds[chance.weighted(weights)]!({ ground, records, chance, atMs, nation, people, person, deed });
    }
    calendar.minute(minuteMs);
    work(minuteMs);
  };
}
