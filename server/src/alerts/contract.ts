import { Type, type Static, type TSchema } from 'typebox';
import { AlertReason, alertKinds, alertPriorities, alertReasonsMax } from '@bronze-drum/protocol/alerts';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { detectors } from '@bronze-drum/detection/catalogue';
import { findingCode } from '../detection/contract.ts';
import { alertOutcomes, alertStates } from './record.ts';

export { alertStates } from './record.ts';

/**
 * Every code of a reason, with the names of its parameters: what a sentence about it in any language needs. `count`,
 * `firstAt`, `lastAt` and `member` (who told it) stand beside them in each reason.
 */
const fixedReasonCodes = {
  /** An institution asked about it and was advised `advice`; `match` says how the listed thing concerns what was asked. */
  'screening-hit.advised': ['advice', 'match', 'institution'],
  /** The same, of a listing that the answer did not show. */
  'screening-hit.discreet': ['advice', 'match', 'institution'],
  /** `lister` lists what others list too: `members` of them in all. */
  'corroboration.listed': ['lister', 'members', 'tier'],
  /** Of the watch `watch`: `lister` lists it. */
  'watch.listing': ['watch', 'lister', 'tier'],
  /** Of the watch `watch`: an institution asked about it and was advised `advice`. */
  'watch.hit': ['watch', 'advice', 'institution'],
  /** Of the watch `watch`: it occurs in a record of activity, as `role`. */
  'watch.activity': ['watch', 'activity', 'role', 'institution'],
  /** `lister` lists an account or number that an institution here serves. */
  'own-listing.listed': ['lister', 'tier', 'presented'],
  /** `lister` lists more of them a minute than are told one by one. */
  'own-listing.flood': ['lister'],
  /** An institution reported a record of the kind `activity` as fraud, of this typology; `confirmed` if it examined it. */
  'suspected-activity.reported': ['activity', 'typology', 'confirmed', 'institution'],
  /** The number was only shown to whoever was called or written to: its holder may be a victim too. */
  'suspected-activity.presented': ['activity', 'typology', 'confirmed', 'institution'],
  /** One reporter names more new subjects a minute than are alerted one by one. */
  'suspected-activity.flood': ['institution', 'lister'],
  'screening-hit.flood': ['institution', 'lister'],
  'watch.flood': ['institution', 'lister'],
  'corroboration.flood': ['lister'],
  /** A neighbour is not heard; refuses, or sends what is no use; shows two histories; some of its statements are held back. */
  'federation.unreachable': [],
  'federation.refused': [],
  'federation.fork': [],
  'federation.held': [],
  /** An approval or the decision of an appeal is due. */
  'deadline.approval': ['due'],
  'deadline.appeal': ['due'],
  'detection.flood': ['institution', 'lister'],
  /** An institution answered an order of the kind `order`; did not within its time; or does not confirm that it ended. */
  'order.answered': ['order', 'outcome', 'institution', 'id'],
  'order.late': ['order', 'institution', 'id'],
  'order.unconfirmed': ['order', 'institution', 'id'],
  /** A member asks; has answered; is late or we are; handed over to somebody else. */
  'request.received': ['request', 'id'],
  'request.answered': ['request', 'deed', 'id'],
  'request.warned': ['request', 'clock', 'due', 'id'],
  'request.overdue': ['request', 'clock', 'step', 'id'],
  /** Money can be held at a place; a hold ends soon; was refused; an affected person is to be told. */
  'funds.proposed': ['trace', 'amount', 'currency'],
  'funds.ending': ['hold', 'due'],
  'funds.refused': ['hold', 'refusal'],
  'funds.notice': ['hold', 'due'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type ReasonCode = keyof typeof fixedReasonCodes;
/** Those, and one for each detector with the facts behind what it found. */
export const reasonCodes: Readonly<Record<string, readonly string[]>> = {
  ...fixedReasonCodes,
  ...Object.fromEntries(detectors.map(({ name, facts }) => [findingCode(name), facts])),
};

const strict = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const Name = Type.String({ minLength: 1, maxLength: 63 });
const Subject = Type.String({
  minLength: 3,
  maxLength: 2300,
  description: 'An identifier’s key, or `party:kh`, `appeal:<id>`, `approval:<id>`, `institution:<id>`',
});
const Priority = Type.Enum([...alertPriorities]);
const Next = Type.Optional(Type.String({ description: 'Absent on the last page' }));

/** What an institution is told is the first part; the rest is for officers. */
export const Alert = Type.Object(
  {
    id: Uuid,
    kind: Type.Enum([...alertKinds]),
    subject: Subject,
    priority: Priority,
    state: Type.Enum([...alertStates]),
    at: Instant,
    firstAt: Instant,
    lastAt: Instant,
    count: Type.Integer({ minimum: 1 }),
    reasons: Type.Array(AlertReason, { maxItems: alertReasonsMax }),
    owner: Type.Optional(Nullable(Name)),
    outcome: Type.Optional(Nullable(Type.Enum([...alertOutcomes]))),
    note: Type.Optional(Nullable(Type.String())),
    snoozedUntil: Type.Optional(Nullable(Instant)),
    roles: Type.Optional(Type.Array(Type.String())),
    offices: Type.Optional(Type.Array(Type.String())),
    escalated: Type.Optional(Type.Integer({ minimum: 0 })),
    discreet: Type.Optional(Type.Boolean()),
    waitsToLeave: Type.Optional(
      Type.Boolean({ description: 'The member at home is told only once an officer lets it out' }),
    ),
    previous: Type.Optional(Nullable(Uuid)),
  },
  { title: 'Alert' },
);
export type Alert = Static<typeof Alert>;

export const AlertQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...alertStates], { description: 'By default all but closed ones' })),
    kind: Type.Optional(Type.Enum([...alertKinds])),
    priority: Type.Optional(Priority),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 2300 })),
    for: Type.Enum(['me', 'all'], {
      default: 'all',
      description: '`me`: what my roles and office are told, and what I own; `all`: whatever I may see',
    }),
    mine: Type.Boolean({ default: false, description: 'Only what I own' }),
    sort: Type.Enum(['urgent', 'newest'], { default: 'urgent' }),
    after: Type.Optional(Type.String({ maxLength: 400, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type AlertQuery = Static<typeof AlertQuery>;
export const AlertPage = Type.Object(
  { alerts: Type.Array(Alert, { maxItems: 200 }), next: Next },
  { title: 'AlertPage' },
);
export type AlertPage = Static<typeof AlertPage>;

export const AlertHistory = Type.Object(
  {
    alert: Alert,
    history: Type.Array(
      Type.Object({
        at: Instant,
        actor: Type.String(),
        what: Type.String(),
        details: Type.Record(Type.String(), Type.Unknown()),
      }),
      { maxItems: 500 },
    ),
  },
  { title: 'AlertHistory' },
);
export type AlertHistory = Static<typeof AlertHistory>;

export const AlertCounts = Type.Object(
  {
    counts: Type.Array(Type.Object({ state: Type.Enum([...alertStates]), priority: Priority, count: Type.Integer() }), {
      description: 'Of what is not closed',
    }),
  },
  { title: 'AlertCounts' },
);
export type AlertCounts = Static<typeof AlertCounts>;

const snoozeMinutesMax = 7 * 24 * 60;
export const Snooze = Type.Union([
  Type.Object({ minutes: Type.Integer({ minimum: 1, maximum: snoozeMinutesMax }) }, strict),
  Type.Object({ until: Instant }, strict),
]);
export type Snooze = Static<typeof Snooze>;
export const Close = Type.Object(
  {
    outcome: Type.Enum(['acted', 'handed-on', 'unfounded', 'duplicate', 'lapsed']),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  strict,
);
export type Close = Static<typeof Close>;

export const Handing = Type.Object({ officer: Name, note: Type.Optional(Type.String({ maxLength: 500 })) }, strict);
export type Handing = Static<typeof Handing>;

export const Act = Type.Union([
  Type.Object({ take: Type.Literal(true) }, strict),
  Type.Object({ release: Type.Literal(true) }, strict),
  Type.Object({ hand: Handing }, strict),
  Type.Object({ snooze: Snooze }, strict),
  Type.Object({ close: Close }, strict),
  Type.Object({ reopen: Type.Literal(true) }, strict),
]);
export type Act = Static<typeof Act>;
export const Bulk = Type.Object(
  { ids: Type.Array(Uuid, { minItems: 1, maxItems: 200, uniqueItems: true }), act: Act },
  strict,
);
export type Bulk = Static<typeof Bulk>;
export const BulkAnswer = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        id: Uuid,
        alert: Type.Optional(Alert),
        refused: Type.Optional(Type.String()),
        params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
      }),
    ),
  },
  { title: 'BulkAnswer' },
);
export type BulkAnswer = Static<typeof BulkAnswer>;

/** Officers who may see an alert and act on it. */
export const Takers = Type.Object(
  { officers: Type.Array(Type.Object({ id: Name, name: Type.String(), office: Name })) },
  { title: 'Takers' },
);
export type Takers = Static<typeof Takers>;

/** What came of an alert: the key of what was listed, `trace:<id>`, `request:<id>`. */
export const Consequences = Type.Object({ to: Type.Array(Subject, { minItems: 1, maxItems: 50 }) }, strict);
export type Consequences = Static<typeof Consequences>;

export const AlertId = Type.Object({ id: Uuid }, strict);

export const NewWatch = Type.Object(
  {
    pattern: Type.String({
      minLength: 3,
      maxLength: 2300,
      description:
        'A key; the beginning of keys and `*`; a range `ip:203.0.113.0/24`; a domain stands for all below it',
    }),
    delivery: Type.Optional(Type.Enum(['now', 'digest'], { description: '`now` unless said' })),
    until: Type.Optional({ ...Instant, description: 'A year from now at the most, which is what it is by default' }),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  strict,
);
export type NewWatch = Static<typeof NewWatch>;
export const Watch = Type.Object(
  {
    id: Uuid,
    pattern: Type.String(),
    delivery: Type.Enum(['now', 'digest']),
    note: Type.String(),
    createdAt: Instant,
    until: Instant,
  },
  { title: 'Watch' },
);
export type Watch = Static<typeof Watch>;
export const WatchQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 4000, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 200 }),
  },
  strict,
);
export type WatchQuery = Static<typeof WatchQuery>;
export const WatchPage = Type.Object(
  { watches: Type.Array(Watch, { maxItems: 1000 }), next: Next },
  { title: 'WatchPage' },
);
export type WatchPage = Static<typeof WatchPage>;
