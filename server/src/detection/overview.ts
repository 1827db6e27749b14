import { detectors } from '@bronze-drum/detection/catalogue';
import { limitsUnder, type DetectionRules } from '@bronze-drum/detection/rules';
import { dayMs } from '../kernel/clock.ts';
import type { Sql } from '../platform/db.ts';
import type { DetectorState, driftStates } from './contract.ts';
import * as store from './store.ts';

const judgedMs = 90 * dayMs;
const judgedMin = 10;

/** What each detector found, what officers made of it, and whether it finds as much as it used to. */
export async function readDetectors(
  sql: Sql,
  rules: DetectionRules,
  nowMs: number,
): Promise<{ detectors: DetectorState[]; records: { day: number; week: number } }> {
  const [day, week, before, judged] = await Promise.all([
    store.readTallies(sql, nowMs - dayMs, nowMs),
    store.readTallies(sql, nowMs - 7 * dayMs, nowMs),
    store.readTallies(sql, nowMs - 15 * dayMs, nowMs - dayMs),
    store.readJudged(sql, nowMs - judgedMs),
  ]);
  const counts = { day: countsOf(day), week: countsOf(week), before: countsOf(before) };
  const verdicts = new Map(judged.map((each) => [each.detector, each]));
  const limitsOf = limitsUnder(rules);
  return {
    records: { day: counts.day('') ?? 0, week: counts.week('') },
    detectors: detectors.map((detector) => {
      const { name, version, typology, urgency, facts } = detector;
      const { right, wrong } = verdicts.get(name) ?? { right: 0, wrong: 0 };
      return {
        name,
        version,
        typology,
        urgency,
        mode: rules.detectors[name]?.mode ?? 'on',
        limits: limitsOf(detector),
        facts: [...facts],
        findings: { day: counts.day(name), week: counts.week(name) },
        judged: { right, wrong, precision: right + wrong < judgedMin ? null : right / (right + wrong) },
        drift: driftOf({
          now: { found: counts.day(name), records: counts.day('') },
          before: { found: counts.before(name), records: counts.before('') },
        }),
      };
    }),
  };
}

const countsOf = (tallies: readonly store.Tally[]): ((name: string) => number) => {
  const counts = new Map(tallies.map(({ detector, count }) => [detector, count]));
  return (name) => counts.get(name) ?? 0;
};

interface Rate {
  readonly found: number;
  readonly records: number;
}

const expectedMin = 10;
const ratioMax = 2;
const deviationsMax = 4;

/**
 * Whether findings a record have changed: at least twofold, and by more than chance would (four standard deviations of a
 * Poisson count). Unknown while too little was expected to tell.
 */
export function driftOf({ now, before }: { now: Rate; before: Rate }): DetectorState['drift'] {
  const expected = before.records === 0 ? 0 : (before.found / before.records) * now.records;
  if (expected < expectedMin) return { state: 'unknown', ratio: null };
  const ratio = now.found / expected;
  const isFar = Math.abs(now.found - expected) > deviationsMax * Math.sqrt(expected);
  const state: (typeof driftStates)[number] =
    isFar && ratio >= ratioMax ? 'rising' : isFar && ratio <= 1 / ratioMax ? 'falling' : 'steady';
  return { state, ratio };
}
