import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { MemberCode } from '@bronze-drum/protocol/members';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { readGzip, sha256OfFile } from './durable-files.ts';
import { rowsOf, type CopiedRow } from './copy-text.ts';

const name = Type.String({ pattern: '^[a-z_][a-z0-9_]{0,62}$' });
const count = Type.Integer({ minimum: 0 });
const strict = { additionalProperties: false } as const;

// One literal of a partition's bounds as PostgreSQL writes them, and nothing that could do more than bound.
const literal = String.raw`('([^'\\]|'')*'|-?\d+(\.\d+)?|MINVALUE|MAXVALUE|NULL|true|false)`;
const values = String.raw`\(${literal}(, ${literal})*\)`;
const bound = `^(DEFAULT|FOR VALUES (FROM ${values} TO ${values}|IN ${values}|WITH \\(modulus \\d+, remainder \\d+\\)))$`;

const BackupTable = Type.Object(
  {
    schema: name,
    name,
    columns: Type.Array(name),
    rows: count,
    /** Which part of which table it is: parts are made by code rather than by migrations. */
    partition: Type.Union([Type.Null(), Type.Object({ of: name, bound: Type.String({ pattern: bound }) }, strict)]),
  },
  strict,
);
export type BackupTable = Static<typeof BackupTable>;

const BackupMigration = Type.Object(
  {
    room: name,
    number: Type.Integer({ minimum: 1 }),
    name: Type.String({ pattern: '^\\d{4}-[a-z0-9-]+\\.sql$' }),
    digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  strict,
);

const Manifest = Type.Object(
  {
    format: Type.Literal(1),
    member: MemberCode,
    at: Instant,
    note: Type.String(),
    postgres: Type.String(),
    migrations: Type.Array(BackupMigration),
    tables: Type.Array(BackupTable),
    sequences: Type.Array(Type.Object({ schema: name, name, last: Type.Integer() }, strict)),
    books: Type.Array(
      Type.Object({ name: Type.String(), size: count, note: Type.Union([Type.String(), Type.Null()]) }, strict),
    ),
    files: Type.Array(
      Type.Object(
        {
          path: Type.String({ pattern: '^(tables|migrations/[a-z_]+|keys)/[A-Za-z0-9_][A-Za-z0-9_.-]*$' }),
          bytes: count,
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type Manifest = Static<typeof Manifest>;

const validator = Compile(Manifest);

export const manifestName = 'manifest.json';

/** What every manifest says to whoever opens it years later. */
export const manifestNote =
  'The signing keys in keys/ open only with their passphrase, which is not in the backup. A server that is restored from ' +
  'this must not sign before it has recovered every statement that its readers cosigned after this instant: otherwise ' +
  'its history forks.';

/** The file that holds a table. */
export const tableFile = (table: { schema: string; name: string }): string =>
  `tables/${table.schema}.${table.name}.copy.gz`;

/** Reads a backup's manifest; undefined if the folder has none. Throws with what is wrong with it. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const manifest = parseJson(text);
  if (validator.Check(manifest)) return manifest;
  const [first] = validator.Errors(manifest);
  throw new Error(
    `${join(folder, manifestName)} is not a manifest at ${first?.instancePath || '/'}: ${first?.message ?? ''}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compares every file with the manifest, and hands on the path of each that is missing or not the same. */
export async function* changedFiles(folder: string, manifest: Manifest): AsyncGenerator<string> {
  const named = new Set(manifest.files.map((file) => file.path));
  for (const table of manifest.tables) if (!named.has(tableFile(table))) yield tableFile(table);
  for (const migration of manifest.migrations) {
    const path = migrationFile(migration);
    if (!named.has(path)) yield path;
  }
  for (const file of manifest.files) {
    const sha256 = await sha256OfFile(join(folder, file.path)).catch(() => undefined);
    if (sha256 !== file.sha256) yield file.path;
  }
}

export const migrationFile = (migration: { room: string; name: string }): string =>
  `migrations/${migration.room}/${migration.name}`;

/** The rows of one table in a backup. A line that is no row, and a file that is damaged from there on, is null. */
export async function* backupRows(
  folder: string,
  manifest: Manifest,
  schema: string,
  name: string,
): AsyncGenerator<CopiedRow | null> {
  const table = manifest.tables.find((table) => table.schema === schema && table.name === name);
  if (table === undefined) return;
  try {
    yield* rowsOf(readGzip(join(folder, tableFile(table))), table.columns);
  } catch (error) {
    if (!isDamage(error)) throw error;
    yield null;
  }
}

/** Whether reading failed because of what is in the file, rather than because it could not be read. */
export function isDamage(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return code.startsWith('Z_') || code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END';
}
