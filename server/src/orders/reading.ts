import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { OfficeKeys, OrderDetails, OrderPage, OrderQuery } from './contract.ts';
import type { Happened, OrderRow } from './record.ts';
import type { Signing } from './signing.ts';
import * as store from './store.ts';

/** An officer needs `orders.read` and a purpose, which is recorded; an institution `orders.answer`, and sees its own. */
export interface Reading {
  /** The newest first. */
  list(actor: Actor, query: OrderQuery): Promise<OrderPage>;
  get(actor: Actor, id: string): Promise<OrderDetails>;
  /** For every officer and institution. */
  keys(actor: Actor): Promise<OfficeKeys>;
}

interface ReadingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly access: Pick<Access, 'requirePermission' | 'requireOfficer' | 'requirePurpose' | 'recordRead'>;
  readonly signing: Signing;
}

const historyMax = 500;

export function openReading({ db, clock, access, signing }: ReadingParts): Reading {
  /** Whose orders the actor may see; undefined for all. */
  function admit(actor: Actor): string | undefined {
    if (actor.kind === 'institution') {
      access.requirePermission(actor, 'orders.answer');
      return actor.institution;
    }
    access.requireOfficer(actor, 'orders.read');
    access.requirePurpose(actor);
    return undefined;
  }
  const record = async (actor: Actor, subject: string | null, count: number): Promise<void> => {
    if (actor.kind === 'officer') await access.recordRead(db, actor, { what: 'orders', subject, count });
  };

  return {
    async list(actor, query) {
      const own = admit(actor);
      if (own !== undefined && query.institution !== undefined && query.institution !== own)
        refuse('forbidden.institution');
      const wanted = {
        institution: own ?? query.institution,
        state: query.state,
        kind: query.kind,
        subject: query.subject === undefined ? undefined : keyOf(query.subject),
        overdueAt: query.overdue ? new Date(clock.now()) : undefined,
        waits: query.waits,
        before: readPlace(query.after),
      };
      const rows = await store.listOrders(db, wanted, query.limit + 1);
      const { page, next } = cutPage(rows, query.limit, (last) => [instantText(last.created_at.getTime()), last.id]);
      await record(actor, wanted.subject ?? null, page.length);
      return { orders: page.map(store.orderOf), ...next };
    },
    async get(actor, id) {
      const own = admit(actor);
      const row = await store.readOrder(db, id);
      if (row === undefined || (own !== undefined && row.institution !== own)) return refuse('not-found.order');
      const history = await store.readHistory(db, id, historyMax);
      await record(actor, id, 1);
      return detailsOf(row, history, own === undefined);
    },
    async keys(actor) {
      if (actor.kind !== 'officer' && actor.kind !== 'institution') refuse('forbidden.institutions-only');
      const offices = await store.readOffices(db);
      return {
        keys: offices.map((office) => ({ office, algorithm: 'Ed25519', publicKey: signing.publicKeyOf(office) })),
      };
    },
  };
}

function detailsOf(row: OrderRow, history: readonly Happened[], isOfficer: boolean): OrderDetails {
  const outcome = store.outcomeOf(row);
  return {
    order: store.orderOf(row),
    ...(outcome !== undefined && {
      outcome,
      answeredAt: instantText(row.answered_at!.getTime()),
      answeredRevision: row.answered_revision!,
    }),
    reminders: row.reminders,
    ...(row.late_at !== null && { lateAt: instantText(row.late_at.getTime()) }),
    ...(isOfficer && { reference: row.reference }),
    history: history.map(({ atMs, by, what, details }) => ({
      at: instantText(atMs),
      actor: isOfficer || by === `institution:${row.institution}` ? by : `office:${row.office}`,
      what,
      details: isOfficer ? details : withoutGrounds(details),
    })),
  };
}

/** Why an office thinks what it thinks is its own. */
function withoutGrounds({ grounds: _grounds, ...details }: Happened['details']): Happened['details'] {
  return details;
}

function keyOf(text: string): string {
  const key = parse(text);
  return isRefusal(key) ? refuse(key.refused, key.params) : key;
}

function readPlace(after: string | undefined): { at: Date; id: string } | undefined {
  if (after === undefined) return undefined;
  const [text, id] = readPageToken(after, 2) as [string, string];
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) refuse('malformed.page');
  return { at, id };
}
