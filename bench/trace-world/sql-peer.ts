import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDb } from '../../server/src/platform/db.ts';
import { startEmbeddedPostgres } from '../../server/src/platform/embedded-postgres.ts';
import type { WorldPayment } from './payments.ts';

export interface SqlQuestion {
  readonly to: number;
  readonly atMs: number;
  readonly untilMs: number;
  readonly hopsMax: number;
  /** Smaller payments carry nothing that would be followed. */
  readonly smallest: number;
  /** Accounts at which nothing is followed. */
  readonly stops: readonly number[];
}

export interface SqlPeer {
  /** How many payments the question's money may have gone on by. */
  ask(question: SqlQuestion): Promise<number>;
  close(): Promise<void>;
}

const batchRows = 50_000;

/** The question as a recursive query: which payments follow, no taint, and told beforehand where to stop. */
const reach = `
  WITH RECURSIVE reached (number, account, at, hop) AS (
    SELECT number, to_account, at, 2 FROM payments
      WHERE from_account = $1 AND at >= $2 AND at <= $3 AND amount >= $6
    UNION
    SELECT payment.number, payment.to_account, payment.at, reached.hop + 1
      FROM reached JOIN payments payment ON payment.from_account = reached.account
      AND payment.at >= reached.at AND payment.at <= $3 AND payment.amount >= $6
      WHERE reached.hop < $4 AND reached.account <> ALL ($5::integer[])
  ) SELECT count(DISTINCT number)::integer AS payments FROM reached`;

/** The payments in a table with an index by account and time, in a PostgreSQL of its own. */
export async function openSqlPeer(payments: Iterable<WorldPayment>): Promise<SqlPeer> {
  const folder = await mkdtemp(join(tmpdir(), 'drum-bench-'));
  const postgres = await startEmbeddedPostgres(folder, () => undefined);
  const address = { ...postgres.connection, database: 'postgres' };
  const db = openDb({ address, connectionsMax: 2, onError: () => undefined });
  const close = async (): Promise<void> => {
    await db.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await db.query(
      'CREATE TABLE payments (number integer, from_account integer, to_account integer, amount bigint, at bigint)',
    );
    for (let lines: string[] = [], all = payments[Symbol.iterator](), next = all.next(); ; next = all.next()) {
      if (next.done !== true) {
        const { number, from, to, amount, atMs } = next.value;
        lines.push(`${number}\t${from}\t${to}\t${amount}\t${atMs}\n`);
      }
      if (lines.length < batchRows && next.done !== true) continue;
      const batch = lines;
      lines = [];
      await db.tx((tx) => tx.copyIn('payments', ['number', 'from_account', 'to_account', 'amount', 'at'], batch));
      if (next.done === true) break;
    }
    await db.query('CREATE INDEX ON payments (from_account, at) INCLUDE (number, to_account, amount)');
    await db.query('VACUUM ANALYZE payments');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async ask({ to, atMs, untilMs, hopsMax, smallest, stops }) {
      const rows = await db.query<{ payments: number }>(reach, [to, atMs, untilMs, hopsMax, stops, smallest]);
      return rows[0]!.payments;
    },
    close,
  };
}
