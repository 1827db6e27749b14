import { expect, test } from 'vitest';
import { BadModel, readScoreModel, writeScoreModel } from '../model/score-model.ts';
import { openScorer } from '../model/scorer.ts';
import { openChance } from '../model/chance.ts';
import type { DataSet } from './data-set.ts';
import { evaluate } from './evaluation.ts';
import { openSight, openWindowsFor } from './replay.ts';
import { reportOf } from './report.ts';
import { makeDataSet } from './test-data-set.ts';

const data = makeDataSet({ people: 50, days: 60, seed: 5 });
const quiet = { seed: 1, say: () => undefined, boosting: { trees: 40 } };
const evaluated = evaluate(data, quiet);

/** Scores of all payments, one after the other, as an engine would give them. */
async function scoresOf(set: DataSet): Promise<number[]> {
  const { model } = await evaluated;
  const scorer = openScorer(model, openWindowsFor(data));
  const sight = openSight(set);
  return Array.from(set.at, (_, place) => scorer.score(sight(place)));
}

test('the evaluation finds the mules of a little world, better than the payments by themselves tell', async () => {
  const { evaluation } = await evaluated;
  expect(evaluation.f1).toBeGreaterThan(0.8);
  expect(evaluation.prAuc).toBeGreaterThan(evaluation.baselines.rawFields.prAuc);
  expect(evaluation.stoppable.share).toBeGreaterThan(0.5);
  expect(evaluation.perTypology).toHaveProperty('fan_in');
  const { training, choosing, reporting } = evaluation.slices;
  expect(training.rows + choosing.rows + reporting.rows).toBe(data.judged.reduce((sum, judged) => sum + judged, 0));
  expect(evaluation.rows).toBe(reporting.rows);
});

test('the same data and seed give the same evaluation and the same model, byte by byte', async () => {
  const [one, same] = [await evaluated, await evaluate(data, quiet)];
  expect(same.evaluation).toEqual(one.evaluation);
  expect(writeScoreModel(same.model)).toBe(writeScoreModel(one.model));
});

// Not the same to the digit: of what the model learnt from, the evaluation remembers opinions of forests that had not seen it.
test('the scorer, payment by payment, flags about as well as the evaluation says', async () => {
  const { evaluation, model } = await evaluated;
  const scores = await scoresOf(data);
  const reported = scores.filter((_, place) => data.judged[place] === 1).slice(-evaluation.rows);
  const flagged = reported.filter((score) => score >= model.thresholds.bestF1).length;
  const labels = Array.from(data.positive.filter((_, place) => data.judged[place] === 1)).slice(-evaluation.rows);
  const hits = reported.filter((score, row) => score >= model.thresholds.bestF1 && labels[row] === 1).length;
  expect(Math.abs(hits / flagged - evaluation.precision)).toBeLessThan(0.1);
  expect(Math.abs(hits / evaluation.positives - evaluation.recall)).toBeLessThan(0.1);
});

test('whatever comes later, in whatever order, no earlier score changes', async () => {
  const before = await scoresOf(data);
  const cut = Math.floor(data.at.length * 0.7);
  const shuffled = withFuture(data, cut, openChance(9));
  expect((await scoresOf(shuffled)).slice(0, cut)).toEqual(before.slice(0, cut));
});

test('labels are no part of what a score sees', async () => {
  const before = await scoresOf(data);
  const blind = { ...data, positive: data.positive.map(() => 0), pattern: data.pattern.map(() => -1) };
  expect(await scoresOf(blind)).toEqual(before);
});

test('the reasons of a score sum to it, the strongest first', async () => {
  const { model } = await evaluated;
  const scorer = openScorer(model, openWindowsFor(data));
  const sight = openSight(data);
  let checked = 0;
  for (let place = 0; place < data.at.length; place += 1) {
    const score = scorer.score(sight(place));
    if (data.judged[place] !== 1 || place % 50 !== 0) continue;
    const { base, reasons } = scorer.explain();
    const margin = reasons.reduce((sum, { contribution }) => sum + contribution, base);
    const { slope, intercept } = model.calibration;
    expect(1 / (1 + Math.exp(-(slope * margin + intercept)))).toBeCloseTo(score, 6);
    const sizes = reasons.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
    checked += 1;
  }
  expect(checked).toBeGreaterThan(5);
});

test('with an alert budget, no more is flagged on the slice where the threshold was chosen', async () => {
  const { evaluation } = await evaluate(data, { ...quiet, budget: 1 });
  expect(evaluation.thresholdBy).toBe('budget');
  expect(evaluation.threshold).toBeGreaterThan((await evaluated).evaluation.threshold);
  expect(reportOf(evaluation, 3)).toContain('alert budget');
});

test('a model that was written down reads back the same, and one that was tampered with is refused', async () => {
  const { model } = await evaluated;
  const text = writeScoreModel(model);
  const back = readScoreModel(text);
  expect(back).toEqual(model);
  expect(writeScoreModel(back)).toBe(text);
  const file = JSON.parse(text) as Record<string, any>;
  const tampered: [string, (file: Record<string, any>) => void][] = [
    ['another version', (file) => (file['version'] = 2)],
    [
      'a tree that goes round',
      (file) => (file['first'].left[file['first'].feature.findIndex((at: number) => at >= 0)] = 0),
    ],
    ['a feature that is not there', (file) => (file['second'].feature[0] = file['features'].length)],
    ['the first forest sees opinions', (file) => (file['before'] = file['features'].length)],
    ['lists of different lengths', (file) => file['first'].value.pop()],
    ['a root that is not there', (file) => (file['second'].roots[0] = 1e6)],
    ['something more', (file) => (file['extra'] = 1)],
  ];
  for (const [what, tamper] of tampered) {
    const copy = structuredClone(file);
    tamper(copy);
    expect(() => readScoreModel(JSON.stringify(copy)), what).toThrow(BadModel);
  }
  expect(() => readScoreModel('{')).toThrow(BadModel);
});

/** The same until `cut`; then other payments, in another order. */
function withFuture(set: DataSet, cut: number, chance: () => number): DataSet {
  const pick = () => cut + Math.floor(chance() * (set.at.length - cut));
  const places = set.at.map((_, place) => (place < cut ? place : pick()));
  return {
    ...set,
    from: set.from.map((_, place) => set.from[places[place]!]!),
    to: set.to.map((_, place) => set.to[places[place]!]!),
    usd: set.usd.map((_, place) => set.usd[places[place]!]!),
  };
}
