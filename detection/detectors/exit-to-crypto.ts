import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { judgeEach } from './anchors.ts';
import { exitFacts, isCrypto, judgeExit } from './exits.ts';
import { dollars, hours, share } from './limits.ts';

const Limits = Type.Object({
  withinHours: hours(6, 'Between what came in and what became coins. Our own choice'),
  dollarsMin: dollars(300, 'What left of it, at least: about 10,000 baht. Our own choice'),
  shareMin: share(0.3, 'Of what came in, how much became coins. Our own choice'),
});
type Limits = Static<typeof Limits>;

const assess = (view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined =>
  judgeExit(view, limits, endMs, anchor, isCrypto);

export const exitToCrypto = detector({
  name: 'exit-to-crypto',
  version: 1,
  on: ['payment'],
  typology: 'crypto-laundering',
  urgency: 1,
  facts: exitFacts,
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess),
});
