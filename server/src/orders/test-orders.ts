import type { Order, OrderOutcome } from '@bronze-drum/protocol/orders';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import { openTestAccess, type Answer, type TestAccess } from '../access/test-access.ts';
import type { Alerts } from '../alerts/alerts.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import type { InstitutionActor } from '../kernel/actor.ts';
import { hourMs } from '../kernel/clock.ts';
import type { PolicyRules } from '../kernel/policy.ts';
import { openClocks } from '../platform/clocks.ts';
import type { LiveChange, LiveTopic } from '../platform/live.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openOrders, type NewOrder, type OrdersRoom } from './orders.ts';
import type { OrderRow } from './record.ts';
import { orderRoutes } from './routes.ts';

type Finding = Parameters<Alerts['raise']>[1][number];

export const account = 'account:TH:901:1234567890';
export const phone = 'phone:+66812345678';
export const by = { office: 'national-centre', officer: 'malee' };

const tests = {
  answerWithinMinutes: 30,
  remindAfterMinutes: [10, 20],
  stepUp: false,
};

/** What the tests count on, whatever becomes of a member’s policy. */
function pin(rules: PolicyRules): void {
  for (const kind of Object.values(rules.orders.kinds)) Object.assign(kind, tests);
  rules.orders.kinds['identify-holder'].stepUp = true;
  rules.secondPerson = {
    acts: ['orders.issue:identify-holder'],
    decideWithinHours: 24,
    whenAlone: 'act-then-review',
    reviewWithinHours: 72,
  };
}

export interface TestOrders extends TestAccess {
  readonly journal: Journal;
  orders(): OrdersRoom;
  readonly findings: Finding[];
  readonly told: { readonly institution: string; readonly event: WebhookEvent }[];
  readonly published: LiveChange<OrderRow>[];
  topic(): LiveTopic<OrderRow>;
  /** The key of an institution, for `call`. */
  key(institution: string): string;
  institution(id: string): Promise<InstitutionActor>;
  /** Issues an order as another room would; a hold on 150,000 baht for three days unless said. */
  issue(order?: Partial<NewOrder>): Promise<Order>;
  end(id: string, why?: 'released' | 'seized'): Promise<void>;
  answer(id: string, outcome: OrderOutcome | object, institution?: string): Promise<Answer>;
  confirm(id: string, institution?: string): Promise<Answer>;
  /** Everything that is due was dealt with. */
  settle(): Promise<void>;
  /** Statements of the domestic book, as [kind, body]. */
  said(): Promise<(readonly [string, unknown])[]>;
  /** Ends the room, as a killed server would, and opens it again over the same database. */
  reopen(): Promise<void>;
  /** Throws what went wrong in the background, if anything did. */
  close(): Promise<void>;
  /** How often a counter counted, over all its labels. */
  counted(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

export async function openTestOrders(change: (rules: PolicyRules) => void = () => undefined): Promise<TestOrders> {
  const rulesChange = (rules: PolicyRules): void => {
    pin(rules);
    change(rules);
  };
  const house = await openTestAccess(rulesChange);
  const { db, clock, access, policy, http, administrator } = house;
  const onError = (error: unknown): void => void house.errors.push(error);
  const signer = openTestSigner();
  const journal = await openJournal({ db, clock, signer, member: 'th', onError });
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const keys = new Map<string, string>();
  for (const [id, kind, serves] of [
    ['bank-a', 'bank', ['account:TH:901:']],
    ['bank-b', 'bank', ['account:TH:902:', 'account:TH:901:99']],
    ['telco-c', 'operator', ['phone:+66']],
  ] as const) {
    const quota = { perSecond: 100_000, burst: 100_000 };
    await access.institutions.add(administrator, { id, name: id, kind, quota, serves: [...serves] });
    keys.set(id, (await access.keys.issue(administrator, id, {})).key);
  }
  const findings: Finding[] = [];
  const told: TestOrders['told'] = [];
  const published: LiveChange<OrderRow>[] = [];
  const state = { clocks: house.clocks, topic: undefined as LiveTopic<OrderRow> | undefined };
  const open = async (): Promise<OrdersRoom> => {
    telemetry.metrics.clear();
    return openOrders({
      db,
      clock,
      clocks: state.clocks,
      policy,
      journal,
      access: { ...access, defineAct: isReopened ? () => undefined : access.defineAct },
      alerts: { raise: async (_tx, raised) => void findings.push(...raised) },
      webhooks: { enqueue: async (_tx, institution, event) => void told.push({ institution, event }) },
      evidence: {
        attach: async (_tx, _by, ids) =>
          ids.map((id) => ({ id, sha256: 'ab'.repeat(32), bytes: 3, mediaType: 'text/plain', title: 'a receipt' })),
      },
      signer,
      live: {
        topic(topic) {
          state.topic = topic as unknown as LiveTopic<OrderRow>;
          return { publish: (changes) => void published.push(...(changes as unknown as LiveChange<OrderRow>[])) };
        },
      },
      telemetry,
    });
  };
  let isReopened = false;
  let orders = await open();
  // The room may be opened anew in the middle of a test.
  const proxy = new Proxy({} as OrdersRoom, { get: (_target, name) => orders[name as keyof OrdersRoom] });
  orderRoutes(http, proxy, access);
  const call = (method: string, path: string, institution: string, body?: unknown): Promise<Answer> =>
    house.call(method, `/v1/orders${path}`, keys.get(institution), body);
  return {
    ...house,
    journal,
    orders: () => orders,
    findings,
    told,
    published,
    topic: () => state.topic!,
    key: (institution) => keys.get(institution)!,
    institution: async (id) =>
      (await access.authenticate({ headers: { authorization: `Bearer ${keys.get(id)!}` } })) as InstitutionActor,
    async issue(order = {}) {
      const whole: NewOrder = {
        kind: 'hold-amount',
        institution: 'bank-a',
        subject: account,
        amount: { value: '15000000', currency: 'THB' },
        reference: 'hold:1',
        untilMs: clock.now() + 72 * hourMs,
        ...order,
      };
      const { reference: _reference, ...issued } = await db.tx((tx) => orders.issue(tx, by, whole));
      return issued;
    },
    end: (id, why = 'released') => db.tx((tx) => orders.end(tx, by, id, { why })),
    answer: (id, outcome, institution = 'bank-a') => call('POST', `/${id}/outcome`, institution, outcome),
    confirm: (id, institution = 'bank-a') => call('POST', `/${id}/confirm`, institution),
    async settle() {
      await state.clocks.run();
    },
    async said() {
      const entries = await journal.read('domestic', 0, 1000);
      return entries.map(({ statement }) => [statement!.envelope.kind, statement!.body] as const);
    },
    async reopen() {
      await orders.close();
      // Their handlers call the room that was closed.
      state.clocks = await openClocks({ db, clock, onError });
      isReopened = true;
      orders = await open();
    },
    async counted(name, labels = {}) {
      const metric = (await telemetry.metrics.getMetricsAsJSON()).find((one) => one.name === name);
      const values = (metric?.values ?? []).filter(({ labels: has }) =>
        Object.entries(labels).every(([label, value]) => has[label] === value),
      );
      return values.reduce((sum, { value }) => sum + value, 0);
    },
    async close() {
      await orders.close();
      await journal.close();
      await house.close();
      if (house.errors.length > 0)
        throw new Error('something went wrong in the background', { cause: house.errors[0] });
    },
  };
}
