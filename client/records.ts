import type { ActivityKind, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { readRecord } from '@bronze-drum/protocol/activity/reading';
import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';

export interface Checking {
  readonly validate: boolean;
  /** ISO 3166-1 alpha-2, upper case: whose national spellings apply. Without it the server judges the identifiers. */
  readonly country: string | undefined;
}

/** A record as the line that says it, or why the server would refuse it. */
export function lineOf<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecords[Kind],
  { validate, country }: Checking,
): string | Refusal {
  const refused = validate ? refusalOf(kind, record, country) : undefined;
  return refused ?? JSON.stringify(record);
}

function refusalOf(kind: ActivityKind, record: unknown, country: string | undefined): Refusal | undefined {
  const read = readRecord(kind, record, country ?? '');
  if (!isRefusal(read)) return undefined;
  return country !== undefined || read.refused === 'malformed.schema' ? read : undefined;
}
