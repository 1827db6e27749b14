import type { Handling } from '@bronze-drum/protocol/handling';
import type { RequestKind, RequestPriority, RequestState } from '@bronze-drum/protocol/requests';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { RequestBody, RequestDeedBody } from '@bronze-drum/protocol/statements/request';
import type { Sql, Tx } from '../platform/db.ts';

/** A request as it stands here. */
export interface RequestRecord {
  readonly id: string;
  readonly asking: string;
  readonly asked: string;
  readonly book: string;
  readonly kind: RequestKind;
  readonly priority: RequestPriority;
  /** Of the newest revision that was said; 0 while it is only a draft. */
  readonly revision: number;
  /** The newest revision, or the draft while there is none. */
  readonly body: RequestBody;
  readonly handling: Handling;
  readonly state: RequestState;
  readonly draft: Draft | null;
  /** Grows with each change of the draft: what was approved is what is sent. */
  readonly edition: number;
  /** The draft waits for an officer who lets it out. */
  readonly waits: boolean;
  readonly draftedBy: string | null;
  readonly approvedBy: string | null;
  readonly owner: string | null;
  readonly desk: string | null;
  readonly openedMs: number;
  readonly sentMs: number | null;
  readonly receivedMs: number | null;
  readonly acknowledgedMs: number | null;
  readonly answeredMs: number | null;
  readonly acknowledgeByMs: number | null;
  readonly actByMs: number | null;
  readonly change: number;
}

/** What is written and not said: its exhibits are ids of ours until it is. */
export interface Draft {
  readonly body: Omit<RequestBody, 'revision' | 'exhibits' | 'signedBy'>;
  readonly exhibits: readonly string[];
}

export interface RevisionRecord {
  readonly member: string;
  readonly revision: number;
  readonly atMs: number;
  readonly author: Author;
  readonly handling: Handling;
  readonly body: RequestBody;
}
export interface DeedRecord {
  readonly member: string;
  readonly atMs: number;
  readonly author: Author;
  readonly body: RequestDeedBody;
}

type Stamp = Date | null;
interface RequestRow {
  id: string;
  asking: string;
  asked: string;
  book: string;
  kind: RequestKind;
  priority: RequestPriority;
  revision: number;
  body: string;
  handling: string;
  state: RequestState;
  draft: string | null;
  edition: number;
  waits: boolean;
  drafted_by: string | null;
  approved_by: string | null;
  owner: string | null;
  desk: string | null;
  opened_at: Date;
  sent_at: Stamp;
  received_at: Stamp;
  acknowledged_at: Stamp;
  answered_at: Stamp;
  acknowledge_by: Stamp;
  act_by: Stamp;
  change: number;
}

const msOf = (at: Stamp): number | null => at?.getTime() ?? null;
const atOf = (ms: number | null): Stamp => (ms === null ? null : new Date(ms));

const recordOf = (row: RequestRow): RequestRecord => ({
  id: row.id,
  asking: row.asking,
  asked: row.asked,
  book: row.book,
  kind: row.kind,
  priority: row.priority,
  revision: row.revision,
  body: JSON.parse(row.body) as RequestBody,
  handling: JSON.parse(row.handling) as Handling,
  state: row.state,
  draft: row.draft === null ? null : (JSON.parse(row.draft) as Draft),
  edition: row.edition,
  waits: row.waits,
  draftedBy: row.drafted_by,
  approvedBy: row.approved_by,
  owner: row.owner,
  desk: row.desk,
  openedMs: row.opened_at.getTime(),
  sentMs: msOf(row.sent_at),
  receivedMs: msOf(row.received_at),
  acknowledgedMs: msOf(row.acknowledged_at),
  answeredMs: msOf(row.answered_at),
  acknowledgeByMs: msOf(row.acknowledge_by),
  actByMs: msOf(row.act_by),
  change: row.change,
});

/** Any 64-bit number that no other lock of the database uses. */
const changesLock = 0x6c6961;

/** Whoever changes requests waits for its turn, so that the numbers of changes appear in their order. */
export async function lockChanges(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [changesLock]);
}

/** A request, with the lock of changes held from now on. */
export async function lockRequest(tx: Tx, id: string): Promise<RequestRecord | undefined> {
  await lockChanges(tx);
  return readRequest(tx, id);
}

export async function readRequest(sql: Sql, id: string): Promise<RequestRecord | undefined> {
  const [row] = await sql.query<RequestRow>('SELECT * FROM liaison.requests WHERE id = $1', [id]);
  return row && recordOf(row);
}

/** Writes a request under a new number of change, which it returns with it. The lock of changes is held. */
export async function putRequest(tx: Tx, record: Omit<RequestRecord, 'change'>): Promise<RequestRecord> {
  const [row] = await tx.query<{ change: number }>(
    `INSERT INTO liaison.requests (id, asking, asked, book, kind, priority, revision, body, handling, state, draft, edition,
       waits, drafted_by, approved_by, owner, desk, opened_at, sent_at, received_at, acknowledged_at, answered_at,
       acknowledge_by, act_by, change)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
       nextval('liaison.changes'))
     ON CONFLICT (id) DO UPDATE SET priority = excluded.priority, revision = excluded.revision, body = excluded.body,
       kind = excluded.kind, asked = excluded.asked, book = excluded.book,
       handling = excluded.handling, state = excluded.state, draft = excluded.draft, edition = excluded.edition,
       waits = excluded.waits, drafted_by = excluded.drafted_by, approved_by = excluded.approved_by,
       owner = excluded.owner, desk = excluded.desk, sent_at = excluded.sent_at, received_at = excluded.received_at,
       acknowledged_at = excluded.acknowledged_at, answered_at = excluded.answered_at,
       acknowledge_by = excluded.acknowledge_by, act_by = excluded.act_by, change = excluded.change
     RETURNING change`,
    [
      record.id,
      record.asking,
      record.asked,
      record.book,
      record.kind,
      record.priority,
      record.revision,
      JSON.stringify(record.body),
      JSON.stringify(record.handling),
      record.state,
      record.draft === null ? null : JSON.stringify(record.draft),
      record.edition,
      record.waits,
      record.draftedBy,
      record.approvedBy,
      record.owner,
      record.desk,
      atOf(record.openedMs),
      atOf(record.sentMs),
      atOf(record.receivedMs),
      atOf(record.acknowledgedMs),
      atOf(record.answeredMs),
      atOf(record.acknowledgeByMs),
      atOf(record.actByMs),
    ],
  );
  return { ...record, change: row!.change };
}

export async function newestChange(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ newest: number | null }>('SELECT max(change) AS newest FROM liaison.requests');
  return row!.newest ?? 0;
}

export async function readChanges(sql: Sql, after: number, limit: number): Promise<RequestRecord[]> {
  const rows = await sql.query<RequestRow>(
    'SELECT * FROM liaison.requests WHERE change > $1 ORDER BY change LIMIT $2',
    [after, limit],
  );
  return rows.map(recordOf);
}

/** Where a request stands in its life: written and not said, awaited, or over. */
export const standings = {
  draft: `state IN ('drafted', 'approved')`,
  open: `state IN ('sent', 'received', 'acknowledged', 'in-work', 'partly-answered')`,
  closed: `state IN ('answered', 'refused', 'withdrawn')`,
} as const;

export interface Asked {
  readonly self: string;
  readonly direction?: 'in' | 'out' | undefined;
  readonly standing?: keyof typeof standings | undefined;
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly priority?: string | undefined;
  readonly member?: string | undefined;
  readonly owner?: string | undefined;
  /** Only those whose draft an officer must let out. */
  readonly waits: boolean;
  /** Only those that are late at this instant. */
  readonly overdueAt?: Date | undefined;
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** The newest first. Conditions stand in the text where an index holds only what meets them. */
export async function listRequests(sql: Sql, asked: Asked): Promise<RequestRecord[]> {
  const { self, direction, standing, state, kind, priority, member, owner, waits, overdueAt, after, limit } = asked;
  const values: unknown[] = [];
  const given = (value: unknown, condition: (place: string) => string): string[] =>
    value === undefined ? [] : [condition(`$${values.push(value)}`)];
  const conditions = [
    'true',
    ...given(direction && self, (place) => `${direction === 'out' ? 'asking' : 'asked'} = ${place}`),
    ...(standing === undefined ? [] : [standings[standing]]),
    ...given(state, (place) => `state = ${place}`),
    ...given(kind, (place) => `kind = ${place}`),
    ...given(priority, (place) => `priority = ${place}`),
    ...given(member, (place) => `(asking = ${place} OR asked = ${place})`),
    ...given(owner, (place) => `owner = ${place}`),
    ...(waits ? ['waits'] : []),
    ...given(
      overdueAt,
      (place) => `${standings.open} AND ((acknowledge_by <= ${place} AND acknowledged_at IS NULL)
        OR (act_by <= ${place} AND answered_at IS NULL))`,
    ),
    ...given(after?.at, (place) => `(opened_at, id) < (${place}, $${values.push(after?.id)}::uuid)`),
  ];
  const rows = await sql.query<RequestRow>(
    `SELECT * FROM liaison.requests WHERE ${conditions.join(' AND ')}
     ORDER BY opened_at DESC, id DESC LIMIT ${Math.trunc(limit)}`,
    values,
  );
  return rows.map(recordOf);
}

/** What one officer has in hand, in the order in which it came. */
export async function readOwned(sql: Sql, owner: string, states: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    'SELECT id FROM liaison.requests WHERE owner = $1 AND state = ANY ($2) ORDER BY opened_at, id LIMIT 1000',
    [owner, states],
  );
  return rows.map(({ id }) => id);
}

/** What is open and in nobody’s hands, in the order in which it came; of ours, only what somebody had. */
export async function readUnowned(sql: Sql, states: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM liaison.requests WHERE owner IS NULL AND state = ANY ($1)
       AND (received_at IS NOT NULL OR drafted_by IS NOT NULL) ORDER BY opened_at, id LIMIT 1000`,
    [states],
  );
  return rows.map(({ id }) => id);
}

export interface Move {
  readonly at: Date;
  readonly actor: string;
  readonly from_officer: string | null;
  readonly to_officer: string | null;
  readonly desk: string | null;
  readonly note: string | null;
}

export async function insertMove(tx: Tx, request: string, move: Move): Promise<void> {
  await tx.query(
    `INSERT INTO liaison.moves (request, at, actor, from_officer, to_officer, desk, note)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [request, move.at, move.actor, move.from_officer, move.to_officer, move.desk, move.note],
  );
}

export function readMoves(sql: Sql, request: string): Promise<Move[]> {
  return sql.query<Move>(
    `SELECT at, actor, from_officer, to_officer, desk, note FROM liaison.moves WHERE request = $1 ORDER BY number DESC
     LIMIT 200`,
    [request],
  );
}

export interface Link {
  readonly kind: 'alert' | 'trace' | 'case';
  readonly id: string;
}

/** Returns those that were not there yet. */
export function addLinks(tx: Tx, request: string, links: readonly Link[]): Promise<Link[]> {
  return tx.query<Link>(
    `INSERT INTO liaison.links (request, kind, id) SELECT $1, * FROM unnest($2::text[], $3::uuid[])
     ON CONFLICT DO NOTHING RETURNING kind, id`,
    [request, links.map(({ kind }) => kind), links.map(({ id }) => id)],
  );
}

export function readLinks(sql: Sql, request: string): Promise<Link[]> {
  return sql.query<Link>('SELECT kind, id FROM liaison.links WHERE request = $1 ORDER BY kind, id LIMIT 200', [
    request,
  ]);
}
