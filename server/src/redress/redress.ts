import type { AppealBody, AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Handling } from '@bronze-drum/protocol/handling';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { assert } from '../kernel/assert.ts';
import { hourMs, instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import { keepDecisionsAbroad, readDecisionsAbroad, type DecisionAbroad } from './abroad.ts';
import type { Appeal, AppealQuery, DecideAppeal, LodgeAppeal } from './contract.ts';
import * as store from './store.ts';

export type { DecisionAbroad } from './abroad.ts';
export type { Appeal } from './contract.ts';

/** What redress must know of an act to hear an appeal against it. */
export interface ContestableAct {
  /** Everyone who took part in the act, as actor ids: none of them may decide. */
  readonly actedBy: readonly string[];
  readonly subject: string;
  /** The book in which the act was said; a decision that releases is said to the same readers. */
  readonly book: string;
  readonly handling: Handling;
  /** Shown to officers only: to everyone else it does not exist. */
  readonly discreet: boolean;
}

export interface Redress {
  /** A room offers its acts of one kind for appeal; null: there is no such act, or it is over. */
  contestable(kind: string, find: (sql: Sql, id: string) => Promise<ContestableAct | null>): void;
  lodge(actor: Actor, appeal: LodgeAppeal): Promise<Appeal>;
  /** Decides an open appeal. Refuses whoever took part in the act. */
  decide(actor: Actor, id: string, decision: DecideAppeal): Promise<Appeal>;
  /** The appellant no longer contests. */
  withdraw(actor: Actor, id: string, grounds: string): Promise<Appeal>;
  get(actor: Actor, id: string): Promise<Appeal>;
  list(actor: Actor, query: AppealQuery): Promise<{ appeals: Appeal[]; next?: string }>;
  /** Appeals against acts that the caller shows to somebody who may see them. */
  against(kind: string, ids: readonly string[]): Promise<Appeal[]>;
  /** What other members decided on such acts of theirs. */
  decidedAbroad(kind: string, acts: readonly { member: string; id: string }[]): Promise<DecisionAbroad[]>;
}

export interface RedressParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Journal;
  readonly access: Access;
}

const clockKind = 'redress.appeal';
const ruleAuthor: Author = { office: 'redress', rule: 'appeal-lapsed' };

export async function openRedress(parts: RedressParts): Promise<Redress> {
  const { db, clock, clocks, policy, journal, access } = parts;
  await migrate(db, 'redress', new URL('migrations/', import.meta.url));
  keepDecisionsAbroad(journal);
  const finders = new Map<string, (sql: Sql, id: string) => Promise<ContestableAct | null>>();

  async function find(sql: Sql, act: { kind: string; id: string }): Promise<ContestableAct> {
    const found = await finders.get(act.kind)?.(sql, act.id);
    return found ?? refuse('not-found.act', { kind: act.kind });
  }

  const conclude = async (tx: Tx, row: store.AppealRow, end: Conclusion): Promise<void> => {
    const act = await finders.get(row.act_kind)?.(tx, row.act_id);
    await concludeAppeal(parts, tx, row, end, act);
  };

  clocks.on(clockKind, {
    async due(tx, deadline) {
      const row = await store.lockAppeal(tx, deadline.subject);
      if (row?.state !== 'lodged') return;
      const releases = policy.at(clock.now()).appeals.whenLapsed === 'release';
      await conclude(tx, row, {
        state: 'lapsed',
        releases,
        by: 'rule:appeal-lapsed',
        author: ruleAuthor,
        grounds: 'nobody decided in time',
      });
    },
    warn: (tx, deadline, nowMs) => store.markWarned(tx, deadline.subject, new Date(nowMs)),
  });

  async function lodge(actor: Actor, appeal: LodgeAppeal): Promise<Appeal> {
    access.requirePermission(actor, 'redress.lodge');
    const nowMs = clock.now();
    const rules = policy.at(nowMs).appeals;
    const id = newId();
    const dueMs = nowMs + rules.decideWithinHours * hourMs;
    await db.tx(async (tx) => {
      const act = await find(tx, appeal.act);
      if (act.discreet && actor.kind !== 'officer') refuse('not-found.act', { kind: appeal.act.kind });
      const inserted = await store.insertAppeal(tx, {
        id,
        act_kind: appeal.act.kind,
        act_id: appeal.act.id,
        subject: act.subject,
        book: act.book,
        appellant: appeal.appellant,
        grounds: appeal.grounds,
        lodged_by: actorId(actor),
        lodged_at: new Date(nowMs),
        decide_by: new Date(dueMs),
      });
      if (!inserted) refuse('conflict.appeal-open');
      await clocks.set(tx, { kind: clockKind, subject: id, dueMs, warnMs: dueMs - rules.warnBeforeHours * hourMs });
      const body: AppealBody = { appeal: id, act: appeal.act, decideBy: instantText(dueMs) };
      const { handling, subject } = act;
      await journal.append(tx, [
        { book: 'domestic', kind: 'appeal', version: 1, author: authorOf(actor), handling, subject, body },
      ]);
    });
    return read(id);
  }

  async function close(id: string, end: (tx: Tx, row: store.AppealRow) => Promise<void>): Promise<Appeal> {
    await db.tx(async (tx) => {
      const row = (await store.lockAppeal(tx, id)) ?? refuse('not-found.appeal');
      if (row.state !== 'lodged') refuse('conflict.appeal-decided', { state: row.state });
      await end(tx, row);
    });
    return read(id);
  }

  async function read(id: string): Promise<Appeal> {
    return store.appealOf((await store.readAppeal(db, id)) ?? refuse('not-found.appeal'));
  }

  return {
    contestable(kind, finder) {
      assert(!finders.has(kind), `the act ${kind} is offered for appeal once`);
      finders.set(kind, finder);
    },
    lodge,
    decide: async (actor, id, decision) => {
      const officer = access.requireOfficer(actor, 'redress.decide');
      access.requireStepUp(officer);
      return close(id, async (tx, row) => {
        const act = await finders.get(row.act_kind)?.(tx, row.act_id);
        if (act?.actedBy.includes(actorId(actor)) === true) refuse('forbidden.own-act');
        await conclude(tx, row, {
          state: decision.outcome,
          releases: decision.outcome === 'upheld',
          by: actorId(actor),
          author: authorOf(actor),
          grounds: decision.grounds,
        });
      });
    },
    withdraw: async (actor, id, grounds) => {
      access.requirePermission(actor, 'redress.lodge');
      return close(id, async (tx, row) => {
        if (actor.kind === 'institution' && row.lodged_by !== actorId(actor)) refuse('not-found.appeal');
        await clocks.cancel(tx, clockKind, id);
        const end = {
          state: 'withdrawn',
          releases: null,
          by: actorId(actor),
          at: new Date(clock.now()),
          grounds,
        } as const;
        await store.closeAppeal(tx, id, end);
      });
    },
    get: async (actor, id) => {
      const officer = access.requireOfficer(actor, 'redress.decide');
      const appeal = await read(id);
      await access.recordRead(db, officer, { what: 'appeal', subject: appeal.id, count: 1 });
      return appeal;
    },
    list: async (actor, query) => {
      const officer = access.requireOfficer(actor, 'redress.decide');
      const rows = await store.listAppeals(db, query.state, readPlace(query.after), query.limit + 1);
      const { page, next } = cutPage(rows, query.limit, (last) => [instantText(last.decide_by.getTime()), last.id]);
      await access.recordRead(db, officer, { what: 'appeals', subject: query.state, count: page.length });
      return { appeals: page.map(store.appealOf), ...next };
    },
    against: async (kind, ids) => (await store.appealsAgainst(db, kind, ids)).map(store.appealOf),
    decidedAbroad: (kind, acts) => readDecisionsAbroad(db, kind, acts),
  };
}

interface Conclusion {
  readonly state: 'upheld' | 'dismissed' | 'lapsed';
  readonly releases: boolean;
  readonly by: string;
  readonly author: Author;
  readonly grounds: string;
}

async function concludeAppeal(
  parts: RedressParts,
  tx: Tx,
  row: store.AppealRow,
  end: Conclusion,
  act: ContestableAct | null | undefined,
): Promise<void> {
  await store.closeAppeal(tx, row.id, { ...end, at: new Date(parts.clock.now()) });
  await parts.clocks.cancel(tx, clockKind, row.id);
  const body: AppealDecisionBody = {
    appeal: row.id,
    act: { kind: row.act_kind, id: row.act_id },
    outcome: end.state,
    releases: end.releases,
    grounds: end.grounds,
    lodgedAt: instantText(row.lodged_at.getTime()),
  };
  const handling = act?.handling ?? { tlp: 'AMBER', conditions: [] };
  // Only a release concerns the act's readers abroad; that somebody complained in vain does not. Its readers are those
  // of now: the act may have been said to more or fewer since the appeal was lodged.
  const book = end.releases ? (act?.book ?? row.book) : 'domestic';
  await parts.journal.append(tx, [
    { book, kind: 'appeal-decision', version: 1, author: end.author, handling, subject: row.subject, body },
  ]);
}

function readPlace(after: string | undefined): { decideBy: Date; id: string } | undefined {
  if (after === undefined) return undefined;
  const [decideBy, id] = readPageToken(after, 2) as [string, string];
  const at = new Date(decideBy);
  if (Number.isNaN(at.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) refuse('malformed.page');
  return { decideBy: at, id };
}

function authorOf(actor: Actor): Author {
  if (actor.kind === 'officer') return { office: actor.office, officer: actor.officer };
  if (actor.kind === 'institution') return { office: 'redress', institution: actor.institution };
  return { office: 'redress', rule: actorId(actor) };
}
