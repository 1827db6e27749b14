import { mix3, named, share } from '../chance/mix.ts';
import {
  freshDays,
  freshSlots,
  holderOf,
  nationOfHolder,
  perRing,
  placeOf,
  shellsPerDirector,
  slotOf,
  strangerPlaces,
  strangersFrom,
  type Account,
  type People,
} from './people.ts';

/** What a bank knows of its customer. Days are counted from 1970. */
export interface Registered {
  readonly kind: 'person' | 'company';
  readonly openedDay: number;
  /** Of a company. */
  readonly registeredDay?: number;
  readonly capitalBaht?: number;
  /** A number for whoever controls it. */
  readonly controller?: number;
}

const dayMs = 86_400_000;
const yearDays = 365;
/** Of accounts and of companies, how many are young. */
const young = { account: 0.012, company: 0.06 } as const;
const youngDays = 45;

/** What is registered of an account: a function of the account and of the day on which the world begins. */
export function registerOf(bits: number, people: readonly People[], fromMs: number): (account: Account) => Registered {
  const fromDay = Math.floor(fromMs / dayMs);
  const own = named('register');

  /** The young are as young again in the next stretch of days. */
  function ageDays(account: Account): number {
    const draw = share(mix3(bits, account, own));
    if (draw >= young.account) return youngDays + Math.floor(share(mix3(bits, account, own + 1)) * 12 * yearDays);
    const phase = mix3(bits, account, own + 2) % youngDays;
    return (fromDay + phase) % youngDays;
  }

  function stranger(account: Account, place: number): Registered {
    if (place >= strangerPlaces.shell && place < strangerPlaces.single) {
      const director = Math.floor((place - strangerPlaces.shell) / shellsPerDirector);
      const bitsOf = mix3(bits, director, own + 3);
      const registeredDay = fromDay - 25 - (bitsOf % 200);
      const capitalBaht = 100_000 * (1 + (bitsOf % 10));
      const controller = mix3(bits, director, own + 4);
      const openedDay = Math.min(fromDay - 2, registeredDay + 5 + (account % 20));
      return { kind: 'company', openedDay, registeredDay, capitalBaht, controller };
    }
    if (place >= strangerPlaces.fresh && place < strangerPlaces.shell)
      return { kind: 'person', openedDay: freshDay(place - strangerPlaces.fresh) };
    return { kind: 'person', openedDay: fromDay - 200 - (mix3(bits, place, own) % 2000) };
  }

  /** Accounts of a turn are opened in the days before it begins; a place comes again after more than a year. */
  function freshDay(place: number): number {
    const turns = perRing.fresh / freshSlots;
    const turn = Math.floor((place % perRing.fresh) / freshSlots);
    const first = Math.floor((fromDay - 20) / freshDays);
    const now = first + ((((turn - first) % turns) + turns) % turns);
    return now * freshDays - 2 - (mix3(bits, place, own) % 7);
  }

  return (account) => {
    const holder = holderOf(account);
    const place = placeOf(holder);
    if (place >= strangersFrom) return stranger(account, place - strangersFrom);
    if (people[nationOfHolder(holder).place]!.isPerson(holder))
      return { kind: 'person', openedDay: fromDay - (slotOf(account) === 3 ? 700 + (place % 3000) : ageDays(account)) };
    const draw = mix3(bits, holder, own + 5);
    const registeredDay = fromDay - (share(draw) < young.company ? 40 + (draw % 300) : 400 + (draw % 9000));
    const capitalBaht = 1_000_000 * (1 + (mix3(bits, holder, own + 6) % 20)) * (draw % 4 === 0 ? 0.2 : 1);
    // Some have two companies.
    const controller = mix3(bits, draw % 10 === 0 ? holder - (holder % 2) : holder, own + 7);
    return { kind: 'company', openedDay: registeredDay + 10 + (draw % 20), registeredDay, capitalBaht, controller };
  };
}
