import { cutPage } from '../kernel/pages.ts';
import type { Actor, OfficerActor, Purpose } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { recordRead } from './audit.ts';
import type { Approval, ApprovalPage, ApprovalQuery, ApprovalSummary } from './contract.ts';
import { placeByNumber } from './pages.ts';
import type { Permission } from '@bronze-drum/protocol/roles';
import { requirePurpose } from './permissions.ts';
import { approvalState, type ApprovalState } from './rules.ts';

/** What waits for a second person, as officers read it. What it is about is personal data: each reading is recorded. */
export interface Approvals {
  /** Oldest first what the officer may decide; newest first what they proposed. */
  list(actor: Actor, query: ApprovalQuery): Promise<ApprovalPage>;
  /** For the proposer and whoever may decide; to others it does not exist. */
  read(actor: Actor, id: string): Promise<Approval>;
  /** For a room: what waits of its acts that this permission decides, about these subjects; the oldest first. */
  waiting(permission: Permission, subjects: readonly string[]): Promise<Waiting[]>;
}

/** Something that waits for a second person, as the room whose act it is knows it. */
export interface Waiting {
  readonly id: string;
  readonly act: string;
  readonly variant: string | null;
  readonly payload: unknown;
  readonly proposer: string;
  /** It was done for want of a second person, who is to confirm it. */
  readonly performed: boolean;
  readonly proposedAt: string;
  readonly decideBy: string;
}

export interface ProposalRow {
  readonly number: number;
  readonly id: string;
  readonly act: string;
  readonly variant: string | null;
  readonly permission: Permission;
  readonly subject: string;
  readonly payload: string;
  readonly result: string | null;
  readonly performed: boolean;
  readonly proposer: string;
  readonly office: string;
  readonly permissions: string[];
  readonly purpose: Purpose | null;
  readonly state: ApprovalState;
  readonly proposedAtMs: number;
  readonly decideByMs: number;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
}

const waitingMax = 200;

export function openApprovals({ db, clock }: { db: Db; clock: Clock }): Approvals {
  return {
    list: async (actor, query) => {
      if (actor.kind !== 'officer') return refuse('forbidden.officers-only');
      requirePurpose(actor);
      const rows = await (query.which === 'to-decide' ? readToDecide : readProposedBy)(db, actor, query, clock.now());
      const { page, next } = cutPage(rows, query.limit, (last) => [String(last.number)]);
      await recordRead(db, clock, actor, { what: 'access.approvals', subject: query.which, count: page.length });
      return { approvals: page.map((row) => summaryOf(row, clock.now())), ...next };
    },
    read: async (actor, id) => {
      if (actor.kind !== 'officer') return refuse('forbidden.officers-only');
      requirePurpose(actor);
      const [row] = await select(db, 'WHERE id = $1', [id]);
      const isTheirs = row?.proposer === actor.officer || (row && actor.permissions.has(row.permission));
      if (row === undefined || isTheirs !== true) return refuse('not-found.approval');
      await recordRead(db, clock, actor, { what: 'access.approval', subject: row.subject, count: 1 });
      return {
        ...summaryOf(row, clock.now()),
        payload: JSON.parse(row.payload) as unknown,
        decidedBy: row.decided_by,
        decidedAt: row.decided_at && instantText(row.decided_at.getTime()),
        note: row.note,
      };
    },
    waiting: async (permission, subjects) =>
      (await readWaiting(db, permission, subjects, clock.now())).map((row) => ({
        id: row.id,
        act: row.act,
        variant: row.variant,
        payload: JSON.parse(row.payload) as unknown,
        proposer: row.proposer,
        performed: row.performed,
        proposedAt: instantText(row.proposedAtMs),
        decideBy: instantText(row.decideByMs),
      })),
  };
}

function readWaiting(
  sql: Sql,
  permission: Permission,
  subjects: readonly string[],
  nowMs: number,
): Promise<ProposalRow[]> {
  return select(
    sql,
    `WHERE state = 'open' AND decide_by > $1 AND permission = $2 AND subject = ANY ($3) ORDER BY number LIMIT $4`,
    [new Date(nowMs), permission, subjects, waitingMax],
  );
}

function readToDecide(sql: Sql, actor: OfficerActor, query: ApprovalQuery, nowMs: number): Promise<ProposalRow[]> {
  return select(
    sql,
    `WHERE state = 'open' AND decide_by > $1 AND permission = ANY ($2) AND proposer <> $3 AND number > $4
     ORDER BY number LIMIT $5`,
    [new Date(nowMs), [...actor.permissions], actor.officer, placeByNumber(query.after) ?? 0, query.limit + 1],
  );
}

function readProposedBy(sql: Sql, actor: OfficerActor, query: ApprovalQuery): Promise<ProposalRow[]> {
  return select(sql, 'WHERE proposer = $1 AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC LIMIT $3', [
    actor.officer,
    placeByNumber(query.after),
    query.limit + 1,
  ]);
}

function summaryOf(row: ProposalRow, nowMs: number): ApprovalSummary {
  const { id, act, variant, subject, proposer, performed } = row;
  return {
    id,
    act,
    variant,
    subject,
    proposer,
    performed,
    state: approvalState(row, nowMs),
    proposedAt: instantText(row.proposedAtMs),
    decideBy: instantText(row.decideByMs),
  };
}

async function select(sql: Sql, where: string, values: readonly unknown[]): Promise<ProposalRow[]> {
  type Row = Omit<ProposalRow, 'proposedAtMs' | 'decideByMs'> & { proposed_at: Date; decide_by: Date };
  const rows = await sql.query<Row>(`SELECT * FROM access.proposals ${where}`, values);
  return rows.map((row) => ({ ...row, proposedAtMs: row.proposed_at.getTime(), decideByMs: row.decide_by.getTime() }));
}

/** Whoever decides, withdraws or lets it lapse holds the row: of several at once, the first settles it. */
export async function lockProposal(tx: Tx, id: string): Promise<ProposalRow | undefined> {
  return (await select(tx, 'WHERE id = $1 FOR UPDATE', [id]))[0];
}

export interface NewProposal {
  readonly id: string;
  readonly act: string;
  readonly variant?: string | undefined;
  readonly permission: Permission;
  readonly subject: string;
  readonly payload: string;
  readonly result: string | null;
  readonly performed: boolean;
  readonly actor: OfficerActor;
  readonly nowMs: number;
  readonly decideByMs: number;
}

export async function insertProposal(tx: Tx, proposal: NewProposal): Promise<void> {
  const { actor } = proposal;
  await tx.query(
    `INSERT INTO access.proposals (id, act, variant, permission, subject, payload, result, performed,
       proposer, office, permissions, purpose, proposed_at, decide_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      proposal.id,
      proposal.act,
      proposal.variant ?? null,
      proposal.permission,
      proposal.subject,
      proposal.payload,
      proposal.result,
      proposal.performed,
      actor.officer,
      actor.office,
      [...actor.permissions],
      actor.purpose,
      new Date(proposal.nowMs),
      new Date(proposal.decideByMs),
    ],
  );
}

export interface Settlement {
  readonly state: Exclude<ApprovalState, 'open'>;
  readonly by: string | null;
  readonly atMs: number;
  readonly note: string | null;
  readonly result?: string | null;
}

export async function settle(tx: Tx, id: string, { state, by, atMs, note, result }: Settlement): Promise<void> {
  await tx.query(
    `UPDATE access.proposals SET state = $2, decided_by = $3, decided_at = $4, note = $5, result = coalesce($6, result)
     WHERE id = $1`,
    [id, state, by, new Date(atMs), note, result ?? null],
  );
}

/** An officer who is shut out proposes nothing any more. What was already done still waits for its review. */
export function withdrawProposalsOf(
  tx: Tx,
  officer: string,
  nowMs: number,
): Promise<Pick<ProposalRow, 'id' | 'permission' | 'proposer' | 'state'>[]> {
  return tx.query(
    `UPDATE access.proposals SET state = 'withdrawn', decided_at = $2
     WHERE proposer = $1 AND state = 'open' AND NOT performed RETURNING id, permission, proposer, state`,
    [officer, new Date(nowMs)],
  );
}
