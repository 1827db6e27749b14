import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { CallerView } from '../line-view.ts';
import { callSpanMsMax } from '../state/lines.ts';
import { instantOf } from './money-facts.ts';
import { above, below, strengthOf } from './strength.ts';

const hourMs = 3_600_000;

const Limits = Type.Object({
  outgoingMin: Type.Integer({
    default: 60,
    minimum: 10,
    maximum: 10_000,
    description: 'Outgoing calls; no cut-off is published (AT&T study: disproportionate outgoing), the number is ours',
  }),
  calleesMin: Type.Integer({ default: 40, minimum: 2, maximum: 1000, description: 'Different numbers called; ours' }),
  withinHours: Type.Number({
    default: 6,
    minimum: 1,
    maximum: callSpanMsMax / hourMs,
    description: 'In such a time, counted by half hours; ours',
  }),
  incomingMax: Type.Number({
    default: 0.05,
    minimum: 0,
    maximum: 1,
    description: 'Of all its calls, the part that comes in; ours',
  }),
  cellsMax: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 8,
    description: 'Cells: it stands still (AT&T study); ours',
  }),
  mainNumberShare: Type.Number({
    default: 0.3,
    minimum: 0.01,
    maximum: 1,
    description: 'Who shows one main number in this part of the calls is a company’s desk; ours',
  }),
});

/** A mobile number that calls many others from one place, all day, and is hardly ever called. */
export const simBox = detector({
  name: 'sim-box',
  version: 1,
  on: ['call'] as const,
  typology: 'sim-box',
  urgency: 2,
  limits: Limits,
  facts: ['outgoing', 'callees', 'incoming', 'cells', 'cell', 'untilAt', 'withinHours', 'outgoingMin', 'calleesMin'],
  find(view: CallerView, limits: Static<typeof Limits>): Verdict | undefined {
    if (!view.isMobile) return undefined;
    const sinceMs = view.newestMs - limits.withinHours * hourMs;
    const outgoing = view.outgoing(sinceMs);
    if (outgoing < limits.outgoingMin) return undefined;
    const incoming = view.incoming(sinceMs);
    if (incoming > limits.incomingMax * (outgoing + incoming)) return undefined;
    const cells = view.cells(sinceMs, limits.cellsMax + 1);
    if (cells === 0 || cells > limits.cellsMax) return undefined;
    if (view.votes >= 10 && view.votes >= Math.min(outgoing, 500) * limits.mainNumberShare) return undefined;
    const callees = view.callees(sinceMs, 1000);
    if (callees < limits.calleesMin) return undefined;
    return {
      facts: {
        outgoing,
        callees,
        incoming,
        cells,
        ...(view.cell !== undefined && { cell: view.cell }),
        untilAt: instantOf(view.newestMs),
        withinHours: limits.withinHours,
        outgoingMin: limits.outgoingMin,
        calleesMin: limits.calleesMin,
      },
      counterparts: [view.device, view.sim].filter((key) => key !== undefined),
      strength: strengthOf(
        above(outgoing, limits.outgoingMin / 2),
        below(incoming, limits.incomingMax * (outgoing + incoming) + 1),
      ),
    };
  },
});
