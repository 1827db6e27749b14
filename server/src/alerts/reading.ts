import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Alert, AlertCounts, AlertHistory, AlertPage, AlertQuery } from './contract.ts';
import { readAudience, type Audiences } from './audiences.ts';
import { alertOf, maySee, seesDiscreet, type KindOfOffice } from './presenting.ts';
import { officers, type AlertRecord, type Rank } from './record.ts';
import { priorityOf, rankOf } from './rules.ts';
import { readAlerts, readHistory, recordOf, type AlertRow } from './store.ts';

/** Each verb needs `alerts.read`, and of an officer a purpose, which is recorded. An institution sees what is its own. */
export interface Reading {
  list(actor: Actor, query: AlertQuery): Promise<AlertPage>;
  get(actor: Actor, id: string): Promise<AlertHistory>;
  /** How many of those that the actor may see are open, by state and priority. */
  counts(actor: Actor): Promise<AlertCounts>;
}

export interface ReadingParts {
  readonly db: Db;
  readonly access: Pick<Access, 'requirePermission' | 'requirePurpose' | 'recordRead'>;
  readonly audiences: Pick<Audiences, 'of'>;
  readonly kindOfOffice: KindOfOffice;
}

const historyMax = 500;
/**
 * How many rows are read: the least of these that is more than a page holds. As a number in the text: of a parameter the planner
 * would think that it is a tenth of all.
 */
const rowCounts = [26, 51, 101, 201];

export function openReading({ db, access, audiences, kindOfOffice }: ReadingParts): Reading {
  const admit = (actor: Actor): void => {
    access.requirePermission(actor, 'alerts.read');
    access.requirePurpose(actor);
  };
  const record = async (actor: Actor, subject: string | null, count: number): Promise<void> => {
    if (actor.kind === 'officer') await access.recordRead(db, actor, { what: 'alerts', subject, count });
  };

  /** Whether a query asks for alerts of an audience; for `me` by roles and office, not because one oversees all. */
  function isAsked(audience: Asked, actor: Actor, query: AlertQuery): boolean {
    if (query.state === undefined ? audience.state === 'closed' : audience.state !== query.state) return false;
    if (query.kind !== undefined && audience.kind !== query.kind) return false;
    if (query.for === 'all' || actor.kind !== 'officer') return true;
    const { roles, offices } = audience;
    if (roles.some((role) => actor.roles.includes(role))) return true;
    return offices.some((office) => office === actor.office || office === kindOfOffice(actor.office));
  }

  return {
    async list(actor, query) {
      admit(actor);
      // Of what is closed nothing is urgent.
      const order = query.sort === 'urgent' && query.state !== 'closed' ? 'urgent' : 'newest';
      const isOwn = query.mine && actor.kind === 'officer';
      const places = isOwn ? [] : audiences.of(actor, (audience) => isAsked(audience, actor, query));
      const rows = await db.query<AlertRow>(...listQuery(actor, query, order, places));
      const { page, next } = cutPage(rows.map(recordOf), query.limit, placeOf);
      await record(actor, query.subject ?? null, page.length);
      return { alerts: page.map(alertOf), ...next };
    },
    async get(actor, id) {
      admit(actor);
      const [found] = await readAlerts(db, [id]);
      if (found === undefined || !maySee(actor, found, kindOfOffice)) return refuse('not-found.alert');
      const rows = actor.kind === 'officer' ? await readHistory(db, id, historyMax) : [];
      await record(actor, id, 1);
      return {
        alert: alertOf(found) satisfies Alert,
        history: rows.map(({ at, details, ...row }) => ({
          at: instantText(at.getTime()),
          ...row,
          details: JSON.parse(details) as Record<string, unknown>,
        })),
      };
    },
    async counts(actor) {
      admit(actor);
      const places = audiences.of(actor, ({ state }) => state !== 'closed');
      const rows = await db.query<{ audience: string; priority: Rank; count: number }>(
        'SELECT audience, priority, count FROM alerts.counts WHERE audience = ANY ($1::text[]) AND count > 0',
        [places],
      );
      // Numbers alone: nobody's data was read, and desks ask for them all the time.
      return { counts: sumsOf(rows) };
    },
  };
}

/** What was counted by audience, by state and priority. */
function sumsOf(rows: readonly { audience: string; priority: Rank; count: number }[]): AlertCounts['counts'] {
  const sums = new Map<string, AlertCounts['counts'][number]>();
  for (const { audience, priority, count } of rows) {
    const { state } = readAudience(audience);
    const name = `${state} ${priority}`;
    const known = sums.get(name);
    sums.set(name, { state, priority: priorityOf(priority), count: (known?.count ?? 0) + count });
  }
  return [...sums.keys()].sort().map((name) => sums.get(name)!);
}

/** Further conditions of a query, with their values. */
function openWhere() {
  const conditions: string[] = [];
  const values: unknown[] = [];
  return {
    values,
    bind: (value: unknown): string => `$${values.push(value)}`,
    add: (condition: string): void => void conditions.push(condition),
    text: (): string => conditions.map((condition) => `AND ${condition}`).join(' '),
  };
}
type Where = ReturnType<typeof openWhere>;

type Asked = Parameters<Parameters<Audiences['of']>[1]>[0];

const orders = { urgent: 'priority, last_at DESC, id DESC', newest: 'last_at DESC, id DESC' } as const;
type Order = keyof typeof orders;

/**
 * The first of each audience in its order, and of those the first. What is an officer's own, or watched by them, comes
 * beside it if its routes do not bring it.
 */
function listQuery(actor: Actor, query: AlertQuery, order: Order, places: readonly string[]): [string, unknown[]] {
  const where = openWhere();
  if (query.priority !== undefined) where.add(`priority = ${where.bind(rankOf(query.priority))}`);
  if (query.subject !== undefined) where.add(`subject = ${where.bind(query.subject)}`);
  const after = query.after === undefined ? ['true'] : placesAfter(where, order, query.after);
  const wished = where.text();
  const by = orders[order];
  const rows = rowCounts.find((count) => count > query.limit)!;
  const audiences = where.bind(places);
  if (query.subject !== undefined && !(query.mine && actor.kind === 'officer')) {
    const rest = `${wished} AND (${after.join(' OR ')}) ORDER BY ${by} LIMIT ${rows}`;
    return [ofSubject(where, actor, query, audiences, rest), where.values];
  }
  // Only what the index holds is read for each audience: the rows themselves are read once it is known which are the first.
  const keys = order === 'urgent' ? 'id, priority, last_at' : 'id, last_at';
  const first = (condition: string): string =>
    after
      .map(
        (place) =>
          `SELECT ${keys} FROM alerts.alerts WHERE ${condition} ${wished} AND ${place} ORDER BY ${by} LIMIT ${rows}`,
      )
      .map((branch) => `(${branch})`)
      .join(' UNION ALL ');
  const routed = `SELECT one.* FROM unnest(${audiences}::text[]) AS place CROSS JOIN LATERAL (${first('audience = place')}) one`;
  const found = [routed, ...ownConditions(where, actor, query, audiences).map(first)].join(' UNION ALL ');
  return [
    `SELECT alert.* FROM (SELECT id FROM (${found}) AS found ORDER BY ${by} LIMIT ${rows}) AS chosen
       JOIN alerts.alerts alert USING (id) ORDER BY ${by}`,
    where.values,
  ];
}

/** There are few alerts about one subject, and an index finds them whoever sees them. */
function ofSubject(where: Where, actor: Actor, query: AlertQuery, audiences: string, rest: string): string {
  const recipient = actor.kind === 'institution' ? `institution:${actor.institution}` : officers;
  const [owned, watched] = ownConditions(where, actor, query, audiences);
  const seen = [`audience = ANY (${audiences}::text[])`, owned, watched].filter((one) => one !== undefined);
  const state = query.state === 'closed' ? `state = 'closed'` : `state <> 'closed'`;
  return `SELECT * FROM alerts.alerts WHERE recipient = ${where.bind(recipient)} AND ${state}
    AND (${seen.map((one) => `(${one})`).join(' OR ')}) ${rest}`;
}

/** What an officer sees because they own or watch it, though their routes do not bring it. */
function ownConditions(where: Where, actor: Actor, query: AlertQuery, audiences: string): string[] {
  if (actor.kind !== 'officer') return [];
  const officer = where.bind(actor.officer);
  const state = query.state === undefined ? `state <> 'closed'` : `state = '${query.state}'`;
  const kind = query.kind === undefined ? '' : `AND kind = ${where.bind(query.kind)}`;
  const seen = `recipient = '${officers}' ${seesDiscreet(actor) ? '' : 'AND NOT discreet'}`;
  const others = `${state} ${kind} AND ${seen} AND audience <> ALL (${audiences}::text[])`;
  const owned = `owner = ${officer} AND ${others}`;
  const watched = `watchers <> '{}' AND watchers @> ARRAY[${officer}::text] AND owner IS DISTINCT FROM ${officer}`;
  return query.mine ? [owned] : [owned, `${watched} AND ${others}`];
}

const placeOf = (last: AlertRecord): string[] => [String(last.rank), instantText(last.lastAtMs), last.id];

/** What comes behind a place, in parts each of which an index walks from its beginning. */
function placesAfter(where: Where, order: Order, token: string): string[] {
  const [rank, at, id] = readPageToken(token, 3) as [string, string, string];
  if (!/^[1-4]$/.test(rank) || Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) refuse('malformed.page');
  const later = `(last_at, id) < (${where.bind(new Date(at))}, ${where.bind(id)}::uuid)`;
  if (order === 'newest') return [later];
  const urgency = `${where.bind(Number(rank))}::smallint`;
  return [`(priority = ${urgency} AND ${later})`, `priority > ${urgency}`];
}
