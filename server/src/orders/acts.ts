import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Order } from '@bronze-drum/protocol/orders';
import type { Access } from '../access/access.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { Answering } from './answering.ts';
import type { Issued, OrderByHand } from './contract.ts';
import type { Issuing } from './issuing.ts';
import type { Keepers } from './keepers.ts';
import { orderFault } from './rules.ts';
import * as store from './store.ts';

/** Each verb needs `orders.issue`. */
export interface Acts {
  /** Issues an order, or proposes it where policy asks for a second person; with step-up where policy asks for it. */
  issueByHand(actor: Actor, order: OrderByHand): Promise<Issued>;
  /** Ends an order that was issued by hand. What another room ordered, that room ends. */
  withdraw(actor: Actor, id: string, grounds: string): Promise<Order>;
}

interface ActParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requireOfficer' | 'requireStepUp' | 'defineAct' | 'perform'>;
  readonly keepers: Keepers;
  readonly issuing: Issuing;
  readonly answering: Pick<Answering, 'isHeard'>;
}

const act = 'orders.issue';

/** An order that was checked; what a second person approves. */
type Plan = OrderByHand & { readonly institution: string };

export function openActs(parts: ActParts): Acts {
  const { db, clock, policy, access, keepers, issuing, answering } = parts;

  access.defineAct({
    act,
    permission: 'orders.approve',
    perform: (tx, officer, payload, approval) => issue(tx, officer, payload as Plan, approval?.approver),
    undo: async (tx, _payload, result, { by }) => {
      const { id, office } = result as Order;
      const author = by === null ? { office, rule: 'second-person' } : { office, officer: by };
      await issuing.end(tx, author, id, { why: 'withdrawn', grounds: 'a second person did not confirm it' });
    },
  });

  async function issue(tx: Tx, officer: OfficerActor, plan: Plan, approver: string | undefined): Promise<Order> {
    const { until, ...order } = plan;
    const { reference: _reference, ...issued } = await issuing.issue(
      tx,
      { office: officer.office, officer: officer.officer },
      {
        ...order,
        ...(until !== undefined && { untilMs: instantMs(until) }),
        reference: `hand:${officer.officer}`,
      },
    );
    if (approver !== undefined)
      await issuing.note(tx, issued.id, { office: officer.office, officer: approver }, 'approved');
    return issued;
  }

  /** Refuses now what would be refused once a second person has agreed. */
  async function planOf(input: OrderByHand): Promise<Plan> {
    const subject = parse(input.subject);
    if (isRefusal(subject)) return refuse(subject.refused, subject.params);
    const untilMs = input.until === undefined ? undefined : instantMs(input.until);
    const fault = orderFault({ ...input, subject }, untilMs, clock.now());
    if (fault !== undefined) refuse(fault.refused, fault.params);
    await keepers.fresh();
    const institution = input.institution ?? keepers.of(subject)[0] ?? refuse('orders.no-keeper');
    if (!keepers.isActive(institution)) refuse('not-found.institution', { institution });
    return { ...input, subject, institution };
  }

  return {
    async issueByHand(actor, input) {
      const officer = access.requireOfficer(actor, 'orders.issue');
      if (policy.at(clock.now()).orders.kinds[input.kind].stepUp) access.requireStepUp(officer);
      const plan = await planOf(input);
      const performed = await access.perform(officer, {
        act,
        variant: input.kind,
        payload: plan,
        subject: plan.subject,
      });
      if ('proposal' in performed) return performed;
      const { done, review } = performed;
      return { order: done as Order, ...(review !== undefined && { review }) };
    },
    async withdraw(actor, id, grounds) {
      const { office, officer } = access.requireOfficer(actor, 'orders.issue');
      return db.tx(async (tx) => {
        const row = (await store.lockOrder(tx, id)) ?? refuse('not-found.order');
        if (row.state === 'ended') refuse('conflict.order-ended', { why: row.ended_why! });
        if (answering.isHeard(row.reference)) refuse('conflict.order-of-room', { reference: row.reference });
        await issuing.end(tx, { office, officer }, id, { why: 'withdrawn', grounds });
        return store.orderOf((await store.readOrder(tx, id))!);
      });
    },
  };
}
