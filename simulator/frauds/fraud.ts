import type { Typology } from '@bronze-drum/protocol/statements/listing';
import type { Plot } from './plot.ts';

/** A kind of fraud: how often it is met, whom, for how much, and how it goes. */
export interface Fraud {
  readonly name: string;
  readonly typology: Typology;
  /** Of a hundred frauds. */
  readonly share: number;
  /** How many of them cost more than 50,000 baht. */
  readonly large: number;
  /** The median of the others, in baht. */
  readonly smallBaht: number;
  /** From the first contact to the first payment. */
  readonly leadHours: readonly [least: number, most: number];
  readonly ages: readonly [least: number, most: number];
  /** Puts on the agenda what the ring and the victim do. */
  tell(plot: Plot): void;
}
