import type { Handling } from '@bronze-drum/protocol/handling';
import type { OrderTerms } from '@bronze-drum/protocol/orders';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { OrderBody } from '@bronze-drum/protocol/statements/order';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import type { Draft, Journal } from '../journal/journal.ts';
import { instantText, minuteMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Tx } from '../platform/db.ts';
import type { Metrics } from './metrics.ts';
import { idOfAuthor, type Deed, type IssuedOrder, type OrderRow } from './record.ts';
import { nextReminderMs } from './rules.ts';
import * as store from './store.ts';

export interface SayingParts {
  readonly clock: Clock;
  readonly clocks: Pick<Clocks, 'set' | 'cancel'>;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'append'>;
  readonly webhooks: { enqueue(tx: Tx, institution: string, event: WebhookEvent): Promise<void> };
  readonly metrics: Metrics;
  /** Hears, after the commit, that an order changed. */
  changed(): void;
}

/** What is written down and told of an order, in the transaction that changes it. */
export interface Saying {
  /** Says it in the nation's own record. */
  say(
    tx: Tx,
    row: OrderRow,
    author: Author,
    kind: 'order' | 'order-outcome' | 'order-end',
    body: object,
  ): Promise<void>;
  /** Adds to an order's history, in the instant of now. */
  note(tx: Tx, id: string, by: Author, what: Deed, details?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Tells the institution how the order stands; whoever looks at the live stream hears it after the commit. */
  tell(tx: Tx, row: OrderRow): Promise<void>;
  setReminder(tx: Tx, row: OrderRow): Promise<void>;
  /** All that follows once an order stands in a new revision. */
  stand(tx: Tx, by: Author, row: OrderRow, what: 'issued' | 'changed'): Promise<IssuedOrder>;
  /** What policy says today of such an order: its law and form, and until when it is to be answered. */
  formalities(kind: OrderRow['kind']): Formalities;
  /** When something that is asked of the institution now is to be done. */
  dueMs(kind: OrderRow['kind']): number;
  /** Says, after a commit, that an order changed. */
  changed(): void;
}

type Formalities = Pick<OrderTerms, 'legalBasis' | 'form' | 'safeHarbour' | 'callBack' | 'issuedAt' | 'answerBy'>;

/** The kinds of clocks, each by the order's id. */
export const orderClocks = {
  answer: 'orders.answer',
  remind: 'orders.remind',
  until: 'orders.until',
  confirm: 'orders.confirm',
} as const;

const handling: Handling = { tlp: 'AMBER+STRICT', conditions: [] };

export function openSaying(parts: SayingParts): Saying {
  const { clock, clocks, policy, journal, webhooks, metrics } = parts;
  const rulesOf = (kind: OrderRow['kind']) => policy.at(clock.now()).orders.kinds[kind];

  async function say(...[tx, row, author, kind, body]: Parameters<Saying['say']>): Promise<void> {
    const draft: Draft = { book: 'domestic', kind, version: 1, author, handling, subject: row.subject, body };
    await journal.append(tx, [draft]);
  }

  const note: Saying['note'] = (tx, id, by, what, details = {}) =>
    store.addHistory(tx, id, { atMs: clock.now(), by: idOfAuthor(by), what, details });

  async function tell(tx: Tx, row: OrderRow): Promise<void> {
    const timestamp = instantText(clock.now());
    await webhooks.enqueue(tx, row.institution, { type: 'order', timestamp, data: store.orderOf(row) });
    tx.afterCommit(parts.changed);
  }

  async function setReminder(tx: Tx, row: OrderRow): Promise<void> {
    const issuedMs = Date.parse(store.termsOf(row).issuedAt);
    const from = { issuedMs, answerByMs: row.answer_by.getTime() };
    const dueMs = nextReminderMs(rulesOf(row.kind).remindAfterMinutes, from, clock.now());
    if (dueMs === undefined) await clocks.cancel(tx, orderClocks.remind, row.id);
    else await clocks.set(tx, { kind: orderClocks.remind, subject: row.id, dueMs });
  }

  async function stand(tx: Tx, by: Author, row: OrderRow, what: 'issued' | 'changed'): Promise<IssuedOrder> {
    await clocks.set(tx, { kind: orderClocks.answer, subject: row.id, dueMs: row.answer_by.getTime() });
    await setReminder(tx, row);
    if (row.until !== null)
      await clocks.set(tx, { kind: orderClocks.until, subject: row.id, dueMs: row.until.getTime() });
    const body: OrderBody = { order: store.termsOf(row), reference: row.reference };
    await say(tx, row, by, 'order', body);
    await note(tx, row.id, by, what, { revision: row.revision });
    await tell(tx, row);
    tx.afterCommit(() => metrics.issued(row.kind));
    return store.issuedOf(row);
  }

  const dueMs = (kind: OrderRow['kind']): number =>
    clock.now() + Math.ceil(rulesOf(kind).answerWithinMinutes * minuteMs);

  function formalities(kind: OrderRow['kind']): Formalities {
    const nowMs = clock.now();
    const { callBack, safeHarbour, kinds } = policy.at(nowMs).orders;
    const { legalBasis, form } = kinds[kind];
    const times = { issuedAt: instantText(nowMs), answerBy: instantText(dueMs(kind)) };
    return { legalBasis, form, safeHarbour, callBack, ...times };
  }

  return { say, note, tell, setReminder, stand, formalities, dueMs, changed: parts.changed };
}
