import { bulkSender } from './bulk-sender.ts';
import { callThenPayment } from './call-then-payment.ts';
import { fakeBaseStation } from './fake-base-station.ts';
import { numberRotation } from './number-rotation.ts';
import { roamingSwarm } from './roaming-swarm.ts';
import { simBox } from './sim-box.ts';
import { simSwapThenPayment } from './sim-swap-then-payment.ts';

/** Telephone and messages, in the order in which they are presented. */
export const lineDetectors = [
  callThenPayment,
  simBox,
  numberRotation,
  simSwapThenPayment,
  roamingSwarm,
  fakeBaseStation,
  bulkSender,
] as const;
