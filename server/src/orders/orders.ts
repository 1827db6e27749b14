import type { Amount } from '@bronze-drum/protocol/activity/fields';
import type { OrderEnd, OrderOutcome } from '@bronze-drum/protocol/orders';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Access } from '../access/access.ts';
import type { Alerts, Webhooks } from '../alerts/alerts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { Live } from '../platform/live.ts';
import { migrate } from '../platform/migrations.ts';
import type { Signer } from '../platform/signer.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { openActs, type Acts } from './acts.ts';
import { openAnswering, type Answering } from './answering.ts';
import { keepDeadlines } from './deadlines.ts';
import { openIssuing } from './issuing.ts';
import { openKeepers } from './keepers.ts';
import { openLiveOrders } from './live-orders.ts';
import { openMetrics } from './metrics.ts';
import { openReading, type Reading } from './reading.ts';
import type { IssuedOrder, NewOrder } from './record.ts';
import { openSaying } from './saying.ts';
import { openSigning } from './signing.ts';

export type { IssuedOrder, NewOrder } from './record.ts';

/** What institutions are told to carry out, and what they answered. */
export interface Orders {
  /** Issues an order in the room's transaction; the institution is told once it commits. `by.office` is the issuing office. */
  issue(tx: Tx, by: Author, order: NewOrder): Promise<IssuedOrder>;
  /** A new revision, signed anew; to be answered anew. Refuses `conflict.order-ended`. */
  change(
    tx: Tx,
    by: Author,
    id: string,
    change: { readonly amount?: Amount; readonly untilMs?: number },
  ): Promise<IssuedOrder>;
  /** It no longer binds: the institution is told, and asked to confirm. Nothing happens if it has ended. */
  end(tx: Tx, by: Author, id: string, end: { readonly why: OrderEnd; readonly court?: string }): Promise<void>;
  /**
   * Hears each outcome of orders with such a reference, in the transaction that keeps it. Before the house starts. `before` may
   * lock what is the room's own before the order is locked, also before `onConfirmed`: a room that locks its own and then
   * changes the order would otherwise meet an answer that comes from the other side.
   */
  onOutcome(
    prefix: string,
    hear: (tx: Tx, order: IssuedOrder, outcome: OrderOutcome) => Promise<void>,
    before?: (tx: Tx, reference: string) => Promise<void>,
  ): void;
  /** Hears that an institution confirmed the end of an order, in the transaction that keeps it. */
  onConfirmed(prefix: string, hear: (tx: Tx, order: IssuedOrder) => Promise<void>): void;
  /** Which active institution keeps an account or number; undefined if none here does. */
  keeperOf(key: string): string | undefined;
}

/** The room with what officers and institutions ask of it. */
export interface OrdersRoom extends Orders, Acts, Reading, Omit<Answering, 'isHeard'> {
  close(): Promise<void>;
}

export interface OrdersParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'append'>;
  readonly access: Pick<
    Access,
    | 'requirePermission'
    | 'requireOfficer'
    | 'requirePurpose'
    | 'requireStepUp'
    | 'recordRead'
    | 'takeQuota'
    | 'defineAct'
    | 'perform'
    | 'serving'
    | 'onInstitutions'
  >;
  readonly alerts: Pick<Alerts, 'raise'>;
  readonly webhooks: Pick<Webhooks, 'enqueue'>;
  readonly evidence: Pick<Evidence, 'attach'>;
  readonly signer: Pick<Signer, 'secretFor'>;
  readonly live: Pick<Live, 'topic'>;
  readonly telemetry: Telemetry;
}

/** Opens the room, before `clocks.start` and the first stream. */
export async function openOrders(parts: OrdersParts): Promise<OrdersRoom> {
  const { db, clock, access, telemetry } = parts;
  await migrate(db, 'orders', new URL('migrations/', import.meta.url));
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'orders');
  const keepers = await openKeepers(access, onError);
  const signing = openSigning(parts.signer);
  const metrics = openMetrics(telemetry, db);
  const live = openLiveOrders({ ...parts, onError });
  const saying = openSaying({ ...parts, metrics, changed: live.changed });
  const issuing = openIssuing({ ...parts, keepers, signing, saying });
  const answering = openAnswering({ ...parts, issuing, metrics });
  keepDeadlines({ ...parts, issuing, metrics });
  const { isHeard, ...answers } = answering;
  return {
    issue: issuing.issue,
    change: issuing.change,
    end: (tx, by, id, { why, court }) => issuing.end(tx, by, id, { why, ...(court !== undefined && { court }) }),
    keeperOf: (key) => keepers.of(key)[0],
    ...openActs({ ...parts, keepers, issuing, answering: { isHeard } }),
    ...openReading({ db, clock, access, signing }),
    ...answers,
    async close() {
      await live.close();
      await keepers.close();
    },
  };
}
