import type { Money } from '@bronze-drum/protocol/fields';
import type { Handling } from '@bronze-drum/protocol/handling';
import type { FreeText } from '@bronze-drum/protocol/languages';
import type { OrderEnd } from '@bronze-drum/protocol/orders';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { HoldBody, HoldDeed, HoldEnd } from '@bronze-drum/protocol/statements/hold';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import type { Alerts } from '../alerts/alerts.ts';
import type { Journal } from '../journal/journal.ts';
import { actorId, type OfficerActor } from '../kernel/actor.ts';
import { must } from '../kernel/assert.ts';
import { hourMs, instantText, type Clock } from '../kernel/clock.ts';
import type { FundsRules } from '../kernel/policy-acts.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Tx } from '../platform/db.ts';
import type { NewOrder, Orders } from '../orders/orders.ts';
import type { HoldMetrics } from './hold-metrics.ts';
import { assertAmounts, leaveOf, stateAt, warnMs, type OrderPlan } from './hold-rules.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';
import type { HoldView } from './hold-view.ts';

export interface HoldingParts {
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'append'>;
  readonly alerts: Pick<Alerts, 'raise'>;
  readonly orders: Pick<Orders, 'issue' | 'change' | 'end' | 'keeperOf'>;
  readonly metrics: HoldMetrics;
}

/** Who did something to a hold: as statements say it, as an actor, and who else took part. */
export interface Doer {
  readonly author: Author;
  readonly actor: string;
  readonly approver?: string;
}

export const byRule = (rule: string, office = 'funds'): Doer => ({ author: { office, rule }, actor: `rule:${rule}` });

export const byOfficer = (officer: OfficerActor, approval?: { readonly approver: string } | null): Doer => ({
  author: { office: officer.office, officer: officer.officer },
  actor: actorId(officer),
  ...(approval != null && { approver: `officer:${approval.approver}` }),
});

export const byInstitution = (institution: string): Doer => ({
  author: { office: 'funds', institution },
  actor: `institution:${institution}`,
});

/** What is done to a hold; `grounds` goes into the statement, `details` stay in its history. */
export interface Doing {
  readonly deed: HoldDeed;
  readonly by: Doer;
  readonly grounds?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Not an act on the hold itself, as an answer to it is none: whoever did it may still decide an appeal. */
  readonly isAct?: false;
}

export interface Ending {
  readonly state: HoldState;
  readonly why: HoldEnd;
  readonly orderEnd: OrderEnd;
  readonly by: Doer;
  readonly grounds?: string | undefined;
}

export const holdClock = 'funds.hold';
export const noticeClock = 'funds.notice';
const handling: Handling = { tlp: 'AMBER', conditions: [] };

/** Nobody's own: it follows from what a trace knows. */
export const byTrace = byRule('trace');

export type Holding = ReturnType<typeof openHolding>;

/** What is done to one hold whose row is locked: each deed is stored, said in the nation's own book, and heard. */
export function openHolding(parts: HoldingParts) {
  const { clock, clocks, policy, journal, orders, metrics } = parts;
  const listeners: ((tx: Tx, hold: HoldView) => Promise<void>)[] = [];
  const rulesNow = (): FundsRules => policy.at(clock.now()).funds;

  const hear = async (tx: Tx, row: HoldRow): Promise<void> => {
    const view = holdView(row, clock.now());
    for (const listener of listeners) await listener(tx, view);
  };

  const record = async (tx: Tx, row: HoldRow, doing: Doing): Promise<void> => {
    const { deed, by, grounds, details = {} } = doing;
    const { revision } = row;
    const told = { ...details, ...(grounds !== undefined && { grounds }) };
    await store.insertDeed(tx, row.id, { revision, atMs: clock.now(), actor: by.actor, deed, details: told });
    const body = bodyOf(row, deed, grounds);
    await journal.append(tx, [
      { book: 'domestic', kind: 'hold', version: 1, author: by.author, handling, subject: row.key, body },
    ]);
    await hear(tx, row);
    tx.afterCommit(() => metrics.done(deed, row));
  };

  /** Stores a hold that was changed. A breach of its invariants is a defect. */
  async function put(tx: Tx, row: HoldRow, doing: Doing): Promise<HoldRow> {
    const { by } = doing;
    const took = doing.isAct === false ? [] : [by.actor, ...(by.approver === undefined ? [] : [by.approver])];
    const next = {
      ...row,
      revision: row.revision + 1,
      peak: row.held > row.peak ? row.held : row.peak,
      actedBy: [...new Set([...row.actedBy, ...took])],
    };
    assertAmounts(next);
    await store.updateHold(tx, next);
    await record(tx, next, doing);
    return next;
  }

  const setClock = (tx: Tx, id: string, untilMs: number): Promise<void> =>
    clocks.set(tx, { kind: holdClock, subject: id, dueMs: untilMs, warnMs: warnMs(rulesNow(), clock.now(), untilMs) });

  /**
   * Orders a hold that is proposed or was refused, or raises what was ordered: the institution answers anew. Where the room
   * of orders refuses, nothing was done yet.
   */
  async function order(tx: Tx, row: HoldRow, plan: OrderPlan, by: Doer, text?: FreeText): Promise<HoldRow> {
    const nowMs = clock.now();
    const rules = rulesNow();
    const amount = { value: String(plan.amount), currency: row.currency };
    const next = {
      ...row,
      state: 'ordered',
      ordered: plan.amount,
      byRule: by.author.rule !== undefined,
      refusal: null,
    } as const;
    const isAsked = row.state === 'refused' || row.state === 'gone';
    if (row.orderId !== null && !isAsked) {
      await orders.change(tx, by.author, row.orderId, { amount });
      return put(tx, next, { deed: 'raised', by });
    }
    const issued = await orders.issue(tx, by.author, newOrderOf(row, plan, leaveOf(rules, row.currency), text));
    // The same order again is no news to whoever refused it; another one is.
    if (row.orderId !== null) await orders.end(tx, by.author, row.orderId, { why: 'superseded' });
    await setClock(tx, row.id, plan.untilMs);
    const orderedAtMs = row.orderedAtMs ?? nowMs;
    if (row.noticeMadeAtMs === null) await setNotice(tx, { ...row, orderedAtMs });
    return put(
      tx,
      {
        ...next,
        orderId: issued.id,
        gone: 0n,
        stage: row.stage ?? rules.stages[0]!.name,
        stageTimes: Math.max(1, row.stageTimes),
        untilMs: plan.untilMs,
        orderedAtMs,
      },
      { deed: 'ordered', by },
    );
  }

  /** When the person whose money it is is to be told; officers are warned before, who alone can defer it. */
  async function setNotice(tx: Tx, row: HoldRow & { readonly orderedAtMs: number }): Promise<void> {
    const withinMs = rulesNow().notice.withinHours * hourMs;
    const dueMs = Math.max(row.orderedAtMs + withinMs, row.noticeDeferredUntilMs ?? 0);
    await clocks.set(tx, { kind: noticeClock, subject: row.id, dueMs, warnMs: dueMs - withinMs / 4 });
  }

  return {
    put,
    order,
    setClock,
    setNotice,
    hear,
    onChange: (listener: (tx: Tx, hold: HoldView) => Promise<void>) => void listeners.push(listener),

    /** False if there is one for that place already. */
    async insert(tx: Tx, row: HoldRow, by: Doer): Promise<boolean> {
      assertAmounts(row);
      if (!(await store.insertHold(tx, row))) return false;
      await record(tx, row, { deed: 'proposed', by });
      return true;
    },

    /** Less of the theft is there than was thought: what was ordered beyond it no longer binds. */
    async lower(tx: Tx, row: HoldRow, amount: bigint, by: Doer): Promise<HoldRow> {
      const value = String(amount);
      await orders.change(tx, by.author, must(row.orderId, 'it was ordered'), {
        amount: { value, currency: row.currency },
      });
      const held = least(row.held, amount);
      const gone = least(row.gone, amount - held);
      const state = row.state === 'partly' && held === amount ? 'held' : row.state;
      return put(tx, { ...row, ordered: amount, held, gone, state }, { deed: 'lowered', by });
    },

    /** It goes on until then: the order says so, and its clock is set in the same transaction. */
    async extend(
      tx: Tx,
      row: HoldRow,
      to: { readonly stage: string; readonly times: number; readonly untilMs: number },
      change: Pick<Partial<HoldRow>, 'complaint' | 'court'>,
      doing: Doing,
    ): Promise<HoldRow> {
      await orders.change(tx, doing.by.author, must(row.orderId, 'it was ordered'), { untilMs: to.untilMs });
      await setClock(tx, row.id, to.untilMs);
      return put(tx, { ...row, ...change, stage: to.stage, stageTimes: to.times, untilMs: to.untilMs }, doing);
    },

    /** Nothing is held any more: the order ends, the institution is told and must confirm. */
    async end(tx: Tx, row: HoldRow, ending: Ending): Promise<HoldRow> {
      const { state, why, by, grounds } = ending;
      if (row.orderId !== null) await orders.end(tx, by.author, row.orderId, { why: ending.orderEnd });
      await clocks.cancel(tx, holdClock, row.id);
      await clocks.cancel(tx, noticeClock, row.id);
      const isNothing = row.taint === 0n;
      const next: HoldRow = {
        ...row,
        state,
        held: 0n,
        ...(isNothing && { ordered: null, gone: 0n }),
        untilMs: null,
        endedAtMs: clock.now(),
        endedWhy: why,
      };
      return put(tx, next, { deed: state === 'released' ? 'released' : 'expired', by, grounds });
    },
  };
}

function newOrderOf(row: HoldRow, plan: OrderPlan, leave: bigint, text: FreeText | undefined): NewOrder {
  const { currency } = row;
  return {
    kind: 'hold-amount',
    institution: must(row.institution, 'somebody keeps the account'),
    subject: row.key,
    amount: moneyOf(plan.amount, currency),
    ...(leave > 0n && { leave: moneyOf(leave, currency) }),
    payment: row.payment,
    ...(text !== undefined && { text }),
    untilMs: plan.untilMs,
    reference: `hold:${row.id}`,
  };
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const moneyOf = (value: bigint, currency: string): Money => ({ value: String(value), currency });

function bodyOf(row: HoldRow, deed: HoldDeed, grounds: string | undefined): HoldBody {
  const { currency } = row;
  return {
    hold: row.id,
    revision: row.revision,
    deed,
    trace: row.trace,
    place: row.place,
    key: row.key,
    ...(row.institution !== null && { institution: row.institution }),
    state: row.state,
    taint: moneyOf(row.taint, currency),
    ...(row.ordered !== null && { ordered: moneyOf(row.ordered, currency) }),
    held: moneyOf(row.held, currency),
    gone: moneyOf(row.gone, currency),
    returned: moneyOf(row.returned, currency),
    ...(row.orderId !== null && { order: row.orderId }),
    ...(row.refusal !== null && { refusal: row.refusal }),
    ...(row.stage !== null && { stage: row.stage }),
    ...(row.untilMs !== null && { until: instantText(row.untilMs) }),
    ...(row.complaint !== null && { complaint: row.complaint }),
    ...(row.court !== null && { court: row.court }),
    ...(row.endedWhy !== null && { ended: row.endedWhy }),
    ...(grounds !== undefined && { grounds }),
  };
}

/** A hold as other rooms and traces see it. What is past its time holds nothing, whether or not its clock was dealt with. */
export function holdView(row: HoldRow, nowMs: number): HoldView {
  const { currency } = row;
  const state = stateAt(row, nowMs);
  return {
    id: row.id,
    trace: row.trace,
    place: row.place,
    key: row.key,
    institution: row.institution,
    state,
    taint: moneyOf(row.taint, currency),
    stolen: moneyOf(row.stolen, row.stolenCurrency),
    ordered: row.ordered === null ? null : moneyOf(row.ordered, currency),
    held: moneyOf(state === 'expired' ? 0n : row.held, currency),
    gone: moneyOf(row.gone, currency),
    refusal: row.refusal,
    stage: row.stage,
    untilMs: row.untilMs,
    request: row.request,
    orderedAtMs: row.orderedAtMs,
    heldAtMs: row.heldAtMs,
  };
}
