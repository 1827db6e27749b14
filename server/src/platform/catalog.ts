import type { Sql } from './db.ts';
import type { BackupTable } from './backup-manifest.ts';

export interface CatalogTable extends Omit<BackupTable, 'rows'> {
  /** The columns of its primary key, in their order. */
  readonly key: readonly string[];
}

/** The rooms that have a schema in this database. */
export async function roomsOf(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ room: string }>('SELECT DISTINCT room FROM platform.migrations ORDER BY room');
  return rows.map((row) => row.room);
}

/** Every table of the rooms with the columns that hold its content: what PostgreSQL computes by itself is left out. */
export function tablesOf(sql: Sql, rooms: readonly string[]): Promise<CatalogTable[]> {
  return sql.query<CatalogTable>(
    `SELECT namespace.nspname AS schema, class.relname AS name,
            (SELECT json_build_object('of', parent.relname, 'bound', pg_get_expr(class.relpartbound, class.oid))
             FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent
             WHERE inhrelid = class.oid AND class.relispartition) AS partition,
            array(SELECT attname::text FROM pg_attribute
                  WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                  ORDER BY attnum) AS columns,
            array(SELECT attribute.attname::text
                  FROM pg_index index CROSS JOIN LATERAL unnest(index.indkey) WITH ORDINALITY AS part (attnum, at)
                  JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attribute.attnum = part.attnum
                  WHERE index.indrelid = class.oid AND index.indisprimary ORDER BY part.at) AS key
     FROM pg_class class JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
     WHERE class.relkind = 'r' AND class.relpersistence = 'p' AND namespace.nspname = ANY ($1)
     ORDER BY namespace.nspname, class.relname`,
    [rooms],
  );
}

/** Parts of tables that have parts themselves, which a backup cannot hold. */
export async function nestedPartitionsOf(sql: Sql, rooms: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT namespace.nspname || '.' || class.relname AS name
     FROM pg_class class JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
     WHERE class.relkind = 'p' AND class.relispartition AND namespace.nspname = ANY ($1)`,
    [rooms],
  );
  return rows.map((row) => row.name);
}

export interface Sequence {
  readonly schema: string;
  readonly name: string;
  readonly last: number;
}

/** Every sequence that has given out a number. */
export async function sequencesOf(sql: Sql, rooms: readonly string[]): Promise<Sequence[]> {
  const rows = await sql.query<{ schema: string; name: string; last: string }>(
    `SELECT schemaname AS schema, sequencename AS name, last_value AS last FROM pg_sequences
     WHERE schemaname = ANY ($1) AND last_value IS NOT NULL ORDER BY schemaname, sequencename`,
    [rooms],
  );
  return rows.map((row) => ({ ...row, last: Number(row.last) }));
}

/** The tables in an order in which each comes after those that its foreign keys name; a circle is left in any order. */
export async function inForeignKeyOrder<T extends { schema: string; name: string }>(
  sql: Sql,
  tables: readonly T[],
): Promise<T[]> {
  const references = await sql.query<{ from: string; to: string }>(
    `SELECT (SELECT nspname FROM pg_namespace WHERE oid = referrer.relnamespace) || '.' || referrer.relname AS "from",
            (SELECT nspname FROM pg_namespace WHERE oid = referred.relnamespace) || '.' || referred.relname AS "to"
     FROM pg_constraint
     JOIN pg_class referrer ON referrer.oid = conrelid JOIN pg_class referred ON referred.oid = confrelid
     WHERE contype = 'f'`,
  );
  const needs = Map.groupBy(references, (reference) => reference.from);
  const byName = new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]));
  const ordered = new Set<T>();
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    const table = byName.get(name);
    if (table === undefined || ordered.has(table) || visiting.has(name)) return;
    visiting.add(name);
    for (const { to } of needs.get(name) ?? []) visit(to);
    ordered.add(table);
  };
  for (const name of byName.keys()) visit(name);
  return [...ordered];
}
