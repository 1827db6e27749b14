import type { OrderEnd, OrderTerms } from '@bronze-drum/protocol/orders';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { OrderEndBody } from '@bronze-drum/protocol/statements/order';
import type { Evidence } from '../evidence/evidence.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Tx } from '../platform/db.ts';
import type { Keepers } from './keepers.ts';
import type { IssuedOrder, NewOrder, OrderRow } from './record.ts';
import { asksToConfirm, openKinds, orderFault } from './rules.ts';
import { orderClocks, type Saying } from './saying.ts';
import type { Signing } from './signing.ts';
import * as store from './store.ts';

interface IssuingParts {
  readonly clock: Clock;
  readonly clocks: Pick<Clocks, 'set' | 'cancel'>;
  readonly evidence: Pick<Evidence, 'attach'>;
  readonly keepers: Keepers;
  readonly signing: Signing;
  readonly saying: Saying;
}

interface End {
  readonly why: OrderEnd;
  readonly court?: string;
  readonly grounds?: string;
  /** When it ended, if that was before now. */
  readonly atMs?: number;
}

interface Change {
  readonly amount?: OrderTerms['amount'];
  readonly untilMs?: number;
}

export interface Issuing extends Saying {
  issue(tx: Tx, by: Author, order: NewOrder): Promise<IssuedOrder>;
  change(tx: Tx, by: Author, id: string, change: Change): Promise<IssuedOrder>;
  end(tx: Tx, by: Author, id: string, end: End): Promise<void>;
}

/** Issues, changes and ends orders, each in the transaction of whoever asks. */
export function openIssuing({ clock, clocks, evidence, keepers, signing, saying }: IssuingParts): Issuing {
  async function requireInstitution({ kind, institution, subject }: NewOrder): Promise<void> {
    await keepers.fresh();
    if (!keepers.isActive(institution)) refuse('not-found.institution', { institution });
    const holders = keepers.of(subject);
    // A wallet that nobody here keeps: whoever paid out to it may still have the money under way.
    const isExit = holders.length === 0 && subject.startsWith('wallet:');
    if (!openKinds.includes(kind) && !isExit && !holders.includes(institution))
      refuse('orders.not-the-keeper', { institution });
  }

  return {
    ...saying,
    async issue(tx, by, order) {
      const { kind, institution, subject, amount, leave, payment, text, untilMs, reference } = order;
      const fault = orderFault(order, untilMs, clock.now());
      if (fault !== undefined) refuse(fault.refused, fault.params);
      await requireInstitution(order);
      const id = newId();
      const exhibits =
        order.exhibits === undefined || order.exhibits.length === 0
          ? []
          : await evidence.attach(tx, by, order.exhibits, { institution }, `order:${id}`);
      const terms = signing.signed({
        id,
        revision: 1,
        kind,
        institution,
        office: by.office,
        subject,
        ...(amount !== undefined && { amount }),
        ...(leave !== undefined && { leave }),
        ...(payment !== undefined && { payment }),
        ...(text !== undefined && { text }),
        ...saying.formalities(kind),
        ...(untilMs !== undefined && { until: instantText(untilMs) }),
        exhibits,
      });
      const row = await store.insertOrder(tx, {
        id,
        institution,
        office: by.office,
        kind,
        subject,
        reference,
        state: 'issued',
        revision: 1,
        terms: JSON.stringify(terms),
        created_at: new Date(clock.now()),
        answer_by: new Date(terms.answerBy),
        until: untilMs === undefined ? null : new Date(untilMs),
      });
      return saying.stand(tx, by, row, 'issued');
    },

    async change(tx, by, id, { amount, untilMs }) {
      const row = (await store.lockOrder(tx, id)) ?? refuse('not-found.order');
      refuseEnded(row, clock.now());
      const { signature: _signature, ...terms } = store.termsOf(row);
      if (amount !== undefined && amount.currency !== terms.amount?.currency)
        refuse('orders.currency', { currency: amount.currency });
      const changed = {
        ...terms,
        ...(amount !== undefined && { amount }),
        ...(untilMs !== undefined && { until: instantText(untilMs) }),
      };
      if (changed.amount?.value === terms.amount?.value && changed.until === terms.until) return store.issuedOf(row);
      const untilNowMs = untilMs ?? row.until?.getTime();
      const fault = orderFault(changed, untilNowMs, clock.now());
      if (fault !== undefined) refuse(fault.refused, fault.params);
      const revision = row.revision + 1;
      const signed = signing.signed({ ...changed, ...saying.formalities(row.kind), revision });
      const renewed = await store.changeOrder(tx, id, {
        state: 'issued',
        revision,
        terms: JSON.stringify(signed),
        answer_by: new Date(signed.answerBy),
        until: untilNowMs === undefined ? null : new Date(untilNowMs),
        reminders: 0,
        late_at: null,
      });
      return saying.stand(tx, by, renewed, 'changed');
    },

    async end(tx, by, id, { why, court, grounds, atMs }) {
      const row = (await store.lockOrder(tx, id)) ?? refuse('not-found.order');
      if (row.state === 'ended') return;
      const nowMs = clock.now();
      const endedMs = Math.min(atMs ?? nowMs, nowMs);
      const asks = asksToConfirm(row.kind, row.state, why);
      const confirmMs = saying.dueMs(row.kind);
      const ended = await store.changeOrder(tx, id, {
        state: 'ended',
        ended_why: why,
        ended_at: new Date(endedMs),
        ended_court: court ?? null,
        confirm_by: asks ? new Date(confirmMs) : null,
      });
      for (const kind of [orderClocks.answer, orderClocks.remind, orderClocks.until]) await clocks.cancel(tx, kind, id);
      if (asks) await clocks.set(tx, { kind: orderClocks.confirm, subject: id, dueMs: confirmMs });
      const said = { ...(court !== undefined && { court }), ...(grounds !== undefined && { grounds }) };
      const body: OrderEndBody = { order: id, step: 'ended', why, at: instantText(endedMs), ...said };
      await saying.say(tx, ended, by, 'order-end', body);
      await saying.note(tx, id, by, 'ended', { why, ...said });
      await saying.tell(tx, ended);
    },
  };
}

/** An order is over from its last instant on, also before its clock has been dealt with. */
export function refuseEnded(row: OrderRow, nowMs: number): void {
  if (row.state === 'ended') refuse('conflict.order-ended', { why: row.ended_why! });
  if (row.until !== null && row.until.getTime() <= nowMs) refuse('conflict.order-ended', { why: 'expired' });
}
