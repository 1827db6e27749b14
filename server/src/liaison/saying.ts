import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { RequestBody, RequestDeedBody } from '@bronze-drum/protocol/statements/request';
import type { Alerts } from '../alerts/alerts.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import type { LiveChange } from '../platform/live.ts';
import * as conversations from './conversation-store.ts';
import type { KnownRequest, NewDeed } from './rooms-below.ts';
import { openDeadlines } from './deadlines.ts';
import type { LiaisonParts } from './parts.ts';
import { openStates, rankOf, standingOf, touchesOf } from './rules.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';
import type { TermsKeeper } from './terms.ts';

export type SaidDeed = NewDeed & { readonly exhibits?: readonly string[] };

export interface Saying {
  /** To be called first in a transaction that changes requests: it takes its turn, and what it changed is told after it. */
  begin(tx: Tx): Promise<void>;
  /** Says the draft of a request as its next revision. */
  revise(tx: Tx, record: RequestRecord, author: Author, isSigned: boolean): Promise<RequestRecord>;
  say(tx: Tx, record: RequestRecord, author: Author, deed: SaidDeed): Promise<RequestRecord>;
  /** Takes over what follows from everything that was said, and sets the clocks by it. */
  refresh(tx: Tx, record: RequestRecord): Promise<RequestRecord>;
  /** Writes what stays at home. */
  put(tx: Tx, record: RequestRecord): Promise<RequestRecord>;
  alert(tx: Tx, record: RequestRecord, alert: RequestAlert): Promise<void>;
  /** Links a request to what it is about here; an alert says that it led to the request. */
  link(tx: Tx, actor: Actor, id: string, links: readonly store.Link[]): Promise<void>;
}

type Finding = Parameters<Alerts['raise']>[1][number];

export interface RequestAlert {
  readonly code: 'request.received' | 'request.answered' | 'request.warned' | 'request.overdue';
  readonly params?: Finding['params'];
  readonly rank?: Finding['rank'];
  readonly watchers?: readonly (string | null)[];
}

export const knownOf = ({ asking, asked, book, state, body }: RequestRecord): KnownRequest => ({
  from: asking,
  to: asked,
  book,
  state,
  body,
});

export function openSaying(
  parts: LiaisonParts & {
    readonly terms: TermsKeeper;
    publish(changes: readonly LiveChange<RequestRecord>[]): void;
  },
): Saying {
  const { clock, journal, evidence, alerts } = parts;
  const deadlines = openDeadlines(parts);
  const self = journal.member;
  const changed = new WeakMap<Tx, RequestRecord[]>();

  async function begin(tx: Tx): Promise<void> {
    if (changed.has(tx)) return;
    const records: RequestRecord[] = [];
    changed.set(tx, records);
    // Before the journal's own hook, which waits for a signature: changes are published in the order of their numbers.
    tx.afterCommit(() =>
      parts.publish(records.map((item) => ({ number: item.change, rank: rankOf(item.priority), item }))),
    );
    await store.lockChanges(tx);
  }

  async function put(tx: Tx, record: RequestRecord): Promise<RequestRecord> {
    await begin(tx);
    const written = await store.putRequest(tx, record);
    changed.get(tx)!.push(written);
    return written;
  }

  async function revise(tx: Tx, record: RequestRecord, author: Author, isSigned: boolean): Promise<RequestRecord> {
    await begin(tx);
    const nowMs = clock.now();
    const draft = record.draft!;
    const revision = record.revision + 1;
    const { book, handling, id } = record;
    const exhibits = await evidence.attach(tx, author, draft.exhibits, { book }, `request:${id}`);
    const at = instantText(nowMs);
    const { office, officer } = author;
    const body = {
      ...draft.body,
      revision,
      exhibits,
      ...(isSigned && officer !== undefined && { signedBy: { office, officer, at } }),
    } as RequestBody;
    await journal.append(tx, [{ book, kind: 'request', version: 1, author, handling, subject: `request:${id}`, body }]);
    await conversations.putRevision(
      tx,
      id,
      { member: self, book, number: null },
      { revision, atMs: nowMs, author, handling, body },
    );
    const sent = await refresh(tx, { ...record, draft: null, waits: false });
    await conversations.joinOverlapping(tx, sent, touchesOf(sent.kind, sent.body.details), openStates);
    return sent;
  }

  async function say(tx: Tx, record: RequestRecord, author: Author, said: SaidDeed): Promise<RequestRecord> {
    await begin(tx);
    const { id, book, handling, revision } = record;
    const { deed, refusal, facts, text } = said;
    const ids = said.exhibits ?? [];
    const exhibits = ids.length === 0 ? [] : await evidence.attach(tx, author, ids, { book }, `request:${id}`);
    const body: RequestDeedBody = {
      request: id,
      number: await conversations.nextDeed(tx, id, self),
      revision,
      deed,
      ...(refusal !== undefined && { refusal }),
      ...(facts !== undefined && { facts }),
      ...(text !== undefined && { text }),
      exhibits,
    };
    await journal.append(tx, [
      { book, kind: 'request-deed', version: 1, author, handling, subject: `request:${id}`, body },
    ]);
    await conversations.putDeed(tx, { member: self, book, number: null }, { atMs: clock.now(), author, body });
    return refresh(tx, record);
  }

  async function refresh(tx: Tx, record: RequestRecord): Promise<RequestRecord> {
    await begin(tx);
    const { revisions, deeds } = await conversations.readConversation(tx, record);
    const standing = standingOf(
      revisions,
      deeds.map(({ member, atMs, body: { number, revision, deed } }) => ({
        by: member === record.asking ? ('asking' as const) : ('asked' as const),
        number,
        revision,
        deed,
        atMs,
      })),
    );
    if (standing === undefined) return put(tx, record);
    const newest = revisions.find(({ revision }) => revision === standing.revision)!;
    const { priority, kind } = newest.body;
    const due = await deadlines.dueOf(tx, record, priority, standing.receivedMs ?? standing.sentMs);
    const next: RequestRecord = {
      ...record,
      kind,
      priority,
      revision: standing.revision,
      body: newest.body,
      handling: newest.handling,
      state: standing.state,
      sentMs: standing.sentMs,
      receivedMs: standing.receivedMs ?? null,
      acknowledgedMs: standing.acknowledgedMs ?? null,
      answeredMs: standing.answeredMs ?? null,
      acknowledgeByMs: due.acknowledgeMs,
      actByMs: due.actMs,
    };
    await deadlines.set(tx, record, next);
    return put(tx, next);
  }

  return {
    begin,
    revise,
    say,
    refresh,
    put,
    async link(tx, actor, id, links) {
      await begin(tx);
      const fresh = await store.addLinks(tx, id, links);
      const alerted = fresh.flatMap((link) => (link.kind === 'alert' ? [link.id] : []));
      await alerts.ledTo(tx, actor, alerted, [`request:${id}`]);
    },
    async alert(tx, record, { code, params, rank, watchers = [] }) {
      await alerts.raise(tx, [
        {
          kind: 'request',
          subject: `request:${record.id}`,
          code,
          params: { request: record.kind, id: record.id, ...params },
          rank: rank ?? rankOf(record.priority),
          atMs: clock.now(),
          discreet: false,
          tellable: false,
          only: 'officers',
          watchers: [...new Set(watchers.filter((one) => one !== null))],
        },
      ]);
    },
  };
}
