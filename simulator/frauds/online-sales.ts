import type { Fraud } from './fraud.ts';

const minuteMs = 60_000;

/** Goods that do not exist, at a good price: most cases, little money each. Sometimes the payment buys real goods from an honest seller, for the ring. */
export const onlineSales: Fraud = {
  name: 'online-sales',
  typology: 'purchase-scam',
  share: 62.4,
  large: 0.025,
  smallBaht: 9_500,
  leadHours: [0.1, 6],
  ages: [16, 70],
  tell(plot) {
    const { chance, payAtMs, beginsMs } = plot;
    const messages = 1 + chance.below(3);
    for (let at = 0; at < messages; at++) {
      const when = beginsMs + Math.round(((payAtMs - beginsMs - minuteMs) * at) / messages);
      plot.lureMessage(when, { channel: 'chat', link: at === 0 && chance.is(0.4) });
    }
    const way = chance.is(0.1) ? 'seller' : chance.is(plot.isLarge ? 0 : 0.5) ? 'pot' : 'chain';
    if (chance.is(0.2)) {
      // A deposit first, the rest when the parcel is "held".
      plot.pay(payAtMs, Math.round(plot.loss * 0.3), way);
      plot.pay(payAtMs + Math.round(chance.between(10, 240) * minuteMs), Math.round(plot.loss * 0.7), way);
    } else plot.pay(payAtMs, plot.loss, way);
  },
};
