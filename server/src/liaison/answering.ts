import { answerForm } from '@bronze-drum/protocol/requests';
import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { Asking } from './asking.ts';
import type { Assignment, LinksBody, NewDeedBody } from './contract.ts';
import type { LiaisonParts } from './parts.ts';
import { keysOfAnswer, maySay, waitsToLeave, withKeys } from './rules.ts';
import type { Saying } from './saying.ts';
import { authorOf, type Sent } from './sending.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';

const answerAct = 'liaison.answer';

interface AnswerPayload {
  readonly id: string;
  readonly revision: number;
  readonly said: NewDeedBody;
}

/** What officers do about requests, on either side. */
export function openAnswering(parts: LiaisonParts & { readonly saying: Saying; readonly asking: Asking }) {
  const { db, clock, policy, journal, access, saying, asking } = parts;
  const self = journal.member;

  const sideOf = (record: RequestRecord) => (record.asked === self ? 'asked' : 'asking');

  /** The officer, if they may act on this side of a request that is here. */
  function requireSide(actor: Actor, record: RequestRecord | undefined): OfficerActor {
    const officer = access.requireOfficer(actor, 'liaison.read');
    if (record === undefined) return refuse('not-found.request');
    return access.requireOfficer(officer, record.asked === self ? 'liaison.answer' : 'liaison.ask');
  }

  /** Says it, in the transaction that checked it. Whoever answers what nobody has in hand has it from now on. */
  async function sayChecked(tx: Tx, officer: OfficerActor, record: RequestRecord, said: NewDeedBody) {
    const side = sideOf(record);
    const isOver = record.state === 'withdrawn' || (record.state === 'refused' && record.draft === null);
    if (said.deed === 'withdrawn' && side === 'asking' && !isOver) return asking.withdraw(tx, officer, record, said);
    if (!maySay(side, record.state, said.deed)) return refuse('conflict.request-state', { state: record.state });
    const isTaken = record.owner !== null || side === 'asking' || said.deed === 'said';
    const owned = isTaken ? record : { ...record, owner: officer.officer };
    return saying.say(tx, owned, authorOf(officer), said);
  }

  access.defineAct({
    act: answerAct,
    permission: 'liaison.approve',
    async perform(tx, officer, payload) {
      const { id, revision, said } = payload as AnswerPayload;
      const record = await store.lockRequest(tx, id);
      if (record?.revision !== revision) return refuse('conflict.revision', { newest: record?.revision ?? 0 });
      await saying.begin(tx);
      await sayChecked(tx, officer, record, said);
      return { id };
    },
  });

  async function move(
    tx: Tx,
    actor: Actor,
    record: RequestRecord,
    to: { owner: string | null; desk: string | null },
    note: string | null,
  ) {
    await store.insertMove(tx, record.id, {
      at: new Date(clock.now()),
      actor: actorId(actor),
      from_officer: record.owner,
      to_officer: to.owner,
      desk: to.desk,
      note,
    });
    const moved = await saying.put(tx, { ...record, ...to });
    if (to.owner !== null && to.owner !== record.owner)
      await saying.alert(tx, moved, { code: 'request.received', watchers: [to.owner] });
    return moved;
  }

  return {
    move,

    /** Says what was done: the side follows from the request. An answer that must not leave unseen waits for approval. */
    async say(actor: Actor, id: string, input: NewDeedBody): Promise<Sent> {
      const record = await store.readRequest(db, id);
      const officer = requireSide(actor, record);
      const facts = 'facts' in input && input.facts !== undefined ? withKeys(answerForm, input.facts) : undefined;
      const said = { ...input, ...(facts !== undefined && { facts }) } as NewDeedBody;
      const keys = keysOfAnswer(facts);
      if (keys.some((key) => key.startsWith('person:'))) return refuse('liaison.person-key');
      const rules = policy.at(clock.now());
      if (waitsToLeave(rules, keys, record!.book)) {
        if (!maySay(sideOf(record!), record!.state, said.deed))
          return refuse('conflict.request-state', { state: record!.state });
        access.requireStepUp(officer);
        const outcome = await access.perform(officer, {
          act: answerAct,
          variant: record!.kind,
          payload: { id, revision: record!.revision, said } satisfies AnswerPayload,
          subject: `request:${id}`,
          always: true,
          decideWithinHours: rules.sharing.exportApproval.decideWithinHours,
        });
        const now = (await store.readRequest(db, id))!;
        return 'proposal' in outcome ? { record: now, proposal: outcome.proposal } : { record: now };
      }
      return db.tx(async (tx) => {
        await saying.begin(tx);
        const locked = await store.readRequest(tx, id);
        return { record: await sayChecked(tx, officer, locked ?? refuse('not-found.request'), said) };
      });
    },

    /** Gives a request to an officer or a desk here; the other member is not told. */
    async assign(actor: Actor, id: string, to: Assignment): Promise<RequestRecord> {
      return db.tx(async (tx) => {
        await saying.begin(tx);
        const record = await store.readRequest(tx, id);
        const officer = requireSide(actor, record);
        if ('officer' in to) await access.officers.requireActive(tx, to.officer);
        const note = to.note === undefined ? null : JSON.stringify(to.note);
        const next = 'officer' in to ? { owner: to.officer, desk: record!.desk } : { owner: null, desk: to.desk };
        return move(tx, officer, record!, next, note);
      });
    },

    /** Takes a request in hand oneself. */
    async take(actor: Actor, id: string): Promise<RequestRecord> {
      return db.tx(async (tx) => {
        await saying.begin(tx);
        const record = await store.readRequest(tx, id);
        const officer = requireSide(actor, record);
        return move(tx, officer, record!, { owner: officer.officer, desk: record!.desk }, null);
      });
    },

    /** Links alerts, traces and cases here to it. */
    async link(actor: Actor, id: string, { links }: LinksBody): Promise<RequestRecord> {
      return db.tx(async (tx) => {
        await saying.begin(tx);
        const record = await store.readRequest(tx, id);
        requireSide(actor, record);
        await saying.link(tx, actor, id, links);
        return saying.put(tx, record!);
      });
    },
  };
}
