import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Db } from '../platform/db.ts';
import { openAllowList } from './allow-list.ts';

const atOnce = 5000;

/** Decides anew which of other members' listings name something on the allow-list, if it is not the one of last time. */
export async function keepBarring(parts: { db: Db; clock: Clock; policy: Policy; member: string }): Promise<void> {
  const { db, clock, policy, member } = parts;
  const { allowList } = policy.at(clock.now()).listings;
  const patterns = JSON.stringify(allowList);
  const [last] = await db.query<{ patterns: string }>('SELECT patterns FROM registry.allow_list');
  if (last?.patterns === patterns) return;
  const list = openAllowList(allowList);
  type Row = { member: string; id: string; key: string; barred: boolean };
  const foreign = 'SELECT member, id, key, barred FROM registry.listings WHERE member <> $1';
  for await (const rows of db.stream<Row>(foreign, [member], atOnce)) {
    const wrong = rows.filter((row) => list.holds(row.key) !== row.barred);
    if (wrong.length === 0) continue;
    await db.query(
      `UPDATE registry.listings SET barred = NOT barred
       WHERE (id, member, barred) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::boolean[]))`,
      [wrong.map((row) => row.id), wrong.map((row) => row.member), wrong.map((row) => row.barred)],
    );
  }
  await db.query(
    `INSERT INTO registry.allow_list (patterns) VALUES ($1)
     ON CONFLICT (singleton) DO UPDATE SET patterns = excluded.patterns`,
    [patterns],
  );
}
