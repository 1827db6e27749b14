import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText } from '../kernel/clock.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import type {
  Complaint,
  Confiscate,
  ExtendHold,
  Hold,
  HoldOutcome,
  OrderHolds,
  OrderedHolds,
  ReleaseHold,
  SeizeHold,
} from './hold-contract.ts';
import { holdOf } from './hold-presenting.ts';
import { holdClock, byOfficer, byRule, type Doer, type Holding, type HoldingParts } from './holding.ts';
import { isBound, isUnderCourt, nextStage, planOrder, type Word } from './hold-rules.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';

export interface HoldActsParts extends HoldingParts {
  readonly db: Db;
  readonly access: Pick<Access, 'requireOfficer' | 'defineAct' | 'perform'>;
}

/** What `funds.hold` did, for whoever undoes it: what was ordered of each before, null if nothing was. */
interface Done {
  readonly id: string;
  readonly ordered: string | null;
  readonly before: string | null;
  readonly refusal?: Refusal;
}

const notConfirmed = 'a second person did not confirm it';
const secondPerson = byRule('second-person');

/** What officers do to holds. */
export function openHoldActs(parts: HoldActsParts, holding: Holding) {
  const { db, clock, access, policy, clocks, orders } = parts;
  const officerOf = (actor: Actor): OfficerActor => access.requireOfficer(actor, 'funds.hold');
  const lock = async (tx: Tx, id: string): Promise<HoldRow> =>
    (await store.lockHold(tx, id)) ?? refuse('not-found.hold', { id });
  const present = async (id: string): Promise<Hold> =>
    holdOf((await store.readHold(db, id)) ?? refuse('not-found.hold', { id }), clock.now());

  access.defineAct({
    act: 'funds.hold',
    permission: 'funds.approve',
    perform: (tx, officer, payload, approval) => orderAll(tx, payload as OrderPayload, byOfficer(officer, approval)),
    async undo(tx, _payload, result) {
      for (const done of result as Done[]) {
        const row = done.ordered === null ? undefined : await store.lockHold(tx, done.id);
        if (row === undefined || !isBound(row, clock.now())) continue;
        const before = done.before === null ? null : BigInt(done.before);
        if (before === null)
          await holding.end(tx, row, {
            state: 'released',
            why: 'not-confirmed',
            orderEnd: 'released',
            by: secondPerson,
            grounds: notConfirmed,
          });
        else if (row.ordered! > before) await holding.lower(tx, row, before, secondPerson);
      }
    },
  });

  async function orderAll(tx: Tx, payload: OrderPayload, by: Doer): Promise<Done[]> {
    const rules = policy.at(clock.now()).funds;
    const amount = payload.amount === undefined ? undefined : BigInt(payload.amount);
    const results: Done[] = [];
    for (const id of payload.holds) {
      const row = await lock(tx, id);
      const plan = planOrder(rules, row, { amount, minutes: payload.minutes }, clock.now());
      if (isRefusal(plan)) {
        if (payload.holds.length === 1) refuse(plan.refused, plan.params);
        results.push({ id, ordered: null, before: null, refusal: plan });
        continue;
      }
      try {
        await holding.order(tx, row, plan, by, payload.text);
      } catch (error) {
        // One account that no order reaches does not keep the others from being stopped.
        if (!(error instanceof Refused) || payload.holds.length === 1) throw error;
        results.push({ id, ordered: null, before: null, refusal: error.refusal });
        continue;
      }
      results.push({ id, ordered: String(plan.amount), before: row.ordered === null ? null : String(row.ordered) });
    }
    return results;
  }

  access.defineAct({
    act: 'funds.release',
    permission: 'funds.approve',
    async perform(tx, officer, payload, approval) {
      const { id, grounds } = payload as IdPayload & ReleaseHold;
      const row = await lock(tx, id);
      refuseEnded(row, clock.now());
      const before = { untilMs: row.untilMs, ordered: row.ordered === null ? null : String(row.ordered) };
      const by = byOfficer(officer, approval);
      await holding.end(tx, row, { state: 'released', why: 'officer', orderEnd: 'released', by, grounds });
      return before;
    },
    undo: (tx, payload, result) => reinstate(tx, (payload as IdPayload).id, result as Before),
  });

  /** A release that nobody confirmed: what is still there is held again for as long as it would have been. */
  async function reinstate(tx: Tx, id: string, before: Before): Promise<void> {
    const row = await store.lockHold(tx, id);
    if (row?.state !== 'released' || before.ordered === null || before.untilMs === null) return;
    const newest = await store.lockHoldOfPlace(tx, row.trace, row.place);
    if (newest?.id !== id || before.untilMs <= clock.now()) return;
    const ordered = BigInt(before.ordered);
    const amount = ordered < row.taint ? ordered : row.taint;
    if (amount === 0n) return;
    const proposed = { ...row, state: 'proposed', endedAtMs: null, endedWhy: null, confirmedAtMs: null } as const;
    const again = { ...proposed, orderId: null, ordered: null, gone: 0n };
    const stored = await holding.put(tx, again, { deed: 'reinstated', by: secondPerson, grounds: notConfirmed });
    await holding.order(tx, stored, { amount, untilMs: before.untilMs }, secondPerson);
  }

  access.defineAct({
    act: 'funds.seize',
    permission: 'funds.approve',
    async perform(tx, officer, payload, approval) {
      const { id, court, confiscate } = payload as IdPayload & SeizeHold & { confiscate: boolean };
      const row = await lock(tx, id);
      const by = byOfficer(officer, approval);
      refuseSeizure(row, confiscate, clock.now());
      if (confiscate) {
        await holding.put(tx, { ...row, state: 'confiscated', court }, { deed: 'confiscated', by });
        return;
      }
      await orders.end(tx, by.author, row.orderId!, { why: 'seized', court });
      await clocks.cancel(tx, holdClock, id);
      await holding.put(tx, { ...row, state: 'seized', court, untilMs: null }, { deed: 'seized', by });
    },
  });

  async function perform(
    officer: OfficerActor,
    act: string,
    payload: IdPayload & Readonly<Record<string, unknown>>,
    variant?: string,
  ) {
    const { id } = payload;
    const row = (await store.readHold(db, id)) ?? refuse('not-found.hold', { id });
    // Nobody is asked to approve what cannot be done.
    if (act === 'funds.release') refuseEnded(row, clock.now());
    else refuseSeizure(row, variant === 'confiscate', clock.now());
    const outcome = await access.perform(officer, { act, variant, payload, subject: row.key });
    return answer(outcome, id);
  }

  async function answer(outcome: Awaited<ReturnType<Access['perform']>>, id: string): Promise<HoldOutcome> {
    if ('proposal' in outcome) return outcome;
    return { hold: await present(id), ...(outcome.review !== undefined && { review: outcome.review }) };
  }

  /** Goes on to where somebody’s word leads. */
  async function goOn(
    officer: OfficerActor,
    id: string,
    word: { asks: Word; atMs: number },
    change: Pick<Partial<HoldRow>, 'complaint' | 'court'>,
    grounds: string | undefined,
  ): Promise<Hold> {
    await db.tx(async (tx) => {
      const row = await lock(tx, id);
      const nowMs = clock.now();
      refuseEnded(row, nowMs);
      if (row.untilMs === null) refuse('funds.not-ordered');
      const next = nextStage(policy.at(nowMs).funds.stages, { ...row, untilMs: row.untilMs }, word, nowMs);
      if (isRefusal(next)) refuse(next.refused, next.params);
      await holding.extend(tx, row, next, change, {
        deed: word.asks === 'complaint' ? 'complaint' : 'extended',
        by: byOfficer(officer),
        grounds,
        details: { stage: next.stage, times: next.times, until: instantText(next.untilMs), ...change },
      });
    });
    return present(id);
  }

  return {
    /**
     * Orders what is proposed at a trace, all of it or some holds, or more of what is held. Each hold is answered for itself.
     * Refuses `not-found.trace`, `conflict.nothing-proposed`, and of one hold alone with its own code.
     */
    async order(actor: Actor, input: OrderHolds): Promise<OrderedHolds> {
      const officer = officerOf(actor);
      const known = await store.readOfTraces(db, [input.trace]);
      if (known.length === 0) refuse('not-found.trace', { id: input.trace });
      const proposed = known.filter(({ state, endedAtMs }) => state === 'proposed' && endedAtMs === null);
      const holds = input.holds ?? proposed.map(({ id }) => id).slice(0, holdsMax);
      if (holds.length === 0) refuse('conflict.nothing-proposed');
      const foreign = holds.find((id) => !known.some((row) => row.id === id));
      if (foreign !== undefined) refuse('not-found.hold', { id: foreign });
      if (input.amount !== undefined && holds.length > 1) refuse('funds.amount-of-several');
      const payload: OrderPayload = { ...input, holds };
      const outcome = await access.perform(officer, { act: 'funds.hold', payload, subject: `trace:${input.trace}` });
      if ('proposal' in outcome) return outcome;
      const done = new Map((outcome.done as Done[]).map((one) => [one.id, one]));
      const rows = await store.readOfTraces(db, [input.trace]);
      const results = rows
        .filter(({ id }) => done.has(id))
        .map((row) => ({ id: row.id, hold: holdOf(row, clock.now()), ...done.get(row.id)!.refusal }));
      return { results, ...(outcome.review !== undefined && { review: outcome.review }) };
    },

    /** Lets go before the time is over, or dismisses a proposal. Refuses what a court has. */
    release: (actor: Actor, id: string, input: ReleaseHold): Promise<HoldOutcome> =>
      perform(officerOf(actor), 'funds.release', { id, ...input }),

    /** The victim's complaint to the police was filed: the stage that asks for it begins, by the complaint's own time. */
    async complain(actor: Actor, id: string, input: Complaint): Promise<Hold> {
      const officer = officerOf(actor);
      const atMs = instantMs(input.at);
      if (!(atMs <= clock.now())) refuse('funds.complaint-ahead');
      return goOn(officer, id, { asks: 'complaint', atMs }, { complaint: input.report }, input.grounds);
    },

    /** Goes on by an officer's own word, or by a court's. */
    async extend(actor: Actor, id: string, input: ExtendHold): Promise<Hold> {
      const officer = officerOf(actor);
      const asks = input.court === undefined ? 'officer' : 'court';
      const change = input.court === undefined ? {} : { court: input.court };
      return goOn(officer, id, { asks, atMs: clock.now() }, change, input.grounds);
    },

    /** A court takes what is held: the order ends, and the amount stays where it is under the court's. */
    seize: (actor: Actor, id: string, input: SeizeHold): Promise<HoldOutcome> =>
      perform(officerOf(actor), 'funds.seize', { id, ...input, confiscate: false }),

    /** A court takes for good what it had seized. */
    confiscate: (actor: Actor, id: string, input: Confiscate): Promise<HoldOutcome> =>
      perform(officerOf(actor), 'funds.seize', { id, ...input, confiscate: true }, 'confiscate'),

    /** An appeal was upheld, or was not decided in time. Nothing happens to what is over or under a court. */
    async releaseOnAppeal(tx: Tx, id: string, grounds: string): Promise<void> {
      const row = await store.lockHold(tx, id);
      if (row === undefined || !isBound(row, clock.now())) return;
      const by = byRule('appeal-released', 'redress');
      await holding.end(tx, row, { state: 'released', why: 'appeal', orderEnd: 'released', by, grounds });
    },
  };
}

export const holdsMax = 200;

type OrderPayload = OrderHolds & { readonly holds: readonly string[] };
interface IdPayload {
  readonly id: string;
}
interface Before {
  readonly untilMs: number | null;
  readonly ordered: string | null;
}

function refuseEnded(row: HoldRow, nowMs: number): void {
  if (isUnderCourt(row)) refuse('funds.under-court', { state: row.state });
  const isProposed = row.state === 'proposed' && row.endedAtMs === null;
  if (!isProposed && !isBound(row, nowMs)) refuse('conflict.hold-ended', { state: row.state });
}

function refuseSeizure(row: HoldRow, confiscate: boolean, nowMs: number): void {
  if (confiscate) {
    if (row.state === 'confiscated') refuse('conflict.confiscated');
    if (row.state !== 'seized') refuse('funds.not-seized', { state: row.state });
    return;
  }
  refuseEnded(row, nowMs);
  if (row.held === 0n) refuse('funds.nothing-held', { state: row.state });
}
