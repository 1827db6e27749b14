import { cutPage } from '../kernel/pages.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql } from '../platform/db.ts';
import { recordChange } from './audit.ts';
import type { Institution, InstitutionChange, InstitutionPage, NewInstitution, Page } from './contract.ts';
import { placeById } from './pages.ts';
import { requireOfficer } from './permissions.ts';

/** Whose customers are whose: how the keys of an institution's own customers begin. */
export interface Serving {
  readonly id: string;
  readonly kind: Institution['kind'];
  readonly serves: readonly string[];
}

/** Each verb needs `access.manage`. */
export interface Institutions {
  add(actor: Actor, institution: NewInstitution): Promise<Institution>;
  list(actor: Actor, page: Page): Promise<InstitutionPage>;
  /** Changes a name, the quota, or whether the institution is active: while it is not, none of its keys opens anything. */
  change(actor: Actor, id: string, change: InstitutionChange): Promise<Institution>;
}

interface InstitutionRow {
  readonly id: string;
  readonly name: string;
  readonly kind: Institution['kind'];
  readonly quota_per_second: number;
  readonly quota_burst: number;
  readonly serves: string[];
  readonly active: boolean;
  readonly created_at: Date;
}

const columns = 'id, name, kind, quota_per_second, quota_burst, serves, active, created_at';

export function openInstitutions(parts: {
  db: Db;
  clock: Clock;
  requireStepUp: (actor: Actor) => void;
  /** Hears that what keys open has changed. */
  onChange: () => void;
}): Institutions {
  const { db, clock, requireStepUp, onChange } = parts;
  return {
    add: (actor, institution) => {
      requireOfficer(actor, 'access.manage');
      const { id, name, kind, quota, serves = [] } = institution;
      return db.tx(async (tx) => {
        const [row] = await tx.query<InstitutionRow>(
          `INSERT INTO access.institutions (id, name, kind, quota_per_second, quota_burst, serves, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING ${columns}`,
          [id, name, kind, quota.perSecond, quota.burst, serves, new Date(clock.now())],
        );
        if (row === undefined) return refuse('conflict.exists', { id });
        await recordChange(tx, clock, actor, { what: 'institution.add', subject: id, details: institution });
        tx.afterCommit(onChange);
        return institutionOf(row);
      });
    },
    list: async (actor, { after, limit }) => {
      requireOfficer(actor, 'access.manage');
      const rows = await db.query<InstitutionRow>(
        `SELECT ${columns} FROM access.institutions WHERE id > $1 ORDER BY id LIMIT $2`,
        [placeById(after), limit + 1],
      );
      const { page, next } = cutPage(rows, limit, (last) => [last.id]);
      return { institutions: page.map(institutionOf), ...next };
    },
    change: (actor, id, change) => {
      requireOfficer(actor, 'access.manage');
      if (change.active === true) requireStepUp(actor);
      return db.tx(async (tx) => {
        const [row] = await tx.query<InstitutionRow>(
          `UPDATE access.institutions SET name = coalesce($2, name), active = coalesce($3, active),
             quota_per_second = coalesce($4, quota_per_second), quota_burst = coalesce($5, quota_burst),
             serves = coalesce($6, serves)
           WHERE id = $1 RETURNING ${columns}`,
          [
            id,
            change.name ?? null,
            change.active ?? null,
            change.quota?.perSecond ?? null,
            change.quota?.burst ?? null,
            change.serves ?? null,
          ],
        );
        if (row === undefined) return refuse('not-found.institution', { institution: id });
        await recordChange(tx, clock, actor, { what: 'institution.change', subject: id, details: change });
        tx.afterCommit(onChange);
        return institutionOf(row);
      });
    },
  };
}

/** Every active institution with what it serves; for the rooms, which route by it. */
export async function readServing(sql: Sql): Promise<Serving[]> {
  return sql.query<Serving & object>('SELECT id, kind, serves FROM access.institutions WHERE active ORDER BY id');
}

function institutionOf({ quota_per_second, quota_burst, created_at, ...institution }: InstitutionRow): Institution {
  return {
    ...institution,
    quota: { perSecond: quota_per_second, burst: quota_burst },
    createdAt: instantText(created_at.getTime()),
  };
}
