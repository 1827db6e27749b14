import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import type { Sql } from '../platform/db.ts';
import type { KeptSummary } from './kept-summary.ts';

export interface ChangedTrace {
  readonly id: string;
  readonly change: number;
  readonly summary: KeptSummary;
}

export interface ChangedHold {
  readonly id: string;
  readonly change: number;
  readonly trace: string;
  readonly state: HoldState;
  readonly untilMs: number | null;
  readonly endedAtMs: number | null;
}

/** What is told of a table's changes. Whoever numbers them is the only one, so that numbers become visible in their order. */
export interface Changes<Row> {
  /** Numbers changes that were not told yet, and answers them in the order of their numbers. */
  number(sql: Sql, limit: number): Promise<Row[]>;
  read(sql: Sql, after: number, limit: number): Promise<Row[]>;
  newest(sql: Sql): Promise<number>;
}

interface HoldDbRow extends Omit<ChangedHold, 'untilMs' | 'endedAtMs'> {
  readonly until: Date | null;
  readonly ended_at: Date | null;
}

// A trace that was never followed has nothing to tell yet.
export const traceChanges = changesOf<ChangedTrace, ChangedTrace>(
  { table: 'funds.traces', sequence: 'funds.trace_changes', columns: 'id, change, summary' },
  'change IS NULL AND summary IS NOT NULL',
  (row) => row,
);

export const holdChanges = changesOf<HoldDbRow, ChangedHold>(
  { table: 'funds.holds', sequence: 'funds.hold_changes', columns: 'id, change, trace, state, until, ended_at' },
  'change IS NULL',
  ({ until, ended_at, ...row }) => ({
    ...row,
    untilMs: until?.getTime() ?? null,
    endedAtMs: ended_at?.getTime() ?? null,
  }),
);

function changesOf<DbRow extends { readonly change: number }, Row extends { readonly change: number }>(
  of: { readonly table: string; readonly sequence: string; readonly columns: string },
  untold: string,
  rowOf: (row: DbRow) => Row,
): Changes<Row> {
  const { table, sequence, columns } = of;
  return {
    async number(sql, limit) {
      const rows = await sql.query<DbRow>(
        `UPDATE ${table} SET change = nextval('${sequence}')
         WHERE id IN (SELECT id FROM ${table} WHERE ${untold} LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING ${columns}`,
        [limit],
      );
      return rows.sort((a, b) => a.change - b.change).map(rowOf);
    },
    async read(sql, after, limit) {
      const rows = await sql.query<DbRow>(
        `SELECT ${columns} FROM ${table} WHERE change > $1 ORDER BY change LIMIT $2`,
        [after, limit],
      );
      return rows.map(rowOf);
    },
    async newest(sql) {
      const [row] = await sql.query<{ change: number | null }>(`SELECT max(change) AS change FROM ${table}`);
      return row!.change ?? 0;
    },
  };
}
