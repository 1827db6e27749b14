import type { Actor } from '../kernel/actor.ts';
import { dayMs, instantMs, instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { LiaisonParts } from './parts.ts';
import type {
  DeskBody,
  HandedOver,
  HandOver,
  NewShift,
  OnDuty,
  Shift,
  ShiftPage,
  ShiftQuery,
} from './roster-contract.ts';
import * as rosters from './roster-store.ts';
import type { ShiftRow } from './roster-store.ts';
import { openStates } from './rules.ts';
import type { Saying } from './saying.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

/** Who is on duty, and who has what in hand when they change. */
export interface Roster {
  addShift(actor: Actor, shift: NewShift): Promise<Shift>;
  removeShift(actor: Actor, id: string): Promise<void>;
  shifts(actor: Actor, query: ShiftQuery): Promise<ShiftPage>;
  setDesk(actor: Actor, desk: DeskBody): Promise<DeskBody>;
  now(actor: Actor): Promise<OnDuty>;
  /** Everything open that the officer has in hand goes to another, with a note; their shift is over. */
  handOver(actor: Actor, over: HandOver): Promise<HandedOver>;
  /** Gives what has come to whoever is on duty, and alerts them; if nobody is, the deputy. */
  receive(tx: Tx, record: RequestRecord, named: string | null): Promise<void>;
}

const shiftClock = 'liaison.shift';
const shiftDaysMax = 3;
const rule = 'rule:roster';

const shiftOf = (row: ShiftRow): Shift => ({
  id: row.id,
  officer: row.officer,
  from: instantText(row.from_at.getTime()),
  until: instantText(row.until_at.getTime()),
  reach: row.reach,
  handedOver: row.handed_over,
});

export function openRoster(parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper }): Roster {
  const { db, clock, clocks, access, journal, saying, terms } = parts;

  async function next(tx: Tx, leaving: string | null): Promise<string | null> {
    const onDuty = await rosters.readOnDuty(tx, clock.now());
    return onDuty.find(({ officer }) => officer !== leaving)?.officer ?? null;
  }

  /** Moves a request at home; whoever has it now is alerted, or the deputy if nobody has. */
  async function pass(
    tx: Tx,
    record: RequestRecord,
    to: string | null,
    actor: string,
    note: string | null,
  ): Promise<void> {
    if (record.owner === to) return;
    await store.insertMove(tx, record.id, {
      at: new Date(clock.now()),
      actor,
      from_officer: record.owner,
      to_officer: to,
      desk: record.desk,
      note,
    });
    const passed = await saying.put(tx, { ...record, owner: to });
    const { deputy } = await rosters.readDesk(tx);
    await saying.alert(tx, passed, { code: 'request.received', watchers: [to ?? deputy] });
  }

  async function passAll(
    tx: Tx,
    from: string,
    to: string | null,
    actor: string,
    note: string | null,
  ): Promise<string[]> {
    const ids = await store.readOwned(tx, from, openStates);
    for (const id of ids) {
      const record = await store.readRequest(tx, id);
      await pass(tx, record!, to, actor, note);
    }
    return ids;
  }

  const arm = async (tx: Tx, { id, from_at, until_at }: ShiftRow): Promise<void> => {
    await clocks.set(tx, { kind: shiftClock, subject: `${id}/begin`, dueMs: from_at.getTime() });
    await clocks.set(tx, { kind: shiftClock, subject: `${id}/end`, dueMs: until_at.getTime() });
  };

  clocks.on(shiftClock, {
    async due(tx, { subject }, nowMs) {
      const [id, what] = subject.split('/') as [string, 'begin' | 'end'];
      await saying.begin(tx);
      const shift = await rosters.readShift(tx, id);
      if (shift === undefined) return;
      if (what === 'begin') await takeUp(tx, shift.officer);
      else await leave(tx, shift);
      if (!journal.isHeld()) await terms.publish(tx, nowMs);
    },
  });

  /** Whoever begins takes what nobody has in hand. */
  async function takeUp(tx: Tx, officer: string): Promise<void> {
    for (const id of await store.readUnowned(tx, openStates)) {
      const record = await store.readRequest(tx, id);
      await pass(tx, record!, officer, rule, null);
    }
  }

  /** What was not handed over by itself passes to the next on duty, and waits unowned if there is none. */
  async function leave(tx: Tx, shift: ShiftRow): Promise<void> {
    const onDuty = await rosters.readOnDuty(tx, clock.now());
    if (onDuty.some(({ officer }) => officer === shift.officer)) return;
    await passAll(tx, shift.officer, await next(tx, shift.officer), rule, null);
  }

  return {
    async addShift(actor, { officer, from, until, reach }) {
      access.requireOfficer(actor, 'liaison.roster');
      const [fromMs, untilMs] = [instantMs(from), instantMs(until)];
      if (!(untilMs > fromMs) || untilMs - fromMs > shiftDaysMax * dayMs || untilMs <= clock.now())
        return refuse('malformed.shift', { daysMax: shiftDaysMax });
      if (reach.includes('\0')) return refuse('malformed.nul');
      const row = {
        id: newId(),
        officer,
        from_at: new Date(fromMs),
        until_at: new Date(untilMs),
        reach,
        handed_over: false,
      };
      await db.tx(async (tx) => {
        await rosters.insertShift(tx, row);
        await arm(tx, row);
      });
      return shiftOf(row);
    },

    async removeShift(actor, id) {
      access.requireOfficer(actor, 'liaison.roster');
      await db.tx(async (tx) => {
        await saying.begin(tx);
        const shift = (await rosters.readShift(tx, id)) ?? refuse('not-found.shift');
        await rosters.removeShift(tx, id);
        for (const what of ['begin', 'end']) await clocks.cancel(tx, shiftClock, `${id}/${what}`);
        const nowMs = clock.now();
        if (shift.from_at.getTime() > nowMs || shift.until_at.getTime() <= nowMs) return;
        await leave(tx, shift);
        await terms.publish(tx, nowMs);
      });
    },

    async shifts(actor, { from, until, after, limit }) {
      access.requireOfficer(actor, 'liaison.read');
      const fromMs = from === undefined ? clock.now() : instantMs(from);
      const untilMs = until === undefined ? fromMs + 28 * dayMs : instantMs(until);
      if (!(untilMs > fromMs)) return refuse('malformed.time');
      const rows = await rosters.readShifts(db, {
        from: new Date(fromMs),
        until: new Date(untilMs),
        after: readPlace(after),
        limit: limit + 1,
      });
      const { page, next } = cutPage(rows, limit, (last) => [instantText(last.until_at.getTime()), last.id]);
      return { shifts: page.map(shiftOf), ...next };
    },

    async setDesk(actor, desk) {
      access.requireOfficer(actor, 'liaison.roster');
      await db.tx(async (tx) => {
        await rosters.writeDesk(tx, desk);
        await terms.publish(tx, clock.now());
      });
      return desk;
    },

    async now(actor) {
      access.requireOfficer(actor, 'liaison.read');
      const nowMs = clock.now();
      const [desk, rows] = await Promise.all([rosters.readDesk(db), rosters.readOnDuty(db, nowMs)]);
      return { at: instantText(nowMs), desk, shifts: rows.map(shiftOf) };
    },

    async handOver(actor, { to, note }) {
      const officer = access.requireOfficer(actor, 'liaison.answer');
      if (to === officer.officer) return refuse('malformed.hand-over');
      return db.tx(async (tx) => {
        await saying.begin(tx);
        const nowMs = clock.now();
        await rosters.markHandedOver(tx, officer.officer, new Date(nowMs));
        const by = `officer:${officer.officer}`;
        const requests = await passAll(tx, officer.officer, to, by, JSON.stringify(note));
        await terms.publish(tx, nowMs);
        return { requests };
      });
    },

    async receive(tx, record, named) {
      const onDuty = await rosters.readOnDuty(tx, clock.now());
      const isHere = (officer: string | null): boolean => onDuty.some((one) => one.officer === officer);
      // Who had an earlier revision in hand keeps it; a named officer goes first where they are on duty.
      const owner = [record.owner, named].find(isHere) ?? onDuty[0]?.officer ?? null;
      const { deputy } = await rosters.readDesk(tx);
      if (owner !== record.owner)
        await store.insertMove(tx, record.id, {
          at: new Date(clock.now()),
          actor: rule,
          from_officer: record.owner,
          to_officer: owner,
          desk: record.desk,
          note: null,
        });
      const received = await saying.put(tx, { ...record, owner });
      await saying.alert(tx, received, { code: 'request.received', watchers: [owner ?? deputy, named] });
    },
  };
}

function readPlace(after: string | undefined): { at: Date; id: string } | null {
  if (after === undefined) return null;
  const [at, id] = readPageToken(after, 2) as [string, string];
  const date = new Date(at);
  if (Number.isNaN(date.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) return refuse('malformed.page');
  return { at: date, id };
}
