import type { Sql, Tx } from '../platform/db.ts';

export interface ShiftRow {
  readonly id: string;
  readonly officer: string;
  readonly from_at: Date;
  readonly until_at: Date;
  /** How the officer is reached: it stays at home. */
  readonly reach: string;
  readonly handed_over: boolean;
}

export interface Desk {
  readonly name: string;
  readonly deputy: string | null;
  readonly head: string | null;
}

export async function insertShift(tx: Tx, shift: Omit<ShiftRow, 'handed_over'>): Promise<void> {
  await tx.query('INSERT INTO liaison.shifts (id, officer, from_at, until_at, reach) VALUES ($1, $2, $3, $4, $5)', [
    shift.id,
    shift.officer,
    shift.from_at,
    shift.until_at,
    shift.reach,
  ]);
}

export async function readShift(sql: Sql, id: string): Promise<ShiftRow | undefined> {
  const [row] = await sql.query<ShiftRow>('SELECT * FROM liaison.shifts WHERE id = $1', [id]);
  return row;
}

export async function removeShift(tx: Tx, id: string): Promise<boolean> {
  return (await tx.query('DELETE FROM liaison.shifts WHERE id = $1 RETURNING 1', [id])).length === 1;
}

export async function markHandedOver(tx: Tx, officer: string, at: Date): Promise<void> {
  await tx.query(
    'UPDATE liaison.shifts SET handed_over = true WHERE officer = $1 AND from_at <= $2 AND until_at > $2',
    [officer, at],
  );
}

/** Shifts that touch a time, soonest first. */
export function readShifts(
  sql: Sql,
  asked: { from: Date; until: Date; after: { at: Date; id: string } | null; limit: number },
): Promise<ShiftRow[]> {
  return sql.query<ShiftRow>(
    `SELECT * FROM liaison.shifts WHERE from_at < $2 AND until_at > $1
       AND ($3::timestamptz IS NULL OR (until_at, id) > ($3, $4::uuid))
     ORDER BY until_at, id LIMIT $5`,
    [asked.from, asked.until, asked.after?.at ?? null, asked.after?.id ?? null, asked.limit],
  );
}

/** Who is on duty at an instant and has not handed over: whoever stays longest first. */
export function readOnDuty(sql: Sql, atMs: number): Promise<ShiftRow[]> {
  return sql.query<ShiftRow>(
    `SELECT * FROM liaison.shifts WHERE from_at <= $1 AND until_at > $1 AND NOT handed_over
     ORDER BY until_at DESC, id LIMIT 100`,
    [new Date(atMs)],
  );
}

export async function readDesk(sql: Sql): Promise<Desk> {
  const [row] = await sql.query<Desk>('SELECT name, deputy, head FROM liaison.desk');
  return row ?? { name: 'liaison', deputy: null, head: null };
}

export async function writeDesk(tx: Tx, { name, deputy, head }: Desk): Promise<void> {
  await tx.query(
    `INSERT INTO liaison.desk (id, name, deputy, head) VALUES (true, $1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, deputy = excluded.deputy, head = excluded.head`,
    [name, deputy, head],
  );
}
