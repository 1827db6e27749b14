import { instantText } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { Appeal, AppealState } from './contract.ts';

export interface AppealRow {
  readonly id: string;
  readonly act_kind: string;
  readonly act_id: string;
  readonly subject: string;
  readonly book: string;
  readonly appellant: string;
  readonly grounds: string;
  readonly lodged_by: string;
  readonly lodged_at: Date;
  readonly decide_by: Date;
  readonly warned_at: Date | null;
  readonly state: AppealState;
  readonly releases: boolean | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly decision_grounds: string | null;
}

/** False if another appeal against the same act is open. */
export async function insertAppeal(
  tx: Tx,
  row: Pick<
    AppealRow,
    | 'id'
    | 'act_kind'
    | 'act_id'
    | 'subject'
    | 'book'
    | 'appellant'
    | 'grounds'
    | 'lodged_by'
    | 'lodged_at'
    | 'decide_by'
  >,
): Promise<boolean> {
  const inserted = await tx.query(
    `INSERT INTO redress.appeals (id, act_kind, act_id, subject, book, appellant, grounds, lodged_by, lodged_at, decide_by, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'lodged')
     ON CONFLICT (act_kind, act_id) WHERE state = 'lodged' DO NOTHING RETURNING 1`,
    [
      row.id,
      row.act_kind,
      row.act_id,
      row.subject,
      row.book,
      row.appellant,
      row.grounds,
      row.lodged_by,
      row.lodged_at,
      row.decide_by,
    ],
  );
  return inserted.length === 1;
}

export async function readAppeal(sql: Sql, id: string): Promise<AppealRow | undefined> {
  const [row] = await sql.query<AppealRow>('SELECT * FROM redress.appeals WHERE id = $1', [id]);
  return row;
}

export async function lockAppeal(tx: Tx, id: string): Promise<AppealRow | undefined> {
  const [row] = await tx.query<AppealRow>('SELECT * FROM redress.appeals WHERE id = $1 FOR UPDATE', [id]);
  return row;
}

export async function closeAppeal(
  tx: Tx,
  id: string,
  end: { state: AppealState; releases: boolean | null; by: string; at: Date; grounds: string },
): Promise<void> {
  await tx.query(
    `UPDATE redress.appeals SET state = $2, releases = $3, decided_by = $4, decided_at = $5, decision_grounds = $6 WHERE id = $1`,
    [id, end.state, end.releases, end.by, end.at, end.grounds],
  );
}

export async function markWarned(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query('UPDATE redress.appeals SET warned_at = $2 WHERE id = $1', [id, at]);
}

export function listAppeals(
  sql: Sql,
  state: AppealState,
  after: { decideBy: Date; id: string } | undefined,
  limit: number,
): Promise<AppealRow[]> {
  return sql.query<AppealRow>(
    `SELECT * FROM redress.appeals WHERE state = $1 AND ($2::timestamptz IS NULL OR (decide_by, id) > ($2, $3::uuid))
     ORDER BY decide_by, id LIMIT $4`,
    [state, after?.decideBy ?? null, after?.id ?? null, limit],
  );
}

/** The appeals against some acts of one kind, newest first. */
export function appealsAgainst(sql: Sql, kind: string, ids: readonly string[]): Promise<AppealRow[]> {
  return sql.query<AppealRow>(
    'SELECT * FROM redress.appeals WHERE act_kind = $1 AND act_id = ANY ($2) ORDER BY lodged_at DESC LIMIT 500',
    [kind, ids],
  );
}

export function appealOf(row: AppealRow): Appeal {
  return {
    id: row.id,
    act: { kind: row.act_kind, id: row.act_id },
    subject: row.subject,
    appellant: row.appellant,
    grounds: row.grounds,
    lodgedBy: row.lodged_by,
    lodgedAt: instantText(row.lodged_at.getTime()),
    decideBy: instantText(row.decide_by.getTime()),
    ...(row.warned_at && { warnedAt: instantText(row.warned_at.getTime()) }),
    state: row.state,
    ...(row.releases !== null && { releases: row.releases }),
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at && { decidedAt: instantText(row.decided_at.getTime()) }),
    ...(row.decision_grounds !== null && { decisionGrounds: row.decision_grounds }),
  };
}
