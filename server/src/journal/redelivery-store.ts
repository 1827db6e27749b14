import type { Sql, Tx } from '../platform/db.ts';

/** Queues numbered statements of a book for the followers once more. Their row lock keeps the queue in one order. */
export async function insertRedeliveries(tx: Tx, book: number, numbers: readonly number[]): Promise<void> {
  await tx.query('LOCK TABLE journal.redeliveries IN EXCLUSIVE MODE');
  await tx.query(
    `INSERT INTO journal.redeliveries (number, book, statement)
     SELECT (SELECT coalesce(max(number) + 1, 0) FROM journal.redeliveries) + row.at - 1, $1, row.statement
     FROM unnest($2::bigint[]) WITH ORDINALITY AS row (statement, at)`,
    [book, numbers],
  );
}

export function readRedeliveries(
  sql: Sql,
  from: number,
  limit: number,
): Promise<{ number: number; book: number; statement: number }[]> {
  return sql.query(
    'SELECT number, book, statement FROM journal.redeliveries WHERE number >= $1 ORDER BY number LIMIT $2',
    [from, limit],
  );
}

/** The number that the next redelivery will have. */
export async function nextRedelivery(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ next: number }>(
    'SELECT coalesce(max(number) + 1, 0) AS next FROM journal.redeliveries',
  );
  return row!.next;
}
