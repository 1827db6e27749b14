import type { Actor } from '../kernel/actor.ts';
import { dayMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { recordChange } from './audit.ts';
import type { IssuedKey, Key, NewKey, Revocation } from './contract.ts';
import { requireOfficer } from './permissions.ts';
import { activeKeysMax, keyLifeDaysDefault, keyState } from './rules.ts';
import { issueSecret } from './secrets.ts';

/** The keys of institutions: several at once, so that one can be replaced without a gap. Needs `access.manage`. */
export interface Keys {
  /** The secret is in this answer, and nowhere else. Needs step-up. */
  issue(actor: Actor, institution: string, given: NewKey): Promise<IssuedKey>;
  /** Newest first. */
  list(actor: Actor, institution: string): Promise<Key[]>;
  /** Ends a key now, or at a time; a time that was set may be brought forward or put off until it has come. */
  revoke(actor: Actor, institution: string, key: string, given: Revocation): Promise<Key>;
}

interface KeyRow {
  readonly id: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly used_at: Date | null;
}

const columns = 'id, created_at, expires_at, revoked_at, used_at';
const listedMax = 1000;

export function openKeys(parts: {
  db: Db;
  clock: Clock;
  requireStepUp: (actor: Actor) => void;
  /** Hears that what keys open has changed. */
  onChange: () => void;
}): Keys {
  const { db, clock, requireStepUp, onChange } = parts;
  return {
    issue: (actor, institution, { expiresInDays = keyLifeDaysDefault }) => {
      requireOfficer(actor, 'access.manage');
      requireStepUp(actor);
      return db.tx(async (tx) => {
        const nowMs = clock.now();
        // The lock makes those who issue at once count each other's keys.
        const [found] = await tx.query('SELECT 1 FROM access.institutions WHERE id = $1 FOR UPDATE', [institution]);
        if (found === undefined) refuse('not-found.institution', { institution });
        const [counted] = await tx.query<{ count: number }>(
          `SELECT count(*) FROM access.keys
           WHERE institution = $1 AND expires_at > $2 AND (revoked_at IS NULL OR revoked_at > $2)`,
          [institution, new Date(nowMs)],
        );
        if (counted!.count >= activeKeysMax) refuse('conflict.too-many-keys', { most: activeKeysMax });
        const { secret, hash } = issueSecret('key');
        const id = newId();
        const expiresAtMs = nowMs + expiresInDays * dayMs;
        await tx.query(
          'INSERT INTO access.keys (id, institution, secret_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
          [id, institution, hash, new Date(nowMs), new Date(expiresAtMs)],
        );
        const expiresAt = instantText(expiresAtMs);
        await recordChange(tx, clock, actor, {
          what: 'key.issue',
          subject: institution,
          details: { key: id, expiresAt },
        });
        return { id, key: secret, expiresAt };
      });
    },
    list: async (actor, institution) => {
      requireOfficer(actor, 'access.manage');
      const [found] = await db.query('SELECT 1 FROM access.institutions WHERE id = $1', [institution]);
      if (found === undefined) refuse('not-found.institution', { institution });
      const rows = await db.query<KeyRow>(
        `SELECT ${columns} FROM access.keys WHERE institution = $1 ORDER BY created_at DESC, id LIMIT ${listedMax}`,
        [institution],
      );
      return rows.map((row) => keyOf(row, clock.now()));
    },
    revoke: (actor, institution, key, { at }) => {
      requireOfficer(actor, 'access.manage');
      const nowMs = clock.now();
      const askedMs = at === undefined ? nowMs : instantMs(at);
      if (!Number.isFinite(askedMs)) refuse('malformed.instant');
      return db.tx(async (tx) => {
        const [row] = await tx.query<KeyRow>(
          `UPDATE access.keys SET revoked_at = $3
           WHERE institution = $1 AND id = $2 AND (revoked_at IS NULL OR revoked_at > $4) RETURNING ${columns}`,
          [institution, key, new Date(Math.max(askedMs, nowMs)), new Date(nowMs)],
        );
        if (row === undefined) {
          const [ended] = await tx.query('SELECT 1 FROM access.keys WHERE institution = $1 AND id = $2', [
            institution,
            key,
          ]);
          return refuse(ended === undefined ? 'not-found.key' : 'conflict.revoked');
        }
        const details = { key, at: instantText(row.revoked_at!.getTime()) };
        await recordChange(tx, clock, actor, { what: 'key.revoke', subject: institution, details });
        tx.afterCommit(onChange);
        return keyOf(row, nowMs);
      });
    },
  };
}

function keyOf(row: KeyRow, nowMs: number): Key {
  const text = (at: Date | null): string | null => (at === null ? null : instantText(at.getTime()));
  const times = { expiresAtMs: row.expires_at.getTime(), revokedAtMs: row.revoked_at?.getTime() ?? null };
  return {
    id: row.id,
    createdAt: instantText(row.created_at.getTime()),
    expiresAt: instantText(times.expiresAtMs),
    revokedAt: text(row.revoked_at),
    usedAt: text(row.used_at),
    state: keyState(times, nowMs),
  };
}
