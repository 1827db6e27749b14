import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';

/** What a story is played on: servers, spoken to as institutions and officers speak. */
export interface Stage {
  /** The members whose servers are there. */
  readonly members: readonly string[];
  institution(member: string, id: string): StageInstitution;
  officer(member: string, role: string): StageOfficer;
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
}

export interface StageOfficer {
  /** Lists; what is listed already by the same officer is no fault. */
  list(listing: Readonly<Record<string, unknown>>): Promise<void>;
  alertsAbout(subject: string): Promise<readonly SeenAlert[]>;
  take(alert: string): Promise<void>;
  /** Which members list it, as screening answers an officer. */
  listedBy(identifier: string): Promise<readonly string[]>;
}

/** What the story looks at of an alert. */
export interface SeenAlert {
  readonly id: string;
  readonly subject: string;
  readonly state: string;
  readonly reasons: readonly { readonly kind: string; readonly member?: string | undefined }[];
}
