import type { Fraud } from './fraud.ts';
import { parted } from './scale.ts';

const hourMs = 3_600_000;

/** A platform whose figures rise: weeks of talk, a small gain paid out, then larger and larger deposits. */
export const fakeInvestment: Fraud = {
  name: 'fake-investment',
  typology: 'investment-scam',
  share: 8.5,
  large: 0.68,
  smallBaht: 20_000,
  leadHours: [48, 216],
  ages: [28, 75],
  tell(plot) {
    const { chance, payAtMs, beginsMs } = plot;
    plot.lureMessage(beginsMs, { channel: 'chat', link: false });
    for (let at = beginsMs + 6 * hourMs; at < payAtMs; at += hourMs * chance.between(6, 20))
      plot.lureMessage(Math.round(at), { channel: 'chat', link: chance.is(0.3) });
    const parts = parted(chance, plot.loss, 1 + chance.below(4));
    let atMs = payAtMs;
    parts.forEach((minor, at) => {
      plot.victimLogin(atMs - 40_000 - chance.below(60_000), { remoteAccess: chance.is(0.04) });
      plot.pay(atMs, Math.max(1, Math.round(minor)), 'chain');
      if (at === 0 && parts.length > 1)
        plot.bait(atMs + Math.round(hourMs * chance.between(0.3, 1)), Math.max(1, Math.round(minor * 0.08)));
      atMs += Math.round(chance.between(1.2, 9) * hourMs);
    });
  },
};
