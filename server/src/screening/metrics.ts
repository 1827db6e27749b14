import { Counter, Gauge } from 'prom-client';
import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { advices } from '../kernel/policy.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { Answer } from './answers.ts';
import type { ListingView } from './view.ts';

const refused = advices.length;

/** Counts answers as plain numbers, which are read when somebody asks for the metrics. */
export function openAnswerCounts(
  telemetry: Telemetry,
  view: Pick<ListingView, 'table'>,
): (answer: Answer | Refusal) => void {
  const counts = new Float64Array(advices.length + 1);
  const registers = [telemetry.metrics];
  void new Counter({
    name: 'drum_screening_answers_total',
    help: 'Identifiers screened, by advice',
    labelNames: ['advice'],
    registers,
    collect() {
      this.reset();
      for (const [at, advice] of [...advices, 'refused'].entries()) this.inc({ advice }, counts[at]);
    },
  });
  void new Gauge({
    name: 'drum_screening_listings',
    help: 'What the index in memory holds',
    labelNames: ['what'],
    registers,
    collect() {
      for (const [what, value] of Object.entries(view.table()?.counts() ?? {})) this.set({ what }, value);
    },
  });
  return (answer) => {
    const at = isRefusal(answer) ? refused : advices.indexOf(answer.decision?.advice ?? 'clear');
    counts[at] = counts[at]! + 1;
  };
}
