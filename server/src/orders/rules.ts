import { isRefusal, refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { NamedPayment } from '@bronze-drum/protocol/fields';
import { parse, typeOf } from '@bronze-drum/protocol/identifiers/identifiers';
import type { OrderEnd, OrderKind, OrderOutcome, OrderState, OrderTerms } from '@bronze-drum/protocol/orders';
import { instantText, minuteMs } from '../kernel/clock.ts';

/** Orders under which something stays as it is until they end; they always say when. */
const lastingKinds: readonly OrderKind[] = ['hold-amount', 'block-number', 'preserve-records'];

/** Orders that any institution may be given, whoever serves the account or number. */
export const openKinds: readonly OrderKind[] = ['preserve-records', 'identify-holder'];

/** Money that moves while nobody answers. */
const urgentKinds: readonly OrderKind[] = ['hold-amount', 'report-onward'];
export const rankOf = (kind: OrderKind): 1 | 2 => (urgentKinds.includes(kind) ? 1 : 2);

const moneyTypes = ['account', 'wallet'];
const subjectTypes: Readonly<Record<OrderKind, readonly string[] | null>> = {
  'hold-amount': moneyTypes,
  'block-number': ['phone', 'sim'],
  'preserve-records': null,
  'identify-holder': null,
  'report-onward': moneyTypes,
};

/** Why an order as it was thought out cannot be given; undefined if it can. */
export function orderFault(
  order: Pick<OrderTerms, 'kind' | 'subject' | 'amount' | 'leave' | 'payment' | 'text'>,
  untilMs: number | undefined,
  nowMs: number,
): Refusal | undefined {
  const { kind, subject, amount, leave, payment, text } = order;
  const types = subjectTypes[kind];
  const key = parse(subject);
  if (isRefusal(key) || key !== subject) return refusal('orders.subject-unreadable');
  const type = typeOf(key);
  if (types !== null && !types.includes(type)) return refusal('orders.subject', { kind, type });
  if (kind === 'hold-amount' && amount === undefined) return refusal('orders.amount-needed');
  if (leave !== undefined && leave.currency !== amount?.currency)
    return refusal('orders.currency', { currency: leave.currency });
  if (untilMs === undefined && lastingKinds.includes(kind)) return refusal('orders.until-needed', { kind });
  if (untilMs !== undefined && !(untilMs > nowMs)) return refusal('orders.until-past');
  const words = [text?.text, payment?.from, payment?.to];
  return words.every((one) => one === undefined || isWritable(one)) ? undefined : refusal('malformed.text');
}

/** Half a character, or a NUL, which PostgreSQL does not keep, would make what is stored another text than what was signed. */
const isWritable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** When the institution is reminded next; undefined if no more. Reminders whose time went by while nobody looked are left out. */
export function nextReminderMs(
  remindAfterMinutes: readonly number[],
  from: { readonly issuedMs: number; readonly answerByMs: number },
  nowMs: number,
): number | undefined {
  return remindAfterMinutes
    .map((minutes) => from.issuedMs + minutes * minuteMs)
    .filter((atMs) => atMs > nowMs && atMs < from.answerByMs)
    .sort((a, b) => a - b)[0];
}

/** Whether the institution is asked to confirm an end: something that lasts may still stand there. */
export function asksToConfirm(kind: OrderKind, state: OrderState, why: OrderEnd): boolean {
  if (why === 'fulfilled' || !lastingKinds.includes(kind)) return false;
  return state === 'issued' || state === 'placed' || state === 'partly';
}

/** An order without an end in time is over once it was carried out or there was nothing to carry out. */
export function isFulfilledBy(terms: Pick<OrderTerms, 'until'>, outcome: OrderOutcome): boolean {
  return terms.until === undefined && (outcome.outcome === 'placed' || outcome.outcome === 'gone');
}

/**
 * What an institution answered, in its one spelling and whole: of `hold-amount` always with what is held and what is gone. A
 * refusal if it contradicts the order or itself.
 */
export function judgeOutcome(terms: OrderTerms, said: OrderOutcome): OrderOutcome | Refusal {
  const { outcome, revision, refusal: why, note, reference, exhibits } = said;
  if (revision !== undefined && revision !== terms.revision)
    return refusal('conflict.order-revision', { newest: terms.revision });
  if (outcome === 'refused' && why === undefined) return refusal('orders.refusal-needed');
  if (outcome !== 'refused' && why !== undefined) return refusal('orders.refusal-unexpected');
  if (note !== undefined && !isWritable(note.text)) return refusal('malformed.text');
  if (exhibits?.some(({ title }) => !isWritable(title)) === true) return refusal('malformed.text');
  const amounts = terms.kind === 'hold-amount' ? amountsOf(terms, said) : noAmounts(said);
  if (isRefusal(amounts)) return amounts;
  const onward = onwardOf(terms, said);
  if (isRefusal(onward)) return onward;
  if (said.balance !== undefined && terms.amount === undefined && terms.payment === undefined)
    return refusal('orders.no-currency');
  return {
    outcome,
    ...amounts,
    ...(onward.length > 0 && { onward: [...onward] }),
    ...(said.balance !== undefined && { balance: said.balance }),
    ...(why !== undefined && { refusal: why }),
    ...(reference !== undefined && { reference }),
    ...(note !== undefined && { note: { language: note.language, text: note.text } }),
    ...(exhibits !== undefined &&
      exhibits.length > 0 && {
        exhibits: exhibits.map(({ id, sha256, bytes, mediaType, title }) => ({ id, sha256, bytes, mediaType, title })),
      }),
  };
}

type Amounts = Pick<OrderOutcome, 'held' | 'gone'>;

function amountsOf({ amount }: OrderTerms, { outcome, held, gone }: OrderOutcome): Amounts | Refusal {
  const ordered = BigInt(amount!.value);
  const value = (text: string | undefined, unsaid: bigint): bigint => (text === undefined ? unsaid : BigInt(text));
  const heldNow = value(held, outcome === 'placed' ? ordered : 0n);
  const goneNow = value(gone, outcome === 'gone' ? ordered : 0n);
  const params = { ordered: String(ordered), held: String(heldNow), gone: String(goneNow) };
  if (heldNow > ordered) return refusal('orders.held-too-much', params);
  if (heldNow + goneNow > ordered) return refusal('orders.sum-too-much', params);
  if (outcome === 'placed' && heldNow < ordered) return refusal('orders.placed-less', params);
  if (outcome === 'partly' && heldNow === 0n) return refusal('orders.held-needed', params);
  if ((outcome === 'gone' || outcome === 'refused') && heldNow > 0n) return refusal('orders.held-unexpected', params);
  return { held: String(heldNow), gone: String(goneNow) };
}

function noAmounts({ held, gone }: OrderOutcome): Amounts | Refusal {
  return held === undefined && gone === undefined ? {} : refusal('orders.amount-unexpected');
}

/** The payments by which the money went on, with their keys; all of them leave the account that the order is about. */
function onwardOf(terms: OrderTerms, { onward = [], outcome }: OrderOutcome): readonly NamedPayment[] | Refusal {
  if (onward.length === 0) return [];
  if (rankOf(terms.kind) !== 1 || outcome === 'refused') return refusal('orders.onward-unexpected');
  const read: NamedPayment[] = [];
  for (const [index, payment] of onward.entries()) {
    const from = payment.from === undefined ? terms.subject : parse(payment.from);
    const to = payment.to === undefined ? undefined : parse(payment.to);
    if (isRefusal(from)) return refusal(from.refused, { ...from.params, onward: index });
    if (isRefusal(to)) return refusal(to.refused, { ...to.params, onward: index });
    if (from !== terms.subject) return refusal('orders.onward-elsewhere', { onward: index });
    const atMs = Date.parse(payment.at);
    if (Number.isNaN(atMs)) return refusal('malformed.instant', { onward: index });
    const { amount, reference } = payment;
    read.push({
      from,
      ...(to !== undefined && { to }),
      amount: { value: amount.value, currency: amount.currency },
      at: instantText(atMs),
      ...(reference !== undefined && { reference }),
    });
  }
  return read;
}
