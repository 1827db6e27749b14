import type { Tx } from '../platform/db.ts';
import type { LiaisonParts } from './parts.ts';
import * as rosters from './roster-store.ts';
import type { ShiftRow } from './roster-store.ts';
import { openStates } from './rules.ts';
import type { Saying } from './saying.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';

const rule = 'rule:roster';

/** Who has a request in hand here, as officers come and go. */
export function openPassing(parts: Pick<LiaisonParts, 'clock'> & { readonly saying: Saying }) {
  const { clock, saying } = parts;

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
    passAll,
    takeUp,
    leave,

    /** Gives what has come to whoever is on duty, and alerts them; if nobody is, the deputy. */
    async receive(tx: Tx, record: RequestRecord, named: string | null): Promise<void> {
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

export type Passing = ReturnType<typeof openPassing>;
