import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { needsSecondPerson } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { SendBody } from './contract.ts';
import type { LiaisonParts } from './parts.ts';
import { isOpen, keysOfRequest, objectionsOfAsked, ownObjections, waitsToLeave, type Objection } from './rules.ts';
import type { Saying } from './saying.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

export interface Sent {
  readonly record: RequestRecord;
  readonly proposal?: string;
  readonly review?: string;
}

interface SendPayload {
  readonly id: string;
  readonly edition: number;
  readonly despite: boolean;
}

export const sendAct = 'liaison.send';

export const authorOf = (officer: OfficerActor): Author => ({ office: officer.office, officer: officer.officer });

/** How a draft goes out: what speaks against it, who must let it out, and who signs. */
export function openSending(parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper }) {
  const { db, clock, policy, journal, access, saying, terms } = parts;
  const self = journal.member;

  /** What both sides object to in the draft of a request, were an officer to send it. */
  async function objections(sql: Sql, record: RequestRecord): Promise<Objection[]> {
    const { body } = record.draft!;
    const rules = policy.at(clock.now());
    const found = ownObjections(rules, body, { member: record.asked, book: record.book, handling: record.handling });
    const theirs = await terms.of(sql, record.asked);
    if (theirs === undefined) return found;
    for (const { refusal, wayAround } of objectionsOfAsked(theirs, self, body, true))
      found.push({
        code: `liaison.${refusal}`,
        side: 'theirs',
        blocks: false,
        ...(wayAround !== undefined && { wayAround }),
      });
    return found;
  }

  async function refuseObjections(sql: Sql, record: RequestRecord, despite: boolean): Promise<void> {
    const found = await objections(sql, record);
    const worst = found.find(({ blocks }) => blocks) ?? (despite ? undefined : found[0]);
    if (worst === undefined) return;
    const { code, side, wayAround } = worst;
    refuse(worst.blocks ? code : 'liaison.objection', {
      objection: code,
      side,
      ...(wayAround !== undefined && { wayAround }),
    });
  }

  const waits = (record: RequestRecord): boolean => {
    const { kind, details } = record.draft!.body;
    return waitsToLeave(policy.at(clock.now()), keysOfRequest(kind, details), record.book);
  };

  /** Our own request, locked. */
  async function own(tx: Tx, id: string): Promise<RequestRecord> {
    await saying.begin(tx);
    const record = await store.readRequest(tx, id);
    return record?.asking === self ? record : refuse('not-found.request');
  }

  access.defineAct({
    act: sendAct,
    permission: 'liaison.approve',
    async perform(tx, officer, payload, approval) {
      const { id, edition, despite } = payload as SendPayload;
      const record = await own(tx, id);
      // Between proposal and approval somebody else may have changed it: what was approved is what is sent.
      if (record.draft === null || record.edition !== edition) refuse('conflict.revision', { newest: record.edition });
      if (record.state === 'withdrawn') refuse('conflict.request-state', { state: record.state });
      await refuseObjections(tx, record, despite);
      if (approval === null && record.approvedBy === null && waits(record)) refuse('conflict.nobody-to-approve');
      const approvedBy = approval?.approver ?? record.approvedBy;
      const { id: sent } = await saying.revise(tx, { ...record, approvedBy }, authorOf(officer), true);
      return { id: sent };
    },
    async undo(tx, payload) {
      const record = await own(tx, (payload as SendPayload).id);
      if (isOpen(record.state))
        await saying.say(tx, record, { office: 'liaison', rule: 'second-person' }, { deed: 'withdrawn' });
    },
  });

  async function carryOut(officer: OfficerActor, record: RequestRecord, despite: boolean): Promise<Sent> {
    if (record.draft === null || record.state === 'withdrawn')
      return refuse('conflict.request-state', { state: record.state });
    await refuseObjections(db, record, despite);
    const rules = policy.at(clock.now());
    const { kind } = record.draft.body;
    const approved = record.approvedBy !== null && record.approvedBy !== officer.officer;
    const mustBeLetOut = waits(record) && !approved;
    if (needsSecondPerson(rules, `${sendAct}:${kind}`) || mustBeLetOut) access.requireStepUp(officer);
    const { decideWithinHours } = rules.sharing.exportApproval;
    const outcome = await access.perform(officer, {
      act: sendAct,
      variant: kind,
      payload: { id: record.id, edition: record.edition, despite } satisfies SendPayload,
      subject: `request:${record.id}`,
      ...(mustBeLetOut && { always: true as const, decideWithinHours }),
    });
    const now = (await store.readRequest(db, record.id))!;
    if ('proposal' in outcome) return { record: now, proposal: outcome.proposal };
    return { record: now, ...(outcome.review !== undefined && { review: outcome.review }) };
  }

  return {
    own,
    objections,
    waits,
    carryOut,

    /**
     * Lets a draft out, by somebody who did not write it. What a rule wrote is sent with it, signed by whoever lets it out;
     * an officer’s own draft is `approved` and sent by its writer.
     */
    async approve(actor: Actor, id: string): Promise<RequestRecord> {
      const officer = access.requireOfficer(actor, 'liaison.approve');
      access.requireStepUp(officer);
      return db.tx(async (tx) => {
        const record = await own(tx, id);
        if (record.draft === null || record.state === 'withdrawn')
          return refuse('conflict.request-state', { state: record.state });
        if (record.draftedBy === officer.officer) refuse('forbidden.same-person');
        const approved = { ...record, approvedBy: officer.officer };
        if (record.draftedBy !== null)
          return saying.put(tx, { ...approved, state: record.revision === 0 ? 'approved' : record.state });
        await refuseObjections(tx, record, true);
        return saying.revise(tx, approved, authorOf(officer), true);
      });
    },

    async send(actor: Actor, id: string, { despite = false }: SendBody): Promise<Sent> {
      const officer = access.requireOfficer(actor, 'liaison.ask');
      const record = await store.readRequest(db, id);
      if (record?.asking !== self) return refuse('not-found.request');
      return carryOut(officer, record, despite);
    },
  };
}

export type Sending = ReturnType<typeof openSending>;
