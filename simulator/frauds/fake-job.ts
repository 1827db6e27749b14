import type { Fraud } from './fraud.ts';
import { parted } from './scale.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Work from home that pays at first, and then asks for deposits, each larger than the last. */
export const fakeJob: Fraud = {
  name: 'fake-job',
  typology: 'job-scam',
  share: 9.5,
  large: 0.45,
  smallBaht: 15_000,
  leadHours: [12, 96],
  ages: [18, 45],
  tell(plot) {
    const { chance, payAtMs, beginsMs } = plot;
    plot.lureMessage(beginsMs, { channel: chance.is(0.6) ? 'sms' : 'chat', link: true });
    for (let at = beginsMs + dayMs / 6; at < payAtMs; at += dayMs * chance.between(0.2, 0.7))
      plot.lureMessage(Math.round(at), { channel: 'chat', link: chance.is(0.2) });
    if (chance.is(0.7))
      plot.bait(payAtMs - Math.round(chance.between(60, 600) * minuteMs), Math.max(1, Math.round(plot.loss * 0.005)));
    let atMs = payAtMs;
    for (const minor of parted(chance, plot.loss, 2 + chance.below(4))) {
      plot.pay(atMs, Math.max(1, Math.round(minor)), plot.isLarge ? 'chain' : chance.is(0.4) ? 'pot' : 'chain');
      atMs += Math.round(chance.between(8, 150) * minuteMs);
    }
  },
};
