import type { Detector } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { corporateMule } from './corporate-mule.ts';
import { cycle } from './cycle.ts';
import { dormantAwakening } from './dormant-awakening.ts';
import { exitAbroad } from './exit-abroad.ts';
import { exitToCrypto } from './exit-to-crypto.ts';
import { fanIn } from './fan-in.ts';
import { fanOut } from './fan-out.ts';
import { layeredChain } from './layered-chain.ts';
import { listedCounterpart } from './listed-counterpart.ts';
import { newAccountBurst } from './new-account-burst.ts';
import { passThrough } from './pass-through.ts';
import { rapidDrain } from './rapid-drain.ts';
import { scatterGather } from './scatter-gather.ts';
import { structuring } from './structuring.ts';
import { testThenDrain } from './test-then-drain.ts';

/** The detectors of accounts, in the order in which they are presented. */
export const accountDetectors: readonly Detector<'payment', PaymentView>[] = [
  passThrough,
  fanIn,
  fanOut,
  scatterGather,
  cycle,
  layeredChain,
  newAccountBurst,
  dormantAwakening,
  testThenDrain,
  rapidDrain,
  structuring,
  corporateMule,
  listedCounterpart,
  exitAbroad,
  exitToCrypto,
];
