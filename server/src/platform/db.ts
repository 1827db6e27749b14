import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Outage } from '../kernel/refusals.ts';

// 64-bit numbers arrive as JavaScript numbers: every count and sequence here stays below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

type Row = Record<string, unknown>;

/** Something that answers SQL: the pool, or one transaction. Parameters are `$1`, `$2`, …; rows are plain objects. */
export interface Sql {
  query<R extends object = Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/** One transaction. It commits when the work given to `Db.tx` resolves, and rolls back when it throws. */
export interface Tx extends Sql {
  /** Called, and awaited, once the transaction is durable; not called when it rolls back. */
  afterCommit(then: () => Promise<void> | void): void;
  /** Called when the transaction did not commit. */
  afterRollback(then: () => void): void;
  /** COPY … FROM STDIN in text format. Nothing of it stands if a row is refused. */
  copyIn(table: string, columns: readonly string[], lines: Iterable<string | Uint8Array>): Promise<void>;
}

export interface Db extends Sql {
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A read that sees one instant of the database throughout, in batches; for exports and rebuilds. */
  stream<R extends object>(text: string, values: readonly unknown[], batchRows: number): AsyncIterable<R[]>;
  /** A connection of the caller's own, for locks that live as long as a session; released by `close`. */
  session(): Promise<Session>;
  close(): Promise<void>;
}

export interface Session extends Sql {
  /** Settles when the connection is lost, however that comes about. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

export type DbAddress =
  | { readonly url: string }
  | { host: string; port: number; user: string; password: string; database: string };

export interface DbOptions {
  readonly address: DbAddress;
  readonly connectionsMax: number;
  readonly onError: (error: Error) => void;
}

/** PostgreSQL's own classes for "not now": connection trouble, shutting down, too many, serialization, deadlock. */
const outageClasses = /^(08|53|57P|40001|40P01)/;
const outageErrnos = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);

function asOutage(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = (error as { code?: string }).code ?? '';
  const lost = /terminat|timeout exceeded|Connection (ended|closed)|not queryable/i.test(error.message) && code === '';
  if (!outageClasses.test(code) && !outageErrnos.has(code) && !lost) return error;
  return new Outage('the database does not answer', 2, { cause: error });
}

const names = new Map<string, string>();

/** A name for a statement, by which each connection plans it once. Texts are few: they are written in the stores. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `q${names.size}`;
  names.set(text, name);
  return name;
}

async function ask<R extends object>(
  client: pg.Pool | pg.ClientBase,
  text: string,
  values?: readonly unknown[],
): Promise<R[]> {
  try {
    const result = await (values === undefined
      ? client.query(text)
      : client.query({ text, values: values as unknown[], name: nameOf(text) }));
    return result.rows as R[];
  } catch (error) {
    throw asOutage(error);
  }
}

export function openDb(options: DbOptions): Db {
  const { address } = options;
  const connection = 'url' in address ? { connectionString: address.url } : address;
  const pool = new pg.Pool({
    ...connection,
    max: options.connectionsMax,
    connectionTimeoutMillis: 10_000,
    application_name: 'bronze-drum',
  });
  pool.on('error', options.onError);
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw asOutage(error);
    }
  };
  return {
    query: (text, values) => ask(pool, text, values),
    tx: (work) => inTransaction(connect, work),
    stream: (text, values, batchRows) => streamRows(connect, text, values, batchRows),
    session: () => openSession(connection, options.onError),
    close: () => pool.end(),
  };
}

async function inTransaction<T>(connect: () => Promise<pg.PoolClient>, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await connect();
  const committed: (() => Promise<void> | void)[] = [];
  const rolledBack: (() => void)[] = [];
  // A connection lost while this transaction has nothing under way must not end the process.
  const onError = () => undefined;
  client.on('error', onError);
  let broken: Error | undefined;
  let value: T;
  try {
    await ask(client, 'BEGIN');
    value = await work({
      query: (text, values) => ask(client, text, values),
      afterCommit: (hook) => void committed.push(hook),
      afterRollback: (hook) => void rolledBack.push(hook),
      copyIn: (table, columns, lines) => copyIn(client, table, columns, lines),
    });
    await ask(client, 'COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    for (const hook of rolledBack) hook();
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
  for (const hook of committed) await hook();
  return value;
}

async function copyIn(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  lines: Iterable<string | Uint8Array>,
): Promise<void> {
  const stream = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  const done = finished(stream);
  done.catch(() => undefined);
  let chunk = '';
  for (const line of lines) {
    if (typeof line !== 'string') {
      if (!stream.write(line)) await Promise.race([once(stream, 'drain'), done]);
      continue;
    }
    chunk += line;
    if (chunk.length < 65_536) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done]);
    chunk = '';
  }
  stream.end(chunk);
  try {
    await done;
  } catch (error) {
    throw asOutage(error);
  }
}

async function* streamRows<R extends object>(
  connect: () => Promise<pg.PoolClient>,
  text: string,
  values: readonly unknown[],
  batchRows: number,
): AsyncGenerator<R[]> {
  const client = await connect();
  let broken: Error | undefined;
  try {
    await ask(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await ask(client, `DECLARE rows NO SCROLL CURSOR FOR ${text}`, values);
    for (;;) {
      const rows = await ask<R>(client, `FETCH ${batchRows} FROM rows`);
      if (rows.length > 0) yield rows;
      if (rows.length < batchRows) break;
    }
  } finally {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    client.release(broken);
  }
}

async function openSession(connection: pg.ClientConfig, onError: (error: Error) => void): Promise<Session> {
  const client = new pg.Client({ ...connection, application_name: 'bronze-drum session', keepAlive: true });
  const lost = new Promise<void>((resolve) => {
    client.on('error', (error) => {
      onError(error);
      resolve();
    });
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
  } catch (error) {
    throw asOutage(error);
  }
  return { query: (text, values) => ask(client, text, values), lost, close: () => client.end() };
}

const needsEscape = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text value in COPY's text format; null is `\N`. */
export function copyText(value: string | null): string {
  if (value === null) return '\\N';
  return needsEscape.test(value) ? value.replace(/[\\\n\r\t]/g, (character) => escapes[character]!) : value;
}

/** A bytea value in COPY's text format. */
export function copyBytes(value: Uint8Array): string {
  return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
}
