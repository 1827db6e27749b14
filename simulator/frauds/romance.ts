import type { Fraud } from './fraud.ts';
import { parted } from './scale.ts';

const hourMs = 3_600_000;

/** Somebody who writes every evening, and then is in need: customs, a hospital, a ticket. */
export const romance: Fraud = {
  name: 'romance',
  typology: 'romance-scam',
  share: 3.6,
  large: 0.65,
  smallBaht: 18_000,
  leadHours: [96, 236],
  ages: [35, 82],
  tell(plot) {
    const { chance, payAtMs, beginsMs } = plot;
    for (let at = beginsMs; at < payAtMs; at += hourMs * chance.between(4, 14))
      plot.lureMessage(Math.round(at), { channel: 'chat', link: false });
    if (chance.is(0.5))
      plot.lureCall(payAtMs - Math.round(hourMs * chance.between(0.5, 3)), { spoofed: false, minutes: 25 });
    let atMs = payAtMs;
    for (const minor of parted(chance, plot.loss, 1 + chance.below(3))) {
      plot.pay(atMs, Math.max(1, Math.round(minor)), 'chain');
      atMs += Math.round(chance.between(2, 20) * hourMs);
    }
  },
};
