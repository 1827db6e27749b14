import type { Sql, Tx } from '../platform/db.ts';
import type { ExportQuery } from './contract.ts';

export interface ExportRow {
  readonly id: string;
  readonly listing: string | null;
  readonly subject: string;
  readonly discreet: boolean;
  readonly book: string;
  readonly state: 'proposed' | 'approved' | 'rejected' | 'lapsed' | 'withdrawn' | 'withheld';
  readonly why: string | null;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly decide_by: Date | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
}

export async function insertExport(sql: Sql, row: Omit<ExportRow, 'decided_by' | 'decided_at'>): Promise<void> {
  await sql.query(
    `INSERT INTO registry.exports (id, listing, subject, discreet, book, state, why, proposed_by, proposed_at, decide_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      row.id,
      row.listing,
      row.subject,
      row.discreet,
      row.book,
      row.state,
      row.why,
      row.proposed_by,
      row.proposed_at,
      row.decide_by,
    ],
  );
}

export async function settleExport(
  tx: Tx,
  id: string,
  settled: { state: ExportRow['state']; by: string | null; at: Date },
): Promise<void> {
  await tx.query(
    `UPDATE registry.exports SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1 AND state = 'proposed'`,
    [id, settled.state, settled.by, settled.at],
  );
}

export function readExports(
  sql: Sql,
  query: Pick<ExportQuery, 'state'> & { discreet: boolean; limit: number },
  after: { at: string; id: string } | undefined,
): Promise<ExportRow[]> {
  return sql.query<ExportRow>(
    `SELECT * FROM registry.exports
     WHERE ($1::text IS NULL OR state = $1) AND ($2 OR NOT discreet)
       AND ($3::timestamptz IS NULL OR (proposed_at, id) < ($3, $4::uuid))
     ORDER BY proposed_at DESC, id DESC LIMIT $5`,
    [query.state ?? null, query.discreet, after?.at ?? null, after?.id ?? null, query.limit],
  );
}

/** Forgets exports that were proposed before an instant: their subjects are personal data like the listings'. */
export async function forgetExports(tx: Tx, before: Date): Promise<void> {
  await tx.query('DELETE FROM registry.exports WHERE proposed_at < $1', [before]);
}
