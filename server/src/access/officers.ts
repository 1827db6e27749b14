import { cutPage } from '../kernel/pages.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import type { ApprovalNews } from './approval-news.ts';
import { recordChange } from './audit.ts';
import type { IssuedCode, NewOfficer, Officer, OfficerChange, OfficerPage, Page } from './contract.ts';
import { readOffice } from './offices.ts';
import { placeById } from './pages.ts';
import { requireOfficer } from './permissions.ts';
import { withdrawProposalsOf } from './proposals.ts';
import { codeLifeMs } from './rules.ts';
import { issueSecret } from './secrets.ts';

/** Each verb needs `access.manage`; what gives somebody power, step-up as well. */
export interface Officers {
  /** Adds an officer, and returns the code with which they sign in for the first time. */
  add(actor: Actor, officer: NewOfficer): Promise<IssuedCode>;
  list(actor: Actor, page: Page): Promise<OfficerPage>;
  /**
   * Changes a name, roles, or whether the officer is active. Deactivating ends their sessions, password and open
   * proposals; an officer who is made active again needs a new code.
   */
  change(actor: Actor, id: string, change: OfficerChange): Promise<Officer>;
  /** Ends the officer's password and sessions, and returns a new one-time code. */
  reset(actor: Actor, id: string): Promise<IssuedCode>;
  /** Refuses an id that nobody bears who may work here: what is given to them would lie in nobody's hands. */
  requireActive(sql: Sql, id: string): Promise<void>;
}

interface OfficerRow {
  readonly id: string;
  readonly office: string;
  readonly name: string;
  readonly roles: string[];
  readonly active: boolean;
  readonly can_sign_in: boolean;
  readonly created_at: Date;
}

const officerColumns = 'id, office, name, roles, active, (active AND password IS NOT NULL) AS can_sign_in, created_at';

interface OfficersParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly requireStepUp: (actor: Actor) => void;
  readonly news: Pick<ApprovalNews, 'tell'>;
}

export function openOfficers(parts: OfficersParts): Officers {
  const { db, clock, requireStepUp } = parts;
  return {
    add: (actor, officer) => {
      requireOfficer(actor, 'access.manage');
      requireStepUp(actor);
      return db.tx(async (tx) => {
        if ((await readOffice(tx, officer.office)) === undefined)
          refuse('not-found.office', { office: officer.office });
        if (!(await insertOfficer(tx, officer, clock.now()))) refuse('conflict.exists', { id: officer.id });
        await recordChange(tx, clock, actor, { what: 'officer.add', subject: officer.id, details: officer });
        return issueCode(tx, officer.id, clock.now());
      });
    },
    list: async (actor, { after, limit }) => {
      requireOfficer(actor, 'access.manage');
      const rows = await db.query<OfficerRow>(
        `SELECT ${officerColumns} FROM access.officers WHERE id > $1 ORDER BY id LIMIT $2`,
        [placeById(after), limit + 1],
      );
      const { page, next } = cutPage(rows, limit, (last) => [last.id]);
      return { officers: page.map(officerOf), ...next };
    },
    change: (actor, id, change) => {
      requireOfficer(actor, 'access.manage');
      if (change.roles !== undefined || change.active === true) requireStepUp(actor);
      return db.tx((tx) => changeOfficer(tx, parts, actor, id, change));
    },
    reset: (actor, id) => {
      requireOfficer(actor, 'access.manage');
      requireStepUp(actor);
      return db.tx(async (tx) => {
        const [officer] = await tx.query<{ active: boolean }>(
          'SELECT active FROM access.officers WHERE id = $1 FOR UPDATE',
          [id],
        );
        if (officer === undefined) refuse('not-found.officer', { officer: id });
        if (!officer.active) refuse('conflict.inactive', { officer: id });
        await shutOut(tx, id);
        await tx.query('DELETE FROM access.attempts WHERE officer = $1', [id]);
        await recordChange(tx, clock, actor, { what: 'officer.reset', subject: id });
        return issueCode(tx, id, clock.now());
      });
    },
    async requireActive(sql, id) {
      const officer = (await readOfficer(sql, id)) ?? refuse('not-found.officer', { officer: id });
      if (!officer.active) refuse('conflict.inactive', { officer: id });
    },
  };
}

async function changeOfficer(
  tx: Tx,
  { clock, news }: Pick<OfficersParts, 'clock' | 'news'>,
  actor: Actor,
  id: string,
  change: OfficerChange,
): Promise<Officer> {
  const administrators = await lockAdministrators(tx);
  const [before] = await tx.query<OfficerRow>(
    `SELECT ${officerColumns} FROM access.officers WHERE id = $1 FOR UPDATE`,
    [id],
  );
  if (before === undefined) return refuse('not-found.officer', { officer: id });
  const { name = before.name, roles = before.roles, active = before.active } = change;
  const staysAdministrator = active && roles.includes('administrator');
  if (!staysAdministrator && administrators.length === 1 && administrators[0] === id) {
    return refuse('conflict.last-administrator');
  }
  if (before.active && !active) {
    await shutOut(tx, id);
    for (const withdrawn of await withdrawProposalsOf(tx, id, clock.now())) news.tell(tx, withdrawn);
  }
  await tx.query('UPDATE access.officers SET name = $2, roles = $3, active = $4 WHERE id = $1', [
    id,
    name,
    roles,
    active,
  ]);
  await recordChange(tx, clock, actor, { what: 'officer.change', subject: id, details: change });
  return (await readOfficer(tx, id))!;
}

/** Locked in one order, so that two administrators who remove each other do not both succeed. */
async function lockAdministrators(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM access.officers WHERE active AND 'administrator' = ANY (roles) ORDER BY id FOR UPDATE`,
  );
  return rows.map((row) => row.id);
}

async function shutOut(tx: Tx, officer: string): Promise<void> {
  await tx.query('UPDATE access.officers SET password = NULL, code_hash = NULL, code_expires_at = NULL WHERE id = $1', [
    officer,
  ]);
  await endSessions(tx, officer);
}

export async function endSessions(sql: Sql, officer: string): Promise<void> {
  await sql.query('DELETE FROM access.sessions WHERE officer = $1', [officer]);
}

/** Gives an officer a one-time code; an earlier one no longer opens anything. */
export async function issueCode(tx: Tx, officer: string, nowMs: number): Promise<IssuedCode> {
  const { secret, hash } = issueSecret('code');
  const expiresAtMs = nowMs + codeLifeMs;
  await tx.query('UPDATE access.officers SET code_hash = $2, code_expires_at = $3 WHERE id = $1', [
    officer,
    hash,
    new Date(expiresAtMs),
  ]);
  return { officer, code: secret, expiresAt: instantText(expiresAtMs) };
}

export async function insertOfficer(tx: Tx, officer: NewOfficer, nowMs: number): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO access.officers (id, office, name, roles, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [officer.id, officer.office, officer.name, officer.roles, new Date(nowMs)],
  );
  return rows.length === 1;
}

export async function readOfficer(sql: Sql, id: string): Promise<Officer | undefined> {
  const [row] = await sql.query<OfficerRow>(`SELECT ${officerColumns} FROM access.officers WHERE id = $1`, [id]);
  return row && officerOf(row);
}

function officerOf({ can_sign_in, created_at, ...officer }: OfficerRow): Officer {
  return { ...officer, canSignIn: can_sign_in, createdAt: instantText(created_at.getTime()) };
}
