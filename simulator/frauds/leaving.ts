import { instant } from '../chance/spelling.ts';
import { tether } from '../daily/payments.ts';
import type { Ground } from '../world/ground.ts';
import { isStopped, type CaseHop, type Happening, type Step } from '../world/happening.ts';
import { inBaht } from '../world/nations.ts';
import type { Records } from '../world/records.ts';
import type { CaseBook } from './case-book.ts';
import { controlledAddress, controlledDevice, labelsOf, type Loot } from './loot.ts';

const minuteMs = 60_000;

/** Writes a hop into the case's book. */
export function hopOf(
  ground: Ground,
  book: CaseBook,
  { account, hop, currency }: Loot,
  { atMs, minor, role, to }: { atMs: number; minor: number; role: CaseHop['role']; to: string },
): void {
  book.hop({ at: instant(atMs), hop, role, from: ground.keyOf(account), to, amount: String(minor), currency });
}

/** From an exchange to a wallet, where nobody can hold it any more. */
export function leavingOf(ground: Ground, records: Records) {
  return (book: CaseBook, loot: Loot): void => {
    const { chance, ring } = book;
    const atMs = loot.atMs + Math.round(chance.around(5 * minuteMs, 1));
    const which = chance.below(1 << 20);
    const wallet = ring.wallet(atMs, which);
    const step: Step = { after: loot.after, stopped: false };
    const device = controlledDevice(ground, book, { ...loot, tier: 'bought' }, atMs, which);
    const ip = controlledAddress(ground, book, loot, atMs, which);
    book.plan(atMs, (): Happening | undefined => {
      if (isStopped(step)) return undefined;
      const { minor, currency, account: from } = loot;
      const marks = book.mark({ key: wallet, role: 'crypto-exit', nation: loot.nation });
      const labels = labelsOf(book, loot, 'crypto-exit', minor);
      const deed = { ...book.deed(atMs, 'crypto-exit', 0.2, marks), labels, step };
      hopOf(ground, book, loot, { atMs, minor, role: 'crypto-exit', to: wallet });
      book.reckoning.wentOut(inBaht(minor, currency), atMs - loot.sinceMs);
      const how = { channel: 'exchange', asset: tether({ minor, currency }), device, ip } as const;
      return records.payment({ ...deed, from, toWallet: wallet, minor, currency, ...how });
    });
  };
}
