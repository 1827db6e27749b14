import type { Fraud } from './fraud.ts';
import { parted } from './scale.ts';

const minuteMs = 60_000;
const callMinutes = 35;

/**
 * A parcel with drugs in it, an account under suspicion: the number of a real agency is shown, and the victim pays while the call goes
 * on, to an "account of the court". Sometimes the caller has it install a tool and pays by itself.
 */
export const fakePolice: Fraud = {
  name: 'fake-police',
  typology: 'impersonation-official',
  share: 7,
  large: 0.66,
  smallBaht: 19_000,
  leadHours: [0.2, 1.2],
  ages: [24, 85],
  tell(plot) {
    const { chance, payAtMs, beginsMs, caution } = plot;
    const isRemote = chance.is(0.4);
    // The cautious let the victim go, and hope.
    const afterMs =
      caution === undefined ? 0 : isRemote ? caution.afterRemoteMs : caution.afterCallMs + callMinutes * 1.4 * minuteMs;
    const isParcel = chance.is(0.5);
    if (isParcel) plot.lureCall(beginsMs, { spoofed: chance.is(0.4), minutes: 4 });
    plot.lureCall(Math.max(beginsMs, payAtMs - Math.round(chance.between(8, 30) * minuteMs)), {
      spoofed: caution === undefined && chance.is(0.75),
      minutes: callMinutes,
    });
    if (isRemote)
      plot.lureMessage(payAtMs - Math.round(chance.between(4, 7) * minuteMs), { channel: 'sms', link: true });
    plot.victimLogin(payAtMs - 30_000 - chance.below(90_000), { remoteAccess: isRemote });
    let atMs = payAtMs + Math.round(afterMs);
    for (const minor of parted(chance, plot.loss, 1 + chance.below(3))) {
      plot.pay(
        atMs,
        Math.max(1, Math.round(minor)),
        'chain',
        caution === undefined || isRemote ? 'victim' : 'left-alone',
      );
      atMs += Math.round(chance.between(1, 9) * minuteMs);
    }
  },
};
