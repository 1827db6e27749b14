import type { FreeText } from '@bronze-drum/protocol/languages';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import { instantText } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { NewReport, Report, ReportChannel, ReportedPayment } from './contract.ts';

export interface ReportRow {
  readonly id: string;
  readonly sender: string;
  readonly reference: string | null;
  readonly channel: ReportChannel;
  readonly at: Date;
  readonly received_at: Date;
  readonly typology: Typology;
  readonly debit_confirmed: boolean;
  readonly payments: readonly ReportedPayment[];
  readonly contacts: readonly string[];
  readonly story: FreeText | null;
  readonly victim: NewReport['victim'] | null;
  readonly exhibits: readonly string[];
  readonly state: 'opened' | 'joined';
  readonly alert: string | null;
}

const columns =
  'id, sender, reference, channel, at, received_at, typology, debit_confirmed, payments, contacts, story, victim, exhibits, state, alert';

/** Two who report the same payment at the same moment are heard one after the other. */
export async function lockReports(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('funds.reports', 0))`);
}

export async function insertReport(tx: Tx, row: ReportRow): Promise<void> {
  await tx.query(
    `INSERT INTO funds.reports (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      row.id,
      row.sender,
      row.reference,
      row.channel,
      row.at,
      row.received_at,
      row.typology,
      row.debit_confirmed,
      JSON.stringify(row.payments),
      row.contacts,
      row.story && JSON.stringify(row.story),
      row.victim && JSON.stringify(row.victim),
      row.exhibits,
      row.state,
      row.alert,
    ],
  );
}

export async function joinReport(tx: Tx, report: string, traces: readonly string[]): Promise<void> {
  await tx.query(
    'INSERT INTO funds.trace_reports (trace, report) SELECT trace, $1 FROM unnest($2::uuid[]) AS one (trace)',
    [report, traces],
  );
}

export async function findReport(
  sql: Sql,
  sender: string,
  reference: string,
): Promise<{ id: string; traces: string[] } | undefined> {
  const rows = await sql.query<{ id: string; traces: string[] }>(
    `SELECT id, ARRAY (SELECT trace FROM funds.trace_reports WHERE report = reports.id ORDER BY trace) AS traces
     FROM funds.reports reports WHERE sender = $1 AND reference = $2`,
    [sender, reference],
  );
  return rows[0];
}

export async function reportsOf(sql: Sql, trace: string): Promise<Report[]> {
  const rows = await sql.query<ReportRow>(
    `SELECT ${columns} FROM funds.reports WHERE id IN (SELECT report FROM funds.trace_reports WHERE trace = $1)
     ORDER BY received_at, id LIMIT 200`,
    [trace],
  );
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    reportedBy: row.sender,
    at: instantText(row.at.getTime()),
    receivedAt: instantText(row.received_at.getTime()),
    typology: row.typology,
    debitConfirmed: row.debit_confirmed,
    payments: [...row.payments],
    contacts: [...row.contacts],
    ...(row.story !== null && { story: row.story }),
    ...(row.victim != null && { victim: row.victim }),
    exhibits: [...row.exhibits],
    ...(row.alert !== null && { alert: row.alert }),
  }));
}
