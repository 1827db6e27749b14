import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHouse } from '../server/src/house.ts';
import { send } from '../server/src/commands/import-sending.ts';
import { connect } from '../server/src/commands/connection.ts';
import { openDb, type Db, type DbAddress } from '../server/src/platform/db.ts';
import { readFeed } from '../server/src/registry/feeds/feeds.ts';
import type { ImportTerms } from '../server/src/registry/contract.ts';
import type { BenchOptions, Figure } from './bench.ts';

const sizeDefault = 200_000;
const rounds = 3;

/**
 * `drum import` of a plain list into a running server, over HTTP, parsed, journalled and idempotent; against one COPY of
 * the rows that it made (listing and statement side by side) into one table with the same columns and indexes.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const size = options.size ?? sizeDefault;
  const data = await mkdtemp(join(tmpdir(), 'drum-bench-'));
  const folder = join(data, 'th');
  const house = await openHouse({
    member: 'th',
    folder,
    host: '127.0.0.1',
    port: 0,
    databaseUrl: undefined,
    policyFile: new URL('../policies/th.json', import.meta.url).pathname,
    logLevel: 'error',
    keyPassphrase: undefined,
    tls: undefined,
    address: undefined,
    roles: ['serve', 'detect'],
    webhooksToPrivate: false,
  });
  const address = JSON.parse(await readFile(join(folder, 'database.json'), 'utf8')) as DbAddress;
  const db = openDb({ address, connectionsMax: 2, onError: () => undefined });
  try {
    const ours: number[] = [];
    const copies: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await importSeconds(data, size, round));
      copies.push(await copySeconds(db, size));
    }
    return [figureOf(size, median(ours), median(copies))];
  } finally {
    await db.close();
    await house.close();
    await rm(data, { recursive: true, force: true });
  }
}

function figureOf(size: number, seconds: number, copySeconds: number): Figure {
  return {
    name: 'import',
    value: Math.round(size / seconds),
    unit: 'listings/s',
    baseline: Math.round(size / copySeconds),
    ratio: copySeconds / seconds,
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function importSeconds(data: string, size: number, round: number): Promise<number> {
  const connection = await connect({ data, member: 'th' });
  const feed = { again: false, open: () => readFeed(addresses(size, round), { format: 'plain' }) };
  const started = performance.now();
  const sent = await send(
    connection,
    termsOf(round),
    feed,
    () => undefined,
    () => undefined,
  );
  const seconds = (performance.now() - started) / 1000;
  if (sent.taken !== size) throw new Error(`${sent.taken} of ${size} were taken`);
  return seconds;
}

function termsOf(round: number): ImportTerms {
  return {
    source: `bench ${round}`,
    type: 'ip',
    tier: 'observed',
    typologies: ['infrastructure'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'named by the feed bench',
    audience: 'alliance',
    handling: { tlp: 'AMBER', conditions: [] },
  };
}

// Prime, so that stepping by it visits every place of a smaller list once.
const stride = 15_485_863;

/** Public addresses in no order, as feeds have them; none comes twice, in one round or two. */
async function* addresses(size: number, round: number): AsyncGenerator<Uint8Array> {
  const lines: string[] = [];
  for (let step = 0; step < size; step += 1) {
    const at = (step * stride) % size;
    lines.push(`${60 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.${round + 1}`);
  }
  yield Buffer.from(`${lines.join('\n')}\n`);
}

const merged = `
  SELECT listing.*, statement.append, statement.seq, statement.commitment, statement.salt, statement.bytes, statement.subject
  FROM registry.listings listing JOIN journal.statements statement ON statement.subject = listing.key`;

/** Copies the newest round's rows out, then times copying them into one table with all the columns and indexes. */
async function copySeconds(db: Db, size: number): Promise<number> {
  await db.query('DROP TABLE IF EXISTS flat, source_rows');
  await db.query(`CREATE UNLOGGED TABLE source_rows AS ${merged} ORDER BY statement.append DESC LIMIT ${size}`);
  await db.query('CREATE TABLE flat AS SELECT * FROM source_rows LIMIT 0');
  await db.query('ALTER TABLE flat ADD PRIMARY KEY (id, member)');
  await db.query('CREATE UNIQUE INDEX ON flat (append, seq)');
  await db.query('CREATE INDEX ON flat (key, id)');
  await db.query('CREATE INDEX ON flat (changed_at, id)');
  await db.query(`CREATE INDEX ON flat (tier, changed_at, id) WHERE state = 'listed'`);
  await db.query('CREATE INDEX ON flat (number) WHERE number IS NOT NULL');
  await db.query('CREATE INDEX ON flat USING brin (keep_until) WITH (autosummarize = on)');
  await db.query('CREATE INDEX ON flat (hashtextextended(subject, 0)) WHERE subject IS NOT NULL');
  const lines = await db.query<{ line: string }>(copyLines);
  const columns = await db.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'flat'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  const started = performance.now();
  await db.tx((tx) =>
    tx.copyIn(
      'flat',
      columns.map((column) => column.name),
      lines.map((row) => row.line),
    ),
  );
  return (performance.now() - started) / 1000;
}

const copyLines = `SELECT concat_ws(E'\\t', member, id, revision, state, key, tier, typologies, offence, source_grade,
  information_grade, grounds, source, presented, discreet, book, tlp, conditions, coalesce(restriction, '\\N'), since, until,
  changed_at, office, acted_by, coalesce(import::text, '\\N'), coalesce(number::text, '\\N'),
  coalesce(keep_until::text, '\\N'), barred, coalesce(bound_to, '\\N'), coalesce(corroborates, '\\N'), append, seq, replace(commitment::text, '\\', '\\\\'),
  replace(salt::text, '\\', '\\\\'), replace(bytes, '\\', '\\\\'), subject) || E'\\n' AS line FROM source_rows`;
