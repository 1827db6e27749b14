import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Orders } from '../orders/orders.ts';
import type { Db } from '../platform/db.ts';
import type { KnownPayments } from './known-payments.ts';
import type { NeighbourList, NeighbourQuery, PaymentPage, PaymentQuery } from './neighbour-contract.ts';
import type { AccountPayment, PaymentPlace } from './tracing/neighbours.ts';

/** What officers see of an account's payments, whether or not any of it was stolen; each reading is recorded. */
export interface NeighbourViews {
  neighbours(actor: Actor, account: string, query: NeighbourQuery): Promise<NeighbourList>;
  payments(actor: Actor, account: string, query: PaymentQuery): Promise<PaymentPage>;
}

export interface NeighbourParts {
  readonly db: Db;
  readonly member: string;
  readonly access: Pick<Access, 'requireOfficer' | 'requirePurpose' | 'recordRead'>;
  readonly orders: Pick<Orders, 'keeperOf'>;
  readonly known: Pick<KnownPayments, 'isReady' | 'neighboursOf' | 'paymentsOf'>;
}

export function openNeighbours({ db, member, access, orders, known }: NeighbourParts): NeighbourViews {
  function officerOf(actor: Actor): OfficerActor {
    const officer = access.requireOfficer(actor, 'funds.read');
    access.requirePurpose(officer);
    // Half of the payments would look like all of them.
    if (!known.isReady()) throw new Outage('the payments are being read', 2);
    return officer;
  }

  const keyOf = (text: string): string => {
    const key = parse(text, { country: member.toUpperCase() });
    return isRefusal(key) ? refuse(key.refused, key.params) : key;
  };

  const idOf = (key: string, { direction, counterpart, amount, currency, atMs, tie }: AccountPayment): string =>
    derivedId('payment', direction, key, counterpart ?? '', String(amount), currency, String(atMs), String(tie));

  return {
    async neighbours(actor, account, { direction, before, limit }) {
      const officer = officerOf(actor);
      const key = keyOf(account);
      const { neighbours, total, isComplete } = known.neighboursOf(key, {
        directions: direction === undefined ? ['out', 'in'] : [direction],
        beforeMs: before === undefined ? Infinity : instantMs(before),
        limit,
      });
      await access.recordRead(db, officer, { what: 'neighbours', subject: key, count: neighbours.length });
      return {
        key,
        neighbours: neighbours.map(({ amounts, firstAtMs, lastAtMs, ...one }) => ({
          ...one,
          amounts: Array.from(amounts, ([currency, value]) => ({ value: String(value), currency })),
          firstAt: instantText(firstAtMs),
          lastAt: instantText(lastAtMs),
        })),
        total,
        more: total > neighbours.length || !isComplete,
        complete: isComplete,
      };
    },

    async payments(actor, account, { after, limit }) {
      const officer = officerOf(actor);
      const key = keyOf(account);
      const found = known.paymentsOf(key, placeOf(after), limit + 1);
      const { page, next } = cutPage(found, limit, ({ place }) => [place.atMs, place.out, place.in].map(String));
      await access.recordRead(db, officer, { what: 'payments', subject: key, count: page.length });
      return {
        key,
        payments: page.map((payment) => ({
          id: idOf(key, payment),
          direction: payment.direction,
          counterpart: payment.counterpart,
          amount: { value: String(payment.amount), currency: payment.currency },
          at: instantText(payment.atMs),
          channel: paymentChannels[payment.channel]!,
          institutions: [key, payment.counterpart].flatMap((one) => (one === null ? [] : (orders.keeperOf(one) ?? []))),
          ...(payment.reference !== undefined && { reference: payment.reference }),
          ...(payment.isReturned && { returned: true }),
          ...(payment.isReturn && { returns: true }),
        })),
        ...next,
      };
    },
  };
}

function placeOf(after: string | undefined): PaymentPlace | undefined {
  if (after === undefined) return undefined;
  const parts = readPageToken(after, 3);
  if (!parts.every((part) => /^[0-9]{1,15}$/.test(part))) refuse('malformed.page');
  const [atMs, out, into] = parts.map(Number) as [number, number, number];
  return { atMs, out, in: into };
}
