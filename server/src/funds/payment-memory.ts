import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { ReportedRecord } from '../activity/activity.ts';
import { hourMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Sources } from './contract.ts';
import type { Followed } from './picture.ts';
import { followBack } from './tracing/following-back.ts';
import { cash, openPaymentIndex, paymentOf } from './tracing/payment-index.ts';
import type * as store from './trace-store.ts';

const payersMax = 200;
const looksMax = 10_000;
const exchangesMax = 1_000_000;
/** An institution that told no ordinary payment for so long is asked for what its accounts pay. */
const tellingMs = 24 * hourMs;
/** Before the victim knew it, somebody else may have been robbed by the same account. */
const backMs = 24 * 7 * hourMs;

/** The payments that are known, and what else their records say of institutions and accounts. */
export function openPaymentMemory({ clock, policy, seed }: { clock: Clock; policy: Policy; seed: number }) {
  const index = openPaymentIndex({ seed });
  /** When each institution last told an ordinary payment. */
  const tellingAtMs = new Map<string, number>();
  /** Accounts of companies, as their own institutions say. */
  const companies = new Set<string>();
  /** Which exchange told that it paid out to a wallet. */
  const exchanges = new Map<string, string>();

  function rememberExchange(wallet: string, institution: string): void {
    exchanges.set(wallet, institution);
    if (exchanges.size > exchangesMax) exchanges.delete(exchanges.keys().next().value!);
  }

  return {
    index,
    exchangeOf: (wallet: string): string | undefined => exchanges.get(wallet),
    isCompany: (key: string): boolean => companies.has(key),
    /** Whether an institution tells its payments as they happen. */
    isTelling: (institution: string): boolean => (tellingAtMs.get(institution) ?? -Infinity) > clock.now() - tellingMs,
    /** Which accounts have a payment that was not known. */
    add({ institution, record: read, kind }: ReportedRecord): string[] {
      if (kind !== 'payment') return [];
      const record = read as ActivityRecords['payment'];
      if (record.suspicion === undefined) tellingAtMs.set(institution, instantMs(record.at));
      if (record.customer?.kind === 'company') {
        const own = record.side === 'receiver' ? record.to : record.from;
        if (own !== undefined) companies.add(own);
      }
      if (record.channel === 'exchange' && record.to?.startsWith('wallet:') === true)
        rememberExchange(record.to, institution);
      if (!index.add(paymentOf(record, institution))) return [];
      return [record.from, record.to].filter((key) => key !== undefined);
    },

    addTold({ institution, id, payment }: store.ToldPayment): void {
      const { from, to, amount, at, reference } = payment;
      index.add({
        source: institution,
        id: `told ${id}`,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        amount: BigInt(amount.value),
        currency: amount.currency,
        atMs: instantMs(at),
        channel: 'other',
        state: 'settled',
        side: 'sender',
        ...(reference !== undefined && { reference }),
      });
    },
    /** Forgets what no trace can follow any more. */
    forgetOld(): void {
      const { hoursMax } = policy.at(clock.now()).funds.trace;
      index.forget(clock.now() - hoursMax * hourMs - backMs);
    },

    /** Where an account's payment with a reference went; null for cash. */
    payeeOf(from: string, reference: string): string | null | undefined {
      const slot = index.slotOf(from);
      if (slot === -1) return undefined;
      const paid = index.outOf(slot);
      // What a victim reports is among the newest.
      for (let at = paid.count - 1; at >= Math.max(0, paid.count - looksMax); at -= 1) {
        if (index.reference(paid.placeAt(at)) !== reference) continue;
        const payee = paid.otherAt(at);
        return payee === cash ? null : index.keyOf(payee);
      }
      return undefined;
    },
    /** Who else paid into an account of a trace, the largest amounts first. */
    payersOf(key: string, fromMs: number, untilMs: number, { edges }: Followed): Sources['payers'] {
      const known = new Set(edges.flatMap(({ payment }) => payment?.from ?? []));
      return followBack(index, key, fromMs - backMs, untilMs, { payersMax, isKnown: (payer) => known.has(payer) }).map(
        ({ key: payer, payments, amount, currency, firstAtMs, lastAtMs }) => ({
          key: payer,
          payments,
          amount: { value: String(amount), currency },
          firstAt: instantText(firstAtMs),
          lastAt: instantText(lastAtMs),
        }),
      );
    },
  };
}
