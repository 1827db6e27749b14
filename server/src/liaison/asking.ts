import { Compile } from 'typebox/compile';
import { schemaOf } from '@bronze-drum/protocol/fields';
import { bookFor, isMemberCode } from '@bronze-drum/protocol/members';
import { requestForms } from '@bronze-drum/protocol/requests';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { newId } from '../kernel/ids.ts';
import { needsSecondPerson } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { Checked, NewRequest, Revision } from './contract.ts';
import { overlapping } from './conversation-store.ts';
import type { LiaisonParts } from './parts.ts';
import { openStates, touchesOf, withKeys } from './rules.ts';
import type { Saying } from './saying.ts';
import { authorOf, sendAct, type Sending, type Sent } from './sending.ts';
import * as store from './store.ts';
import type { Draft, RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

/** As many as the statement allows. */
const revisionsMax = 1000;
const amber = { tlp: 'AMBER' as const, conditions: [] };
const detailChecks = Object.fromEntries(
  Object.entries(requestForms).map(([kind, form]) => [kind, Compile(schemaOf(form))]),
);

/** Drafts, and what is changed about them and about what was sent. */
export function openAsking(
  parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper; readonly sending: Sending },
) {
  const { db, clock, policy, journal, access, directory, saying, terms, sending } = parts;
  const { own } = sending;
  const self = journal.member;

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

  return {
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
        await saying.link(tx, actor, id, input.links ?? []);
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
        await saying.link(tx, actor, id, input.links ?? []);
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
      const letOut = sending.waits(record) && record.approvedBy === null;
      const theirs = await terms.of(db, record.asked);
      return {
        objections: await sending.objections(db, record),
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

    /** Puts right what was missing, or raises the priority: the next revision, signed by the officer, sent at once. */
    async revise(actor: Actor, id: string, change: Revision): Promise<Sent> {
      const officer = access.requireOfficer(actor, 'liaison.ask');
      const record = await db.tx(async (tx) => {
        const known = await own(tx, id);
        if (known.revision === 0 || known.revision >= revisionsMax || known.state === 'withdrawn')
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
      return sending.carryOut(officer, record, change.despite ?? false);
    },

    /** Ends a request: of a draft, only here; of what was refused and is being put right, only the new version. */
    async withdraw(tx: Tx, officer: OfficerActor, record: RequestRecord, said: object): Promise<RequestRecord> {
      if (record.state === 'refused')
        return saying.put(tx, { ...record, draft: null, waits: false, edition: record.edition + 1 });
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
