import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import type {
  Complaint,
  ExtendHold,
  Hold,
  HoldOutcome,
  OrderHolds,
  OrderedHolds,
  ReleaseHold,
  SeizeHold,
} from './hold-contract.ts';
import { holdOf } from './hold-presenting.ts';
import { byOfficer, byRule, type Holding, type HoldingParts } from './holding.ts';
import { isBound, nextStage, type Word } from './hold-rules.ts';
import {
  defineHoldActs,
  refuseEnded,
  refuseSeizure,
  type Done,
  type IdPayload,
  type OrderPayload,
} from './hold-deciding.ts';
import * as store from './hold-store.ts';
import type { HoldRow } from './hold-store.ts';

export interface HoldActsParts extends HoldingParts {
  readonly db: Db;
  readonly access: Pick<Access, 'requireOfficer' | 'defineAct' | 'perform'>;
}

const holdsMax = 200;

/** What officers do to holds. */
export function openHoldActs(parts: HoldActsParts, holding: Holding) {
  const { db, clock, access, policy } = parts;
  const officerOf = (actor: Actor): OfficerActor => access.requireOfficer(actor, 'funds.hold');
  const lock = async (tx: Tx, id: string): Promise<HoldRow> =>
    (await store.lockHold(tx, id)) ?? refuse('not-found.hold', { id });
  const present = async (id: string): Promise<Hold> =>
    holdOf((await store.readHold(db, id)) ?? refuse('not-found.hold', { id }), clock.now());

  defineHoldActs(parts, holding);

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
    confiscate: (actor: Actor, id: string, input: SeizeHold): Promise<HoldOutcome> =>
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
