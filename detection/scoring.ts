import type { FeatureSource, PaymentSight } from './features/payment-sight.ts';
import { openWindowFeatures } from './features/window-features.ts';
import type { ScoreModel } from './model/score-model.ts';
import { openScorer, type Reason } from './model/scorer.ts';
import type { PaymentBookSizes } from './payment-book.ts';
import { bytesOf, type Flat, type Kept } from './state/arrays.ts';

/** How suspicious a payment is, and whoever it reached. */
export interface PaymentScore {
  /** The calibrated chance that the payment is illicit. */
  readonly chance: number;
  /** The chance that at least one payment of the receiver is, of late: what happened three days ago counts half. */
  readonly account: number;
  /** What moved the chance most, strongest first: a feature, what it was, and how far it moved the log of the odds. */
  readonly reasons: readonly Reason[];
}

/** Scores payments as they come. */
export interface Scoring extends Kept {
  /** Each payment once, in the order in which they are seen; undefined for cash. */
  score(payment: PaymentSight): PaymentScore | undefined;
  forget(account: number): void;
  bytes(): number;
}

const halfLifeMs = 3 * 24 * 3_600_000;
const reasonsMax = 6;
/** Below it nobody asks why. */
const tellingMin = 0.05;
/** A payment alone never makes an account certain. */
const chanceMax = 0.999;

/** `verdicts` must give the columns that the model was trained with beside the windows'. */
export function openScoring(model: ScoreModel, sizes: PaymentBookSizes, verdicts: FeatureSource): Scoring {
  const windows = openWindowFeatures({ accounts: sizes.accounts, pairs: sizes.payments });
  const hasVerdicts = verdicts.names.every((name) => model.features.includes(name));
  const scorer = openScorer(model, windows, hasVerdicts ? [verdicts] : []);
  /** The log of the chance that no payment of an account is illicit, and as of when. */
  const innocence = new Float64Array(sizes.accounts);
  const asOf = new Float64Array(sizes.accounts);
  const arrays = (): readonly Flat[] => [...windows.arrays(), innocence, asOf];

  /** The chance of an account with one more payment. */
  function add(account: number, chance: number, atMs: number): number {
    const passedMs = Math.max(0, atMs - asOf[account]!);
    const kept = innocence[account]! * 2 ** (-passedMs / halfLifeMs) + Math.log1p(-Math.min(chance, chanceMax));
    innocence[account] = kept;
    asOf[account] = Math.max(atMs, asOf[account]!);
    return 1 - Math.exp(kept);
  }

  return {
    score(payment) {
      const chance = scorer.score(payment);
      const { from, to, atMs } = payment;
      if (from < 0 || to < 0) return undefined;
      add(from, chance, atMs);
      const account = add(to, chance, atMs);
      return { chance, account, reasons: chance < tellingMin ? [] : scorer.explain().reasons.slice(0, reasonsMax) };
    },
    forget(account) {
      windows.forget(account);
      innocence[account] = 0;
      asOf[account] = 0;
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
