import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { Refused, refuse } from '../kernel/refusals.ts';
import type { Act } from '../access/access.ts';
import type { Export, ExportPage, ExportQuery } from './contract.ts';
import * as exported from './export-store.ts';
import { say, variantOf, type ListingParts, type Plan } from './saying.ts';

/** What became of a wish to let a listing leave: it waits for an approving officer, or nobody could be asked. */
export type ExportOutcome = { readonly proposal: string } | { readonly refused: string };

/** What waits to leave, as its proposal's payload tells; null if it does not leave by it. */
interface Leaving {
  readonly listing: string | null;
  readonly subject: string;
  readonly discreet: boolean;
  readonly book: string;
}

/** Keeps the record of exports in step with the decisions on an act, in the same transactions. */
export function keepExports(
  leavingOf: (payload: unknown) => Leaving | null,
): Pick<Required<Act>, 'proposed' | 'settled'> {
  return {
    async proposed(tx, { id, payload, actor, nowMs, decideByMs }) {
      const leaving = leavingOf(payload);
      if (leaving === null) return;
      await exported.insertExport(tx, {
        ...leaving,
        id,
        state: 'proposed',
        why: null,
        proposed_by: actorId(actor),
        proposed_at: new Date(nowMs),
        decide_by: new Date(decideByMs),
      });
    },
    settled: (tx, { id, state, by, atMs }) =>
      exported.settleExport(tx, id, { state, by: by === null ? null : `officer:${by}`, at: new Date(atMs) }),
  };
}

export function leavingPlan(payload: unknown): Leaving | null {
  const { body, book, exports } = payload as Plan;
  if (exports !== true) return null;
  return { listing: body.id, subject: body.key, discreet: body.discreet, book };
}

export function openExports(parts: ListingParts) {
  const { db, clock, policy, access } = parts;

  access.defineAct({
    act: 'registry.export',
    permission: 'registry.approve',
    perform: (tx, actor, payload, approval) => say(parts, tx, actor, payload as Plan, approval?.approver),
    ...keepExports(leavingPlan),
  });

  return {
    /** Proposes that a listing be said abroad. What it asks for is not lost if nobody can approve it: it is withheld. */
    async propose(officer: OfficerActor, plan: Plan): Promise<ExportOutcome> {
      const nowMs = clock.now();
      const { decideWithinHours } = policy.at(nowMs).sharing.exportApproval;
      const { key: subject } = plan.body;
      try {
        const outcome = await access.perform(officer, {
          act: 'registry.export',
          variant: variantOf(plan.body),
          payload: { ...plan, exports: true } satisfies Plan,
          subject,
          always: true,
          decideWithinHours,
        });
        return 'proposal' in outcome ? outcome : { refused: 'conflict.performed' };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const why = error.refusal.refused;
        await exported.insertExport(db, {
          id: newId(),
          ...leavingPlan({ ...plan, exports: true })!,
          state: 'withheld',
          why,
          proposed_by: actorId(officer),
          proposed_at: new Date(nowMs),
          decide_by: null,
        });
        return { refused: why };
      }
    },

    /** What left, waits to leave, or was kept at home, the newest first. */
    async list(actor: Actor, query: ExportQuery): Promise<ExportPage> {
      const officer = access.requireOfficer(actor, 'registry.search');
      const discreet = officer.permissions.has('registry.discreet');
      const asked = { ...(query.state && { state: query.state }), discreet, limit: query.limit + 1 };
      const rows = await exported.readExports(db, asked, readPlace(query.after));
      const { page, next } = cutPage(rows, query.limit, (last) => [instantText(last.proposed_at.getTime()), last.id]);
      await access.recordRead(db, officer, { what: 'exports', subject: query.state ?? 'all', count: page.length });
      return { exports: page.map(exportOf), ...next };
    },
  };
}

function readPlace(after: string | undefined): { at: string; id: string } | undefined {
  if (after === undefined) return undefined;
  const [at, id] = readPageToken(after, 2) as [string, string];
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) refuse('malformed.page');
  return { at, id };
}

function exportOf(row: exported.ExportRow): Export {
  return {
    id: row.id,
    ...(row.listing !== null && { listing: row.listing }),
    subject: row.subject,
    book: row.book,
    state: row.state,
    ...(row.why !== null && { why: row.why }),
    proposedBy: row.proposed_by,
    proposedAt: instantText(row.proposed_at.getTime()),
    ...(row.decide_by && { decideBy: instantText(row.decide_by.getTime()) }),
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at && { decidedAt: instantText(row.decided_at.getTime()) }),
  };
}
