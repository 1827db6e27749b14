import type { Sql, Tx } from '../platform/db.ts';
import type { Replay, ReplayWish } from './contract.ts';

export interface StoredReplay extends Omit<Replay, 'asked'> {
  readonly asked: Date;
}

const columns = 'id, asked, officer, wish, state, records, result';

export async function begin(
  tx: Tx,
  { id, asked, officer, wish }: { id: string; asked: Date; officer: string; wish: ReplayWish },
): Promise<void> {
  await tx.query(`INSERT INTO detection.replays (id, asked, officer, wish, state) VALUES ($1, $2, $3, $4, 'running')`, [
    id,
    asked,
    officer,
    JSON.stringify(wish),
  ]);
}

export async function moveOn(sql: Sql, id: string, records: number): Promise<void> {
  await sql.query('UPDATE detection.replays SET records = $2 WHERE id = $1', [id, records]);
}

export async function end(sql: Sql, id: string, records: number, result: Replay['result']): Promise<void> {
  await sql.query(`UPDATE detection.replays SET state = 'done', records = $2, result = $3 WHERE id = $1`, [
    id,
    records,
    JSON.stringify(result),
  ]);
}

/** What was under way when the server ended will never be done. */
export async function stopAll(sql: Sql): Promise<void> {
  await sql.query(`UPDATE detection.replays SET state = 'stopped' WHERE state = 'running'`);
}

export async function readReplay(sql: Sql, id: string): Promise<StoredReplay | undefined> {
  const [replay] = await sql.query<StoredReplay>(`SELECT ${columns} FROM detection.replays WHERE id = $1`, [id]);
  return replay;
}

/** The newest first. */
export function readReplays(sql: Sql, limit: number): Promise<StoredReplay[]> {
  return sql.query<StoredReplay>(`SELECT ${columns} FROM detection.replays ORDER BY asked DESC LIMIT $1`, [limit]);
}
