import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { FreeText } from '@bronze-drum/protocol/languages';
import type { OrderOutcome } from '@bronze-drum/protocol/orders';
import type { RequestKind } from '@bronze-drum/protocol/requests';
import type { Sum } from './expectations.ts';

/** What a story is played on: servers, spoken to as institutions and officers speak. */
export interface Stage {
  /** The members whose servers are there. */
  readonly members: readonly string[];
  /** Whether its time can be advanced by weeks. */
  readonly virtual: boolean;
  institution(member: string, id: string): StageInstitution;
  officer(member: string, role: string): StageOfficer;
  /** Cuts a member off from all others, or ends that. */
  isolate(member: string, isolated: boolean): Promise<void>;
  /** Milliseconds since the Unix epoch, as the servers see it. */
  now(): number;
  /** Waits for so long in the stage's own time; resolves early once `ended` aborts. */
  pause(durationMs: number, ended?: AbortSignal): Promise<void>;
}

export interface StageInstitution {
  screen(
    identifiers: readonly string[],
  ): Promise<readonly { identifier?: string; advice?: string; refused?: string }[]>;
  /** Throws unless the record is acknowledged as accepted or known. */
  report(kind: ActivityKind, record: Readonly<Record<string, unknown>>): Promise<void>;
  alertsAbout(subject: string): Promise<readonly SeenAlert[]>;
  /** Its orders about an account or number, the newest first. */
  ordersAbout(subject: string): Promise<readonly SeenOrder[]>;
  answer(order: string, outcome: OrderOutcome): Promise<void>;
  /** Says that the end of the order was carried out. */
  confirm(order: string): Promise<void>;
  /** Contests a hold, for its customer. */
  appeal(hold: string, appellant: string, grounds: string): Promise<void>;
}

export interface StageOfficer {
  /** Lists; what is listed already by the same officer is no fault. */
  list(listing: Readonly<Record<string, unknown>>): Promise<void>;
  alertsAbout(subject: string): Promise<readonly SeenAlert[]>;
  take(alert: string): Promise<void>;
  /** Which members list it, as screening answers an officer. */
  listedBy(identifier: string): Promise<readonly string[]>;
  reportVictim(report: Readonly<Record<string, unknown>>): Promise<void>;
  /** The trace that reached an account. */
  traceOf(account: string): Promise<SeenTrace | undefined>;
  holdsOf(trace: string): Promise<readonly SeenHold[]>;
  /** Orders all proposed holds of a trace. */
  orderHolds(trace: string): Promise<void>;
  complain(hold: string, complaint: { readonly reference: string; readonly at: string }): Promise<void>;
  /** Seizes or confiscates; where a second person is asked for it waits for `approve`. */
  act(what: 'seize' | 'confiscate', hold: string, court: string): Promise<void>;
  /** Opens a return of what was confiscated of a trace, has it decided with the second person's word, and pays it. */
  giveBack(trace: string, claim: Claim, second: StageOfficer): Promise<void>;
  /** Approves whatever waits for this officer's word and begins like this, such as `funds.`. */
  approve(acts: string): Promise<void>;
  /** The request of this kind and direction that names an account; the newest, if there are several. */
  requestAbout(request: {
    readonly request: RequestKind;
    readonly from: string;
    readonly to: string;
    readonly about: string;
  }): Promise<SeenRequest | undefined>;
  acknowledge(request: string, text: FreeText): Promise<void>;
  /** Sends it anew, signed. */
  sign(request: string): Promise<void>;
  decideAppeal(hold: string, outcome: 'upheld' | 'dismissed', grounds: string): Promise<void>;
  /** What was returned since an instant, in one currency. */
  returnedSince(sinceMs: number, currency: string): Promise<string>;
}

export interface Claim {
  readonly account: string;
  readonly amount: Sum;
  readonly court: string;
}

/** What the story looks at of an alert. */
export interface SeenAlert {
  readonly id: string;
  readonly subject: string;
  readonly state: string;
  readonly reasons: readonly { readonly kind: string; readonly member?: string | undefined }[];
}

export interface SeenTrace {
  readonly id: string;
  readonly lost: Sum;
}

export interface SeenHold {
  readonly id: string;
  readonly account: string;
  readonly state: string;
  readonly ordered: Sum | null;
  readonly held: Sum;
  readonly stage: string | null;
  readonly until: string | null;
}

export interface SeenOrder {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
}

export interface SeenRequest {
  readonly id: string;
  readonly state: string;
  readonly refusal?: string;
  /** In which somebody wrote in it. */
  readonly languages: readonly string[];
}
