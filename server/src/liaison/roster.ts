import type { Actor } from '../kernel/actor.ts';
import { dayMs, instantMs, instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { LiaisonParts } from './parts.ts';
import type { Passing } from './passing.ts';
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
import type { Saying } from './saying.ts';
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
}

const shiftClock = 'liaison.shift';
const shiftDaysMax = 3;

const shiftOf = (row: ShiftRow): Shift => ({
  id: row.id,
  officer: row.officer,
  from: instantText(row.from_at.getTime()),
  until: instantText(row.until_at.getTime()),
  reach: row.reach,
  handedOver: row.handed_over,
});

export function openRoster(
  parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper; readonly passing: Passing },
): Roster {
  const { db, clock, clocks, access, journal, saying, terms, passing } = parts;

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
      if (what === 'begin') await passing.takeUp(tx, shift.officer);
      else await passing.leave(tx, shift);
      if (!journal.isHeld()) await terms.publish(tx, nowMs);
    },
  });

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
        await access.officers.requireActive(tx, officer);
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
        await passing.leave(tx, shift);
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
        for (const named of [desk.deputy, desk.head])
          if (named !== null) await access.officers.requireActive(tx, named);
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
        await access.officers.requireActive(tx, to);
        await saying.begin(tx);
        const nowMs = clock.now();
        await rosters.markHandedOver(tx, officer.officer, new Date(nowMs));
        const by = `officer:${officer.officer}`;
        const requests = await passing.passAll(tx, officer.officer, to, by, JSON.stringify(note));
        await terms.publish(tx, nowMs);
        return { requests };
      });
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
