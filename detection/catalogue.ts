import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { Detector } from './detector.ts';
import { accountDetectors } from './detectors/accounts.ts';
import { deviceDetectors } from './detectors/devices.ts';
import { lineDetectors } from './detectors/lines.ts';
import { score } from './detectors/score.ts';

/** What a finding says of its detector, whatever the detector sees. */
export type CataloguedDetector = Omit<Detector<ActivityKind, never>, 'find'>;

/** All detectors, in the order in which they are presented. */
export const detectors: readonly CataloguedDetector[] = [
  ...accountDetectors,
  ...deviceDetectors,
  ...lineDetectors,
  score,
];
