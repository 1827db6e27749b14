import type { Fraud } from './fraud.ts';
import { parted } from './scale.ts';

const minuteMs = 60_000;

/**
 * A message in the bank's name leads to a site that takes the password. Then the ring signs in by itself: from abroad, while the
 * owner still uses the account at home; or with the owner's number, whose card an operator's shop has changed.
 */
export const accountTakeover: Fraud = {
  name: 'account-takeover',
  typology: 'phishing',
  share: 4,
  large: 0.48,
  smallBaht: 19_000,
  leadHours: [0.6, 5],
  ages: [20, 80],
  tell(plot) {
    const { chance, payAtMs, beginsMs } = plot;
    plot.lureMessage(beginsMs, { channel: 'sms', link: true });
    const isSwap = chance.is(0.45);
    const afterMs = (isSwap ? plot.caution?.afterSwapMs : undefined) ?? 0;
    if (isSwap) plot.swapCard(payAtMs - Math.round(chance.between(12, 35) * minuteMs));
    else plot.victimLogin(payAtMs - Math.round(chance.between(10, 40) * minuteMs), { remoteAccess: false });
    let atMs = payAtMs + Math.round(afterMs);
    plot.thiefLogin(atMs - 60_000 - chance.below(180_000), { isNew: isSwap || chance.is(0.6) });
    for (const minor of parted(chance, plot.loss, 1 + chance.below(3))) {
      plot.pay(atMs, Math.max(1, Math.round(minor)), 'chain', 'thief');
      atMs += Math.round(chance.between(1, 6) * minuteMs);
    }
  },
};
