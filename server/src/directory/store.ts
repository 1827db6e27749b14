import type { OpenedRecord, SignedRecord } from '@bronze-drum/protocol/directory';
import type { Sql, Tx } from '../platform/db.ts';

export type Direction = 'in' | 'out' | 'both';

export interface Pause {
  readonly party: string;
  readonly direction: Direction;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
}

export type Isolation = Pick<Pause, 'reason' | 'by' | 'atMs'>;

export interface StoredRecord extends SignedRecord {
  readonly id: string;
  readonly receivedMs: number;
}

export async function readRecords(sql: Sql): Promise<StoredRecord[]> {
  const records = await sql.query<{ id: string; bytes: string; received_at: Date }>(
    'SELECT id, bytes, received_at FROM directory.records ORDER BY id',
  );
  const signatures = await sql.query<{ record: string; party: string; public_key: string; signature: string }>(
    'SELECT record, party, public_key, signature FROM directory.signatures ORDER BY record, party, public_key',
  );
  const byRecord = Map.groupBy(signatures, ({ record }) => record);
  return records.map(({ id, bytes, received_at }) => ({
    id,
    bytes,
    receivedMs: received_at.getTime(),
    signatures: (byRecord.get(id) ?? []).map(({ party, public_key: key, signature }) => ({ party, key, signature })),
  }));
}

/** Keeps records, and whatever signatures of theirs are not kept yet. */
export async function saveRecords(tx: Tx, records: readonly OpenedRecord[], atMs: number): Promise<void> {
  await tx.query(
    `INSERT INTO directory.records (id, bytes, received_at)
     SELECT id, bytes, $3 FROM unnest($1::text[], $2::text[]) AS row (id, bytes) ON CONFLICT DO NOTHING`,
    [records.map(({ id }) => id), records.map(({ bytes }) => bytes), new Date(atMs)],
  );
  const signatures = records.flatMap(({ id, signatures }) => signatures.map((each) => ({ record: id, ...each })));
  await tx.query(
    `INSERT INTO directory.signatures (record, party, public_key, signature)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
    [
      signatures.map(({ record }) => record),
      signatures.map(({ party }) => party),
      signatures.map(({ key }) => key),
      signatures.map(({ signature }) => signature),
    ],
  );
}

export async function readAnchor(sql: Sql): Promise<string | undefined> {
  const [row] = await sql.query<{ record: string }>('SELECT record FROM directory.anchor');
  return row?.record;
}

export async function saveAnchor(tx: Tx, record: string): Promise<void> {
  await tx.query('INSERT INTO directory.anchor (record) VALUES ($1)', [record]);
}

/** Forgets a founding that never came into force, and with it everything: nothing else can be here yet. */
export async function dropDraft(tx: Tx): Promise<void> {
  await tx.query('DELETE FROM directory.anchor');
  await tx.query('DELETE FROM directory.records');
}

export async function readPauses(sql: Sql): Promise<Pause[]> {
  const rows = await sql.query<{
    party: string;
    direction: Direction;
    reason: string;
    paused_by: string;
    paused_at: Date;
  }>('SELECT party, direction, reason, paused_by, paused_at FROM directory.pauses');
  return rows.map(({ paused_by: by, paused_at, ...row }) => ({ ...row, by, atMs: paused_at.getTime() }));
}

export async function savePause(tx: Tx, { party, direction, reason, by, atMs }: Pause): Promise<void> {
  await tx.query(
    `INSERT INTO directory.pauses (party, direction, reason, paused_by, paused_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (party) DO UPDATE SET direction = excluded.direction, reason = excluded.reason,
       paused_by = excluded.paused_by, paused_at = excluded.paused_at`,
    [party, direction, reason, by, new Date(atMs)],
  );
}

export async function deletePause(tx: Tx, party: string): Promise<void> {
  await tx.query('DELETE FROM directory.pauses WHERE party = $1', [party]);
}

export async function readIsolation(sql: Sql): Promise<Isolation | null> {
  const [row] = await sql.query<{ reason: string; isolated_by: string; isolated_at: Date }>(
    'SELECT reason, isolated_by, isolated_at FROM directory.isolation',
  );
  return row === undefined ? null : { reason: row.reason, by: row.isolated_by, atMs: row.isolated_at.getTime() };
}

/** Null ends it. */
export async function saveIsolation(tx: Tx, isolation: Isolation | null): Promise<void> {
  await tx.query('DELETE FROM directory.isolation');
  if (isolation === null) return;
  await tx.query('INSERT INTO directory.isolation (reason, isolated_by, isolated_at) VALUES ($1, $2, $3)', [
    isolation.reason,
    isolation.by,
    new Date(isolation.atMs),
  ]);
}

export interface Act {
  readonly act: string;
  readonly subject: string;
  readonly reason?: string;
}

/** Writes down who did what. */
export async function recordAct(tx: Tx, by: string, atMs: number, { act, subject, reason }: Act): Promise<void> {
  await tx.query('INSERT INTO directory.acts (at, actor, act, subject, reason) VALUES ($1, $2, $3, $4, $5)', [
    new Date(atMs),
    by,
    act,
    subject,
    reason ?? null,
  ]);
}
