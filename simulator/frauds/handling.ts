import type { Ground } from '../world/ground.ts';
import { isStopped } from '../world/happening.ts';
import { fromBaht } from '../world/nations.ts';
import type { Records } from '../world/records.ts';
import type { Mule } from '../world/underworld.ts';
import { receiverMark, type CaseBook } from './case-book.ts';
import { controlledAddress, controlledDevice, type Loot } from './loot.ts';

/** What a ring does with an account besides passing money on. */
export function handlingOf(ground: Ground, records: Records) {
  /** A little first, to see that the next account takes it. */
  function test(book: CaseBook, loot: Loot, atMs: number, next: Mule, which: number): void {
    if (atMs <= loot.atMs + 500) return;
    const { currency, account: from } = loot;
    const minor = Math.max(1, Math.floor(fromBaht(30, currency) * (0.1 + (which % 100) / 110)));
    const device = controlledDevice(ground, book, loot, atMs, which);
    const ip = controlledAddress(ground, book, loot, atMs, which);
    book.plan(atMs, () => {
      if (isStopped(loot.after)) return undefined;
      const deed = book.deed(atMs, 'test-payment', 0.02, book.mark(receiverMark(ground, next, loot.nation)));
      return records.payment({ ...deed, from, to: next.account, minor, currency, channel: 'mobile', device, ip });
    });
  }

  function signIn(book: CaseBook, loot: Loot, atMs: number): void {
    const { chance } = book;
    const which = chance.below(1 << 30);
    const device = controlledDevice(ground, book, loot, atMs, which);
    const newDevice = loot.tier !== 'recruited' && chance.is(0.3);
    const ip = controlledAddress(ground, book, loot, atMs, which);
    book.plan(atMs, () => {
      if (isStopped(loot.after)) return undefined;
      const method = newDevice ? 'one-time-code' : 'password';
      const deed = book.deed(atMs, 'mule-login', newDevice ? 0.12 : 0.03);
      const { account } = loot;
      return records.login({ ...deed, account, outcome: 'ok', method, newDevice, remoteAccess: false, device, ip });
    });
  }

  return { test, signIn };
}
