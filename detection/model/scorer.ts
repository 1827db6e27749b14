import type { FeatureSource, PaymentSight } from '../features/payment-sight.ts';
import type { WindowFeatures } from '../features/window-features.ts';
import { calibrated } from './calibration.ts';
import { openExplainer } from './explaining.ts';
import { chanceOf, marginOf } from './forest.ts';
import type { ScoreModel } from './score-model.ts';
import { openScoreRows } from './score-rows.ts';

/** Why a payment scores as it does: a feature, what it was (null if not known), and how far it moved the log of the odds. */
export interface Reason {
  readonly code: string;
  readonly value: number | null;
  readonly contribution: number;
}

/** Scores payments one after the other, in the order in which they are told. */
export interface Scorer {
  /** The chance that the payment is illicit. The payment is history from then on; one with an end outside scores 0. */
  score(payment: PaymentSight): number;
  /** Of the payment scored last: all reasons, strongest first. With `base` they sum to its margin, before the calibration. */
  explain(): { readonly base: number; readonly reasons: readonly Reason[] };
}

/** `further` must be the sources that the model was trained with, in their order. */
export function openScorer(model: ScoreModel, windows: WindowFeatures, further: readonly FeatureSource[] = []): Scorer {
  const rows = openScoreRows(windows, further);
  if (rows.names.join() !== model.features.join()) throw new Error('The model was trained on other features');
  const row = new Float32Array(rows.names.length);
  const explain = openExplainer(model, row.length);
  return {
    score(payment) {
      if (payment.from < 0 || payment.to < 0) {
        rows.note(payment, 0);
        return 0;
      }
      rows.read(payment, row);
      const opinion = chanceOf(marginOf(model.first, row));
      rows.readOpinions(payment, opinion, row);
      rows.note(payment, opinion);
      return calibrated(model.calibration, marginOf(model.second, row));
    },
    explain() {
      const { base, contributions } = explain(row);
      const reasons: Reason[] = [];
      for (const [column, contribution] of contributions.entries()) {
        const value = row[column]!;
        if (contribution !== 0)
          reasons.push({ code: rows.names[column]!, value: Number.isFinite(value) ? value : null, contribution });
      }
      return { base, reasons: reasons.sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution)) };
    },
  };
}
