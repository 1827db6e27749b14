import { mix, mix3, named, share } from '../chance/mix.ts';
import type { Ground } from '../world/ground.ts';
import { nationOf, fromBaht, roundly, type Nation } from '../world/nations.ts';
import { accountOf, holderAt, placeOf, type Account, type Holder, type People } from '../world/people.ts';
import { originOf } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { dayOfMonth, localTime, weekday } from './rhythm.ts';

/**
 * What comes with the day of the month, of the week, or with the evening: salaries, wages, rent, money for the family, and the
 * takings that a shop passes on. Who is due at a minute is looked up in sorted lists; nothing waits in memory.
 */
export interface Calendar {
  /** Puts what is due in the minute that begins at an instant on the agenda. */
  minute(atMs: number): void;
}

const minutesPerDay = 1440;
const placeRange = 2 ** 22;
const channel = 16;

export function calendarOf(ground: Ground, records: Records, nation: Nation): Calendar {
  const people = ground.people[nation.place]!;
  const bits = mix(ground.bits, named(`calendar/${nation.member}`));
  const everyone = range(people.population.people);
  const pay = payingOf(ground, records, nation);

  const employerDay = (person: Holder): number => {
    const draw = mix3(bits, people.employer(person), 1) % 100;
    return draw < 30 ? 25 : draw < 65 ? 31 : draw < 75 ? 1 : draw < 85 ? 5 : 15;
  };
  const worker = (job: string) => (place: number) => people.job(holderAt(nation, place)) === job;
  const chosen = (part: number, of: number) => (place: number) => share(mix3(bits, place, of)) < part;
  const minuteAt = (place: number, of: number, from: number, span: number): number =>
    from + (mix3(bits, place, of) % span);

  const salaries = duesOf(everyone.filter(worker('employed')), (place) => {
    const person = holderAt(nation, place);
    const minute = 420 + (mix3(bits, people.employer(person), 2) % 180) + (mix3(bits, place, 2) % 12);
    return employerDay(person) * minutesPerDay + minute;
  });
  const rents = duesOf(
    everyone.filter(chosen(0.4, 3)),
    (place) => (1 + (mix3(bits, place, 4) % 5)) * minutesPerDay + minuteAt(place, 5, 480, 780),
  );
  const families = duesOf(everyone.filter(chosen(0.25, 6)), (place) => {
    const day = Math.min(28, (employerDay(holderAt(nation, place)) % 31) + 1 + (mix3(bits, place, 7) % 3));
    return day * minutesPerDay + minuteAt(place, 8, 540, 720);
  });
  const wages = duesOf(everyone.filter(worker('daily')), (place) => minuteAt(place, 9, 1020, 150));
  const takings = duesOf(range(people.population.shops), (place) => minuteAt(place, 10, 1200, 170));

  const salary = (place: number, origin: number): void => {
    const person = holderAt(nation, place);
    pay(origin, place * 8, people.employer(person), accountOf(person, 0), people.income(person), true);
  };
  const wage = (place: number, origin: number): void => {
    const person = holderAt(nation, place);
    pay(origin, place * 8 + 1, people.employer(person), accountOf(person, 0), people.income(person) / 4.3, true);
  };
  const rent = (place: number, origin: number): void => {
    const person = holderAt(nation, place);
    pay(origin, place * 8 + 2, person, accountOf(people.friend(person, 70), 0), people.income(person) * 0.22, false);
  };
  const family = (place: number, origin: number): void => {
    const person = holderAt(nation, place);
    const to = accountOf(familyOf(ground, people, person, mix3(bits, place, 11)), 0);
    pay(origin, place * 8 + 3, person, to, people.income(person) * 0.15, false);
  };
  const taking = (place: number, origin: number, day: number): void => {
    if (share(mix3(bits, place, mix(day, 12))) >= 0.35) return;
    const shop = people.shop(place);
    const part = 0.4 + 0.5 * share(mix3(bits, place, mix(day, 13)));
    const supplier = accountOf(people.company(mix3(bits, place, 14)), 0);
    pay(origin, place * 8 + 4, shop, supplier, part, 'of-balance');
  };

  return {
    minute(atMs) {
      const { day, minute } = localTime(atMs, nation.zoneMinutes);
      const origin = originOf(channel + nation.place, Math.floor(atMs / 60_000));
      const month = dayOfMonth(day);
      // What is due on a day that a short month does not have is due on its last.
      for (let due = month.day; due <= (month.isLast ? 31 : month.day); due++) {
        const key = due * minutesPerDay + minute;
        salaries(key, (place) => salary(place, origin));
        rents(key, (place) => rent(place, origin));
        families(key, (place) => family(place, origin));
      }
      if (weekday(day) === 6) wages(minute, (place) => wage(place, origin));
      takings(minute, (place) => taking(place, origin, day));
    },
  };

  function payingOf(ground: Ground, records: Records, nation: Nation) {
    return (
      origin: number,
      order: number,
      from: Holder,
      to: Account,
      baht: number,
      how: boolean | 'of-balance',
    ): void => {
      const minuteMs = (origin % 4294967296) * 60_000;
      const atMs = minuteMs + (mix(bits, order) % 60_000);
      const account = accountOf(from, 0);
      if (account === to) return;
      const { currency } = nation;
      ground.agenda.add(atMs, () => {
        const balance = ground.ledger.balance(account);
        const wished = how === 'of-balance' ? balance * baht : fromBaht(baht, currency);
        const most = how === true ? wished : Math.min(wished, balance * 0.9);
        if (most < fromBaht(0, currency)) return undefined;
        const minor = roundly(most, currency, share(mix(bits, order)));
        // A company earns what it pays from beyond this world.
        if (how === true && balance < minor) ground.ledger.add(account, minor * 40);
        const device = how === false ? ground.screen(account) : undefined;
        const deed = {
          atMs,
          origin,
          order,
          from: account,
          to,
          minor,
          currency,
          channel: how === false ? 'mobile' : 'web',
        } as const;
        return records.payment({ ...deed, ...(device !== undefined && { device }) });
      });
    };
  }
}

/** A family in another town, or of one who works here, over the border. */
function familyOf(ground: Ground, people: People, person: Holder, draw: number): Holder {
  const { familiesAbroad } = people.nation;
  if (familiesAbroad.length === 0 || draw % 100 >= 12) return people.friend(person, 50);
  const abroad = ground.people[nationOf(familiesAbroad[(draw >>> 8) % familiesAbroad.length]!).place]!;
  return abroad.friend(abroad.shop(placeOf(person)), 60);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, place) => place);

/** The places by when they are due: answers those of one key, in their order. */
function duesOf(places: readonly number[], keyOf: (place: number) => number) {
  const sorted = Float64Array.from(places, (place) => keyOf(place) * placeRange + place).sort();
  return (key: number, due: (place: number) => void): void => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < key * placeRange) low = middle + 1;
      else high = middle;
    }
    for (; low < sorted.length && sorted[low]! < (key + 1) * placeRange; low++) due(sorted[low]! - key * placeRange);
  };
}
