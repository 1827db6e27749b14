import { Counter } from 'prom-client';
import type { Actor, OfficerActor, Purpose } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { Db, Sql } from '../platform/db.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type {
  OneTimeSignIn,
  OpenedSession,
  OwnSession,
  PasswordChange,
  Session,
  SignIn,
  SteppedUp,
} from './contract.ts';
import type { Credentials } from './credentials.ts';
import { readOffice } from './offices.ts';
import { endSessions, readOfficer } from './officers.ts';
import type { Passwords } from './passwords.ts';
import { permissionsOf } from '@bronze-drum/protocol/roles';

import { mustNoteUse, sessionEnds, stepUpEnds, weaknessOf, type SessionTimes } from './rules.ts';
import { hashOf, issueSecret, useOf } from './secrets.ts';

/** An officer who acts in a session of their own, rather than by a key of the machine. */
export interface SignedInOfficer extends OfficerActor {
  readonly session: string;
}

export interface Sessions {
  signIn(given: SignIn, ip?: string): Promise<OpenedSession>;
  /** Sets the first password, or the one after a reset. The code is used up only if the password is accepted. */
  signInOnce(given: OneTimeSignIn): Promise<OpenedSession>;
  stepUp(actor: Actor, password: string, ip?: string): Promise<SteppedUp>;
  /** Ends the officer's other sessions. */
  changePassword(actor: Actor, given: PasswordChange, ip?: string): Promise<void>;
  describe(actor: Actor): Promise<Session>;
  signOut(actor: Actor): Promise<void>;
  signOutEverywhere(actor: Actor): Promise<void>;
  /** The officer's own sessions that have not ended, the one used last first; at most 200. */
  list(actor: Actor): Promise<OwnSession[]>;
  /** Ends one of the officer's own sessions. */
  end(actor: Actor, session: string): Promise<void>;
}

const listedMax = 200;

export interface SessionParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly telemetry: Telemetry;
  readonly member: MemberCode;
}

interface SessionRow extends SessionTimes {
  readonly id: string;
  readonly officer: string;
  readonly office: string;
  readonly roles: string[];
  readonly active: boolean;
  readonly steppedUpAtMs: number | null;
}

export function openSessions(parts: SessionParts): Sessions {
  const { db, clock, policy, credentials, passwords } = parts;
  const counted = countOutcomes(parts.telemetry);
  return {
    signIn: ({ officer, password }, ip) =>
      counted(() => credentials.prove(officer, password, ip, (tx) => openSession(tx, policy, officer, clock.now()))),
    signInOnce: (given) => counted(() => signInOnce(parts, given)),
    stepUp: (actor, password, ip) => {
      const { officer, session } = requireSession(actor);
      return counted(() =>
        credentials.prove(officer, password, ip, async (tx) => {
          const nowMs = clock.now();
          await tx.query('UPDATE access.sessions SET stepped_up_at = $2 WHERE id = $1', [session, new Date(nowMs)]);
          return { until: instantText(stepUpEnds(nowMs, policy.at(nowMs).sessions, nowMs) ?? nowMs) };
        }),
      );
    },
    changePassword: (actor, { password, newPassword }, ip) => {
      const { officer, session } = requireSession(actor);
      assertStrong(newPassword, officer);
      return credentials.prove(officer, password, ip, async (tx) => {
        const hash = await passwords.hash(newPassword);
        await tx.query('UPDATE access.officers SET password = $2 WHERE id = $1', [officer, hash]);
        await tx.query('DELETE FROM access.sessions WHERE officer = $1 AND id <> $2', [officer, session]);
      });
    },
    describe: (actor) => describe(parts, actor),
    signOut: async (actor) => {
      await db.query('DELETE FROM access.sessions WHERE id = $1', [requireSession(actor).session]);
    },
    signOutEverywhere: (actor) => endSessions(db, requireSession(actor).officer),
    list: (actor) => listSessions(parts, requireSession(actor)),
    end: async (actor, session) => {
      const rows = await db.query('DELETE FROM access.sessions WHERE id = $1 AND officer = $2 RETURNING id', [
        session,
        requireSession(actor).officer,
      ]);
      if (rows.length === 0) refuse('not-found.session');
    },
  };
}

/** The officer in a session of their own; refuses institutions, and the key of the machine. */
export function requireSession(actor: Actor): SignedInOfficer {
  if (actor.kind === 'officer' && 'session' in actor) return actor as SignedInOfficer;
  return refuse('forbidden.no-session');
}

function assertStrong(password: string, officer: string): void {
  const weakness = weaknessOf(password, officer);
  if (weakness !== null) refuse('access.password.weak', { weakness });
}

/** Signing in is typing the password: a session begins stepped up. */
async function openSession(sql: Sql, policy: Policy, officer: string, nowMs: number): Promise<OpenedSession> {
  const { secret, hash } = issueSecret('session');
  const now = new Date(nowMs);
  await sql.query(
    'INSERT INTO access.sessions (id, token_hash, officer, created_at, seen_at, stepped_up_at) VALUES ($1, $2, $3, $4, $4, $4)',
    [newId(), hash, officer, now],
  );
  const ends = sessionEnds({ createdAtMs: nowMs, seenAtMs: nowMs }, policy.at(nowMs).sessions);
  return { officer, token: secret, expiresAt: instantText(ends.idleMs) };
}

async function signInOnce(parts: SessionParts, { code, password }: OneTimeSignIn): Promise<OpenedSession> {
  const { db, clock, policy, passwords } = parts;
  if (useOf(code) !== 'code') return refuse('unauthenticated.unknown');
  const codeHash = hashOf(code);
  const [found] = await db.query<{ id: string; code_expires_at: Date }>(
    'SELECT id, code_expires_at FROM access.officers WHERE code_hash = $1 AND active',
    [codeHash],
  );
  if (found === undefined) return refuse('unauthenticated.unknown');
  if (found.code_expires_at.getTime() <= clock.now()) return refuse('unauthenticated.expired');
  assertStrong(password, found.id);
  const stored = await passwords.inTurn(() => passwords.hash(password));
  return db.tx(async (tx) => {
    const nowMs = clock.now();
    // Of two that come at once with the same code, the second finds it gone.
    const [used] = await tx.query(
      `UPDATE access.officers SET password = $2, code_hash = NULL, code_expires_at = NULL,
         first_signed_in_at = coalesce(first_signed_in_at, $3)
       WHERE code_hash = $1 AND active RETURNING id`,
      [codeHash, stored, new Date(nowMs)],
    );
    if (used === undefined) return refuse('unauthenticated.unknown');
    await endSessions(tx, found.id);
    await tx.query('DELETE FROM access.attempts WHERE officer = $1', [found.id]);
    return openSession(tx, policy, found.id, nowMs);
  });
}

/** The officer whose session a token opens; notes the use, if it is one. Refuses one that is unknown, over, or no longer anybody's. */
export async function findSession(
  parts: { db: Db; clock: Clock; policy: Policy },
  token: string,
  purpose: Purpose | null,
  isUse = true,
): Promise<SignedInOfficer> {
  const { db, clock, policy } = parts;
  const nowMs = clock.now();
  const rules = policy.at(nowMs).sessions;
  const row = await readSession(db, 's.token_hash = $1', hashOf(token));
  if (row === undefined) return refuse('unauthenticated.unknown');
  if (!row.active) return refuse('unauthenticated.revoked');
  if (sessionEnds(row, rules).idleMs <= nowMs) return refuse('unauthenticated.expired');
  if (isUse && mustNoteUse(row, rules, nowMs)) {
    await db.query('UPDATE access.sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2', [row.id, new Date(nowMs)]);
  }
  const { officer, office, steppedUpAtMs, id } = row;
  return {
    kind: 'officer',
    officer,
    office,
    roles: row.roles,
    permissions: permissionsOf(row.roles),
    steppedUpAtMs,
    purpose,
    session: id,
  };
}

async function readSession(sql: Sql, where: string, value: unknown): Promise<SessionRow | undefined> {
  const [row] = await sql.query<{
    id: string;
    officer: string;
    office: string;
    roles: string[];
    active: boolean;
    created_at: Date;
    seen_at: Date;
    stepped_up_at: Date | null;
  }>(
    `SELECT s.id, s.officer, o.office, o.roles, o.active, s.created_at, s.seen_at, s.stepped_up_at
     FROM access.sessions s JOIN access.officers o ON o.id = s.officer WHERE ${where}`,
    [value],
  );
  if (row === undefined) return undefined;
  const { created_at, seen_at, stepped_up_at, ...rest } = row;
  return {
    ...rest,
    createdAtMs: created_at.getTime(),
    seenAtMs: seen_at.getTime(),
    steppedUpAtMs: stepped_up_at?.getTime() ?? null,
  };
}

async function listSessions(
  { db, clock, policy }: SessionParts,
  { officer, session }: SignedInOfficer,
): Promise<OwnSession[]> {
  const nowMs = clock.now();
  const rows = await db.query<{ id: string; created_at: Date; seen_at: Date }>(
    `SELECT id, created_at, seen_at FROM access.sessions WHERE officer = $1 ORDER BY seen_at DESC, id LIMIT ${listedMax}`,
    [officer],
  );
  const all = rows.map(({ id, ...at }) => ({
    id,
    createdAtMs: at.created_at.getTime(),
    seenAtMs: at.seen_at.getTime(),
  }));
  return all
    .filter((one) => sessionEnds(one, policy.at(nowMs).sessions).idleMs > nowMs)
    .map(({ id, createdAtMs, seenAtMs }) => ({
      id,
      createdAt: instantText(createdAtMs),
      seenAt: instantText(seenAtMs),
      current: id === session,
    }));
}

async function describe({ db, clock, policy, member }: SessionParts, actor: Actor): Promise<Session> {
  if (actor.kind !== 'officer') return refuse('forbidden.officers-only');
  const nowMs = clock.now();
  const rules = policy.at(nowMs).sessions;
  const officer = (await readOfficer(db, actor.officer)) ?? refuse('not-found.officer');
  const office = (await readOffice(db, actor.office)) ?? refuse('not-found.office');
  const row = 'session' in actor ? await readSession(db, 's.id = $1', actor.session) : undefined;
  const ends = row === undefined ? undefined : sessionEnds(row, rules);
  const steppedUpUntilMs = stepUpEnds(actor.steppedUpAtMs, rules, nowMs);
  return {
    member,
    officer: officer.id,
    name: officer.name,
    office,
    roles: officer.roles,
    permissions: [...actor.permissions].sort() as Session['permissions'],
    expiresAt: ends === undefined ? null : instantText(ends.idleMs),
    endsAt: ends === undefined ? null : instantText(ends.absoluteMs),
    steppedUpUntil: steppedUpUntilMs === null ? null : instantText(steppedUpUntilMs),
  };
}

/** Counts sign-ins and step-ups by how they ended: a rise of one is how an attack is seen. */
function countOutcomes(telemetry: Telemetry): <T>(prove: () => Promise<T>) => Promise<T> {
  const outcomes = new Counter({
    name: 'drum_sign_ins_total',
    help: 'Sign-ins and step-ups by how they ended',
    labelNames: ['outcome'],
    registers: [telemetry.metrics],
  });
  return async (prove) => {
    try {
      const value = await prove();
      outcomes.labels('ok').inc();
      return value;
    } catch (error) {
      outcomes.labels(error instanceof Refused ? error.refusal.refused : 'defect').inc();
      throw error;
    }
  };
}
