import type { Fraud } from './fraud.ts';
import { parted } from './scale.ts';

const hourMs = 3_600_000;

/** A site that takes many small stakes, pays a few back, and never the winnings. */
export const illegalGambling: Fraud = {
  name: 'illegal-gambling',
  typology: 'illegal-gambling',
  share: 5,
  large: 0.3,
  smallBaht: 16_000,
  leadHours: [4, 96],
  ages: [17, 60],
  tell(plot) {
    const { chance, payAtMs, beginsMs } = plot;
    for (let at = beginsMs; at < payAtMs; at += hourMs * chance.between(8, 30))
      plot.lureMessage(Math.round(at), { channel: chance.is(0.7) ? 'sms' : 'chat', link: true, answered: false });
    let atMs = payAtMs;
    for (const minor of parted(chance, plot.loss, 4 + chance.below(8))) {
      plot.pay(atMs, Math.max(1, Math.round(minor)), chance.is(0.6) ? 'pot' : 'chain');
      if (chance.is(0.2))
        plot.bait(
          atMs + Math.round(hourMs * chance.between(0.2, 0.6)),
          Math.max(1, Math.round(minor * chance.between(0.2, 1.1))),
        );
      atMs += Math.round(chance.around(1.2, 0.8) * hourMs);
    }
  },
};
