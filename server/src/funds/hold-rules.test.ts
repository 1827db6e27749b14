import { isRefusal } from '@bronze-drum/protocol/refusals';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '../kernel/clock.ts';
import { answeredBy, holdable, nextStage, warnMs, type Stage } from './hold-rules.ts';

const stage = (name: string, rest: Partial<Stage>): Stage => ({
  name,
  hours: 72,
  times: 1,
  from: 'order',
  asks: 'officer',
  basis: 'a law',
  assumed: false,
  ...rest,
});
const thailand = [
  stage('suspension', {}),
  stage('complaint', { hours: 168, from: 'complaint', asks: 'complaint' }),
  stage('court-order', { hours: 4380, times: 20, from: 'end-of-last', asks: 'court' }),
];
const china = [
  stage('urgent-stop-payment', { hours: 48, times: 2 }),
  stage('judicial-freeze', { hours: 4380, times: 100, asks: 'court' }),
];
const begun = { stage: 'suspension', stageTimes: 1, untilMs: 72 * hourMs };
const officer = { asks: 'officer', atMs: 0 } as const;

test('in Thailand a hold goes on for seven days from the complaint, not from when it was told', () => {
  const complaint = { asks: 'complaint', atMs: 50 * hourMs } as const;
  expect(nextStage(thailand, begun, complaint, 60 * hourMs)).toEqual({
    stage: 'complaint',
    times: 1,
    untilMs: (50 + 168) * hourMs,
  });
});

test('an old complaint does not cut a hold short', () => {
  const old = { asks: 'complaint', atMs: -160 * hourMs } as const;
  expect(nextStage(thailand, begun, old, hourMs)).toMatchObject({ untilMs: begun.untilMs });
});

test('in Thailand no officer prolongs by their own word: they are told what is asked for', () => {
  expect(nextStage(thailand, begun, officer, hourMs)).toEqual({ refused: 'funds.complaint-needed' });
  const complained = { ...begun, stage: 'complaint' };
  expect(nextStage(thailand, complained, officer, hourMs)).toEqual({ refused: 'funds.court-needed' });
});

test('in China payment is stopped for 48 hours at most twice, and then a court freezes for six months', () => {
  const first = { stage: 'urgent-stop-payment', stageTimes: 1, untilMs: 48 * hourMs };
  const second = nextStage(china, first, officer, 40 * hourMs);
  expect(second).toEqual({ stage: 'urgent-stop-payment', times: 2, untilMs: 96 * hourMs });
  const again = { ...first, stageTimes: 2, untilMs: 96 * hourMs };
  expect(nextStage(china, again, officer, 50 * hourMs)).toEqual({ refused: 'funds.court-needed' });
  const court = { asks: 'court', atMs: 90 * hourMs } as const;
  expect(nextStage(china, again, court, 90 * hourMs)).toEqual({
    stage: 'judicial-freeze',
    times: 1,
    untilMs: (90 + 4380) * hourMs,
  });
});

test('a court’s word is enough before the other stages were used up', () => {
  const court = { asks: 'court', atMs: hourMs } as const;
  expect(nextStage(thailand, begun, court, hourMs)).toMatchObject({
    stage: 'court-order',
    untilMs: (72 + 4380) * hourMs,
  });
});

test('where no stage is left, it says so', () => {
  const last = { stage: 'suspension', stageTimes: 1, untilMs: 1 };
  expect(nextStage([stage('suspension', {})], last, officer, 0)).toEqual({ refused: 'funds.no-stage-left' });
});

test('a hold leaves the subsistence floor, and nothing is held of what is below it', () => {
  expect(holdable({ taint: 100n, balance: null }, 30n)).toBe(100n);
  expect(holdable({ taint: 100n, balance: 500n }, 30n)).toBe(100n);
  expect(holdable({ taint: 100n, balance: 110n }, 30n)).toBe(80n);
  expect(holdable({ taint: 100n, balance: 30n }, 30n)).toBe(0n);
});

test('a short hold is warned of in its last quarter', () => {
  expect(warnMs({ warnBeforeMinutes: 240 }, 0, 72 * hourMs)).toBe(68 * hourMs);
  expect(warnMs({ warnBeforeMinutes: 240 }, 0, 60 * minuteMs)).toBe(45 * minuteMs);
});

test('property: whatever an institution answers, what is held and gone is never more than was ordered', () => {
  const minor = fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String), { nil: undefined });
  const outcome = fc.constantFrom('placed', 'partly', 'gone', 'refused' as const);
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), outcome, minor, minor, (ordered, outcome, held, gone) => {
      const answer = answeredBy(ordered, {
        outcome: outcome,
        ...(held !== undefined && { held }),
        ...(gone !== undefined && { gone }),
      });
      expect(answer.held + answer.gone <= ordered).toBe(true);
      expect(answer.state === 'held').toBe(answer.held === ordered);
    }),
  );
});

test('property: going on never shortens a hold, and never goes beyond what policy gives', () => {
  const word = fc.record({ asks: fc.constantFrom('officer', 'complaint', 'court' as const), atHours: fc.nat(200) });
  fc.assert(
    fc.property(fc.constantFrom(thailand, china), fc.array(word, { maxLength: 20 }), (stages, words) => {
      let row = { stage: stages[0]!.name, stageTimes: 1, untilMs: stages[0]!.hours * hourMs };
      const times = new Map([[row.stage, 1]]);
      for (const { asks, atHours } of words) {
        const next = nextStage(stages, row, { asks: asks, atMs: atHours * hourMs }, 200 * hourMs);
        if (isRefusal(next)) continue;
        expect(next.untilMs).toBeGreaterThanOrEqual(row.untilMs);
        row = { stage: next.stage, stageTimes: next.times, untilMs: next.untilMs };
        times.set(next.stage, (times.get(next.stage) ?? 0) + 1);
      }
      for (const { name, times: most } of stages) expect(times.get(name) ?? 0).toBeLessThanOrEqual(most);
    }),
  );
});
