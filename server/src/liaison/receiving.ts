import { Compile } from 'typebox/compile';
import type { RequestKind } from '@bronze-drum/protocol/requests';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import { LiaisonTermsBody } from '@bronze-drum/protocol/statements/liaison-terms';
import { RequestBody, RequestDeedBody } from '@bronze-drum/protocol/statements/request';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import { bookFor, isMemberCode } from '@bronze-drum/protocol/members';
import type { Entry } from '../journal/journal.ts';
import { instantMs } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import * as conversations from './conversation-store.ts';
import type { Liaison } from './rooms-below.ts';
import type { LiaisonParts } from './parts.ts';
import type { Passing } from './passing.ts';
import { openStates, refusalOf, touchesOf } from './rules.ts';
import { acknowledgeClock, actClock, legalClock } from './deadlines.ts';
import { knownOf, type Saying } from './saying.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

type OnRequest = Parameters<Liaison['onRequest']>[1];
type OnDeed = Parameters<Liaison['onDeed']>[1];

const isRequest = Compile(RequestBody);
const isDeed = Compile(RequestDeedBody);
const areTerms = Compile(LiaisonTermsBody);
const isName = (text: string | undefined): text is string => text !== undefined && /^[a-z][a-z0-9-]{1,62}$/.test(text);
const bySelf: Author = { office: 'liaison', rule: 'received' };
const firstMs = Date.UTC(1970, 0, 1);
const lastMs = Date.UTC(3000, 0, 1);

/**
 * Follows what both members of a pair say about requests. Their own statements count only in the book of the two; what does
 * not hold together is not heard. This member's own come back with their numbers, and after a restore with what they say.
 */
export function openReceiving(
  parts: LiaisonParts & { readonly saying: Saying; readonly terms: TermsKeeper; readonly passing: Passing },
) {
  const { clock, clocks, journal, saying, terms, passing } = parts;
  const self = journal.member;
  const requestHearers = new Map<RequestKind, OnRequest[]>();
  const deedHearers = new Map<RequestKind, OnDeed[]>();

  async function takeTerms(tx: Tx, { member, book, statement }: Entry): Promise<void> {
    const body = statement!.body;
    if (book === 'alliance' && areTerms.Check(body)) await terms.keep(tx, member, body);
  }

  async function takeRequest(tx: Tx, entry: Entry, atMs: number): Promise<void> {
    const { member, book, number, statement } = entry;
    const { body, envelope } = statement as {
      body: RequestBody;
      envelope: NonNullable<Entry['statement']>['envelope'];
    };
    const asked = body.to.member;
    const isOwn = member === self;
    if (book !== bookFor(member, [asked]) || asked === member || !(isOwn || asked === self)) return;
    const known = await store.readRequest(tx, body.id);
    // An id that somebody else has used is no request of this member.
    if (known !== undefined && (known.asking !== member || known.asked !== asked)) return;
    const { author, handling } = envelope;
    const fresh = await conversations.putRevision(
      tx,
      body.id,
      { member, book, number },
      { revision: body.revision, atMs, author, handling, body },
    );
    if (!fresh) return;
    const record = await saying.refresh(tx, known ?? newRecord(entry, body, clock.now()));
    if (isOwn || record.revision !== body.revision || record.state !== 'sent') return;
    await accept(tx, record);
  }

  /** What a request meets here at once, by the rules here. */
  async function accept(tx: Tx, record: RequestRecord): Promise<void> {
    const { body, asking } = record;
    const refused = refusalOf(terms.own(clock.now()), asking, body);
    if (refused !== undefined) {
      const { refusal, wayAround } = refused;
      const text = wayAround === undefined ? {} : { text: { language: 'en' as const, text: wayAround } };
      const ended = await saying.say(tx, record, bySelf, { deed: 'refused', refusal, ...text });
      return saying.alert(tx, ended, { code: 'request.received', rank: 3 });
    }
    await conversations.joinOverlapping(tx, record, touchesOf(record.kind, body.details), openStates);
    const received = await saying.say(tx, record, bySelf, { deed: 'received' });
    const { officer, desk } = body.to;
    const named = isName(officer) ? officer : null;
    await passing.receive(tx, { ...received, desk: isName(desk) ? desk : received.desk }, named);
    for (const hear of requestHearers.get(record.kind) ?? []) {
      const now = await store.readRequest(tx, record.id);
      await hear(tx, knownOf(now!));
    }
  }

  async function takeDeed(tx: Tx, { member, book, number, statement }: Entry, atMs: number): Promise<void> {
    const { body, envelope } = statement as {
      body: RequestDeedBody;
      envelope: NonNullable<Entry['statement']>['envelope'];
    };
    const { author } = envelope;
    const fresh = await conversations.putDeed(tx, { member, book, number }, { atMs, author, body });
    const known = await store.readRequest(tx, body.request);
    if (!fresh || known?.book !== book || (member !== known.asking && member !== known.asked)) return;
    const record = await saying.refresh(tx, known);
    if (member === self) return;
    const { deed } = body;
    if (deed !== 'received' && deed !== 'acknowledged' && deed !== 'in-work') {
      const rank = deed === 'escalated' ? { rank: 1 as const } : {};
      const watchers = [record.owner, record.draftedBy];
      await saying.alert(tx, record, { code: 'request.answered', params: { deed }, watchers, ...rank });
    }
    if (record.asking !== self || member !== record.asked) return;
    for (const hear of deedHearers.get(record.kind) ?? []) await hear(tx, knownOf(record), body, author);
  }

  async function takeErasure(tx: Tx, { member, book, statement }: Entry): Promise<void> {
    const { number } = statement!.body as ErasureBody;
    for (const id of await conversations.forgetAt(tx, { member, book, number })) {
      const record = await store.readRequest(tx, id);
      if (record === undefined) continue;
      const { revisions } = await conversations.readConversation(tx, record);
      if (revisions.length > 0) {
        await saying.refresh(tx, record);
        continue;
      }
      for (const kind of [acknowledgeClock, actClock, legalClock]) await clocks.cancel(tx, kind, id);
      await conversations.dropRequest(tx, id);
    }
  }

  async function take(tx: Tx, entry: Entry): Promise<void> {
    const { statement, member } = entry;
    if (statement === null || statement.envelope.member !== member || !isMemberCode(member)) return;
    const { kind, at } = statement.envelope;
    // The schema allows instants that PostgreSQL does not have, and nobody lives by a clock that is ahead.
    const saidMs = instantMs(at);
    if (!(saidMs >= firstMs && saidMs < lastMs)) return;
    const atMs = Math.min(saidMs, clock.now());
    if (kind === 'erasure') return takeErasure(tx, entry);
    if (kind === 'liaison-terms') return takeTerms(tx, entry);
    if (kind === 'request' && isRequest.Check(statement.body)) return takeRequest(tx, entry, atMs);
    if (kind === 'request-deed' && isDeed.Check(statement.body)) return takeDeed(tx, entry, atMs);
  }

  return {
    onRequest: (kind: RequestKind, hear: OnRequest) =>
      void requestHearers.set(kind, [...(requestHearers.get(kind) ?? []), hear]),
    onDeed: (kind: RequestKind, hear: OnDeed) => void deedHearers.set(kind, [...(deedHearers.get(kind) ?? []), hear]),
    start: () =>
      journal.follow({
        name: 'liaison',
        kinds: ['request', 'request-deed', 'liaison-terms', 'erasure'],
        ownKinds: ['request', 'request-deed', 'erasure'],
        async handle(tx, entries) {
          await saying.begin(tx);
          for (const entry of entries) await take(tx, entry);
        },
      }),
  };
}

function newRecord({ member, book, statement }: Entry, body: RequestBody, nowMs: number): RequestRecord {
  return {
    id: body.id,
    asking: member,
    asked: body.to.member,
    book,
    kind: body.kind,
    priority: body.priority,
    revision: 0,
    body,
    handling: statement!.envelope.handling,
    state: 'sent',
    draft: null,
    edition: 0,
    waits: false,
    draftedBy: null,
    approvedBy: null,
    owner: null,
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
