import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { instant } from '../chance/spelling.ts';
import type { Ground } from '../world/ground.ts';
import type { Step } from '../world/happening.ts';
import { addresses } from '../world/keys.ts';
import { fromBaht, inBaht, roundly, type Currency, type Nation } from '../world/nations.ts';
import { accountOf, type Account } from '../world/people.ts';
import type { PaymentDeed } from '../world/payment-records.ts';
import { receiverMark, type CaseBook, type CaseParts } from './case-book.ts';
import type { Laundry } from './laundering.ts';
import type { Loot } from './loot.ts';
import type { Plot } from './plot.ts';

/** What the victim pays, and what the ring pays so that it goes on. */
export function payingOf(parts: CaseParts, laundry: Laundry, book: CaseBook): Pick<Plot, 'pay' | 'bait'> {
  const { ground, records, chance, ring, people, victim, currency } = parts;
  const { nation } = people;
  const account = accountOf(victim, 0);

  function pay(atMs: number, wished: number, way: 'chain' | 'pot' | 'seller'): void {
    const minor = roundly(wished, currency, chance.next());
    const which = chance.below(1 << 30);
    const payee =
      way === 'seller'
        ? { account: accountOf(people.shop(which), 0), tier: undefined }
        : ring.mule(nation, atMs, way === 'pot' ? (which & 0xff) + 256 * (ring.place % 4) : which);
    const own: Step = { after: undefined, stopped: false };
    const [device, ip] = [ground.device(victim), addresses.customer(nation, chance.below(65_536))];
    const channel = chance.pick(['mobile', 'mobile', 'qr', 'web'] as const);
    if (parts.isLarge && way === 'chain' && chance.is(0.35)) laundry.test(book, atMs, payee.account, currency);
    book.plan(atMs, () => {
      const marks = [
        ...book.mark({ key: ground.keyOf(account), role: 'victim', nation }),
        ...book.mark(receiverMark(ground, payee, nation)),
      ];
      fund(ground, account, minor, currency, nation);
      const begun = {
        ...book.deed(atMs, 'victim-payment', 0.08, marks),
        labels: [book.label('victim-payment', 0, minor)],
        step: own,
      };
      const what: PaymentDeed = { ...begun, from: account, to: payee.account, minor, currency, channel, device, ip };
      const happening = records.payment(what);
      const [sent] = happening.sent;
      const told = sent?.kind === 'payment' ? (sent.record as ActivityRecords['payment']) : undefined;
      book.paid(
        {
          institution: ground.keeper(account).id,
          ...(told !== undefined && { id: told.id }),
          ...(told?.reference !== undefined && { reference: told.reference }),
          to: ground.keyOf(payee.account),
          at: instant(atMs),
          amount: String(minor),
          currency,
        },
        minor,
      );
      book.hop({
        at: instant(atMs),
        hop: 0,
        role: 'victim-payment',
        from: ground.keyOf(account),
        to: ground.keyOf(payee.account),
        amount: String(minor),
        currency,
      });
      const { account: on, tier } = payee;
      const loot: Loot = { atMs, account: on, tier, nation, minor, currency, hop: 1, after: own };
      if (way !== 'seller') laundry[way](book, loot);
      return happening;
    });
  }

  return {
    pay,
    bait(atMs, wished) {
      const minor = roundly(wished, currency, chance.next());
      const mule = ring.mule(nation, atMs, chance.below(1 << 30));
      const which = chance.below(1 << 20);
      const device = ring.device(nation, atMs, which);
      book.plan(atMs, () => {
        const marks = book.mark(receiverMark(ground, mule, nation));
        fund(ground, mule.account, minor, currency, nation);
        return records.payment({
          ...book.deed(atMs, 'bait-payment', 0.02, marks),
          from: mule.account,
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

/** Victims borrow, and sell what they have: what is missing on the account comes from beyond this world. */
function fund(ground: Ground, account: Account, minor: number, currency: Currency, nation: Nation): void {
  const needed = currency === nation.currency ? minor : fromBaht(inBaht(minor, currency), nation.currency);
  const missing = Math.ceil(needed * 1.05) - ground.ledger.balance(account);
  if (missing > 0) ground.ledger.add(account, missing);
}
