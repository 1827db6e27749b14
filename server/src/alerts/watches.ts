import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { dayMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { Refused, refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import type { NewWatch, Watch, WatchPage, WatchQuery } from './contract.ts';
import { openWatchIndex, type IndexedWatch, type WatchIndex } from './watch-index.ts';

export interface Watches {
  readonly index: Pick<WatchIndex, 'matching'>;
  /** Needs `alerts.watch`, and of an officer a purpose. The same pattern again renews it. */
  add(actor: Actor, watch: NewWatch): Promise<Watch>;
  /** The actor's own, in the order of their patterns. */
  list(actor: Actor, query: WatchQuery): Promise<WatchPage>;
  remove(actor: Actor, id: string): Promise<void>;
}

interface WatchRow {
  readonly id: string;
  readonly owner: string;
  readonly pattern: string;
  readonly delivery: Watch['delivery'];
  readonly note: string;
  readonly created_at: Date;
  readonly until: Date;
}

const ofOfficerMax = 1000;
const ofInstitutionMax = 100_000;
const lastsMsMax = 366 * dayMs;
/** The beginning of a pattern says at least so much after its type that it is not everything. */
const beginningMin = 3;

export async function openWatches(parts: {
  db: Db;
  clock: Clock;
  access: Pick<Access, 'requirePermission' | 'requirePurpose' | 'recordRead'>;
}): Promise<Watches> {
  const { db, clock, access } = parts;
  const index = openWatchIndex();
  for await (const rows of db.stream<WatchRow>(
    'SELECT * FROM alerts.watches WHERE until > $1',
    [new Date(clock.now())],
    5000,
  ))
    for (const row of rows) index.put(indexed(row));

  const ownerOf = (actor: Actor): string => {
    access.requirePermission(actor, 'alerts.watch');
    access.requirePurpose(actor);
    return actorId(actor);
  };

  async function put(tx: Tx, owner: string, actor: Actor, wish: NewWatch, pattern: string): Promise<WatchRow> {
    // Of two at once the second counts the first.
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`alerts.watches ${owner}`]);
    const nowMs = clock.now();
    const untilMs = wish.until === undefined ? nowMs + lastsMsMax : instantMs(wish.until);
    if (untilMs <= nowMs || untilMs > nowMs + lastsMsMax) refuse('alerts.watch-until');
    const most = actor.kind === 'institution' ? ofInstitutionMax : ofOfficerMax;
    const [others] = await tx.query<{ count: number }>(
      'SELECT count(*) FROM alerts.watches WHERE owner = $1 AND pattern <> $2 AND until > $3',
      [owner, pattern, new Date(nowMs)],
    );
    if (others!.count >= most) refuse('too-many.watches', { most });
    const [row] = await tx.query<WatchRow>(
      `INSERT INTO alerts.watches (id, owner, pattern, delivery, note, created_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (owner, pattern) DO UPDATE SET delivery = excluded.delivery, note = excluded.note, until = excluded.until
       RETURNING *`,
      [newId(), owner, pattern, wish.delivery ?? 'now', wish.note ?? '', new Date(nowMs), new Date(untilMs)],
    );
    return row!;
  }

  return {
    index,
    async add(actor, wish) {
      const owner = ownerOf(actor);
      const pattern = patternOf(wish.pattern);
      return db.tx(async (tx) => {
        const row = await put(tx, owner, actor, wish, pattern);
        tx.afterCommit(() => index.put(indexed(row)));
        return watchOf(row);
      });
    },
    async list(actor, query) {
      const owner = ownerOf(actor);
      const after = query.after === undefined ? '' : readPageToken(query.after, 1)[0]!;
      const rows = await readOwn(db, owner, after, query.limit + 1);
      const { page, next } = cutPage(rows, query.limit, (last) => [last.pattern]);
      if (actor.kind === 'officer')
        await access.recordRead(db, actor, { what: 'alerts.watches', subject: null, count: page.length });
      return { watches: page.map(watchOf), ...next };
    },
    async remove(actor, id) {
      const owner = ownerOf(actor);
      const rows = await db.query('DELETE FROM alerts.watches WHERE id = $1 AND owner = $2 RETURNING 1', [id, owner]);
      if (rows.length === 0) refuse('not-found.watch');
      index.remove(id);
    },
  };
}

/** A watch's pattern in its one spelling. */
function patternOf(text: string): string {
  if (!text.endsWith('*')) {
    const key = parse(text);
    return isRefusal(key) ? refuseAs(key) : key;
  }
  const beginning = text.slice(0, -1);
  const colon = beginning.indexOf(':');
  const isTyped = (identifierTypes as readonly string[]).includes(beginning.slice(0, colon));
  if (!isTyped || beginning.includes('*')) return refuse('alerts.watch-pattern');
  // `account:TH:*` and `phone:+66*` are a country's worth; more than that nobody wants to be alerted to.
  if (beginning.length - colon - 1 < beginningMin) return refuse('alerts.watch-too-wide');
  return text;
}

function refuseAs(refusal: ConstructorParameters<typeof Refused>[0]): never {
  throw new Refused(refusal);
}

function readOwn(sql: Sql, owner: string, after: string, limit: number): Promise<WatchRow[]> {
  return sql.query<WatchRow>(
    'SELECT * FROM alerts.watches WHERE owner = $1 AND pattern > $2 ORDER BY pattern LIMIT $3',
    [owner, after, limit],
  );
}

const indexed = ({ id, owner, pattern, delivery, until }: WatchRow): IndexedWatch => ({
  id,
  owner,
  pattern,
  isDigest: delivery === 'digest',
  untilMs: until.getTime(),
});

const watchOf = ({ id, pattern, delivery, note, created_at, until }: WatchRow): Watch => ({
  id,
  pattern,
  delivery,
  note,
  createdAt: instantText(created_at.getTime()),
  until: instantText(until.getTime()),
});
