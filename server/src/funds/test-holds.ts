import type { Money } from '@bronze-drum/protocol/fields';
import type { OrderEnd, OrderOutcome } from '@bronze-drum/protocol/orders';
import { openTestAccess, type Answer, type TestAccess } from '../access/test-access.ts';
import type { Alerts } from '../alerts/alerts.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import { must } from '../kernel/assert.ts';
import { hourMs, instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { PolicyRules } from '../kernel/policy.ts';
import type { IssuedOrder, Orders } from '../orders/orders.ts';
import type { Db } from '../platform/db.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openRedress, type Redress } from '../redress/redress.ts';
import { openCounters, type Counters, type ReportedTheft } from './counters.ts';
import { counterRoutes, holdRoutes } from './hold-routes.ts';
import { openHolds, type HoldProposal, type HoldsParts, type HoldsRoom, type HoldView } from './holds.ts';
import { openReturns, type Returns } from './returns.ts';

export const baht = (value: number | bigint): Money => ({ value: String(value), currency: 'THB' });

/** Orders as the room of orders keeps them, without paper and without deadlines. */
export interface TestOrders extends Orders {
  readonly issued: Map<string, IssuedOrder>;
  /** Thrown once by the next verb that is called. */
  failNext(error: Error): void;
  answer(id: string, outcome: OrderOutcome): Promise<void>;
  confirm(id: string): Promise<void>;
  /** The newest order of a hold. */
  of(hold: string): IssuedOrder;
}

function openTestOrders(db: Db, clock: Clock): TestOrders {
  const issued = new Map<string, IssuedOrder>();
  let failure: Error | undefined;
  let onOutcome: Parameters<Orders['onOutcome']>[1] = async () => undefined;
  let onConfirmed: Parameters<Orders['onConfirmed']>[1] = async () => undefined;
  const orderOf = (id: string): IssuedOrder => must(issued.get(id), 'the order is known');
  const failIfTold = (): void => {
    const error = failure;
    failure = undefined;
    if (error !== undefined) throw error;
  };
  const keep = (order: IssuedOrder): IssuedOrder => {
    issued.set(order.id, order);
    return order;
  };
  return {
    issued,
    failNext: (error) => void (failure = error),
    async issue(_tx, by, { amount, leave, payment, text, untilMs, reference, kind, institution, subject }) {
      failIfTold();
      return keep({
        id: newId(),
        revision: 1,
        kind,
        institution,
        office: by.office,
        subject,
        ...(amount !== undefined && { amount }),
        ...(leave !== undefined && { leave }),
        ...(payment !== undefined && { payment }),
        ...(text !== undefined && { text }),
        legalBasis: 'a law',
        form: 'a form',
        safeHarbour: 'a rule',
        callBack: '1441',
        issuedAt: instantText(clock.now()),
        answerBy: instantText(clock.now()),
        ...(untilMs !== undefined && { until: instantText(untilMs) }),
        state: 'issued',
        exhibits: [],
        signature: 'A'.repeat(86),
        reference,
      });
    },
    async change(_tx, _by, id, { amount, untilMs }) {
      failIfTold();
      const order = orderOf(id);
      return keep({
        ...order,
        revision: order.revision + 1,
        state: 'issued',
        ...(amount !== undefined && { amount }),
        ...(untilMs !== undefined && { until: instantText(untilMs) }),
      });
    },
    async end(_tx, _by, id, { why, court }: { why: OrderEnd; court?: string }) {
      failIfTold();
      const order = orderOf(id);
      const ended = { why, at: instantText(clock.now()), ...(court !== undefined && { court }) };
      if (order.ended === undefined) keep({ ...order, state: 'ended', ended });
    },
    onOutcome: (_prefix, hear) => void (onOutcome = hear),
    onConfirmed: (_prefix, hear) => void (onConfirmed = hear),
    keeperOf: (key) =>
      key.startsWith('account:TH:014:') ? 'bank-a' : key.startsWith('account:TH:004:') ? 'bank-b' : undefined,
    answer: (id, outcome) => db.tx((tx) => onOutcome(tx, orderOf(id), outcome)),
    confirm: (id) => db.tx((tx) => onConfirmed(tx, orderOf(id))),
    of: (hold) =>
      must(
        [...issued.values()].findLast(({ reference }) => reference === `hold:${hold}`),
        'it was ordered',
      ),
  };
}

type Findings = Parameters<Alerts['raise']>[1];

export interface TestHolds extends TestAccess {
  readonly journal: Journal;
  readonly redress: Redress;
  readonly orders: TestOrders;
  readonly holds: HoldsRoom;
  readonly returns: Returns;
  readonly counters: Counters;
  readonly raised: Findings[number][];
  readonly reports: Map<string, ReportedTheft>;
  readonly parts: HoldsParts;
  /** Tokens: a duty officer, two supervisors; and the keys of two banks. */
  readonly malee: string;
  readonly somsak: string;
  readonly niran: string;
  readonly bank: string;
  readonly otherBank: string;
  propose(proposal: HoldProposal): Promise<HoldView>;
  view(id: string): Promise<HoldView>;
  /** Says something about a hold over HTTP. */
  act(token: string, id: string, verb: string, body: object): Promise<Answer>;
  orderAll(token: string, trace: string, more?: object): Promise<Answer>;
  approve(token: string, proposal: unknown): Promise<void>;
  /** Time passes, while officers look in often enough not to be signed out; then everything that is due happens. */
  pass(durationMs: number): Promise<void>;
}

/** Money that a trace found at a bank in Thailand, as changed. */
export function proposalOf(change: Partial<HoldProposal> & { readonly trace: string }): HoldProposal {
  return {
    place: newId(),
    key: 'account:TH:014:1234567890',
    hop: 1,
    end: 'open',
    taint: baht(20_000_000),
    stolen: change.taint ?? baht(20_000_000),
    payment: { amount: { value: '20000000', currency: 'THB' }, at: '2026-01-01T00:00:00.000Z' },
    debitConfirmed: true,
    reportedBy: 'institution',
    ...change,
  };
}

/** Thailand's holds and returns with their routes over an empty database, under a policy as changed. */
export async function openTestHolds(change: (rules: PolicyRules) => void = () => undefined): Promise<TestHolds> {
  const changed = (rules: PolicyRules): void => {
    rules.secondPerson.acts = ['funds.release', 'funds.seize', 'funds.return'];
    rules.secondPerson.whenAlone = 'act-then-review';
    rules.funds.standing.hopsMax = 2;
    Object.assign(rules.sessions, { idleMinutes: 1440, absoluteHours: 8760 });
    change(rules);
  };
  const house = await openTestAccess(changed);
  const { db, clock, clocks, access, policy, http } = house;
  const onError = (error: unknown) => house.errors.push(error);
  const journal = await openJournal({ db, clock, signer: openTestSigner(), member: 'th', onError });
  const redress = await openRedress({ db, clock, clocks, policy, journal, access });
  const orders = openTestOrders(db, clock);
  const raised: Findings[number][] = [];
  const alerts = { raise: async (_tx: unknown, findings: Findings) => void raised.push(...findings) };
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const parts = { db, clock, clocks, policy, journal, access, alerts, orders, redress, telemetry };
  const holds = await openHolds(parts);
  const returns = openReturns({ ...parts, holds });
  const reports = new Map<string, ReportedTheft>();
  const counters = openCounters({ ...parts, reportOf: async (trace) => reports.get(trace) });
  holdRoutes(http, holds, returns, access);
  counterRoutes(http, counters, access);
  const quota = { perSecond: 1000, burst: 1000 };
  const bankKey = async (id: string): Promise<string> => {
    await access.institutions.add(house.administrator, { id, name: id, kind: 'bank', quota });
    return (await access.keys.issue(house.administrator, id, {})).key;
  };
  const malee = await house.enlist('malee', ['duty-officer', 'analyst']);
  const somsak = await house.enlist('somsak', ['supervisor']);
  const niran = await house.enlist('niran', ['supervisor']);
  return {
    ...house,
    journal,
    redress,
    orders,
    holds,
    returns,
    counters,
    raised,
    reports,
    parts,
    malee,
    somsak,
    niran,
    bank: await bankKey('bank-a'),
    otherBank: await bankKey('bank-b'),
    propose: (proposal) => db.tx((tx) => holds.propose(tx, proposal)),
    view: async (id) => {
      const [row] = await db.query<{ trace: string }>('SELECT trace FROM funds.holds WHERE id = $1', [id]);
      const views = await holds.ofTraces(db, [must(row, 'the hold is known').trace]);
      return must(
        views.find((view) => view.id === id),
        'the hold is known',
      );
    },
    act: (token, id, verb, body) => house.call('POST', `/v1/holds/${id}/${verb}`, token, body),
    orderAll: (token, trace, more = {}) => house.call('POST', '/v1/holds/order', token, { trace, ...more }),
    async approve(token, proposal) {
      const approver = { ...(await house.actor(token)), steppedUpAtMs: clock.now() };
      await access.approvals.decide(approver, proposal as string, { approve: true });
    },
    async pass(durationMs) {
      for (let left = durationMs; left > 0; left -= 20 * hourMs) {
        clock.advance(Math.min(left, 20 * hourMs));
        for (const token of [malee, somsak, niran]) await house.actor(token);
      }
      await clocks.run();
    },
    async close() {
      await journal.close();
      await house.close();
    },
  };
}
