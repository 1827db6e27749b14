import type { Actor } from '../kernel/actor.ts';
import type { LiveChange } from '../platform/live.ts';
import { migrate } from '../platform/migrations.ts';
import { openAnswering } from './answering.ts';
import { openAsking } from './asking.ts';
import type {
  Assignment,
  Checked,
  LinksBody,
  NewDeedBody,
  NewRequest,
  Performed,
  Request,
  Revision,
  SendBody,
} from './contract.ts';
import { liveRequests } from './live-requests.ts';
import { measureRequests } from './metrics.ts';
import type { LiaisonParts } from './parts.ts';
import { openPassing } from './passing.ts';
import { openReading, requestOf, type Reading } from './reading.ts';
import { openReceiving } from './receiving.ts';
import { openRoster, type Roster } from './roster.ts';
import { knownOf, openSaying } from './saying.ts';
import type { Liaison } from './rooms-below.ts';
import { openSending, type Sent } from './sending.ts';
import { openStanding } from './standing.ts';
import * as store from './store.ts';
import { openTerms } from './terms.ts';
import { openTiming } from './timing.ts';

export type { KnownRequest, Liaison, NewDeed, StandingRequest } from './rooms-below.ts';

/** What officers do over HTTP; each verb refuses whoever may not. */
export interface LiaisonDesk extends Reading {
  readonly roster: Roster;
  draft(actor: Actor, request: NewRequest): Promise<Request>;
  edit(actor: Actor, id: string, request: NewRequest): Promise<Request>;
  /** What the rules of both sides object to, before it is sent. */
  check(actor: Actor, id: string): Promise<Checked>;
  /** Lets out a draft that somebody else, or a rule, wrote. */
  approve(actor: Actor, id: string): Promise<Request>;
  /** Says a draft to the asked member, signed by the officer; or proposes to, where the law here wants a second person. */
  send(actor: Actor, id: string, how: SendBody): Promise<Performed>;
  revise(actor: Actor, id: string, change: Revision): Promise<Performed>;
  /** Says what was done about a request, as the side that we are. */
  say(actor: Actor, id: string, deed: NewDeedBody): Promise<Performed>;
  assign(actor: Actor, id: string, to: Assignment): Promise<Request>;
  take(actor: Actor, id: string): Promise<Request>;
  link(actor: Actor, id: string, links: LinksBody): Promise<Request>;
}

export interface OpenLiaison extends Liaison {
  readonly desk: LiaisonDesk;
  /** Begins to follow what members say: once every room has said what it hears, before the clocks start. */
  start(): Promise<void>;
  /** Resolves once everything that was said before this call is heard. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the room, before `clocks.start`. */
export async function openLiaison(given: LiaisonParts): Promise<OpenLiaison> {
  const { db, clock, journal, live, telemetry } = given;
  const self = journal.member;
  await migrate(db, 'liaison', new URL('migrations/', import.meta.url));
  measureRequests(telemetry, db, self);
  const topic: { publish(changes: readonly LiveChange<store.RequestRecord>[]): void } = live.topic(
    liveRequests({ db, clock, self }),
  );
  const terms = openTerms(given);
  const saying = openSaying({ ...given, terms, publish: topic.publish });
  const parts = { ...given, terms, saying };
  const sending = openSending(parts);
  const asking = openAsking({ ...parts, sending });
  const answering = openAnswering({ ...parts, asking });
  const passing = openPassing(parts);
  const roster = openRoster({ ...parts, passing });
  const receiving = openReceiving({ ...parts, passing });
  openTiming(parts);
  let following: ReturnType<typeof receiving.start> | undefined;

  const shown = async (record: Promise<store.RequestRecord>): Promise<Request> =>
    requestOf(await record, self, clock.now());
  const performed = async (outcome: Promise<Sent>): Promise<Performed> => {
    const { record, ...waits } = await outcome;
    return { request: requestOf(record, self, clock.now()), ...waits };
  };

  return {
    ...openStanding(parts),
    onRequest: receiving.onRequest,
    onDeed: receiving.onDeed,
    async find(tx, id) {
      const record = await store.readRequest(tx, id);
      return record && knownOf(record);
    },
    desk: {
      ...openReading(given),
      roster,
      draft: (...asked) => shown(asking.draft(...asked)),
      edit: (...asked) => shown(asking.edit(...asked)),
      check: asking.check,
      approve: (...asked) => shown(sending.approve(...asked)),
      send: (...asked) => performed(sending.send(...asked)),
      revise: (...asked) => performed(asking.revise(...asked)),
      say: (...asked) => performed(answering.say(...asked)),
      assign: (...asked) => shown(answering.assign(...asked)),
      take: (...asked) => shown(answering.take(...asked)),
      link: (...asked) => shown(answering.link(...asked)),
    },
    async start() {
      await db.tx((tx) => terms.arm(tx));
      following = receiving.start();
    },
    caughtUp: async () => following?.caughtUp(),
    close: async () => following?.close(),
  };
}
