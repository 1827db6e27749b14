import { send } from '../../server/src/commands/import-sending.ts';
import { connect } from '../../server/src/commands/connection.ts';
import type { ServerProcess } from '../../server/src/journeys/server-process.ts';
import { openDb, type DbAddress } from '../../server/src/platform/db.ts';
import { readFeed } from '../../server/src/registry/feeds/feeds.ts';
import type { ImportTerms } from '../../server/src/registry/contract.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const terms: ImportTerms = {
  source: 'bench desk',
  type: 'ip',
  tier: 'observed',
  typologies: ['infrastructure'],
  offence: 'telecom-online-fraud',
  grading: { source: 'C', information: 3 },
  grounds: 'named by the feed bench',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

/** Listings by the front door: an import. */
export async function fillListings(data: string, count: number): Promise<void> {
  const connection = await connect({ data, member: 'th' });
  const feed = { again: false, open: () => readFeed(addresses(count), { format: 'plain' }) };
  const ignore = (): void => undefined;
  const sent = await send(connection, terms, feed, ignore, ignore);
  if (sent.taken !== count) throw new Error(`${sent.taken} of ${count} listings were taken`);
}

async function* addresses(count: number): AsyncGenerator<Uint8Array> {
  const lines: string[] = [];
  for (let at = 0; at < count; at += 1) lines.push(`${60 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.7`);
  yield Buffer.from(`${lines.join('\n')}\n`);
}

/** Each column of a table as it is, but for some that are made anew from the row's number `n`. */
const cloned = (table: string, made: Readonly<Record<string, string>>, count: number, where = 'true'): string => `
  INSERT INTO ${table}
  SELECT copy.*
  FROM (SELECT one FROM ${table} one WHERE ${where} LIMIT 1) first, generate_series(1, ${count}) n,
    jsonb_populate_record(first.one, jsonb_build_object(${Object.entries(made)
      .map(([column, value]) => `'${column}', ${value}`)
      .join(', ')})) copy`;

/** Alerts and requests behind the server's back, as copies of one that it made: a million by the front door would take hours. */
export async function fillAlertsAndRequests(
  server: ServerProcess,
  data: string,
  counts: { readonly alerts: number; readonly requests: number },
): Promise<void> {
  const address = JSON.parse(await readFile(join(data, 'th', 'database.json'), 'utf8')) as DbAddress;
  const db = openDb({ address, connectionsMax: 2, onError: () => undefined });
  try {
    await until(async () => (await server.call('GET', '/v1/alerts', undefined)).alerts.length > 0);
    const spread = `to_jsonb(now() - n * interval '1 second')`;
    const alert = {
      id: 'gen_random_uuid()',
      subject: `'account:TH:903:' || (1000000000 + n)`,
      priority: '1 + n % 4',
      first_at: spread,
      last_at: spread,
      due_at: 'NULL',
      escalate_at: 'NULL',
      tell_at: 'NULL',
      hook_at: 'NULL',
      change: `nextval('alerts.changes')`,
    };
    await db.query(cloned('alerts.alerts', alert, counts.alerts, `state = 'new'`));
    const request = {
      id: 'gen_random_uuid()',
      state: `(ARRAY['draft','received','acknowledged','in-progress','answered','closed'])[1 + n % 6]`,
      opened_at: spread,
      change: `nextval('liaison.changes')`,
    };
    await db.query(cloned('liaison.requests', request, counts.requests));
    await db.query('ANALYZE alerts.alerts');
    await db.query('ANALYZE liaison.requests');
  } finally {
    await db.close();
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await wait(100);
  }
  throw new Error('waited 20 s in vain');
}
