import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { TObject } from 'typebox';
import type { Detector, Verdict } from './detector.ts';
import type { Found, Ground } from './watch.ts';

export interface About {
  /** What joins the records that led to it: a finding is made where this is owned, whatever its subject. */
  readonly join: string;
  readonly subject: string;
  readonly found: Found;
}

/** Asks a detector, and passes on what it says if that is ours to say. */
export const askerOf =
  (ground: Ground) =>
  <View, Limits extends TObject>(
    detector: Detector<ActivityKind, View, Limits>,
    view: View,
    { join, subject, found }: About,
  ): Verdict | undefined => {
    const verdict = detector.find(view, ground.limitsOf(detector));
    if (verdict === undefined || !ground.owns(join)) return undefined;
    found(detector, subject, verdict);
    return verdict;
  };
