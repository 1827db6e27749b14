import type { InstitutionAlert, WebhookEvent } from '@bronze-drum/protocol/webhooks';
import type { Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { LiveChange, LiveMessage } from '../platform/live.ts';
import { institutionAlertOf, maySee, type KindOfOffice } from './presenting.ts';
import { officers, type AlertRecord } from './record.ts';
import * as store from './store.ts';

/** What was gathered instead of told one by one: each alert with who may see it. */
export interface Digest {
  readonly fromMs: number;
  readonly toMs: number;
  readonly entries: readonly DigestEntry[];
}

type DigestEntry = Pick<AlertRecord, 'recipient' | 'discreet' | 'roles' | 'offices' | 'watchers' | 'owner'> & {
  readonly alert: InstitutionAlert;
};

export interface LiveDigest {
  readonly digest: Digest;
}

export interface Digests {
  /** Gathers what changed since the last digest; nothing is said if nothing did. With the lock of changes held. */
  gather(tx: Tx, fromMs: number, nowMs: number): Promise<void>;
  /** Digests after a change, oldest first. */
  read(after: number, limit: number): Promise<LiveChange<LiveDigest>[]>;
}

interface DigestRow {
  readonly change: number;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly entries: string;
}

const cursor = 'digest';
const entriesMax = 1000;
const alertsMax = 100;
/** A digest is never urgent. */
const digestRank = 4;

export function openDigests(parts: {
  readonly db: Sql;
  readonly webhooks: { enqueue(tx: Tx, institution: string, event: WebhookEvent): Promise<void> };
  publish(changes: readonly LiveChange<LiveDigest>[]): void;
}): Digests {
  const { db, webhooks } = parts;

  async function tellInstitutions(tx: Tx, digest: Digest): Promise<void> {
    const byInstitution = Map.groupBy(digest.entries, ({ recipient }) => recipient);
    for (const [recipient, entries] of byInstitution) {
      if (recipient === officers) continue;
      const alerts = entries.slice(0, alertsMax).map(({ alert }) => alert);
      const data = { ...spanOf(digest), alerts, more: entries.length - alerts.length };
      const timestamp = instantText(digest.toMs);
      await webhooks.enqueue(tx, recipient.slice('institution:'.length), { type: 'digest', timestamp, data });
    }
  }

  return {
    async gather(tx, fromMs, nowMs) {
      const since = (await store.readCursor(tx, cursor))?.number ?? 0;
      const records = await store.readQuiet(tx, since, entriesMax);
      if (records.length === 0) return;
      const change = await store.takeChanges(tx, 1);
      const digest = { fromMs, toMs: nowMs, entries: records.map(entryOf) };
      await tx.query('INSERT INTO alerts.digests (change, from_at, to_at, entries) VALUES ($1, $2, $3, $4)', [
        change,
        new Date(fromMs),
        new Date(nowMs),
        JSON.stringify(digest.entries),
      ]);
      await store.moveCursor(tx, cursor, change);
      await tellInstitutions(tx, digest);
      tx.afterCommit(() => parts.publish([{ number: change, rank: digestRank, item: { digest } }]));
    },
    async read(after, limit) {
      const rows = await db.query<DigestRow>(
        'SELECT change, from_at, to_at, entries FROM alerts.digests WHERE change > $1 ORDER BY change LIMIT $2',
        [after, limit],
      );
      return rows.map((row) => ({
        number: row.change,
        rank: digestRank,
        item: {
          digest: {
            fromMs: row.from_at.getTime(),
            toMs: row.to_at.getTime(),
            entries: JSON.parse(row.entries) as DigestEntry[],
          },
        },
      }));
    },
  };
}

const spanOf = ({ fromMs, toMs }: Digest) => ({ from: instantText(fromMs), to: instantText(toMs) });

const entryOf = (record: AlertRecord): DigestEntry => {
  const { recipient, discreet, roles, offices, watchers, owner } = record;
  return { recipient, discreet, roles, offices, watchers, owner, alert: institutionAlertOf(record) };
};

/** What one viewer is told of a digest: only what they may see is counted. */
export function digestMessage(viewer: Actor, digest: Digest, kindOfOffice: KindOfOffice): LiveMessage | undefined {
  const seen = digest.entries.filter((entry) => maySee(viewer, entry, kindOfOffice)).map(({ alert }) => alert);
  if (seen.length === 0) return undefined;
  const counts: Record<string, number> = {};
  for (const { priority } of seen) counts[priority] = (counts[priority] ?? 0) + 1;
  return { event: 'digest', data: JSON.stringify({ ...spanOf(digest), counts, alerts: seen.slice(0, alertsMax) }) };
}
