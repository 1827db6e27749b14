import type { Facts, Urgency } from '@bronze-drum/detection/detector';
import type { Finding } from '@bronze-drum/detection/engine';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import { hourMs } from '../kernel/clock.ts';
import { dayOf, dayPartitionsOf } from '../platform/day-partitions.ts';
import type { Sql, Tx } from '../platform/db.ts';

/** A finding as it is kept; `number` grows in the order in which findings become visible. */
export interface StoredFinding {
  readonly number: number;
  readonly id: string;
  readonly record: number;
  readonly at: Date;
  readonly found: Date;
  readonly detector: string;
  readonly version: number;
  readonly mode: Finding['mode'];
  readonly typology: Typology;
  readonly urgency: Urgency;
  readonly subject: string;
  readonly facts: Facts;
  readonly counterparts: readonly string[];
  readonly strength: number;
  readonly institution: string;
  readonly score: Finding['score'] | null;
}

export const findingDays = dayPartitionsOf('detection.findings');

const columns = `number, id, record, at, found, detector, version, mode, typology, urgency, subject, facts, counterparts,
  strength, institution, score`;

/** Stores findings in the order given, under numbers of their own; holds the row of numbers until the commit. */
export async function addFindings(tx: Tx, findings: readonly Finding[], nowMs: number): Promise<void> {
  if (findings.length === 0) return;
  await findingDays.ensure(tx, dayOf(nowMs));
  const [row] = await tx.query<{ last: number }>(
    'UPDATE detection.finding_numbers SET last = last + $1::bigint RETURNING last',
    [findings.length],
  );
  const first = row!.last - findings.length + 1;
  const rows = findings.map((finding, index) => ({
    ...finding,
    number: first + index,
    record: finding.number,
    at: new Date(finding.atMs).toISOString(),
  }));
  await tx.query(
    `INSERT INTO detection.findings (${columns})
     SELECT number, id, record, at, $2, detector, version, mode, typology, urgency, subject, facts,
       ARRAY (SELECT jsonb_array_elements_text(counterparts)), strength, institution, score
     FROM jsonb_to_recordset($1::jsonb) AS row (number bigint, id text, record bigint, at timestamptz, detector text,
       version smallint, mode text, typology text, urgency smallint, subject text, facts jsonb, counterparts jsonb,
       strength real, institution text, score jsonb)`,
    [JSON.stringify(rows), new Date(nowMs)],
  );
}

/** After a number, oldest first. */
export function readFindingsAfter(sql: Sql, number: number, limit: number): Promise<StoredFinding[]> {
  return sql.query<StoredFinding>(
    `SELECT ${columns} FROM detection.findings WHERE number > $1 ORDER BY number LIMIT $2`,
    [number, limit],
  );
}

export interface FindingQuery {
  readonly subject: string | undefined;
  readonly detector: string | undefined;
  readonly before: number | undefined;
  readonly limit: number;
}

/** Before a number, newest first. */
export function readFindings(sql: Sql, { subject, detector, before, limit }: FindingQuery): Promise<StoredFinding[]> {
  const params: unknown[] = [limit];
  const conditions = (
    [
      ['subject =', subject],
      ['detector =', detector],
      ['number <', before],
    ] as const
  )
    .filter(([, value]) => value !== undefined)
    .map(([condition, value]) => `${condition} $${params.push(value)}`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return sql.query<StoredFinding>(
    `SELECT ${columns} FROM detection.findings ${where} ORDER BY number DESC LIMIT $1`,
    params,
  );
}

export async function readFinding(sql: Sql, id: string): Promise<StoredFinding | undefined> {
  const [finding] = await sql.query<StoredFinding>(`SELECT ${columns} FROM detection.findings WHERE id = $1 LIMIT 1`, [
    id,
  ]);
  return finding;
}

/** Adds to the counts of the hour: findings of each detector, and under an empty name the records that were looked at. */
export async function countHour(tx: Tx, nowMs: number, counts: ReadonlyMap<string, number>): Promise<void> {
  const names = [...counts.keys()].sort();
  await tx.query(
    `INSERT INTO detection.hours (hour, detector, count)
     SELECT $1, detector, count FROM unnest($2::text[], $3::bigint[]) AS added (detector, count)
     ON CONFLICT (detector, hour) DO UPDATE SET count = detection.hours.count + excluded.count`,
    [new Date(Math.floor(nowMs / hourMs) * hourMs), names, names.map((name) => counts.get(name)!)],
  );
}

export interface Tally {
  readonly detector: string;
  readonly count: number;
}

/** How often each detector found something between two instants; under an empty name, the records. */
export function readTallies(sql: Sql, fromMs: number, toMs: number): Promise<Tally[]> {
  return sql.query<Tally>(
    `SELECT detector, sum(count)::bigint AS count FROM detection.hours WHERE hour >= $1 AND hour < $2 GROUP BY detector`,
    [new Date(fromMs), new Date(toMs)],
  );
}

export async function dropHours(tx: Tx, beforeMs: number): Promise<void> {
  await tx.query('DELETE FROM detection.hours WHERE hour < $1', [new Date(beforeMs)]);
}

export interface NewVerdict {
  readonly alert: string;
  readonly detector: string;
  /** Undefined takes back what was said. */
  readonly isRight: boolean | undefined;
}

export async function writeVerdicts(tx: Tx, verdicts: readonly NewVerdict[], nowMs: number): Promise<void> {
  const [said, unsaid] = [
    verdicts.filter(({ isRight }) => isRight !== undefined),
    verdicts.filter(({ isRight }) => isRight === undefined),
  ];
  if (unsaid.length > 0)
    await tx.query(
      `DELETE FROM detection.verdicts USING unnest($1::uuid[], $2::text[]) AS gone (alert, detector)
       WHERE verdicts.alert = gone.alert AND verdicts.detector = gone.detector`,
      [unsaid.map(({ alert }) => alert), unsaid.map(({ detector }) => detector)],
    );
  if (said.length === 0) return;
  await tx.query(
    `INSERT INTO detection.verdicts (alert, detector, is_right, at)
     SELECT alert, detector, is_right, $4 FROM unnest($1::uuid[], $2::text[], $3::boolean[]) AS said (alert, detector, is_right)
     ON CONFLICT (alert, detector) DO UPDATE SET is_right = excluded.is_right, at = excluded.at`,
    [
      said.map(({ alert }) => alert),
      said.map(({ detector }) => detector),
      said.map(({ isRight }) => isRight),
      new Date(nowMs),
    ],
  );
}

export interface Judged {
  readonly detector: string;
  readonly right: number;
  readonly wrong: number;
}

export function readJudged(sql: Sql, sinceMs: number): Promise<Judged[]> {
  return sql.query<Judged>(
    `SELECT detector, count(*) FILTER (WHERE is_right)::integer AS right, count(*) FILTER (WHERE NOT is_right)::integer AS wrong
     FROM detection.verdicts WHERE at >= $1 GROUP BY detector`,
    [new Date(sinceMs)],
  );
}
