import { hash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { listMax } from '@bronze-drum/protocol/fields';
import type { NamedPayment } from '@bronze-drum/protocol/fields';
import { parse, typeOf } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { bookFor } from '@bronze-drum/protocol/members';
import type { RequestDetails } from '@bronze-drum/protocol/requests';
import { TraceReportBody, tracePlacesMax } from '@bronze-drum/protocol/statements/trace-report';
import type { Directory } from '../directory/directory.ts';
import type { Entry, Following, Journal } from '../journal/journal.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { needsExportApproval, type Policy } from '../kernel/policy.ts';
import type { Liaison, NewDeed } from '../liaison/liaison.ts';
import type { Tx } from '../platform/db.ts';
import { takeRequest, traceRule, tracedKinds, type AskedHere } from './asked-here.ts';
import type { HoldView } from './holds.ts';
import { holdByPlace, placesToSay, type Followed, type Tally } from './picture.ts';
import * as store from './trace-store.ts';

export interface AbroadParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'member' | 'append' | 'follow' | 'isHeld'>;
  readonly directory: Pick<Directory, 'isMember'>;
  readonly liaison: Pick<Liaison, 'sendByRule' | 'doByRule' | 'onRequest' | 'onDeed' | 'find'>;
}

export interface Abroad {
  /** Has each member that the money reached follow it there, by the agreement that stands. */
  ask(tx: Tx, row: store.TraceRow, followed: Followed, isConfirmed: boolean): Promise<void>;
  /** Says to the member that asked how far its money was followed, if it is news. */
  report(
    tx: Tx,
    row: store.TraceRow,
    followed: Followed,
    own: readonly HoldView[],
    asked: readonly store.AskedRow[],
    tally: Tally,
  ): Promise<void>;
  /** Begins to hear what others ask and report. Requests are heard from then on in the transaction of `liaison`. */
  hear(here: AskedHere): void;
  start(): void;
  close(): Promise<void>;
}

const isReport = Compile(TraceReportBody);
/** More than anybody says of one request; what claims more would bar whatever is said after it. */
const revisionsMax = 1_000_000;

/** Money that leaves for another member, or comes from one: each follows it at home, by its own law. */
export function openAbroad(parts: AbroadParts): Abroad {
  const { clock, policy, journal, directory, liaison } = parts;
  const { member } = journal;
  let mark: AskedHere['mark'] = () => undefined;
  let following: Following | undefined;

  async function ask(tx: Tx, row: store.TraceRow, followed: Followed, isConfirmed: boolean): Promise<void> {
    const leaving = Map.groupBy(
      followed.places.filter(({ end }) => end === 'abroad'),
      (place) => place.member,
    );
    if (leaving.size === 0) return;
    const before = new Map((await store.readAsked(tx, [row.id])).map((one) => [one.member, one]));
    for (const [to, places] of leaving) {
      // The member that asked us follows at home what went back there.
      if (!directory.isMember(to) || to === row.from_member) continue;
      const amount = String(places.reduce((total, { remains }) => total + BigInt(remains), 0n));
      const known = before.get(to);
      if (known?.amount === amount && known.state !== 'waits') continue;
      const request = derivedId('continue-trace', member, row.id, to);
      const details = detailsOf(row, followed, new Set(places.map(({ place }) => place)), amount, isConfirmed);
      if (details === undefined) continue;
      const sent = await liaison.sendByRule(tx, {
        id: request,
        kind: 'continue-trace',
        to,
        priority: 'P1',
        offence: 'telecom-online-fraud',
        purpose: 'stop-money',
        necessity: {
          language: 'en',
          text: 'Stolen money reached accounts in your country and moves on within minutes.',
        },
        details: { ...details, hops: Math.min(...places.map(({ hop }) => hop)) - 1 },
      });
      const state = sent === 'unchanged' ? (known?.state ?? 'sent') : sent;
      await store.putAsked(tx, { trace: row.id, member: to, request, state, amount });
    }
  }

  async function report(
    tx: Tx,
    row: store.TraceRow,
    followed: Followed,
    own: readonly HoldView[],
    asked: readonly store.AskedRow[],
    tally: Tally,
  ): Promise<void> {
    // While the journal is compared with its readers nothing can be said: the next look at the trace says it.
    if (journal.isHeld()) return;
    const rules = policy.at(clock.now());
    const book = bookFor(member, [row.from_member!]);
    const { places, more } = placesToSay(
      followed,
      holdByPlace(own),
      new Map(asked.map((one) => [one.member, one.report])),
      {
        currency: row.currency,
        mayName: (key) => !needsExportApproval(rules, typeOf(key as Key), book),
        most: tracePlacesMax,
      },
    );
    const digest = hash('sha256', JSON.stringify([places, more, row.state]), 'base64url');
    if (digest !== row.said_digest) {
      const revision = row.said_revision + 1;
      const body: TraceReportBody = {
        request: row.request!,
        trace: row.id,
        revision,
        places,
        more,
        open: row.state === 'open',
      };
      await journal.append(tx, [
        {
          book,
          kind: 'trace-report',
          version: 1,
          author: store.traceRule,
          handling: { tlp: 'AMBER', conditions: [] },
          subject: `request:${row.request}`,
          body,
        },
      ]);
      await store.markSaid(tx, row.id, revision, digest);
    }
    const answer = answerOf(row, own, tally);
    if (answer === undefined) return;
    await store.markAnswered(tx, row.id, answer.answered);
    await liaison.doByRule(tx, traceRule, row.request!, answer.deed);
  }

  async function handle(tx: Tx, entries: readonly Entry[]): Promise<void> {
    for (const { member: author, book, statement } of entries) {
      if (statement === null || author === member || statement.envelope.member !== author) continue;
      // What was said to others too was not said in answer to us.
      if (book !== bookFor(member, [author])) continue;
      const { body } = statement;
      if (!isReport.Check(body) || body.revision > revisionsMax) continue;
      const trace = await store.hearReport(tx, author, readable(body));
      if (trace !== undefined) tx.afterCommit(() => mark([trace]));
    }
  }

  return {
    ask,
    report,
    hear(here) {
      ({ mark } = here);
      for (const kind of tracedKinds) liaison.onRequest(kind, (tx, request) => takeRequest(parts, tx, here, request));
      liaison.onDeed('continue-trace', async (tx, request, deed) => {
        if (deed.deed === 'said' || deed.deed === 'escalated') return;
        // Not the deed itself: it may be about another revision, or not the asked member’s to do.
        const trace = await store.markAsked(tx, request.body.id, request.state);
        if (trace !== undefined) tx.afterCommit(() => mark([trace]));
      });
    },
    start() {
      following = journal.follow({ name: 'funds', kinds: ['trace-report'], ownKinds: [], handle });
    },
    close: async () => following?.close(),
  };
}

/** What the asked member must know: of each payment the part that came from the theft. */
function detailsOf(
  row: store.TraceRow,
  { edges }: Followed,
  places: ReadonlySet<string>,
  amount: string,
  isConfirmed: boolean,
): Omit<RequestDetails<'continue-trace'>, 'hops'> | undefined {
  const payments = edges
    .filter(({ to }) => places.has(to))
    .sort((a, b) => Number(BigInt(b.stolen) - BigInt(a.stolen)))
    .slice(0, listMax)
    .flatMap(({ stolen, atMs, payment }): NamedPayment[] =>
      payment === undefined
        ? []
        : [{ ...payment, amount: { value: stolen, currency: row.currency }, at: instantText(atMs) }],
    );
  if (payments.length === 0) return undefined;
  return {
    trace: row.id,
    payments,
    tainted: { value: amount, currency: row.currency },
    method: row.method,
    stolenAt: instantText(Math.min(...edges.map(({ atMs }) => atMs))),
    debitConfirmed: isConfirmed,
  };
}

/** What is answered once every hold is decided and nothing is left to be found, unless it was answered before. */
function answerOf(
  row: store.TraceRow,
  own: readonly HoldView[],
  tally: Tally,
): { readonly answered: store.Answered; readonly deed: NewDeed } | undefined {
  const isSettled = tally.open === 0n && own.every(({ state }) => state !== 'proposed' && state !== 'ordered');
  if (!isSettled) return undefined;
  const held = tally.held + tally.seized + tally.returned;
  const answered = { held: String(held), gone: String(tally.lost) };
  if (row.answered?.held === answered.held && row.answered.gone === answered.gone) return undefined;
  const money = (minor: bigint) => ({ value: String(minor), currency: row.currency });
  const untilMs = Math.min(
    ...own.flatMap(({ untilMs: end, state }) => (end !== null && state !== 'released' ? [end] : [])),
  );
  return {
    answered,
    deed: {
      deed: 'answered',
      facts: {
        done: held > 0n ? ['traced', 'held'] : ['traced'],
        ...(held > 0n && { held: money(held) }),
        ...(tally.lost > 0n && { gone: money(tally.lost) }),
        ...(Number.isFinite(untilMs) && { until: instantText(untilMs) }),
      },
    },
  };
}

/** Without what PostgreSQL cannot keep, and without keys that are none. */
function readable(body: TraceReportBody): TraceReportBody {
  return {
    ...body,
    places: body.places.map(({ key, ...place }) => ({
      ...place,
      ...(key !== undefined && parse(key) === key && !key.includes('\0') && { key }),
      ...(place.hold?.refusal !== undefined && {
        hold: { ...place.hold, refusal: place.hold.refusal.replaceAll('\0', '').toWellFormed() },
      }),
    })),
  };
}
