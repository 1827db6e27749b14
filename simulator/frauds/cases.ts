import { chanceOf, type Chance } from '../chance/chance.ts';
import { named } from '../chance/mix.ts';
import { localTime, rhythm } from '../daily/rhythm.ts';
import type { Ground } from '../world/ground.ts';
import type { CaseSummary, Mark } from '../world/happening.ts';
import { fromBaht, nations, type Currency, type Nation } from '../world/nations.ts';
import { holderAt, type Holder, type People } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import { ringsOf, type Ring } from '../world/underworld.ts';
import { accountTakeover } from './account-takeover.ts';
import { fakeInvestment } from './fake-investment.ts';
import { fakeJob } from './fake-job.ts';
import { fakePolice } from './fake-police.ts';
import type { Fraud } from './fraud.ts';
import { illegalGambling } from './gambling.ts';
import { openLaundry } from './laundering.ts';
import { onlineSales } from './online-sales.ts';
import { openCase } from './case.ts';
import { romance } from './romance.ts';
import { lossBaht, reportDelayMs } from './scale.ts';
import { airwavesOf } from './airwaves.ts';
import { cautionOf } from './caution.ts';
import { openReckoning, type Totals } from './reckoning.ts';
import { roomsOf } from './rooms.ts';
import { historyMs } from './marking.ts';
import { lossOf, paidAgoMs, scripts, type Script } from './underway.ts';
import { simBoxesOf } from './sim-boxes.ts';
import { stakesOf } from './stakes.ts';

export const frauds: readonly Fraud[] = [
  onlineSales,
  fakeJob,
  fakeInvestment,
  fakePolice,
  illegalGambling,
  romance,
  accountTakeover,
];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** The longest that a ring works on a victim before it pays. */
export const leadMsMax = 240 * hourMs;

/** Of the records, how many are payments; and of a case's, how many: measured. */
const paymentsOfRecords = 0.52;
const paymentsPerCase = 33.5;
/** Compared with frauds whose victims know that they are. */
const stakesPerCase = 2;

export interface Cases {
  /** Frauds that begin in a minute. */
  minute(atMs: number): void;
  /** What rings do for many frauds in a minute: boxes, rooms, radio, stakes. */
  trades(atMs: number): void;
  /** Frauds that are in the middle of their payments at the beginning, and what rings did in the hours before it. */
  underway(fromMs: number, count: number): void;
  /** Not at their end yet. */
  open(): CaseSummary[];
  totals(): Totals;
}

export function casesOf(ground: Ground, records: Records): Cases {
  const { options } = ground;
  const rings = ringsOf(ground);
  const laundry = openLaundry(ground, records);
  const opened = new Map<number, () => CaseSummary>();
  const marked = new Set<string>();
  let numbers = 0;
  const weightOf = (nation: Nation): number => (ground.takesPart(nation) ? nation.targeted : 0);
  const weights = nations.map(weightOf);
  const perMinute = (options.rate * paymentsOfRecords * options.fraudShare) / paymentsPerCase;

  /** Each account and number once: it is told when a fraud first uses it. */
  function mark(
    { nation, ...rest }: Omit<Mark, 'scheme' | 'member'> & { readonly nation: Nation },
    ring: Ring,
  ): readonly Mark[] {
    if (marked.has(rest.key)) return [];
    marked.add(rest.key);
    return [{ ...rest, member: nation.member, scheme: ring.name }];
  }

  const caution = options.adversary === undefined ? undefined : cautionOf(options.adversary);
  const reckoning = openReckoning();
  const targeted = weights.reduce((sum, weight) => sum + weight, 0);
  const trades = nations
    .filter((nation) => ground.takesPart(nation))
    .flatMap((nation) => {
      const parts = { rings, nation, mark, caution };
      const stakes = (perMinute * stakesPerCase * nation.targeted) / targeted;
      return [
        simBoxesOf(ground, records, parts),
        roomsOf(ground, records, parts),
        airwavesOf(ground, records, parts),
        stakesOf(ground, records, { ...parts, perMinute: stakes }),
      ];
    });

  function begin(
    chance: Chance,
    fraud: Fraud,
    nation: Nation,
    {
      script,
      tellsAtMs,
      ...when
    }: {
      beginsMs: number;
      payAtMs: number;
      notBeforeMs: number;
      noticed: boolean;
      script?: Script;
      tellsAtMs?: number;
    },
  ): void {
    const number = ++numbers;
    const people = ground.people[nation.place]!;
    const own = chanceOf(ground.bits, named('case'), number, chance.below(1 << 30));
    const near = rings.filter(({ targets }) => targets.includes(nation));
    const ring = own.pick(near.length > 0 ? near : rings);
    const baht = script === undefined ? lossBaht(own, fraud) : lossOf(own, script);
    const currency: Currency = nation.member === 'kh' ? 'USD' : nation.currency;
    opened.set(
      number,
      openCase(
        {
          ground,
          records,
          chance: own,
          number,
          fraud,
          ring,
          people,
          victim: victimOf(own, people, fraud),
          ...when,
          loss: fromBaht(baht * nation.lossLevel, currency),
          currency,
          isLarge: baht > 50_000,
          reportDelayMs: soonIf(reportDelayMs(own), tellsAtMs, when.payAtMs),
          mark,
          caution,
          reckoning,
          ...(script?.route !== undefined && { route: script.route }),
          ended: () => opened.delete(number),
        },
        laundry,
      ),
    );
  }

  const fraudWeights = frauds.map(({ share }) => share);

  return {
    minute(atMs) {
      const chance = chanceOf(ground.bits, named('cases'), Math.floor(atMs / minuteMs));
      for (let count = chance.count(perMinute); count > 0; count--) {
        const fraud = frauds[chance.weighted(fraudWeights)]!;
        const nation = nations[chance.weighted(weights)]!;
        const beginsMs = atMs + 1000 + chance.below(59_000);
        begin(chance, fraud, nation, {
          beginsMs,
          payAtMs: awake(chance, fraud, nation, beginsMs),
          notBeforeMs: atMs,
          noticed: false,
        });
      }
    },
    trades: (atMs) => {
      for (const trade of trades) trade.minute(atMs);
    },
    underway(fromMs, count) {
      if (count === 0) return;
      for (const trade of trades) trade.before(fromMs);
      const chance = chanceOf(ground.bits, named('underway'), Math.floor(fromMs / 1000));
      const near = nations.filter((nation) => weightOf(nation) > 0);
      const notBeforeMs = fromMs - historyMs;
      for (let at = 0; at < count; at++) {
        // Every other one by a script, the others of each kind in turn.
        const script = at % 2 === 0 ? scripts[(at / 2) % scripts.length]! : undefined;
        const fraud = script?.fraud ?? frauds[((at - 1) / 2) % frauds.length]!;
        const nation = near.find(({ member }) => member === script?.member) ?? near[Math.floor(at / 2) % near.length]!;
        const soonMs = 1_000 + Math.floor((45_000 * at) / count) + chance.below(1_000);
        const payAtMs = script === undefined ? fromMs + soonMs : fromMs - paidAgoMs(chance, script);
        const beginsMs = payAtMs - Math.round(fraud.leadHours[0] * hourMs);
        // Whoever looks sees victims call within the first two minutes; some when the money is over the border already.
        const isSpread = script?.route === 'spread';
        const isSoon = isSpread || (at % 5 < 3 && script?.route !== 'structured');
        const tellsAtMs = fromMs + (isSpread ? 60_000 + ((at * 7) % 30) * 1000 : 10_000 + ((at * 37) % 90) * 1000);
        begin(chance, fraud, nation, {
          beginsMs,
          payAtMs,
          notBeforeMs,
          noticed: true,
          ...(script && { script }),
          ...(isSoon && { tellsAtMs }),
        });
      }
    },
    open: () => Array.from(opened.values(), (summary) => summary()).filter(({ hops }) => hops.length > 0),
    totals: reckoning.totals,
  };
}

/** So long nobody notices at the least. */
const noticesMs = 20_000;

/** The usual delay of a report, unless the victim calls at an instant. */
const soonIf = (usualMs: number | undefined, tellsAtMs: number | undefined, payAtMs: number): number | undefined =>
  tellsAtMs === undefined ? usualMs : Math.max(noticesMs, tellsAtMs - payAtMs);

/** Nobody pays in their sleep. */
function awake(chance: Chance, fraud: Fraud, nation: Nation, beginsMs: number): number {
  const [least, most] = fraud.leadHours;
  let atMs = beginsMs;
  for (let tries = 0; tries < 12; tries++) {
    atMs = beginsMs + Math.round(chance.between(least, most) * hourMs);
    if (chance.is(rhythm(localTime(atMs, nation.zoneMinutes).minute))) break;
  }
  return atMs;
}

function victimOf(chance: Chance, people: People, { ages: [least, most] }: Fraud): Holder {
  for (let tries = 0; ; tries++) {
    const person = holderAt(people.nation, chance.below(people.population.people));
    const age = people.age(person);
    if (tries > 30 || (age >= least && age <= most && !people.isDormant(person))) return person;
  }
}
