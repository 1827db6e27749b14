import { answerForm, requestForms } from '@bronze-drum/protocol/requests';
import { hourMs, instantText } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import { draftedRecord } from './asking.ts';
import type { Liaison, NewDeed, StandingRequest } from './rooms-below.ts';
import type { LiaisonParts } from './parts.ts';
import {
  canonical,
  keysOfAnswer,
  keysOfRequest,
  maySay,
  objectionsOfAsked,
  ownObjections,
  standingBasis,
  waitsToLeave,
  withKeys,
} from './rules.ts';
import type { Saying } from './saying.ts';
import * as store from './store.ts';
import type { Draft, RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

/** Officers may revise up to the 1,000 that the statement allows. */
const ruleRevisionsMax = 900;

/** What rooms ask and say by rules of their own, under agreements that stand. */
export function openStanding(
  parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper },
): Pick<Liaison, 'sendByRule' | 'doByRule'> {
  const { clock, policy, journal, directory, saying, terms } = parts;
  const self = journal.member;

  /** Whether an officer must look first, since a rule can neither sign nor let out. */
  async function waitsForOfficer(tx: Tx, record: RequestRecord): Promise<boolean> {
    const rules = policy.at(clock.now());
    const { kind, details } = record.draft!.body;
    if (waitsToLeave(rules, keysOfRequest(kind, details), record.book)) return true;
    const where = { member: record.asked, book: record.book, handling: record.handling };
    if (ownObjections(rules, record.draft!.body, where).some(({ blocks }) => blocks)) return true;
    // An unsigned revision would undo what an officer's signature has brought about.
    if (record.body.signedBy !== undefined && record.revision > 0) return true;
    if (record.draft!.body.priority === 'P1') return false;
    const theirs = await terms.of(tx, record.asked);
    return theirs !== undefined && objectionsOfAsked(theirs, self, record.draft!.body, false).length > 0;
  }

  async function sendByRule(tx: Tx, request: StandingRequest): ReturnType<Liaison['sendByRule']> {
    const { id, kind, to, ...head } = request;
    const nowMs = clock.now();
    const rules = policy.at(nowMs);
    const legalBasis = standingBasis(rules, kind, to, directory.isMember(to));
    if (legalBasis === undefined || to === self) return 'none';
    await saying.begin(tx);
    const known = await store.readRequest(tx, id);
    if (known !== undefined && (known.asking !== self || known.asked !== to)) return 'none';
    if (known?.state === 'withdrawn') return 'unchanged';
    const details = withKeys(requestForms[kind], request.details);
    const last = known?.draft?.body ?? known?.body;
    const isSame =
      last !== undefined && last.priority === head.priority && canonical(last.details) === canonical(details);
    if (isSame) return known!.draft === null ? 'unchanged' : 'waits';
    // What grows for ever is told no more; the officers of both sides know of it by then.
    if (known !== undefined && known.revision >= ruleRevisionsMax) return 'unchanged';
    const body = { ...head, id, kind, to: { member: to }, legalBasis, language: head.necessity.language, details };
    const draft: Draft = { body, exhibits: [] };
    const fresh = draftedRecord({ id, self, draft, nowMs }, null, {});
    const record: RequestRecord =
      known === undefined
        ? fresh
        : { ...known, draft, edition: known.edition + 1, draftedBy: null, approvedBy: null, handling: fresh.handling };
    const traced = (details as { trace?: string }).trace;
    if (traced !== undefined) await store.addLinks(tx, id, [{ kind: 'trace', id: traced }]);
    if (!(await waitsForOfficer(tx, record))) {
      await saying.revise(tx, record, { office: 'liaison', rule: 'standing' }, false);
      return 'sent';
    }
    const waiting = await saying.put(tx, { ...record, waits: true });
    const due = instantText(nowMs + rules.sharing.exportApproval.decideWithinHours * hourMs);
    await saying.alert(tx, waiting, { code: 'request.warned', params: { clock: 'approval', due } });
    return 'waits';
  }

  /** What of an answer may leave by a rule: identifiers that an officer must let out stay at home. */
  function leavingFacts(record: RequestRecord, facts: NewDeed['facts']): NewDeed['facts'] {
    if (facts === undefined) return undefined;
    const read = withKeys(answerForm, facts);
    const keys = keysOfAnswer(read);
    const stays = keys.some((key) => key.startsWith('person:'));
    if (!stays && !waitsToLeave(policy.at(clock.now()), keys, record.book)) return read;
    const { identifiers: _identifiers, ...left } = read;
    return left;
  }

  return {
    sendByRule,
    async doByRule(tx, rule, id, deed) {
      await saying.begin(tx);
      const record = await store.readRequest(tx, id);
      if (record === undefined) return;
      const side = record.asked === self ? 'asked' : 'asking';
      const author = { office: 'liaison', rule };
      if (side === 'asking' && deed.deed === 'withdrawn' && record.revision === 0) {
        await saying.put(tx, { ...record, draft: null, waits: false, state: 'withdrawn' });
        return;
      }
      // What an officer has refused, or either side has ended meanwhile, a rule does not take up again.
      if (!maySay(side, record.state, deed.deed)) return;
      const { facts, ...said } = deed;
      const leaving = leavingFacts(record, facts);
      await saying.say(tx, record, author, { ...said, ...(leaving !== undefined && { facts: leaving }) });
    },
  };
}
