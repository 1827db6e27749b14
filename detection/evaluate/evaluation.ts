import { calibrate, calibrated } from '../model/calibration.ts';
import { openExplainer } from '../model/explaining.ts';
import type { ScoreModel } from '../model/score-model.ts';
import type { DataSet } from './data-set.ts';
import { flagByHand } from './hand-rule.ts';
import { learn, type Learnt, type LearningOptions } from './learning.ts';
import { qualityOf, thresholdOfBestF1, thresholdOfBudget, type Quality } from './measures.ts';
import { followPatterns, type Outcome } from './outcome.ts';
import { sliceByTime, type Slices } from './slices.ts';

const budgets = [1, 3, 10, 30, 100, 300] as const;
const reasonsShown = 15;

export interface Evaluation extends Quality, Outcome {
  readonly dataset: string;
  readonly layout: string;
  readonly fields: readonly string[];
  readonly digest: string;
  readonly slices: Readonly<
    Record<'training' | 'choosing' | 'reporting', { readonly rows: number; readonly positives: number }>
  >;
  /** The chance from which on a payment was flagged, and how it was chosen. */
  readonly threshold: number;
  readonly thresholdBy: 'bestF1' | 'budget';
  readonly alertsPerDay: number;
  /** How F1 and PR-AUC were on the slice that thresholds and numbers of trees were chosen on. */
  readonly onChoosing: { readonly f1: number; readonly prAuc: number };
  /** Mean chance given, and the share that was illicit, on the reported payments. */
  readonly calibration: { readonly meanChance: number; readonly share: number };
  /** Mean size of the change of the margin over flagged payments. */
  readonly topFeatures: readonly { readonly feature: string; readonly contribution: number }[];
  readonly baselines: { readonly handRule: Quality; readonly rawFields: Quality };
}

export interface EvaluationOptions extends LearningOptions {
  /** Alerts a day; without it, the threshold is that of the best F1. */
  readonly budget?: number;
}

/** Learns from the first 60 % of the time, chooses on the next 20 %, and reports on the last 20 %, which nothing was chosen on. */
export async function evaluate(
  data: DataSet,
  options: EvaluationOptions,
): Promise<{ readonly evaluation: Evaluation; readonly model: ScoreModel }> {
  const slices = sliceByTime(data);
  const learnt = await learn(data, slices, options);
  const { choosing, reporting, labels } = slices;
  const calibration = calibrate(of(choosing, learnt.margins), of(choosing, labels));
  const chances = learnt.margins.map((margin) => calibrated(calibration, margin));
  const onChoosing = [of(choosing, chances), of(choosing, labels)] as const;
  const bestF1 = thresholdOfBestF1(...onChoosing);
  const threshold =
    options.budget === undefined ? bestF1 : thresholdOfBudget(onChoosing[0], options.budget * slices.choosingDays);
  const flagged = Uint8Array.from(reporting, (row) => (chances[row]! >= threshold ? 1 : 0));
  const places = Int32Array.from(reporting, (row) => slices.places[row]!);
  const wanted = of(reporting, labels);
  const chosen = qualityOf(...onChoosing, threshold);
  const evaluation: Evaluation = {
    dataset: data.name,
    layout: data.layout,
    fields: data.fields,
    digest: data.digest,
    slices: {
      training: sizeOf(slices.training, labels),
      choosing: sizeOf(choosing, labels),
      reporting: sizeOf(reporting, labels),
    },
    ...qualityOf(of(reporting, chances), wanted, threshold),
    threshold,
    thresholdBy: options.budget === undefined ? 'bestF1' : 'budget',
    alertsPerDay: sum(flagged) / slices.reportingDays,
    onChoosing: { f1: chosen.f1, prAuc: chosen.prAuc },
    ...followPatterns(data, places, flagged),
    calibration: { meanChance: sum(of(reporting, chances)) / reporting.length, share: sum(wanted) / reporting.length },
    topFeatures: topFeatures(
      learnt,
      reporting.filter((_, index) => flagged[index] === 1),
    ),
    baselines: baselinesOf(learnt, slices),
  };
  const model: ScoreModel = {
    trainedOn: {
      name: data.name,
      layout: data.layout,
      rows: slices.training.length,
      positives: sum(of(slices.training, labels)),
      until: new Date(data.at[slices.places[choosing[0]!]!]!).toISOString(),
      digest: data.digest,
      seed: options.seed,
    },
    features: [...learnt.table.names],
    before: learnt.table.before,
    first: learnt.first,
    second: learnt.second,
    calibration,
    thresholds: {
      bestF1,
      budgets: budgets.map((alertsPerDay) => ({
        alertsPerDay,
        chance: Math.min(1, thresholdOfBudget(onChoosing[0], alertsPerDay * slices.choosingDays)),
      })),
    },
  };
  return { evaluation, model };
}

function baselinesOf({ table, rawMargins }: Learnt, { choosing, reporting, labels }: Slices): Evaluation['baselines'] {
  const byHand = flagByHand(table, labels, choosing);
  const rawThreshold = thresholdOfBestF1(of(choosing, rawMargins), of(choosing, labels));
  return {
    handRule: qualityOf(of(reporting, byHand), of(reporting, labels), 1),
    rawFields: qualityOf(of(reporting, rawMargins), of(reporting, labels), rawThreshold),
  };
}

function topFeatures(learnt: Learnt, rows: Int32Array): Evaluation['topFeatures'] {
  const { matrix, names } = learnt.table;
  const { columns, values } = matrix;
  const explain = openExplainer(learnt, columns);
  const sizes = new Float64Array(columns);
  for (const row of rows) {
    const { contributions } = explain(values.subarray(row * columns, (row + 1) * columns));
    for (let feature = 0; feature < columns; feature += 1)
      sizes[feature] = sizes[feature]! + Math.abs(contributions[feature]!) / rows.length;
  }
  return Array.from(sizes, (contribution, feature) => ({ feature: names[feature]!, contribution }))
    .filter(({ contribution }) => contribution > 0)
    .sort((one, other) => other.contribution - one.contribution)
    .slice(0, reasonsShown);
}

function of<T extends Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(rows: Int32Array, values: T): T {
  const taken = values.slice(0, rows.length) as T;
  for (let index = 0; index < rows.length; index += 1) taken[index] = values[rows[index]!]!;
  return taken;
}

const sum = (values: Iterable<number>): number => {
  let all = 0;
  for (const value of values) all += value;
  return all;
};

const sizeOf = (rows: Int32Array, labels: Uint8Array<ArrayBuffer>) => ({
  rows: rows.length,
  positives: sum(of(rows, labels)),
});
