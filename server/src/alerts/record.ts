import type { AlertKind, AlertReason } from '@bronze-drum/protocol/alerts';

/** 1 is the most urgent, 4 for information. */
export type Rank = 1 | 2 | 3 | 4;

export const officers = 'officers';
/** Who is alerted: the officers here, whom roles and offices tell apart, or one institution. */
export type Recipient = typeof officers | `institution:${string}`;

export const alertStates = ['new', 'taken', 'snoozed', 'closed'] as const;
export type AlertState = (typeof alertStates)[number];

export const alertOutcomes = ['acted', 'handed-on', 'unfounded', 'duplicate', 'ended', 'lapsed'] as const;
export type AlertOutcome = (typeof alertOutcomes)[number];

export type Params = AlertReason['params'];

/** Something that a source found, once or, where it says so, several times. */
export interface Finding {
  readonly kind: AlertKind;
  readonly subject: string;
  readonly code: string;
  readonly params: Params;
  readonly rank: Rank;
  readonly atMs: number;
  /** When it was found first, if several times. */
  readonly firstAtMs?: number;
  readonly count?: number;
  /** For officers alone who may know of discreet listings: no institution and no other member is ever told. */
  readonly discreet: boolean;
  /** The reporter: `institution:<id>` or `member:<code>`. So many new subjects a minute may come from it. */
  readonly source?: string;
  /** The member who told it; what was told is never told on. */
  readonly member?: string;
  /** Whether the member at home may know it: it gives away no listing that this member may not read. */
  readonly tellable: boolean;
  /** The one recipient, where routes do not decide. */
  readonly only?: Recipient;
  /** Not told to this institution, which knows it. */
  readonly except?: string;
  /** Officers who wished to hear of it. */
  readonly watchers?: readonly string[];
  /** Told in the next digest only. */
  readonly quiet?: boolean;
}

/** A reason as it is kept: with whether the member at home may know it. */
export interface Reason {
  readonly kind: AlertKind;
  readonly code: string;
  readonly params: Params;
  readonly member?: string;
  readonly tellable: boolean;
  readonly rank: Rank;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** What was told of an alert to somebody outside, so that they are told again only what is new. */
export interface Told {
  readonly revision: number;
  readonly rank: Rank;
  readonly codes: readonly string[];
  readonly count: number;
  readonly atMs: number;
}

/** An alert as it stands. */
export interface AlertRecord {
  readonly id: string;
  readonly recipient: Recipient;
  readonly subject: string;
  readonly discreet: boolean;
  /** Of its most urgent reason. */
  readonly kind: AlertKind;
  readonly rank: Rank;
  /** The strongest reason's, before what many of them come to. */
  readonly base: Rank;
  readonly state: AlertState;
  readonly owner: string | null;
  readonly outcome: AlertOutcome | null;
  readonly note: string | null;
  readonly snoozedUntilMs: number | null;
  readonly reasons: readonly Reason[];
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly roles: readonly string[];
  readonly offices: readonly string[];
  readonly watchers: readonly string[];
  readonly quiet: boolean;
  readonly escalated: number;
  readonly escalateAtMs: number | null;
  readonly previous: string | null;
  readonly closedAtMs: number | null;
  /** To the member at home; and when more of it is to be told. */
  readonly told: Told | null;
  readonly tellAtMs: number | null;
  /** There is something to tell the member at home that an officer must let out first. */
  readonly waits: boolean;
  /** To the institution that it is for; and when more of it is to be told. */
  readonly hooked: Told | null;
  readonly hookAtMs: number | null;
  /** 0 until it is written. */
  readonly change: number;
}

/** Half a character, or a NUL, which some keys may hold and no PostgreSQL does, would stop whoever writes it for ever. */
export const writable = (text: string): string =>
  text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
