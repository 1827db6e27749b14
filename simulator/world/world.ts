import { nations, type Currency } from './nations.ts';
import { foundingMembers, type MemberCode } from '@bronze-drum/protocol/members';
import { dailyOf } from '../daily/daily.ts';
import { casesOf, leadMsMax } from '../frauds/cases.ts';
import { historyMs } from '../frauds/marking.ts';
import type { Totals } from '../frauds/reckoning.ts';
import { groundOf, type WorldOptions } from './ground.ts';
import type { CaseSummary, Happening, Mark } from './happening.ts';
import { nationOfHolder, holderOf, type Account } from './people.ts';
import { putBack } from './payment-records.ts';
import { openRecords } from './records.ts';
import { knownIdentifiers, type KnownIdentifier } from './underworld.ts';

const minuteMs = 60_000;
/** About as in Thailand's figures: one payment of a hundred is part of a fraud. */
export const fraudShareUsual = 0.01;
const rateUsual = 60;

export interface World {
  readonly options: WorldOptions;
  /** What happens, in order of time, without end. Memory is bounded by what is under way. */
  happenings(): Generator<Happening, never, void>;
  /** What is on an account now, in its nation’s currency. */
  balance(account: Account): { readonly minor: number; readonly currency: Currency };
  /** A payment that was not made: its money stays, and what would have followed from it does not happen. */
  prevent(happening: Happening): void;
  /** Frauds that are not at their end. */
  openCases(): CaseSummary[];
  /** What the rings’ business has cost and brought so far. */
  totals(): Totals;
  /** How many people live in it. */
  readonly population: number;
}

export type WorldChoice = Partial<WorldOptions> & Pick<WorldOptions, 'seed' | 'fromMs'>;

/** A world: the same choice gives the same happenings, byte for byte. `fromMs` is a whole minute's beginning. */
export function openWorld(choice: WorldChoice): World {
  const options: WorldOptions = {
    rate: rateUsual,
    members: foundingMembers,
    fraudShare: fraudShareUsual,
    underway: 0,
    ...choice,
  };
  const { fromMs } = options;
  const ground = groundOf(options);
  const records = openRecords(ground);
  const cases = casesOf(ground, records);
  const taking = nations.filter((nation) => ground.takesPart(nation));
  const daily = taking.map((nation) => dailyOf(ground, records, nation));

  function* dueBefore(untilMs: number): Generator<Happening, void, void> {
    for (let next = ground.agenda.takeBefore(untilMs); next !== undefined; next = ground.agenda.takeBefore(untilMs)) {
      const happening = next.act();
      if (happening !== undefined) yield happening;
    }
  }

  /** Frauds take days before the victim pays, so they begin before the world does. */
  function* before(): Generator<Mark, void, void> {
    for (let atMs = fromMs - leadMsMax; atMs < fromMs; atMs += minuteMs) {
      cases.minute(atMs);
      for (const { marks = [] } of dueBefore(atMs + minuteMs)) yield* marks;
    }
  }

  function* happenings(): Generator<Happening, never, void> {
    const marks = [...before()];
    cases.underway(fromMs, options.underway);
    yield { atMs: options.underway > 0 ? fromMs - historyMs : fromMs, sent: [], marks };
    yield* dueBefore(fromMs);
    for (let atMs = fromMs; ; atMs += minuteMs) {
      for (const live of daily) live(atMs);
      cases.minute(atMs);
      cases.trades(atMs);
      yield* dueBefore(atMs + minuteMs);
    }
  }

  return {
    options,
    happenings,
    balance: (account) => ({
      minor: ground.ledger.balance(account),
      currency: nationOfHolder(holderOf(account)).currency,
    }),
    prevent({ step, moved }) {
      if (step !== undefined) step.stopped = true;
      if (moved !== undefined) putBack(ground, moved);
    },
    openCases: () => cases.open(),
    totals: () => cases.totals(),
    population: ground.people.reduce((sum, { population }) => sum + population.people, 0),
  };
}

/**
 * What a member's officers know of the rings before anything happens, to be listed: accounts of mules that the world's frauds use
 * now and then. The same for a seed, however large the world is.
 */
export function simulatedListings(member: MemberCode, seed: number): KnownIdentifier[] {
  return knownIdentifiers(groundOf({ seed, fromMs: 0, rate: 1, members: [], fraudShare: 0, underway: 0 }), member);
}
