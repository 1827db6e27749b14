import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { Money, NamedPayment } from '@bronze-drum/protocol/fields';
import type { HoldState, PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import type { Orders } from '../orders/orders.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { Redress } from '../redress/redress.ts';
import { openHoldActs } from './hold-acts.ts';
import { openHoldMetrics } from './hold-metrics.ts';
import { openHoldReading } from './hold-reading.ts';
import { isBound } from './hold-rules.ts';
import * as store from './hold-store.ts';
import { holdClock, holdView, openHolding, type HoldingParts } from './holding.ts';
import { openNotices } from './notices.ts';
import { openProposing } from './proposing.ts';

/** Money that a trace found at an account here. Amounts are in the account's currency, `stolen` in that of the theft. */
export interface HoldProposal {
  readonly trace: string;
  readonly place: string;
  readonly key: string;
  /** Who can stop it there; by default who keeps the account. */
  readonly institution?: string;
  /** Steps from the victim's account: 1 is the account that the victim paid. */
  readonly hop: number;
  readonly end: PlaceEnd;
  /** What of the theft is there now: a hold is never more than this. */
  readonly taint: Money;
  readonly stolen: Money;
  /** As far as the institution said it. */
  readonly balance?: Money;
  /** The payment by which it came. */
  readonly payment: NamedPayment;
  /** The victim's institution confirmed the debit. */
  readonly debitConfirmed: boolean;
  /** Whether an institution, not only the public, reported it. */
  readonly reportedBy: 'institution' | 'officer' | 'public' | 'member';
  /** Which request of another member it follows from, if any. */
  readonly request?: string;
}

export interface HoldView {
  readonly id: string;
  readonly trace: string;
  readonly place: string;
  readonly key: string;
  readonly institution: string | null;
  readonly state: HoldState;
  readonly taint: Money;
  readonly stolen: Money;
  /** Ordered, and what the institution says that it holds and that was gone. */
  readonly ordered: Money | null;
  readonly held: Money;
  readonly gone: Money;
  readonly refusal: string | null;
  readonly stage: string | null;
  readonly untilMs: number | null;
  readonly request: string | null;
  readonly orderedAtMs: number | null;
  readonly heldAtMs: number | null;
}

/** Time-limited stops on amounts. */
export interface Holds {
  /**
   * Proposes a hold for a place of a trace, or adapts the one that is there: what a trace now knows better. Where the
   * standing rule allows it, it is ordered at once. One hold a trace and place that has not ended.
   */
  propose(tx: Tx, proposal: HoldProposal): Promise<HoldView>;
  /** Hears each change of a hold, in its transaction. */
  onChange(hear: (tx: Tx, hold: HoldView) => Promise<void>): void;
  ofTraces(sql: Sql, traces: readonly string[]): Promise<HoldView[]>;
}

/** Holds with what officers and institutions ask of them. */
export type HoldsRoom = Awaited<ReturnType<typeof openHolds>>;
export type HoldVerbs = Omit<HoldsRoom, keyof Holds>;

export interface HoldsParts extends Omit<HoldingParts, 'journal' | 'orders' | 'metrics'> {
  readonly db: Db;
  readonly journal: Pick<Journal, 'member' | 'append' | 'follow'>;
  readonly access: Pick<Access, 'requireOfficer' | 'requirePermission' | 'recordRead' | 'defineAct' | 'perform'>;
  readonly orders: Pick<Orders, 'issue' | 'change' | 'end' | 'keeperOf' | 'onOutcome' | 'onConfirmed'>;
  readonly redress: Pick<Redress, 'contestable' | 'against'>;
  readonly telemetry: Telemetry;
}

/** Opens holds, before the clocks start. */
export async function openHolds(parts: HoldsParts) {
  await migrate(parts.db, 'funds', new URL('migrations/', import.meta.url));
  const { clock, clocks, journal, orders, redress } = parts;
  const { member } = journal;
  const shared = { ...parts, member, metrics: openHoldMetrics(parts.telemetry) };
  const holding = openHolding(shared);
  const proposing = openProposing(shared, holding);
  const acts = openHoldActs(shared, holding);
  const notices = openNotices(shared, holding, proposing.funds);

  orders.onOutcome('hold', proposing.answered);
  orders.onConfirmed('hold', proposing.confirmed);
  clocks.on(holdClock, {
    due: (tx, { subject }, nowMs) => proposing.expire(tx, subject, nowMs),
    warn: (tx, { subject }) => proposing.warn(tx, subject),
  });
  redress.contestable('hold', async (sql, id) => {
    const row = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await store.readHold(sql, id) : undefined;
    if (row === undefined || !isBound(row, clock.now())) return null;
    const handling = { tlp: 'AMBER' as const, conditions: [] };
    return { actedBy: row.actedBy, subject: row.key, book: 'domestic', handling, discreet: false };
  });
  const following = journal.follow({
    name: 'funds-holds',
    kinds: ['appeal-decision'],
    ownKinds: ['appeal-decision'],
    async handle(tx, entries) {
      for (const entry of entries) {
        // What followed from a decision that is recovered is recovered too; if not, it comes once more in its place.
        if (entry.member !== member || entry.redelivered === true || entry.statement === null) continue;
        const { act, releases, grounds } = entry.statement.body as AppealDecisionBody;
        if (releases && act.kind === 'hold') await acts.releaseOnAppeal(tx, act.id, grounds);
      }
    },
  });

  const { releaseOnAppeal: _releaseOnAppeal, ...officers } = acts;
  return {
    propose: async (tx: Tx, proposal: HoldProposal): Promise<HoldView> =>
      holdView(await proposing.propose(tx, proposal), clock.now()),
    onChange: holding.onChange,
    ofTraces: async (sql: Sql, traces: readonly string[]): Promise<HoldView[]> =>
      (await store.readOfTraces(sql, traces)).map((row) => holdView(row, clock.now())),
    ...officers,
    ...openHoldReading(parts),
    notices,
    /** For the return of money, which goes on where a court has taken what was held. */
    holding,
    /** Resolves once every decision on an appeal that stands in the journal now has been carried out. */
    caughtUp: following.caughtUp,
  };
}
