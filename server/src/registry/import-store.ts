import { instantText } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { ImportReport, ImportTerms } from './contract.ts';

export interface ImportRow {
  readonly id: string;
  readonly source: string;
  readonly terms: string;
  readonly state: 'open' | 'finished' | 'undone';
  readonly started_by: string;
  readonly office: string;
  readonly approved_by: string | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly items: number;
  readonly digest: string;
  readonly taken: number;
  readonly known: number;
  readonly refused: number;
}

export const termsOf = (row: ImportRow): ImportTerms => JSON.parse(row.terms) as ImportTerms;

/** Opens an import, anew if an earlier one with the same terms was finished or undone; an open one goes on. */
export async function openImport(
  tx: Tx,
  row: Pick<ImportRow, 'id' | 'source' | 'terms' | 'started_by' | 'office' | 'approved_by' | 'started_at'>,
): Promise<ImportRow> {
  const [opened] = await tx.query<ImportRow>(
    `INSERT INTO registry.imports (id, source, terms, state, started_by, office, approved_by, started_at)
     VALUES ($1, $2, $3, 'open', $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET state = 'open', started_by = $4, approved_by = $6, started_at = $7, finished_at = NULL,
       items = 0, digest = '', taken = 0, known = 0, refused = 0
     RETURNING *`,
    [row.id, row.source, row.terms, row.started_by, row.office, row.approved_by, row.started_at],
  );
  return opened!;
}

export async function readImport(sql: Sql, id: string): Promise<ImportRow | undefined> {
  const [row] = await sql.query<ImportRow>('SELECT * FROM registry.imports WHERE id = $1', [id]);
  return row;
}

export async function lockImport(tx: Tx, id: string): Promise<ImportRow | undefined> {
  const [row] = await tx.query<ImportRow>('SELECT * FROM registry.imports WHERE id = $1 FOR UPDATE', [id]);
  return row;
}

export async function advanceImport(
  tx: Tx,
  id: string,
  by: { items: number; digest: string; taken: number; known: number; refused: number },
): Promise<void> {
  await tx.query(
    `UPDATE registry.imports SET items = items + $2, digest = $3, taken = taken + $4, known = known + $5, refused = refused + $6
     WHERE id = $1`,
    [id, by.items, by.digest, by.taken, by.known, by.refused],
  );
}

/** Forgets how far an open import was: its client came with another file. What was taken stays taken. */
export async function rewindImport(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `UPDATE registry.imports SET items = 0, digest = '', taken = 0, known = 0, refused = 0 WHERE id = $1`,
    [id],
  );
}

export async function closeImport(tx: Tx, id: string, state: 'finished' | 'undone', at: Date): Promise<void> {
  await tx.query('UPDATE registry.imports SET state = $2, finished_at = $3 WHERE id = $1', [id, state, at]);
}

export function listImports(
  sql: Sql,
  after: { at: string; id: string } | undefined,
  limit: number,
): Promise<ImportRow[]> {
  return sql.query<ImportRow>(
    `SELECT * FROM registry.imports WHERE $1::timestamptz IS NULL OR (started_at, id) < ($1, $2::uuid)
     ORDER BY started_at DESC, id DESC LIMIT $3`,
    [after?.at ?? null, after?.id ?? null, limit],
  );
}

export function reportOf(row: ImportRow): ImportReport {
  return {
    id: row.id,
    state: row.state,
    source: row.source,
    items: row.items,
    digest: row.digest,
    taken: row.taken,
    known: row.known,
    refused: row.refused,
    startedAt: instantText(row.started_at.getTime()),
    ...(row.finished_at && { finishedAt: instantText(row.finished_at.getTime()) }),
  };
}
