import type { RenderedInput } from '@bronze-drum/protocol/rendering/rendering';
import type { FreeText } from '@bronze-drum/protocol/languages';
import type { Actor } from '../kernel/actor.ts';
import { dayMs, instantMs, instantText } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Conversation, Request, RequestPage, RequestQuery, Scorecard, ScorecardQuery } from './contract.ts';
import { readConversation, readJoined } from './conversation-store.ts';
import type { LiaisonParts } from './parts.ts';
import { isOpen } from './rules.ts';
import { readScores } from './scorecard-store.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';

const textOf = (ms: number | null): string | null => (ms === null ? null : instantText(ms));

/** A request without what it is about: as lists and the stream tell it. */
export function requestOf(record: RequestRecord, self: string, nowMs: number): Request {
  const isLate = (dueMs: number | null, doneMs: number | null): boolean =>
    isOpen(record.state) && doneMs === null && dueMs !== null && dueMs <= nowMs;
  const overdue: Request['overdue'] = [];
  if (isLate(record.acknowledgeByMs, record.acknowledgedMs)) overdue.push('acknowledge');
  if (isLate(record.actByMs, record.answeredMs)) overdue.push('act');
  return {
    id: record.id,
    direction: record.asked === self ? 'in' : 'out',
    from: record.asking,
    to: record.asked,
    kind: record.kind,
    priority: record.priority,
    state: record.state,
    revision: record.revision,
    openedAt: instantText(record.openedMs),
    sentAt: textOf(record.sentMs),
    receivedAt: textOf(record.receivedMs),
    acknowledgedAt: textOf(record.acknowledgedMs),
    answeredAt: textOf(record.answeredMs),
    acknowledgeBy: textOf(record.acknowledgeByMs),
    actBy: textOf(record.actByMs),
    overdue,
    owner: record.owner,
    desk: record.desk,
    waits: record.waits,
  };
}

/** What officers read; every reading is recorded with its purpose before it is answered. */
export function openReading(parts: LiaisonParts) {
  const { db, clock, policy, journal, access } = parts;
  const self = journal.member;

  async function readAs(actor: Actor, id: string, what: string): Promise<RequestRecord> {
    const officer = access.requireOfficer(actor, 'liaison.read');
    const record = (await store.readRequest(db, id)) ?? refuse('not-found.request');
    await access.recordRead(db, officer, { what, subject: id, count: 1 });
    return record;
  }

  return {
    async list(actor: Actor, query: RequestQuery): Promise<RequestPage> {
      const officer = access.requireOfficer(actor, 'liaison.read');
      const { mine, overdue, after, limit, ...wanted } = query;
      const nowMs = clock.now();
      const rows = await store.listRequests(db, {
        ...wanted,
        self,
        owner: mine ? officer.officer : undefined,
        overdueAt: overdue ? new Date(nowMs) : undefined,
        after: readPlace(after),
        limit: limit + 1,
      });
      const { page, next } = cutPage(rows, limit, (last) => [instantText(last.openedMs), last.id]);
      await access.recordRead(db, officer, {
        what: 'requests',
        subject: wanted.state ?? wanted.standing ?? 'all',
        count: page.length,
      });
      return { requests: page.map((record) => requestOf(record, self, nowMs)), ...next };
    },

    /** The whole conversation, with what is noted here about it. */
    async get(actor: Actor, id: string): Promise<Conversation> {
      const record = await readAs(actor, id, 'request');
      const [{ revisions, deeds }, joined, links, moves] = await Promise.all([
        readConversation(db, record),
        readJoined(db, id),
        store.readLinks(db, id),
        store.readMoves(db, id),
      ]);
      const { draft, draftedBy, approvedBy } = record;
      return {
        request: requestOf(record, self, clock.now()),
        body: record.body,
        handling: record.handling,
        draft: draft && { body: draft.body, exhibits: [...draft.exhibits], draftedBy, approvedBy },
        revisions: revisions.map(({ revision, atMs, author, body }) => ({
          revision,
          at: instantText(atMs),
          author,
          body,
        })),
        deeds: deeds.map(({ member, atMs, author, body }) => ({
          by: member,
          at: instantText(atMs),
          author,
          deed: body.deed,
          body,
        })),
        joined,
        links: [...links],
        moves: moves.map(({ at, actor, from_officer, to_officer, desk, note }) => ({
          at: instantText(at.getTime()),
          actor,
          from: from_officer,
          to: to_officer,
          desk,
          note: note === null ? null : (JSON.parse(note) as FreeText),
        })),
      };
    },

    /** A request and what was said about it, to be written as a text or letter outside. */
    async rendered(actor: Actor, id: string): Promise<RenderedInput> {
      const record = await readAs(actor, id, 'request.letter');
      const { deeds } = await readConversation(db, record);
      return {
        body: record.body,
        from: record.asking,
        to: record.asked,
        at: instantText(record.sentMs ?? record.openedMs),
        deeds: deeds.map(({ member, atMs, body }) => ({ by: member, at: instantText(atMs), body })),
        timeZone: policy.timeZone,
      };
    },

    /** How soon requests of a time were acknowledged and answered, by pair and kind; only pairs that we are one of. */
    async scorecard(actor: Actor, { from, until }: ScorecardQuery): Promise<Scorecard> {
      access.requireOfficer(actor, 'liaison.read');
      const nowMs = clock.now();
      const untilMs = until === undefined ? nowMs : instantMs(until);
      const fromMs = from === undefined ? untilMs - 30 * dayMs : instantMs(from);
      if (!(untilMs > fromMs)) return refuse('malformed.time');
      const rows = await readScores(db, new Date(fromMs), new Date(untilMs), new Date(nowMs));
      return { from: instantText(fromMs), until: instantText(untilMs), rows };
    },
  };
}

export type Reading = ReturnType<typeof openReading>;

function readPlace(after: string | undefined): { at: Date; id: string } | undefined {
  if (after === undefined) return undefined;
  const [at, id] = readPageToken(after, 2) as [string, string];
  const date = new Date(at);
  if (Number.isNaN(date.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) return refuse('malformed.page');
  return { at: date, id };
}
