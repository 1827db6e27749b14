import type { Order, OrderOutcome } from '@bronze-drum/protocol/orders';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { OrderEndBody, OrderOutcomeBody } from '@bronze-drum/protocol/statements/order';
import type { Access } from '../access/access.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { Actor, InstitutionActor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import type { OutcomeLine, OutcomeReport } from './contract.ts';
import { refuseEnded, type Issuing } from './issuing.ts';
import type { Metrics } from './metrics.ts';
import type { IssuedOrder, OrderRow } from './record.ts';
import { isFulfilledBy, judgeOutcome } from './rules.ts';
import { readOutcomeSheet } from './sheets.ts';
import { orderClocks } from './saying.ts';
import * as store from './store.ts';

/** Each verb needs `orders.answer`, and is for the institution whose order it is: to all others the order does not exist. */
export interface Answering {
  /** What the institution did. The same again is acknowledged again; what it says later stands while the order binds. */
  answer(actor: Actor, id: string, outcome: OrderOutcome): Promise<Order>;
  /** The same for the rows of a CSV file; each is answered by itself. */
  answerSheet(actor: Actor, text: string): Promise<OutcomeReport>;
  /** That the institution carried out the end of an order. */
  confirm(actor: Actor, id: string): Promise<Order>;
  onOutcome(prefix: string, hear: HearOutcome, before?: Before): void;
  onConfirmed(prefix: string, hear: HearConfirmed): void;
  /** Whether a room listens to orders with this reference: they are its own to end. */
  isHeard(reference: string): boolean;
}

type HearOutcome = (tx: Tx, order: IssuedOrder, outcome: OrderOutcome) => Promise<void>;
type HearConfirmed = (tx: Tx, order: IssuedOrder) => Promise<void>;
type Before = (tx: Tx, reference: string) => Promise<void>;

interface AnsweringParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Pick<Clocks, 'cancel'>;
  readonly access: Pick<Access, 'requirePermission' | 'takeQuota'>;
  readonly alerts: Pick<Alerts, 'raise'>;
  readonly issuing: Issuing;
  readonly metrics: Metrics;
}

const fulfilled: Pick<Author, 'rule'> = { rule: 'order-fulfilled' };
const prefixOf = (reference: string): string => reference.split(':', 1)[0]!;

export function openAnswering(parts: AnsweringParts): Answering {
  const { db, clock, clocks, access, alerts, issuing, metrics } = parts;
  const outcomeHearers = new Map<string, HearOutcome[]>();
  const confirmedHearers = new Map<string, HearConfirmed[]>();
  const befores = new Map<string, Before[]>();

  function admit(actor: Actor, rows: number): InstitutionActor {
    access.requirePermission(actor, 'orders.answer');
    if (actor.kind !== 'institution') return refuse('forbidden.institutions-only');
    access.takeQuota(actor, rows);
    return actor;
  }

  async function own(tx: Tx, { institution }: InstitutionActor, id: string): Promise<OrderRow> {
    const seen = await store.readOrder(tx, id);
    if (seen?.institution !== institution) return refuse('not-found.order');
    for (const lock of befores.get(prefixOf(seen.reference)) ?? []) await lock(tx, seen.reference);
    return (await store.lockOrder(tx, id))!;
  }

  async function keep(tx: Tx, actor: InstitutionActor, id: string, said: OrderOutcome): Promise<OrderRow> {
    const row = await own(tx, actor, id);
    const terms = store.termsOf(row);
    const outcome = judgeOutcome(terms, said);
    if (isRefusal(outcome)) return refuse(outcome.refused, outcome.params);
    const text = JSON.stringify(outcome);
    if (row.outcome === text && row.answered_revision === row.revision) return row;
    refuseEnded(row, clock.now());
    const answered = await store.changeOrder(tx, id, {
      state: outcome.outcome,
      outcome: text,
      answered_revision: row.revision,
      answered_at: new Date(clock.now()),
    });
    await clocks.cancel(tx, orderClocks.answer, id);
    await clocks.cancel(tx, orderClocks.remind, id);
    const { institution } = actor;
    const author: Author = { office: row.office, institution };
    const body: OrderOutcomeBody = { order: id, revision: row.revision, institution, outcome };
    await issuing.say(tx, row, author, 'order-outcome', body);
    await issuing.note(tx, id, author, 'answered', noted(outcome, row.revision));
    if (outcome.outcome === 'refused' || outcome.outcome === 'gone') await alert(tx, row, outcome);
    tx.afterCommit(() => {
      metrics.answered(row.kind, outcome.outcome);
      issuing.changed();
    });
    for (const hear of outcomeHearers.get(prefixOf(row.reference)) ?? [])
      await hear(tx, store.issuedOf(answered), outcome);
    if (isFulfilledBy(terms, outcome))
      await issuing.end(tx, { office: row.office, ...fulfilled }, id, { why: 'fulfilled' });
    return (await store.readOrder(tx, id))!;
  }

  async function alert(tx: Tx, { id, kind, institution }: OrderRow, { outcome }: OrderOutcome): Promise<void> {
    await alerts.raise(tx, [
      {
        kind: 'order',
        code: 'order.answered',
        subject: `order:${id}`,
        params: { order: kind, outcome, institution, id },
        rank: 2,
        atMs: clock.now(),
        discreet: false,
        tellable: false,
      },
    ]);
  }

  const answer = async (actor: InstitutionActor, id: string, outcome: OrderOutcome): Promise<Order> =>
    store.orderOf(await db.tx((tx) => keep(tx, actor, id, outcome)));

  return {
    answer: async (actor, id, outcome) => answer(admit(actor, 1), id, outcome),
    async answerSheet(actor, text) {
      access.requirePermission(actor, 'orders.answer');
      const rows = readOutcomeSheet(text);
      const institution = admit(actor, rows.length);
      const results: OutcomeLine[] = [];
      for (const { row, id, read } of rows) {
        const line = { row, ...(id !== undefined && { id }) };
        if (read === undefined) results.push({ ...line, state: 'skipped' });
        else if (isRefusal(read)) results.push({ ...line, state: 'refused', ...read });
        else
          try {
            const { state } = await answer(institution, id!, read);
            results.push({ ...line, state: 'answered', order: state });
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            results.push({ ...line, state: 'refused', ...error.refusal });
          }
      }
      const count = (state: OutcomeLine['state']): number => results.filter((one) => one.state === state).length;
      return { answered: count('answered'), refused: count('refused'), skipped: count('skipped'), results };
    },
    async confirm(actor, id) {
      const institution = admit(actor, 1);
      return db.tx(async (tx) => {
        const row = await own(tx, institution, id);
        if (row.state !== 'ended') return refuse('conflict.order-binds', { state: row.state });
        if (row.confirmed_at !== null) return store.orderOf(row);
        const nowMs = clock.now();
        const confirmed = await store.changeOrder(tx, id, { confirmed_at: new Date(nowMs) });
        await clocks.cancel(tx, orderClocks.confirm, id);
        const author: Author = { office: row.office, institution: row.institution };
        const at = instantText(nowMs);
        const body: OrderEndBody = { order: id, step: 'confirmed', why: row.ended_why!, at };
        await issuing.say(tx, row, author, 'order-end', body);
        await issuing.note(tx, id, author, 'confirmed');
        tx.afterCommit(issuing.changed);
        for (const hear of confirmedHearers.get(prefixOf(row.reference)) ?? [])
          await hear(tx, store.issuedOf(confirmed));
        return store.orderOf(confirmed);
      });
    },
    onOutcome(prefix, hear, before) {
      add(outcomeHearers, prefix, hear);
      if (before !== undefined) add(befores, prefix, before);
    },
    onConfirmed: (prefix, hear) => add(confirmedHearers, prefix, hear),
    isHeard: (reference) => outcomeHearers.has(prefixOf(reference)) || confirmedHearers.has(prefixOf(reference)),
  };
}

function add<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [one]);
  else list.push(one);
}

/** For the history: the payments stay in the outcome itself. */
function noted({ onward, note: _note, exhibits, ...rest }: OrderOutcome, revision: number): Record<string, unknown> {
  return {
    revision,
    ...rest,
    ...(onward !== undefined && { onward: onward.length }),
    ...(exhibits !== undefined && { exhibits: exhibits.length }),
  };
}
