import type { Boosting, Examples } from '../model/boosting.ts';

/** One training. The matrix lies in shared memory and is not copied. */
export interface BoostingJob {
  readonly examples: Examples;
  readonly chosen: Int32Array;
  readonly options: Boosting;
  readonly heldOut?: Int32Array;
}
