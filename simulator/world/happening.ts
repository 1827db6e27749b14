import type { ActivityKind, ActivityRecord } from '@bronze-drum/protocol/activity/kinds';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import type { Currency } from './nations.ts';
import type { Account, Tier } from './people.ts';

/** What the simulator knows of a record, and no server is told. */
export interface Label {
  /** The ring behind it. */
  readonly scheme: string;
  /** The fraud it belongs to; absent for what a ring does for many. */
  readonly case?: string;
  readonly role: Role;
  /** Of a payment: 0 is the victim's, 1 the first mule's. */
  readonly hop?: number;
  /** Of a payment: how much of it was stolen in this case, in the record's minor units. */
  readonly tainted?: string;
}

export const roles = [
  'lure-call',
  'lure-message',
  'victim-login',
  'thief-login',
  'sim-swap',
  'victim-payment',
  'bait-payment',
  'mule-login',
  'test-payment',
  'mule-hop',
  'consolidation',
  'gambling-stake',
  'innocent-purchase',
  'crypto-exit',
  'cash-out',
  'sim-registration',
  'staff-call',
] as const;
export type Role = (typeof roles)[number];

/** One record as one institution reports it. */
export interface Sent {
  readonly member: MemberCode;
  readonly institution: string;
  readonly kind: ActivityKind;
  readonly record: ActivityRecord;
  readonly reportedAtMs: number;
  readonly labels: readonly Label[];
}

/** What an account or number really is: told once, when a fraud first uses it. */
export interface Mark {
  readonly key: string;
  readonly member: MemberCode;
  readonly role:
    | 'mule'
    | 'victim'
    | 'good-faith'
    | 'collector'
    | 'sim-box'
    | 'lure-number'
    | 'lure-site'
    | 'lure-cell'
    | 'ring-device'
    | 'ring-address'
    | 'staff-number'
    | 'crypto-exit'
    | 'cash-out';
  readonly tier?: Tier;
  readonly scheme: string;
}

export interface ReportedPayment {
  readonly institution: string;
  /** Absent if the bank has not reported it. */
  readonly id?: string;
  readonly reference?: string;
  readonly to: string;
  readonly at: string;
  readonly amount: string;
  readonly currency: string;
}

/** A victim tells the bank and the hotline. */
export interface VictimReport {
  readonly case: string;
  readonly member: MemberCode;
  readonly at: string;
  readonly institution: string;
  readonly typology: Typology;
  readonly account: string;
  readonly phone: string;
  readonly payments: readonly ReportedPayment[];
  /** From which it was called or written to, as the networks know. */
  readonly contacts: readonly string[];
}

export interface CaseHop {
  readonly at: string;
  readonly hop: number;
  readonly role: Role;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly currency: string;
}

/** A fraud as it was, once everything that belongs to it has happened. */
export interface CaseSummary {
  readonly case: string;
  readonly scheme: string;
  readonly fraud: string;
  readonly typology: Typology;
  readonly member: MemberCode;
  readonly victim: string;
  readonly paidAt: string;
  readonly loss: string;
  readonly currency: string;
  /** In baht, to compare the nations. */
  readonly lossBaht: number;
  readonly reportedAt: string | null;
  /** How many accounts the ring used for it; what follows a pot is counted where the pot is. */
  readonly mules: number;
  readonly hops: readonly CaseHop[];
  /** Whether everything that belongs to it has happened. */
  readonly ended: boolean;
}

/** Part of the way of stolen money: stopping it stops what would follow from it. */
export interface Step {
  readonly after: Step | undefined;
  stopped: boolean;
}

/** Money that moved between accounts of the world. An end that is missing is cash, or beyond it. */
export interface Moved {
  readonly from?: { readonly account: Account; readonly key: string };
  readonly to?: { readonly account: Account; readonly key: string };
  readonly minor: number;
  readonly currency: Currency;
}

/** What happens at one instant. */
export interface Happening {
  readonly atMs: number;
  readonly sent: readonly Sent[];
  readonly marks?: readonly Mark[];
  readonly report?: VictimReport;
  readonly ended?: CaseSummary;
  /** Of a payment that a fraud makes. */
  readonly step?: Step;
  /** Of every payment. */
  readonly moved?: Moved;
}

export const isStopped = (step: Step | undefined): boolean =>
  step !== undefined && (step.stopped || isStopped(step.after));
