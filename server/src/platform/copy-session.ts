import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Readable, Writable } from 'node:stream';
import { Outage } from '../kernel/refusals.ts';
import type { DbAddress, Sql } from './db.ts';

// What a database or a role may be set to otherwise: texts would be ambiguous, or a long read would be ended.
const settings = `SET datestyle TO 'ISO, YMD'; SET intervalstyle TO postgres; SET extra_float_digits TO 1;
  SET timezone TO UTC; SET client_encoding TO UTF8; SET statement_timeout TO 0; SET lock_timeout TO 0;
  SET idle_in_transaction_session_timeout TO 0`;

/** One connection that can stream whole tables in COPY's text format. */
export interface CopySession extends Sql {
  /** Runs COPY … TO STDOUT; `rowCount` is right once the stream has ended. */
  copyOut(text: string): Readable & { readonly rowCount: number };
  /** Runs COPY … FROM STDIN; `rowCount` is right once the stream has finished. */
  copyIn(text: string): Writable & { readonly rowCount: number };
  close(): Promise<void>;
}

export async function openCopySession(address: DbAddress): Promise<CopySession> {
  const connection = 'url' in address ? { connectionString: address.url } : address;
  const client = new pg.Client({ ...connection, application_name: 'bronze-drum backup', keepAlive: true });
  // Whoever waits for an answer hears of a lost connection; between two answers nobody needs to.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(settings);
  } catch (error) {
    throw new Outage('the database does not answer', 2, { cause: error });
  }
  return {
    query: async <R extends object>(text: string, values?: readonly unknown[]) =>
      (await client.query(text, values as unknown[])).rows as R[],
    copyOut: (text) => client.query(copyTo(text)),
    copyIn: (text) => client.query(copyFrom(text)),
    close: () => client.end(),
  };
}

export const quoted = (name: string): string => pg.escapeIdentifier(name);
