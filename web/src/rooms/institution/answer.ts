import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { Language } from '@bronze-drum/protocol/languages';
import type { Order, OrderKind, OrderOutcome, OrderOutcomeKind, OrderRefusal } from '@bronze-drum/protocol/orders';
import { readAmount } from '../../ui/amounts.ts';
import { isReference } from '../../ui/theft/theft.ts';

/** An onward payment as it is typed; without `to` it left as cash. */
export interface TypedOnward {
  /** Tells the rows of the form apart. */
  readonly row: string;
  readonly to: string;
  readonly amount: string;
  readonly currency: string;
  /** RFC 3339, or '' for none. */
  readonly at: string;
  readonly reference: string;
}

/** An answer as it is typed. */
export interface TypedAnswer {
  readonly outcome: OrderOutcomeKind | '';
  readonly held: string;
  readonly gone: string;
  readonly balance: string;
  readonly refusal: OrderRefusal | '';
  readonly reference: string;
  readonly note: string;
  readonly language: Language;
  readonly onward: readonly TypedOnward[];
}

/** What can be said of each kind of order. */
export const outcomesOf: Readonly<Record<OrderKind, readonly OrderOutcomeKind[]>> = {
  'hold-amount': ['placed', 'partly', 'gone', 'refused'],
  'block-number': ['placed', 'refused'],
  'preserve-records': ['placed', 'partly', 'refused'],
  'identify-holder': ['placed', 'refused'],
  'report-onward': ['placed', 'partly', 'refused'],
};

export const refusals: readonly OrderRefusal[] = [
  'not-our-customer',
  'account-closed',
  'form',
  'signature',
  'legal-basis',
  'court-order-needed',
  'amount',
  'technical',
  'protected-account',
];

export const onwardMax = 1000;

export const emptyAnswer = (language: Language): TypedAnswer => ({
  outcome: '',
  held: '',
  gone: '',
  balance: '',
  refusal: '',
  reference: '',
  note: '',
  language,
  onward: [],
});

/** Of the amount that is ordered, or of the payment that it is about. */
export const currencyOf = ({ amount, payment }: Pick<Order, 'amount' | 'payment'>): string | undefined =>
  amount?.currency ?? payment?.amount.currency;

/** Which fields an answer has: only those that the server takes for this kind of order and this outcome. */
export function fieldsOf(order: Pick<Order, 'kind' | 'amount' | 'payment'>, outcome: TypedAnswer['outcome']) {
  const isHold = order.kind === 'hold-amount';
  const isDone = outcome !== '' && outcome !== 'refused';
  return {
    held: isHold && outcome === 'partly',
    gone: isHold && (outcome === 'partly' || outcome === 'gone'),
    onward: isDone && (order.kind === 'report-onward' || (isHold && outcome !== 'placed')),
    balance: isHold && isDone,
    refusal: outcome === 'refused',
    holder: order.kind === 'identify-holder' && outcome === 'placed',
  } as const;
}

/** What is sent, or undefined while something that it cannot do without is missing or unreadable. */
export function outcomeOf(
  order: Pick<Order, 'kind' | 'revision' | 'amount' | 'payment'>,
  typed: TypedAnswer,
): OrderOutcome | undefined {
  const { outcome, refusal, language } = typed;
  if (outcome === '' || !outcomesOf[order.kind].includes(outcome) || !isReference(typed.reference)) return undefined;
  const fields = fieldsOf(order, outcome);
  const currency = currencyOf(order) ?? '';
  const amounts = (['held', 'gone', 'balance'] as const)
    .filter((name) => fields[name] && typed[name].trim() !== '')
    .map((name) => [name, readAmount(typed[name], currency, { zero: name !== 'held' })] as const);
  if (amounts.some(([, value]) => value === undefined)) return undefined;
  if (fields.held && typed.held.trim() === '') return undefined;
  if (fields.refusal && refusal === '') return undefined;
  const note = typed.note.trim();
  if (fields.holder && note === '') return undefined;
  const onward = fields.onward ? onwardOf(typed.onward) : [];
  if (onward === undefined) return undefined;
  const reference = typed.reference.trim();
  return {
    outcome,
    revision: order.revision,
    ...Object.fromEntries(amounts),
    ...(onward.length > 0 && { onward }),
    ...(fields.refusal && refusal !== '' && { refusal }),
    ...(reference !== '' && { reference }),
    ...(note !== '' && { note: { language, text: note } }),
  };
}

const isEmptyOnward = ({ to, amount, at, reference }: TypedOnward): boolean =>
  [to, amount, at, reference].every((text) => text.trim() === '');

/** Without rows in which nothing stands; undefined if one is half filled in. */
function onwardOf(typed: readonly TypedOnward[]): NamedPayment[] | undefined {
  const payments: NamedPayment[] = [];
  for (const row of typed.filter((one) => !isEmptyOnward(one))) {
    const value = readAmount(row.amount, row.currency);
    const [to, reference] = [row.to.trim(), row.reference.trim()];
    if (value === undefined || row.at === '' || !isReference(reference)) return undefined;
    payments.push({
      ...(to !== '' && { to }),
      amount: { value, currency: row.currency },
      at: row.at,
      ...(reference !== '' && { reference }),
    });
  }
  return payments;
}
