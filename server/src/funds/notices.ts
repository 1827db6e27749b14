import { mask } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { languages, type Language } from '@bronze-drum/protocol/languages';
import { holdNotice } from '@bronze-drum/protocol/rendering/rendering';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { hourMs, instantMs, instantText } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { DeferNotice, Hold, Notice, NoticeDelivered, NoticeList } from './hold-contract.ts';
import { holdOf } from './hold-presenting.ts';
import { byInstitution, byOfficer, byRule, noticeClock, type Holding, type HoldingParts } from './holding.ts';
import { fundsFinding } from './hold-findings.ts';
import { isUnderCourt } from './hold-rules.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';

export interface NoticesParts extends HoldingParts {
  readonly db: Db;
  readonly member: string;
  readonly access: Pick<Access, 'requireOfficer' | 'requirePermission' | 'recordRead'>;
}

const noticesMax = 200;

/**
 * Whoever's money is held is told so, by their institution: at the time that policy sets, unless an officer defers it with
 * a reason and a clock of its own.
 */
export function openNotices(parts: NoticesParts, holding: Holding) {
  const { db, clock, clocks, policy, access, alerts, member } = parts;

  clocks.on(noticeClock, {
    async due(tx, { subject: id }, nowMs) {
      const row = await store.lockHold(tx, id);
      if (row === undefined || row.endedAtMs !== null || row.noticeDeliveredAtMs !== null) return;
      const dueMs = nowMs + policy.at(nowMs).funds.notice.withinHours * hourMs;
      if (row.noticeMadeAtMs === null) {
        await holding.put(tx, { ...row, noticeMadeAtMs: nowMs }, { deed: 'notice-made', by: noticeRule, isAct: false });
        await clocks.set(tx, { kind: noticeClock, subject: id, dueMs });
        return;
      }
      // Of what is not held nobody needs to be told yet; it is looked at again.
      if (row.held > 0n) await alertNotice(tx, row, row.noticeMadeAtMs, 2);
      await clocks.set(tx, { kind: noticeClock, subject: id, dueMs });
    },
    async warn(tx, { subject: id, dueMs }) {
      const row = await store.lockHold(tx, id);
      if (row !== undefined && row.endedAtMs === null && row.noticeMadeAtMs === null)
        await alertNotice(tx, row, dueMs, 3);
    },
  });

  const alertNotice = (tx: Tx, row: HoldRow, dueMs: number, rank: 2 | 3): Promise<void> =>
    alerts.raise(tx, [
      fundsFinding('funds.notice', `hold:${row.id}`, { hold: row.id, due: instantText(dueMs) }, rank, clock.now()),
    ]);

  /** Of another institution’s customers nobody learns that there is anything. */
  async function noticeOf(actor: Actor, id: string): Promise<HoldRow> {
    const row = await store.readHold(db, id);
    if (actor.kind === 'officer') {
      access.requireOfficer(actor, 'funds.read');
      return row ?? refuse('not-found.hold', { id });
    }
    access.requirePermission(actor, 'orders.answer');
    const isTheirs = actor.kind === 'institution' && row?.institution === actor.institution && isToTell(row);
    return isTheirs ? row : refuse('not-found.hold', { id });
  }

  return {
    /** Refuses `conflict.notice-made`, and a time that policy does not allow. */
    async defer(actor: Actor, id: string, input: DeferNotice): Promise<Hold> {
      const officer = access.requireOfficer(actor, 'funds.hold');
      const row = await db.tx(async (tx) => {
        const row = (await store.lockHold(tx, id)) ?? refuse('not-found.hold', { id });
        const { orderedAtMs } = row;
        if (row.endedAtMs !== null) refuse('conflict.hold-ended', { state: row.state });
        if (orderedAtMs === null) return refuse('funds.not-ordered');
        if (row.noticeMadeAtMs !== null) refuse('conflict.notice-made');
        const mostMs = orderedAtMs + policy.at(clock.now()).funds.notice.deferHoursMax * hourMs;
        const untilMs = instantMs(input.until);
        if (!(untilMs > clock.now())) refuse('funds.until-past');
        if (untilMs > mostMs) refuse('funds.deferred-too-long', { most: instantText(mostMs) });
        const deferred = { ...row, orderedAtMs, noticeDeferredUntilMs: untilMs };
        await holding.setNotice(tx, deferred);
        const details = { until: input.until, reason: input.reason };
        return holding.put(tx, deferred, { deed: 'notice-deferred', by: byOfficer(officer), details });
      });
      return holdOf(row, clock.now());
    },

    /** What an institution has to deliver to its own customers. */
    async due(actor: Actor): Promise<NoticeList> {
      access.requirePermission(actor, 'orders.answer');
      if (actor.kind !== 'institution') return refuse('forbidden.permission', { permission: 'orders.answer' });
      const rows = await store.readNoticesOf(db, actor.institution, noticesMax);
      return {
        notices: rows.map((row) => ({
          hold: row.id,
          ...(row.orderId !== null && { order: row.orderId }),
          account: row.key,
          amount: { value: String(row.held), currency: row.currency },
          ...(row.untilMs !== null && { until: instantText(row.untilMs) }),
          madeAt: instantText(row.noticeMadeAtMs!),
        })),
      };
    },

    /** The text for the person, in some languages; for their institution once it is to be delivered. */
    async text(actor: Actor, id: string, asked: string | undefined): Promise<Notice> {
      const row = await noticeOf(actor, id);
      const nowMs = clock.now();
      const rules = policy.at(nowMs);
      const stage = rules.funds.stages.find(({ name }) => name === row.stage) ?? rules.funds.stages[0]!;
      const until = row.untilMs ?? nowMs;
      const rendered = holdNotice(
        {
          member,
          institution: row.institution ?? '',
          maskedAccount: mask(row.key as Key),
          amount: { value: String(row.held), currency: row.currency },
          until: instantText(until),
          legalBasis: stage.basis,
          reason: 'telecom-online-fraud',
          appealTo: rules.orders.callBack,
          timeZone: policy.timeZone,
        },
        languagesOf(asked ?? `${ownLanguage[member] ?? 'en'},en`),
      );
      if (actor.kind === 'officer')
        await access.recordRead(db, actor, { what: 'hold-notice', subject: row.key, count: 1 });
      return { hold: id, ...rendered };
    },

    /** The person was told. The same again is acknowledged again. */
    async delivered(actor: Actor, id: string): Promise<NoticeDelivered> {
      const { institution } = await noticeOf(actor, id);
      if (actor.kind !== 'institution') return refuse('forbidden.permission', { permission: 'orders.answer' });
      return db.tx(async (tx) => {
        const row = (await store.lockHold(tx, id)) ?? refuse('not-found.hold', { id });
        const known = row.noticeDeliveredAtMs;
        if (known !== null) return { hold: id, deliveredAt: instantText(known) };
        const nowMs = clock.now();
        const by = byInstitution(institution!);
        await holding.put(tx, { ...row, noticeDeliveredAtMs: nowMs }, { deed: 'notice-delivered', by, isAct: false });
        await clocks.cancel(tx, noticeClock, id);
        return { hold: id, deliveredAt: instantText(nowMs) };
      });
    },
  };
}

const noticeRule = byRule('notice');

const ownLanguage: Readonly<Record<string, Language>> = { cn: 'zh', kh: 'km', la: 'lo', mm: 'my', th: 'th', vn: 'vi' };

/** It was made, and there was something to tell. */
const isToTell = (row: HoldRow): boolean =>
  row.noticeMadeAtMs !== null && (row.held > 0n || isUnderCourt(row) || row.noticeDeliveredAtMs !== null);

function languagesOf(text: string): Language[] {
  const named = [...new Set(text.split(','))];
  const unknown = named.find((one) => !(languages as readonly string[]).includes(one));
  return unknown === undefined ? (named as Language[]) : refuse('malformed.language', { language: unknown });
}
