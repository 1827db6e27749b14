import type { Actor, InstitutionActor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { Db, Sql } from '../platform/db.ts';
import type { Rate } from '../platform/rates.ts';
import type { ClerkDeskSession, ClerkSignIn } from './contract.ts';
import type { KeyCache } from './key-cache.ts';
import { permissionsOfInstitution } from './permissions.ts';
import { keyState, mustNoteUse, sessionEnds, type SessionTimes } from './rules.ts';
import { hashOf, issueSecret, useOf } from './secrets.ts';

/** A person who acts for an institution in a session of their own, rather than software with its key. */
export interface ClerkActor extends InstitutionActor {
  readonly session: string;
  readonly clerk: string;
}

/** The sessions of people of institutions that have no software of their own: each came in by a key, and ends with it. */
export interface Clerks {
  /** Refuses as the key itself would be refused. An institution's oldest session ends when it opens too many. */
  signIn(given: ClerkSignIn): Promise<{ token: string; institution: string; clerk: string; expiresAt: string }>;
  describe(actor: ClerkActor): Promise<ClerkDeskSession>;
  signOut(actor: ClerkActor): Promise<void>;
}

interface ClerkParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
}

/** A clerk's desk has a few people at it; more are a script, whose key serves it better. */
const openSessionsMax = 100;

export function openClerks(parts: ClerkParts & { readonly keyCache: KeyCache; readonly member: MemberCode }): Clerks {
  const { db, clock, policy, keyCache, member } = parts;
  return {
    async signIn({ key: given, clerk: name }) {
      const key = given.trim();
      const clerk = name.trim();
      if (useOf(key) !== 'key') return refuse('unauthenticated.unknown');
      // Refuses a key that opens nothing, and notes that it was used.
      const { institution } = await keyCache.lookUp(`Bearer ${key}`, key);
      const { secret, hash } = issueSecret('clerk');
      const nowMs = clock.now();
      await db.tx(async (tx) => {
        await tx.query(
          `INSERT INTO access.institution_sessions (id, token_hash, institution, key, clerk, created_at, seen_at)
           SELECT $1, $2, institution, id, $4, $5, $5 FROM access.keys WHERE secret_hash = $3`,
          [newId(), hash, hashOf(key), clerk, new Date(nowMs)],
        );
        await tx.query(
          `DELETE FROM access.institution_sessions WHERE id IN (SELECT id FROM access.institution_sessions
           WHERE institution = $1 ORDER BY created_at DESC, id OFFSET ${openSessionsMax})`,
          [institution],
        );
      });
      const { idleMs } = sessionEnds({ createdAtMs: nowMs, seenAtMs: nowMs }, policy.at(nowMs).sessions);
      return { token: secret, institution, clerk, expiresAt: instantText(idleMs) };
    },
    async describe(actor) {
      const row = (await readClerk(db, 's.id = $1', actor.session)) ?? refuse('unauthenticated.unknown');
      const ends = endsOf(row, policy.at(clock.now()).sessions);
      return {
        kind: 'institution',
        member,
        institution: row.institution,
        name: row.name,
        institutionKind: row.kind,
        clerk: row.clerk,
        permissions: [...actor.permissions].sort() as ClerkDeskSession['permissions'],
        expiresAt: instantText(ends.idleMs),
        endsAt: instantText(ends.absoluteMs),
      };
    },
    async signOut(actor) {
      await db.query('DELETE FROM access.institution_sessions WHERE id = $1', [actor.session]);
    },
  };
}

export function isClerk(actor: Actor): actor is ClerkActor {
  return actor.kind === 'institution' && 'clerk' in actor;
}

/**
 * Whose session a token opens, and what their institution may ask for; notes the use, if it is one. Refuses a session that
 * is unknown or over, and one whose key or institution opens nothing any more.
 */
export async function findClerk(
  { db, clock, policy }: ClerkParts,
  token: string,
  isUse: boolean,
): Promise<{ actor: ClerkActor; quota: Rate }> {
  const nowMs = clock.now();
  const rules = policy.at(nowMs).sessions;
  const row = (await readClerk(db, 's.token_hash = $1', hashOf(token))) ?? refuse('unauthenticated.unknown');
  const state = row.active ? keyState(row, nowMs) : 'revoked';
  if (state !== 'active') return refuse(`unauthenticated.${state}`);
  if (sessionEnds(row, rules).idleMs <= nowMs) return refuse('unauthenticated.expired');
  if (isUse && mustNoteUse(row, rules, nowMs)) {
    await db.query('UPDATE access.institution_sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2', [
      row.id,
      new Date(nowMs),
    ]);
  }
  const { id, institution, clerk, quota } = row;
  const permissions = permissionsOfInstitution(row.kind);
  return { actor: { kind: 'institution', institution, permissions, session: id, clerk }, quota };
}

interface ClerkRow extends SessionTimes {
  readonly id: string;
  readonly clerk: string;
  readonly institution: string;
  readonly name: string;
  readonly kind: ClerkDeskSession['institutionKind'];
  readonly active: boolean;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | null;
  readonly quota: Rate;
}

/** A session never outlives the key that opened it. */
function endsOf(row: ClerkRow, rules: Parameters<typeof sessionEnds>[1]): ReturnType<typeof sessionEnds> {
  const { idleMs, absoluteMs } = sessionEnds(row, rules);
  const keyEndsMs = Math.min(row.expiresAtMs, row.revokedAtMs ?? Infinity);
  return { idleMs: Math.min(idleMs, keyEndsMs), absoluteMs: Math.min(absoluteMs, keyEndsMs) };
}

async function readClerk(sql: Sql, where: string, value: unknown): Promise<ClerkRow | undefined> {
  const [row] = await sql.query<{
    id: string;
    clerk: string;
    created_at: Date;
    seen_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
    institution: string;
    name: string;
    kind: ClerkRow['kind'];
    active: boolean;
    perSecond: number;
    burst: number;
  }>(
    `SELECT s.id, s.clerk, s.created_at, s.seen_at, k.expires_at, k.revoked_at, i.id AS institution, i.name, i.kind,
       i.active, i.quota_per_second AS "perSecond", i.quota_burst AS burst
     FROM access.institution_sessions s JOIN access.keys k ON k.id = s.key JOIN access.institutions i ON i.id = s.institution
     WHERE ${where}`,
    [value],
  );
  if (row === undefined) return undefined;
  const { created_at, seen_at, expires_at, revoked_at, perSecond, burst, ...rest } = row;
  return {
    ...rest,
    createdAtMs: created_at.getTime(),
    seenAtMs: seen_at.getTime(),
    expiresAtMs: expires_at.getTime(),
    revokedAtMs: revoked_at?.getTime() ?? null,
    quota: { perSecond, burst },
  };
}
