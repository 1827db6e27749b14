import { timingSafeEqual } from 'node:crypto';
import type { OfficerActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Db, Sql } from '../platform/db.ts';
import { insertOffice } from './offices.ts';
import { insertOfficer, issueCode } from './officers.ts';
import { type Role, permissionsOf } from '@bronze-drum/protocol/roles';
import { withheldFromLocalKey } from './permissions.ts';
import { hashOf, issueSecret } from './secrets.ts';

export interface FirstRun {
  readonly officer: string;
  /** The one-time code, to be printed: it is stored nowhere. */
  readonly code: string;
}

const firstOffice = { id: 'national-centre', name: 'National centre', kind: 'police-centre' } as const;
const firstRoles: Role[] = ['administrator', 'analyst', 'supervisor', 'auditor', 'operator'];
const firstOfficer = { id: 'administrator', office: firstOffice.id, name: 'Administrator', roles: firstRoles };

/**
 * Makes the first officer when there is none, and a fresh code as long as they have never signed in: a print that was
 * lost must not lock everybody out. Null on every later start.
 */
export async function firstRun({ db, clock }: { db: Db; clock: Clock }): Promise<FirstRun | null> {
  return db.tx(async (tx) => {
    const nowMs = clock.now();
    const [any] = await tx.query('SELECT 1 FROM access.officers LIMIT 1');
    if (any === undefined) {
      await insertOffice(tx, firstOffice, nowMs);
      await insertOfficer(tx, firstOfficer, nowMs);
    }
    const [waiting] = await tx.query(
      'SELECT 1 FROM access.officers WHERE id = $1 AND active AND first_signed_in_at IS NULL FOR UPDATE',
      [firstOfficer.id],
    );
    if (waiting === undefined) return null;
    const { code } = await issueCode(tx, firstOfficer.id, nowMs);
    return { officer: firstOfficer.id, code };
  });
}

/** A new key for commands on this machine; the one before opens nothing any more. */
export async function localKey({ db }: { db: Db }): Promise<string> {
  const { secret, hash } = issueSecret('local');
  await db.query(
    `INSERT INTO access.local_key (secret_hash) VALUES ($1)
     ON CONFLICT (singleton) DO UPDATE SET secret_hash = excluded.secret_hash`,
    [hash],
  );
  return secret;
}

/**
 * Whom the machine's key stands for. Its permissions are fixed, whatever became of the first officer: it is the way
 * back in when every administrator has lost their password.
 */
export async function findLocalKey(
  sql: Sql,
  token: string,
): Promise<Pick<OfficerActor, 'officer' | 'office' | 'roles' | 'permissions'> | null> {
  const [row] = await sql.query<{ secret_hash: Buffer }>('SELECT secret_hash FROM access.local_key');
  if (row === undefined || !timingSafeEqual(row.secret_hash, hashOf(token))) return null;
  const held = [...permissionsOf(firstRoles)].filter((permission) => !withheldFromLocalKey.includes(permission));
  return { officer: firstOfficer.id, office: firstOffice.id, roles: firstRoles, permissions: new Set(held) };
}
