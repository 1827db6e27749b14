import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText, minuteMs, type Clock } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Db } from '../platform/db.ts';
import type { Redress } from '../redress/redress.ts';
import type { HoldHistory, HoldPage, HoldQuery, HoldRules, WaitingAct } from './hold-contract.ts';
import { holdOf } from './hold-presenting.ts';
import { holdRulesOf, subjectsOf, waitingActs } from './hold-seconding.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';

export interface HoldReadingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requireOfficer' | 'recordRead' | 'approvals'>;
  readonly redress: Pick<Redress, 'against'>;
}

const deedsMax = 500;

/** What officers read of holds; each reading is recorded. */
export function openHoldReading({ db, clock, policy, access, redress }: HoldReadingParts) {
  const waitingOf = async (rows: readonly HoldRow[]): Promise<WaitingAct[]> =>
    waitingActs(await access.approvals.waiting('funds.approve', subjectsOf(rows)), rows);
  return {
    /** What the law asks for, so that officers know it before they act. */
    rules(actor: Actor): HoldRules {
      access.requireOfficer(actor, 'funds.read');
      return holdRulesOf(policy.at(clock.now()));
    },

    async list(actor: Actor, query: HoldQuery): Promise<HoldPage> {
      const officer = access.requireOfficer(actor, 'funds.read');
      const { trace, state, account, institution, endingWithin, after, limit } = query;
      const nowMs = clock.now();
      const key = account === undefined ? undefined : keyOf(account);
      const search = {
        ...(trace !== undefined && { trace }),
        ...(state !== undefined && { state }),
        ...(key !== undefined && { key }),
        ...(institution !== undefined && { institution }),
        ...(endingWithin !== undefined && { endsBeforeMs: nowMs + endingWithin * minuteMs }),
        nowMs,
        limit: limit + 1,
      };
      const rows = await store.searchHolds(db, search, after === undefined ? undefined : placeOf(after));
      const { page, next } = cutPage(rows, limit, (last) => [
        endingWithin === undefined ? '' : instantText(last.untilMs!),
        String(last.number),
      ]);
      await access.recordRead(db, officer, {
        what: 'holds',
        subject: key ?? trace ?? institution ?? 'search',
        count: page.length,
      });
      return {
        holds: page.map((row) => holdOf(row, nowMs)),
        ...(trace !== undefined && { waiting: await waitingOf(page) }),
        ...next,
      };
    },

    async get(actor: Actor, id: string): Promise<HoldHistory> {
      const officer = access.requireOfficer(actor, 'funds.read');
      const row = (await store.readHold(db, id)) ?? refuse('not-found.hold', { id });
      const deeds = await store.readDeeds(db, id, deedsMax);
      const appeals = await redress.against('hold', [id]);
      await access.recordRead(db, officer, { what: 'hold', subject: row.key, count: 1 });
      const { noticeMadeAtMs, noticeDeferredUntilMs, noticeDeliveredAtMs } = row;
      return {
        hold: holdOf(row, clock.now()),
        waiting: await waitingOf([row]),
        notice: {
          ...(noticeMadeAtMs !== null && { madeAt: instantText(noticeMadeAtMs) }),
          ...(noticeDeferredUntilMs !== null && { deferredUntil: instantText(noticeDeferredUntilMs) }),
          ...(noticeDeliveredAtMs !== null && { deliveredAt: instantText(noticeDeliveredAtMs) }),
        },
        appeals: appeals.map(({ id, state, lodgedAt, decideBy }) => ({ id, state, lodgedAt, decideBy })),
        history: deeds.map(({ atMs, details, ...deed }) => ({
          ...deed,
          at: instantText(atMs),
          details: { ...details },
        })),
      };
    },
  };
}

function keyOf(text: string): string {
  const key = parse(text);
  return isRefusal(key) ? refuse(key.refused, key.params) : key;
}

function placeOf(after: string): { atMs: number; number: number } {
  const [at, number] = readPageToken(after, 2) as [string, string];
  const atMs = at === '' ? 0 : Date.parse(at);
  if (Number.isNaN(atMs) || !/^[0-9]{1,15}$/.test(number)) refuse('malformed.page');
  return { atMs, number: Number(number) };
}
