import type { Order } from '@bronze-drum/protocol/orders';

/** By when the institution owes something, RFC 3339: an answer, or its word that the end was carried out. Undefined if it owes nothing. */
export function dueOf({ state, answerBy, ended }: Pick<Order, 'state' | 'answerBy' | 'ended'>): string | undefined {
  if (state === 'issued') return answerBy;
  return ended?.confirmedAt === undefined ? ended?.confirmBy : undefined;
}

/** What is due first comes first; what is not due, last. */
export function byDeadline(orders: readonly Order[]): Order[] {
  const ms = (order: Order): number => Date.parse(dueOf(order) ?? '9999-12-31T00:00:00Z');
  return orders.toSorted((a, b) => ms(a) - ms(b));
}
