import { bytesOf, type Kept } from '../state/arrays.ts';
import { openAccountHistory } from './account-history.ts';
import { openIdentities } from './identities.ts';
import { openNeighbourhood, openSurroundings } from './neighbourhood.ts';
import { openPairHistory } from './pair-history.ts';
import { openPaymentFacts } from './payment-facts.ts';
import type { FeatureSource, PaymentSight } from './payment-sight.ts';
import { openRecentLists } from './recent-lists.ts';
import { listMax, openRecentPayments } from './recent-payments.ts';
import { openSuspicion } from './suspicion.ts';

/**
 * Features of payments from what was seen before them. For each payment in turn: `read` the row, give it a first opinion, `readOpinions`
 * for the second, then `note` it. Payments with an end outside (-1) need only be noted.
 */
export interface WindowFeatures extends Kept {
  readonly names: readonly string[];
  /** Names of what `readOpinions` writes. */
  readonly opinionNames: readonly string[];
  read(payment: PaymentSight, row: Float32Array): void;
  /** What was thought of earlier payments around this one; after `read` of the same payment. */
  readOpinions(payment: PaymentSight, row: Float32Array, offset: number): void;
  /** The payment becomes history. `opinion` is the first opinion, from 0 to 1. */
  note(payment: PaymentSight, opinion: number): void;
  /** An account's slot is given to another account. */
  forget(slot: number): void;
  bytes(): number;
}

/** For so many accounts, and so many pairs of accounts that paid each other. */
export function openWindowFeatures(options: { readonly accounts: number; readonly pairs: number }): WindowFeatures {
  const { accounts, pairs: pairsMax } = options;
  const identities = openIdentities(accounts);
  const recent = openRecentPayments(accounts, identities);
  const surroundings = openSurroundings(recent, listMax);
  const pairs = openPairHistory(pairsMax, identities);
  const history = openAccountHistory(accounts, pairs);
  const neighbourhood = openNeighbourhood(accounts, recent, surroundings);
  const suspicion = openSuspicion(accounts, recent, surroundings);
  const sources: readonly FeatureSource[] = [
    openPaymentFacts(),
    pairs,
    history,
    openRecentLists(recent, surroundings),
    neighbourhood,
  ];
  const offsets = sources.map((_, index) => sources.slice(0, index).reduce((sum, { names }) => sum + names.length, 0));
  const kept: readonly Kept[] = [identities, recent, pairs, history, suspicion];
  const arrays = () => kept.flatMap((part) => part.arrays());
  return {
    names: sources.flatMap(({ names }) => names),
    opinionNames: suspicion.names,
    read(payment, row) {
      surroundings.collect(payment);
      for (let index = 0; index < sources.length; index += 1) sources[index]!.read(payment, row, offsets[index]!);
    },
    readOpinions: suspicion.read,
    note(payment, opinion) {
      const isBetween = payment.from >= 0 && payment.to >= 0;
      history.note(payment);
      if (!isBetween) return;
      recent.note(payment, pairs.isNew(payment.from, payment.to), opinion);
      pairs.note(payment);
      suspicion.note(payment, opinion);
    },
    forget(slot) {
      history.forget(slot);
      recent.forget(slot);
      suspicion.forget(slot);
      identities.forget(slot);
    },
    arrays,
    bytes: () => bytesOf(arrays()) + bytesOf(neighbourhood.scratch),
  };
}
