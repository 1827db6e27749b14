import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import type { Orders } from '../orders/orders.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { Redress } from '../redress/redress.ts';
import { openHoldActs } from './hold-acts.ts';
import { openHoldAnswers } from './hold-answers.ts';
import { keepHoldClocks } from './hold-clocks.ts';
import { openHoldMetrics } from './hold-metrics.ts';
import { openHoldReading } from './hold-reading.ts';
import { isBound } from './hold-rules.ts';
import * as store from './hold-store.ts';
import { holdView, openHolding, type HoldingParts } from './holding.ts';
import type { HoldProposal, HoldView } from './hold-view.ts';
import { openNotices } from './notices.ts';
import { openProposing } from './proposing.ts';

export type { HoldProposal, Holds, HoldView } from './hold-view.ts';

/** Holds with what officers and institutions ask of them. */
export type HoldsRoom = Awaited<ReturnType<typeof openHolds>>;

export interface HoldsParts extends Omit<HoldingParts, 'journal' | 'orders' | 'metrics'> {
  readonly db: Db;
  readonly journal: Pick<Journal, 'member' | 'append' | 'follow'>;
  readonly access: Pick<
    Access,
    'requireOfficer' | 'requirePermission' | 'recordRead' | 'defineAct' | 'perform' | 'approvals'
  >;
  readonly orders: Pick<Orders, 'issue' | 'change' | 'end' | 'keeperOf' | 'onOutcome' | 'onConfirmed'>;
  readonly redress: Pick<Redress, 'contestable' | 'against'>;
  readonly telemetry: Telemetry;
}

/** Opens holds, before the clocks start. */
export async function openHolds(parts: HoldsParts) {
  await migrate(parts.db, 'funds', new URL('migrations/', import.meta.url));
  const { clock, journal, orders, redress } = parts;
  const { member } = journal;
  const shared = { ...parts, member, metrics: openHoldMetrics(parts.telemetry) };
  const holding = openHolding(shared);
  const proposing = openProposing(shared, holding);
  const acts = openHoldActs(shared, holding);
  const notices = openNotices(shared, holding);

  const answers = openHoldAnswers(shared, holding);
  // An officer’s act locks the hold and then its order: an answer does so too.
  orders.onOutcome('hold', answers.answered, async (tx, reference) => {
    await store.lockHold(tx, reference.slice('hold:'.length));
  });
  orders.onConfirmed('hold', answers.confirmed);
  keepHoldClocks(shared, holding);
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
