import type { Db, Sql } from './db.ts';
import { openLedgerStream, type LedgerStreamParts } from './ledger-stream.ts';
import type { RecordLog } from './record-log.ts';
import type { StoredRecord, Stream } from './stream.ts';

/** The stream in PostgreSQL: what records say is in the table that knows them. */
export async function openPostgresStream(parts: LedgerStreamParts): Promise<Stream> {
  const { db, schema } = parts;
  const [bound] = await db.query<{ stream: string }>(`SELECT stream FROM ${schema}.nats`);
  if (bound !== undefined)
    throw new Error(
      `the records of ${schema} are in the NATS stream ${bound.stream}: set NATS_URL, or see docs/guides/operator.md on how to leave it`,
    );
  return openLedgerStream(parts, tableLog(db, schema));
}

function tableLog(db: Db, schema: string): RecordLog {
  return {
    isTable: true,
    place: (records, from) => ({
      numberOf: (index) => from + index + 1,
      end: from + records.length,
      keep: () => Promise.resolve(),
      // Nothing is kept that the transaction did not commit.
      isKept: () => false,
    }),
    reconcile: () => Promise.resolve(false),
    async read(after, limit, mask, visible) {
      const records = await readRecords(db, schema, { after, upTo: visible, limit, mask });
      return { records, upTo: records.length < limit ? visible : records.at(-1)!.number };
    },
    drop: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** Records that have their text in the table, by their numbers. */
export function readRecords(
  sql: Sql,
  schema: string,
  asked: { readonly after: number; readonly upTo: number; readonly limit: number; readonly mask: number | undefined },
): Promise<StoredRecord[]> {
  const { after, upTo, limit, mask } = asked;
  return sql.query<StoredRecord>(
    `SELECT number, source, kind, id, reaches, at AS "atMs", received AS "receivedAtMs", text
     FROM ${schema}.records WHERE number > $1 AND number <= $2 AND text <> '' ${mask === undefined ? '' : 'AND reaches & $4 <> 0'}
     ORDER BY number LIMIT $3`,
    mask === undefined ? [after, upTo, limit] : [after, upTo, limit, mask],
  );
}
