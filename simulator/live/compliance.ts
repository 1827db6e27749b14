import { orderRefusals, type Order, type OrderOutcome } from '@bronze-drum/protocol/orders';
import { mix, named, share } from '../chance/mix.ts';
import { simulatedInstitutions } from '../world/institutions.ts';
import type { Accounts } from './accounts.ts';

/** How an institution deals with orders. */
export interface Compliance {
  /** False: it never answers anything. */
  readonly answers: boolean;
  /** How long it takes over an order. */
  delayMs(order: Order): number;
  /** Whether it deals with an order at all; if not, that is for its own desk, because the account is none of this world's. */
  dealsWith(order: Order): boolean;
  answer(order: Order): OrderOutcome;
}

/** The one that has nobody to read what it is sent. */
const silent = 'mm/bank-903';
const slowOf = 8;
const refusing = 0.12;
/** What an institution may find wrong with an order that is right. */
const excuses = orderRefusals.filter((code) => code === 'form' || code === 'technical' || code === 'legal-basis');

export function complianceOf(member: string, institution: string, accounts: Accounts): Compliance {
  const name = `${member}/${institution}`;
  const serves = simulatedInstitutions(member).find(({ id }) => id === institution)?.serves ?? [];
  const isSlow = mix(named(name), 1) % slowOf === 0;

  function answer(order: Order): OrderOutcome {
    const { kind, id, subject, payment, issuedAt } = order;
    const isOwn = serves.some((lead) => subject.startsWith(lead));
    if (!isOwn) return notOurs;
    const draw = mix(named(id), 2);
    if (share(draw) < refusing) return { outcome: 'refused', refusal: excuses[draw % excuses.length]! };
    if (kind === 'hold-amount') return accounts.hold(order);
    if (kind !== 'report-onward') return { outcome: 'placed' };
    const onward = accounts.onward(subject, payment?.at ?? issuedAt);
    return { outcome: 'placed', ...(onward.length > 0 && { onward }) };
  }

  return {
    answers: name !== silent,
    dealsWith: ({ kind, subject }) => kind === 'block-number' || accounts.knows(subject),
    delayMs({ id }) {
      const draw = share(mix(named(id), 3));
      return Math.round(isSlow ? 20_000 + 60_000 * draw : 1000 + 5000 * draw * draw);
    },
    answer,
  };
}

const notOurs: OrderOutcome = { outcome: 'refused', refusal: 'not-our-customer' };
