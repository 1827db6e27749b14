import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import type { Static, TObject } from 'typebox';

/** Facts behind a finding, to be said in any language: amounts in minor units with their currency, times as instants, counts. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What a detector says of one account, number, device or address. */
export interface Verdict {
  readonly facts: Facts;
  /** Keys of those who stand at the other end, the most telling first; at most 8 are kept. */
  readonly counterparts: readonly string[];
  /** From 0 to 1: how far beyond its limits it is. */
  readonly strength: number;
}

/** Loss that goes on now; today; this week; for information. */
export type Urgency = 1 | 2 | 3 | 4;

export interface Named<Limits extends TObject = TObject> {
  readonly name: string;
  readonly limits: Limits;
}

/**
 * One way to recognise a pattern: a pure function of what is known when a record comes. A change of what it finds is a new
 * `version`. Limits that a member does not set are the defaults of the schema.
 */
export interface Detector<Kind extends ActivityKind, View, Limits extends TObject = TObject> extends Named<Limits> {
  readonly version: number;
  /** Of which records it is asked. */
  readonly on: readonly Kind[];
  readonly typology: Typology;
  readonly urgency: Urgency;
  /** The names of the facts that its verdicts carry, in the order in which a sentence says them. */
  readonly facts: readonly string[];
  find(view: View, limits: Static<Limits>): Verdict | undefined;
}

/** So that each detector's limits are typed where it is written. */
export const detector = <Kind extends ActivityKind, View, Limits extends TObject>(
  detector: Detector<Kind, View, Limits>,
): Detector<Kind, View, Limits> => detector;
