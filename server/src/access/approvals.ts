import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { assert, must } from '../kernel/assert.ts';
import { hourMs, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { needsSecondPerson, type Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import type { ApprovalNews } from './approval-news.ts';
import type { Decided, Decision } from './contract.ts';
import type { Permission } from '@bronze-drum/protocol/roles';
import { requireOfficer, rolesWith } from './permissions.ts';
import { insertProposal, lockProposal, settle, type ProposalRow } from './proposals.ts';
import { approvalState, openProposalsMax, payloadCharactersMax, wayOf, type ApprovalState } from './rules.ts';

/** An act that policy may put under the two-person rule. */
export interface Act {
  /** As policy names it, without its variant: room.verb. */
  readonly act: string;
  /** What whoever decides must hold. Who may propose, the room has checked. */
  readonly permission: Permission;
  /**
   * Does it, in the transaction given. `payload` may have waited for days, and comes from JSON: check it anew. `actor` is
   * the proposer with the permissions of then, and never stepped up; `approval` is null where nobody else was asked.
   */
  perform(
    tx: Tx,
    actor: OfficerActor,
    payload: unknown,
    approval: { readonly approver: string } | null,
  ): Promise<unknown>;
  /**
   * Takes back what was done before its review: it was rejected `by` an officer, or nobody reviewed it in time (null).
   * `result` is what `perform` returned, through JSON. It must not fail because the act has since ended otherwise. An
   * act without it is never done first and reviewed afterwards.
   */
  undo?(tx: Tx, payload: unknown, result: unknown, undone: { readonly by: string | null }): Promise<void>;
  /** Told that it waits for a second person, in the transaction that proposes it. */
  proposed?(tx: Tx, proposed: Proposed): Promise<void>;
  /**
   * Told what became of what waited, in the transaction that settles it. Of a proposer who was shut out it is told only
   * when the time to decide is over.
   */
  settled?(tx: Tx, settled: Settled): Promise<void>;
}

export interface Proposed {
  readonly id: string;
  readonly payload: unknown;
  readonly actor: OfficerActor;
  readonly nowMs: number;
  readonly decideByMs: number;
}

export interface Settled {
  readonly id: string;
  readonly state: Exclude<ApprovalState, 'open'>;
  /** Who decided, or withdrew; null if nobody did in time. */
  readonly by: string | null;
  readonly atMs: number;
}

export interface Proposal {
  readonly act: string;
  readonly variant?: string | undefined;
  /** What the act is given; JSON. */
  readonly payload: unknown;
  /** What it is about, for whoever decides. */
  readonly subject: string;
  /** A second person is asked whatever policy says of the act, and it is never done before their word. */
  readonly always?: true;
  /** Its own clock, in place of the one that policy gives to all proposals. */
  readonly decideWithinHours?: number;
}

export type Performed = { readonly done: unknown; readonly review?: string } | { readonly proposal: string };

export interface TwoPersonRule {
  defineAct(act: Act): void;
  perform(actor: OfficerActor, proposal: Proposal): Promise<Performed>;
  decide(actor: Actor, id: string, decision: Decision): Promise<Decided>;
  withdraw(actor: Actor, id: string): Promise<void>;
}

export interface TwoPersonParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly requireStepUp: (actor: Actor) => void;
  readonly news: Pick<ApprovalNews, 'tell'>;
}

const proposalClock = 'access.proposal';

export function openTwoPersonRule(parts: TwoPersonParts): TwoPersonRule {
  const { db, clock, clocks, requireStepUp, news } = parts;
  const acts = new Map<string, Act>();
  const actOf = (name: string): Act => must(acts.get(name), `the act ${name} is defined`);
  clocks.on(proposalClock, { due: (tx, { subject }, nowMs) => lapse(tx, actOf, news, subject, nowMs) });
  return {
    defineAct(act) {
      assert(!acts.has(act.act), `the act ${act.act} is defined once`);
      acts.set(act.act, act);
    },
    perform: (actor, proposal) => perform(parts, actOf(proposal.act), actor, proposal),
    decide: (actor, id, decision) =>
      db.tx(async (tx) => {
        const row = (await lockProposal(tx, id)) ?? refuse('not-found.approval');
        const { officer } = requireOfficer(actor, row.permission);
        if (row.proposer === officer) refuse('forbidden.same-person');
        requireStepUp(actor);
        assertOpen(row, clock.now());
        const result = await carryOut(tx, row, actOf(row.act), officer, decision.approve);
        const state = decision.approve ? 'approved' : 'rejected';
        const settled = { state, by: officer, atMs: clock.now() } as const;
        await settle(tx, id, { ...settled, note: decision.note ?? null, result });
        await tell(tx, row, actOf(row.act), settled);
        news.tell(tx, { ...row, state: settled.state });
        await clocks.cancel(tx, proposalClock, id);
        return { id, state };
      }),
    withdraw: (actor, id) =>
      db.tx(async (tx) => {
        const row = await lockProposal(tx, id);
        if (actor.kind !== 'officer' || row?.proposer !== actor.officer) refuse('not-found.approval');
        assertOpen(row, clock.now());
        // Its author must not be the one who ends the review of what was already done.
        if (row.performed) refuse('conflict.performed');
        const settled = { state: 'withdrawn', by: actor.officer, atMs: clock.now() } as const;
        await settle(tx, id, { ...settled, note: null });
        await tell(tx, row, actOf(row.act), settled);
        news.tell(tx, { ...row, state: settled.state });
        await clocks.cancel(tx, proposalClock, id);
      }),
  };
}

async function perform(parts: TwoPersonParts, act: Act, actor: OfficerActor, proposal: Proposal): Promise<Performed> {
  const { db, clock, clocks, policy, news } = parts;
  const rules = policy.at(clock.now());
  const name = proposal.variant === undefined ? proposal.act : `${proposal.act}:${proposal.variant}`;
  const needsSecond = proposal.always === true || needsSecondPerson(rules, name);
  if (!needsSecond) return { done: await db.tx((tx) => act.perform(tx, actor, proposal.payload, null)) };
  return db.tx(async (tx) => {
    const isAlone = !(await existsAnother(tx, actor.officer, act.permission));
    const isUndoable = act.undo !== undefined && proposal.always !== true;
    const way = wayOf({ needsSecondPerson: needsSecond, isUndoable, isAlone }, rules.secondPerson.whenAlone);
    if (way === 'refuse') refuse('conflict.nobody-to-approve', { permission: act.permission });
    await assertRoomFor(tx, actor.officer);
    const performed = way === 'perform-then-review';
    const done = performed ? await act.perform(tx, actor, proposal.payload, null) : undefined;
    const { reviewWithinHours } = rules.secondPerson;
    const { decideWithinHours = rules.secondPerson.decideWithinHours } = proposal;
    const nowMs = clock.now();
    const decideByMs = nowMs + (performed ? reviewWithinHours : decideWithinHours) * hourMs;
    const id = newId();
    const result = performed ? textOf(done) : null;
    const payload = textOf(proposal.payload);
    const { permission } = act;
    const { variant, subject } = proposal;
    await insertProposal(tx, {
      act: act.act,
      variant,
      subject,
      id,
      permission,
      payload,
      result,
      performed,
      actor,
      nowMs,
      decideByMs,
    });
    await clocks.set(tx, { kind: proposalClock, subject: id, dueMs: decideByMs });
    news.tell(tx, { id, permission, proposer: actor.officer, state: 'open' });
    if (!performed) await act.proposed?.(tx, { id, payload: proposal.payload, actor, nowMs, decideByMs });
    return performed ? { done, review: id } : { proposal: id };
  });
}

/** Does what was approved, or undoes what was done before its review and is now rejected. Returns what `perform` did. */
async function carryOut(tx: Tx, row: ProposalRow, act: Act, by: string, approve: boolean): Promise<string | null> {
  if (row.performed) {
    if (!approve) await undo(tx, row, act, by);
    return row.result;
  }
  if (!approve) return null;
  const proposer: OfficerActor = {
    kind: 'officer',
    officer: row.proposer,
    office: row.office,
    // What an act may do hangs on permissions alone.
    roles: [],
    permissions: new Set(row.permissions),
    steppedUpAtMs: null,
    purpose: row.purpose,
  };
  return textOf(await act.perform(tx, proposer, JSON.parse(row.payload), { approver: by }));
}

async function undo(tx: Tx, row: ProposalRow, act: Act, by: string | null): Promise<void> {
  const taken = must(act.undo, `the act ${row.act} can be undone`);
  await taken(tx, JSON.parse(row.payload), JSON.parse(row.result ?? 'null'), { by });
}

async function lapse(
  tx: Tx,
  actOf: (name: string) => Act,
  news: TwoPersonParts['news'],
  id: string,
  nowMs: number,
): Promise<void> {
  const row = await lockProposal(tx, id);
  if (row === undefined) return;
  const act = actOf(row.act);
  if (row.state !== 'open') {
    await tell(tx, row, act, { state: row.state, by: null, atMs: nowMs });
    return;
  }
  if (row.performed) await undo(tx, row, act, null);
  const settled = { state: 'lapsed', by: null, atMs: nowMs } as const;
  await settle(tx, id, { ...settled, note: null });
  await tell(tx, row, act, settled);
  news.tell(tx, { ...row, state: settled.state });
}

/** What was done before its review never waited, so nobody hears how it ended but by `undo`. */
async function tell(tx: Tx, row: ProposalRow, act: Act, settled: Omit<Settled, 'id'>): Promise<void> {
  if (!row.performed) await act.settled?.(tx, { ...settled, id: row.id });
}

function assertOpen(row: ProposalRow, nowMs: number): void {
  const state = approvalState(row, nowMs);
  if (state === 'lapsed') refuse('gone.lapsed');
  if (state !== 'open') refuse('conflict.decided', { state });
}

/** Whether an officer other than this one could decide: active, with a password, and a role that gives the permission. */
async function existsAnother(sql: Sql, officer: string, permission: Permission): Promise<boolean> {
  const rows = await sql.query(
    'SELECT 1 FROM access.officers WHERE active AND password IS NOT NULL AND id <> $1 AND roles && $2 LIMIT 1',
    [officer, rolesWith(permission)],
  );
  return rows.length > 0;
}

async function assertRoomFor(sql: Sql, officer: string): Promise<void> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) FROM access.proposals WHERE proposer = $1 AND state = 'open'`,
    [officer],
  );
  if (row!.count >= openProposalsMax) refuse('too-many.proposals', { most: openProposalsMax });
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  if (text.length > payloadCharactersMax) refuse('too-large.proposal');
  return text;
}
