import { Compile } from 'typebox/compile';
import { schemaOf } from '@bronze-drum/protocol/fields';
import { bookFor, isMemberCode } from '@bronze-drum/protocol/members';
import { requestForms } from '@bronze-drum/protocol/requests';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { newId } from '../kernel/ids.ts';
import { needsSecondPerson } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { Checked, NewRequest, Revision, SendBody } from './contract.ts';
import { overlapping } from './conversation-store.ts';
import type { LiaisonParts } from './parts.ts';
import {
  isOpen,
  keysOfRequest,
  objectionsOfAsked,
  openStates,
  ownObjections,
  touchesOf,
  waitsToLeave,
  withKeys,
  type Objection,
} from './rules.ts';
import type { Saying } from './saying.ts';
import * as store from './store.ts';
import type { Draft, RequestRecord } from './store.ts';
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

const sendAct = 'liaison.send';
const amber = { tlp: 'AMBER' as const, conditions: [] };
const detailChecks = Object.fromEntries(
  Object.entries(requestForms).map(([kind, form]) => [kind, Compile(schemaOf(form))]),
);

export const authorOf = (officer: OfficerActor): Author => ({ office: officer.office, officer: officer.officer });

export function openAsking(parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper }) {
  const { db, clock, policy, journal, access, directory, saying, terms } = parts;
  const self = journal.member;

  /** What both sides object to in the draft of a request, were an officer to send it. */
  async function objections(sql: Sql, record: RequestRecord, isSigned: boolean): Promise<Objection[]> {
    const { body } = record.draft!;
    const rules = policy.at(clock.now());
    const found = ownObjections(rules, body, { member: record.asked, book: record.book, handling: record.handling });
    const theirs = await terms.of(sql, record.asked);
    if (theirs === undefined) return found;
    for (const { refusal, wayAround } of objectionsOfAsked(theirs, self, body, isSigned))
      found.push({
        code: `liaison.${refusal}`,
        side: 'theirs',
        blocks: false,
        ...(wayAround !== undefined && { wayAround }),
      });
    return found;
  }

  async function refuseObjections(sql: Sql, record: RequestRecord, despite: boolean): Promise<void> {
    const found = await objections(sql, record, true);
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

  function draftOf(id: string, input: NewRequest): Draft {
    const { kind, details, exhibits = [], links: _links, handling: _handling, language, legalBasis, ...head } = input;
    const rules = policy.at(clock.now()).liaison.kinds[kind];
    const body = {
      ...head,
      id,
      kind,
      legalBasis: legalBasis ?? rules?.legalBasis ?? refuse('malformed.legal-basis'),
      language: language ?? input.necessity.language,
      details: withKeys(requestForms[kind], details),
    };
    return { body, exhibits };
  }

  function refuseStranger(member: string): void {
    if (member === self || !isMemberCode(member) || !directory.isMember(member)) refuse('not-found.member', { member });
  }

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

  async function send(officer: OfficerActor, record: RequestRecord, despite: boolean): Promise<Sent> {
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
    objections,

    async draft(actor: Actor, input: NewRequest): Promise<RequestRecord> {
      const officer = access.requireOfficer(actor, 'liaison.ask');
      refuseStranger(input.to.member);
      const id = newId();
      const draft = draftOf(id, input);
      return db.tx(async (tx) => {
        const record = await saying.put(
          tx,
          draftedRecord({ id, self, draft, nowMs: clock.now() }, officer.officer, input),
        );
        await store.addLinks(tx, id, input.links ?? []);
        return record;
      });
    },

    /** Replaces a draft that was never sent, in whole; whoever approved it approves anew. */
    async edit(actor: Actor, id: string, input: NewRequest): Promise<RequestRecord> {
      const officer = access.requireOfficer(actor, 'liaison.ask');
      refuseStranger(input.to.member);
      const draft = draftOf(id, input);
      return db.tx(async (tx) => {
        const record = await own(tx, id);
        if (record.revision > 0 || record.draft === null) refuse('conflict.request-state', { state: record.state });
        await store.addLinks(tx, id, input.links ?? []);
        const fresh = draftedRecord({ id, self, draft, nowMs: record.openedMs }, officer.officer, input);
        return saying.put(tx, { ...fresh, edition: record.edition + 1 });
      });
    },

    /** What both sides would object to, and what sending asks for. */
    async check(actor: Actor, id: string): Promise<Checked> {
      access.requireOfficer(actor, 'liaison.ask');
      const record = await store.readRequest(db, id);
      if (record?.asking !== self) return refuse('not-found.request');
      if (record.draft === null) return refuse('conflict.request-state', { state: record.state });
      const { kind, details } = record.draft.body;
      const second = needsSecondPerson(policy.at(clock.now()), `${sendAct}:${kind}`);
      const letOut = waits(record) && record.approvedBy === null;
      const theirs = await terms.of(db, record.asked);
      return {
        objections: await objections(db, record, true),
        needs: [
          ...(second ? (['second-person'] as const) : []),
          ...(letOut ? (['export-approval'] as const) : []),
          ...(second || letOut ? (['step-up'] as const) : []),
        ],
        termsKnown: theirs !== undefined,
        staffed: theirs?.staffed ?? null,
        overlaps: await overlapping(db, record, touchesOf(kind, details), openStates),
      };
    },

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
      return send(officer, record, despite);
    },

    /** Puts right what was missing, or raises the priority: the next revision, signed by the officer, sent at once. */
    async revise(actor: Actor, id: string, change: Revision): Promise<Sent> {
      const officer = access.requireOfficer(actor, 'liaison.ask');
      const record = await db.tx(async (tx) => {
        const known = await own(tx, id);
        if (known.revision === 0 || known.state === 'withdrawn')
          return refuse('conflict.request-state', { state: known.state });
        const { despite: _despite, details, exhibits, ...changed } = change;
        const { signedBy: _signedBy, exhibits: was, revision: _revision, ...before } = known.body;
        if (details !== undefined && !detailChecks[known.kind]!.Check(details)) refuse('malformed.body');
        const body = {
          ...before,
          ...changed,
          ...(details !== undefined && { details: withKeys(requestForms[known.kind], details) }),
        } as Draft['body'];
        return saying.put(tx, {
          ...known,
          draft: { body, exhibits: exhibits ?? was.map((one) => one.id) },
          edition: known.edition + 1,
          draftedBy: officer.officer,
          approvedBy: null,
          waits: false,
        });
      });
      return send(officer, record, change.despite ?? false);
    },

    /** Ends a request: of a draft, only here. */
    async withdraw(tx: Tx, officer: OfficerActor, record: RequestRecord, said: object): Promise<RequestRecord> {
      if (record.revision > 0)
        return saying.say(tx, { ...record, draft: null, waits: false }, authorOf(officer), {
          ...said,
          deed: 'withdrawn',
        });
      return saying.put(tx, { ...record, draft: null, waits: false, state: 'withdrawn', edition: record.edition + 1 });
    },
  };
}

export type Asking = ReturnType<typeof openAsking>;

/** A request that is only a draft, as its writer’s. */
export function draftedRecord(
  { id, self, draft, nowMs }: { id: string; self: string; draft: Draft; nowMs: number },
  draftedBy: string | null,
  { handling }: Pick<NewRequest, 'handling'>,
): Omit<RequestRecord, 'change'> & { change: number } {
  const asked = draft.body.to.member;
  return {
    id,
    asking: self,
    asked,
    book: bookFor(self, [asked]),
    kind: draft.body.kind,
    priority: draft.body.priority,
    revision: 0,
    body: { ...draft.body, revision: 1, exhibits: [] } as RequestRecord['body'],
    handling: handling ?? amber,
    state: 'drafted',
    draft,
    edition: 1,
    waits: false,
    draftedBy,
    approvedBy: null,
    owner: draftedBy,
    desk: null,
    openedMs: nowMs,
    sentMs: null,
    receivedMs: null,
    acknowledgedMs: null,
    answeredMs: null,
    acknowledgeByMs: null,
    actByMs: null,
    change: 0,
  };
}
