import type { Ground } from '../world/ground.ts';
import { fromBaht, roundly, type Currency } from '../world/nations.ts';
import { holderOf, nationOfHolder, type Account } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import { receiverMark, type CaseBook } from './case-book.ts';
import { chainOf } from './chain.ts';
import { muleFor, type Loot } from './loot.ts';
import { potsOf } from './pots.ts';

const minuteMs = 60_000;

/** How a ring moves money on. */
export interface Laundry {
  chain(book: CaseBook, loot: Loot): void;
  pot(book: CaseBook, loot: Loot): void;
  /** A few baht before the victim pays, to see that the account works. */
  test(book: CaseBook, payAtMs: number, account: Account, currency: Currency): void;
}

export function openLaundry(ground: Ground, records: Records): Laundry {
  const chain = chainOf(ground, records);
  return {
    chain,
    pot: potsOf(ground, records, chain),
    test(book, payAtMs, account, currency) {
      const { chance, ring } = book;
      const nation = nationOfHolder(holderOf(account));
      const other = muleFor(book, nation, payAtMs, chance.below(1 << 30));
      if (other.account === account) return;
      const atMs = payAtMs - Math.round(chance.between(5, 180) * minuteMs);
      const minor = roundly(fromBaht(50, currency) * chance.between(0.02, 0.4), currency, 0);
      const which = chance.below(1 << 20);
      const device = ring.device(nation, atMs, which);
      book.plan(atMs, () => {
        const deed = book.deed(atMs, 'test-payment', 0.02, book.mark(receiverMark(ground, other, nation)));
        return records.payment({
          ...deed,
          from: other.account,
          to: account,
          minor,
          currency,
          channel: 'mobile',
          device,
          ip: ring.address(atMs, which),
        });
      });
    },
  };
}
