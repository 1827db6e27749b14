import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { judgeEach } from './anchors.ts';
import { exitFacts, isAbroad, judgeExit } from './exits.ts';
import { dollars, hours, share } from './limits.ts';
import { isBusy, isPayer } from './standing.ts';

const Limits = Type.Object({
  withinHours: hours(6, 'Between what came in and what left the country. Our own choice'),
  dollarsMin: dollars(300, 'What left of it, at least: about 10,000 baht. Our own choice'),
  shareMin: share(0.3, 'Of what came in, how much left the country. Our own choice'),
});
type Limits = Static<typeof Limits>;

function assess(view: PaymentView, limits: Limits, endMs: number, anchor: number): Verdict | undefined {
  const { accounts, own } = view;
  // Importers and employers pay abroad every day.
  if (!isAbroad(view, anchor) || isBusy(accounts, own.account, endMs) || isPayer(accounts, own.account, endMs))
    return undefined;
  return judgeExit(view, limits, endMs, anchor, isAbroad);
}

export const exitAbroad = detector({
  name: 'exit-abroad',
  version: 1,
  on: ['payment'],
  typology: 'mule-account',
  urgency: 1,
  facts: exitFacts,
  limits: Limits,
  find: (view: PaymentView, limits) => judgeEach(view, limits, view.own.outs, limits.withinHours * 3_600_000, assess),
});
