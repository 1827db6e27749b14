import { cutPage } from '../kernel/pages.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { recordChange } from './audit.ts';
import type { NewOffice, Office, OfficePage, Page } from './contract.ts';
import { placeById } from './pages.ts';
import { requireOfficer } from './permissions.ts';

/** Each verb needs `access.manage`. */
export interface Offices {
  add(actor: Actor, office: NewOffice): Promise<Office>;
  list(actor: Actor, page: Page): Promise<OfficePage>;
  /** What an office is; for rooms that route by it. */
  kindOf(id: string): Office['kind'] | undefined;
}

interface OfficeRow {
  readonly id: string;
  readonly name: string;
  readonly kind: Office['kind'];
  readonly created_at: Date;
}

export async function openOffices({ db, clock }: { db: Db; clock: Clock }): Promise<Offices> {
  const rows = await db.query<Pick<OfficeRow, 'id' | 'kind'>>('SELECT id, kind FROM access.offices');
  const kinds = new Map(rows.map(({ id, kind }) => [id, kind]));
  return {
    // An office that another process added, or the first start's own, is not known before the next start.
    kindOf: (id) => kinds.get(id),
    add: async (actor, office) => {
      requireOfficer(actor, 'access.manage');
      return db.tx(async (tx) => {
        const added = (await insertOffice(tx, office, clock.now())) ?? refuse('conflict.exists', { id: office.id });
        tx.afterCommit(() => void kinds.set(office.id, office.kind));
        await recordChange(tx, clock, actor, { what: 'office.add', subject: office.id, details: office });
        return added;
      });
    },
    list: async (actor, { after, limit }) => {
      requireOfficer(actor, 'access.manage');
      const rows = await db.query<OfficeRow>(
        'SELECT id, name, kind, created_at FROM access.offices WHERE id > $1 ORDER BY id LIMIT $2',
        [placeById(after), limit + 1],
      );
      const { page, next } = cutPage(rows, limit, (last) => [last.id]);
      return { offices: page.map(officeOf), ...next };
    },
  };
}

/** Undefined when there is one of that id. */
export async function insertOffice(tx: Tx, office: NewOffice, nowMs: number): Promise<Office | undefined> {
  const [row] = await tx.query<OfficeRow>(
    `INSERT INTO access.offices (id, name, kind, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO NOTHING RETURNING id, name, kind, created_at`,
    [office.id, office.name, office.kind, new Date(nowMs)],
  );
  return row && officeOf(row);
}

export async function readOffice(sql: Sql, id: string): Promise<Office | undefined> {
  const [row] = await sql.query<OfficeRow>('SELECT id, name, kind, created_at FROM access.offices WHERE id = $1', [id]);
  return row && officeOf(row);
}

function officeOf({ created_at, ...office }: OfficeRow): Office {
  return { ...office, createdAt: instantText(created_at.getTime()) };
}
