import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { instant } from '../chance/spelling.ts';
import type { Ground } from '../world/ground.ts';
import type { Step } from '../world/happening.ts';
import { fromBaht, inBaht, roundly, type Currency, type Nation } from '../world/nations.ts';
import { accountOf, type Account } from '../world/people.ts';
import type { PaymentDeed } from '../world/payment-records.ts';
import { mix } from '../chance/mix.ts';
import { receiverMark, type CaseBook, type CaseParts } from './case-book.ts';
import type { Laundry } from './laundering.ts';
import { controlledAddress, controlledDevice, muleFor, type Loot } from './loot.ts';
import type { Payer, Plot } from './plot.ts';
import { thiefOf } from './thief.ts';

const dayMs = 86_400_000;
/** Of those who are left alone before they pay. */
const thinksAgain = 0.15;

/** What the victim pays, and what the ring pays so that it goes on. */
export function payingOf(parts: CaseParts, laundry: Laundry, book: CaseBook): Pick<Plot, 'pay' | 'bait'> {
  const { ground, records, chance, ring, people, victim, currency } = parts;
  const { caution, reckoning } = parts;
  const { nation } = people;
  const account = accountOf(victim, 0);
  let isFirst = true;

  /** Whose account the money goes to. */
  function payeeOf(atMs: number, way: 'chain' | 'pot' | 'seller', which: number) {
    if (way === 'seller') return { account: accountOf(people.shop(which), 0), tier: undefined };
    if (way === 'chain') return muleFor(book, nation, atMs, which);
    // One of a few pots of the day; the cautious have more of them.
    if (caution === undefined) return ring.mule(nation, atMs, (which & 0xff) + 256 * (ring.place % 4));
    return ring.unusedMule(nation, mix(Math.floor(atMs / dayMs), which % 8));
  }

  /** A little from the victim’s account, by whoever has the password. */
  function test(atMs: number, to: Account, from: { device: number; ip: string }): void {
    const minor = Math.max(1, Math.floor(fromBaht(30, currency) * chance.between(0.1, 1)));
    book.plan(atMs, () =>
      records.payment({
        ...book.deed(atMs, 'test-payment', 0.02),
        from: account,
        to,
        minor,
        currency,
        channel: 'mobile',
        ...from,
      }),
    );
  }

  function pay(atMs: number, wished: number, way: 'chain' | 'pot' | 'seller', by: Payer = 'victim'): void {
    const minor = roundly(wished, currency, chance.next());
    const which = chance.below(1 << 30);
    const payee = payeeOf(atMs, way, which);
    const own: Step = { after: undefined, stopped: false };
    const from = by === 'thief' ? thiefOf(parts, atMs) : { device: ground.screen(account), ip: ground.home(victim) };
    const { device, ip } = from;
    const channel = chance.pick(['mobile', 'mobile', 'qr', 'web'] as const);
    const isTested = caution === undefined && way === 'chain';
    if (isTested && parts.isLarge && chance.is(0.35)) laundry.test(book, atMs, payee.account, currency);
    if (isTested && by === 'thief' && chance.is(0.5)) test(atMs - 20_000 - chance.below(20_000), payee.account, from);
    if (by === 'left-alone' && chance.is(thinksAgain)) return reckoning.missed(inBaht(minor, currency));
    book.plan(atMs, () => {
      const marks = [
        ...book.mark({ key: ground.keyOf(account), role: 'victim', nation }),
        ...book.mark(receiverMark(ground, payee, nation)),
      ];
      // What is taken is mostly more than half of what there was.
      if (isFirst) fund(ground, account, Math.round(parts.loss * (1.02 + (which % 100) / 160)), currency, nation);
      else fund(ground, account, minor, currency, nation);
      isFirst = false;
      reckoning.stole(inBaht(minor, currency));
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
      const loot: Loot = { atMs, sinceMs: atMs, account: on, tier, nation, minor, currency, hop: 1, after: own };
      if (way !== 'seller') laundry[way](book, loot);
      return happening;
    });
  }

  return {
    pay,
    bait(atMs, wished) {
      const minor = roundly(wished, currency, chance.next());
      const mule = muleFor(book, nation, atMs, chance.below(1 << 30));
      const which = chance.below(1 << 20);
      const device = controlledDevice(ground, book, { ...mule, nation }, atMs, which);
      const ip = controlledAddress(ground, book, { ...mule, nation }, atMs, which);
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
          ip,
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
