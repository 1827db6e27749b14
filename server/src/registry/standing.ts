import { revisionMax } from './faults.ts';
import { stands } from './rules.ts';
import { listedOf, type ListingRow } from './store.ts';

export type End = 'withdrawn' | 'released' | 'erased' | 'void';

/** What is known of one member's listing: the row that would be shown, and whether and how it has ended. */
export interface Standing {
  readonly member: string;
  readonly id: string;
  revision: number;
  /** What its newest statement here claims; null if no body is here. */
  row: ListingRow | null;
  end: { readonly state: End; readonly at: Date } | null;
  /** The identifier that every statement of it must name; null while no body says. */
  key: string | null;
  readonly stored: 'row' | 'tombstone' | null;
  changed: boolean;
}

export const nameOf = (member: string, id: string): string => `${member}/${id}`;

export function newStanding(member: string, id: string): Standing {
  return { member, id, revision: 0, row: null, end: null, key: null, stored: null, changed: false };
}

/** Takes in what a listing's statement claims, if it stands over what is known. */
export function put(known: Standing, row: ListingRow): void {
  if (contradicts(known, row.key, row.changed_at) || !standsOver(row, known)) return;
  known.revision = row.revision;
  known.row = row;
  known.end = null;
  known.key = row.key;
  known.changed = true;
}

/** Takes in that a listing has ended, with or without a claim that it ends. */
export function end(known: Standing, ended: { revision: number; state: End; key: string | null; at: Date }): void {
  const { revision, state, key, at } = ended;
  if (key !== null && contradicts(known, key, at)) return;
  if (known.end?.state === 'void' || revision < known.revision) return;
  if (revision === known.revision && known.end !== null && (known.end.state === 'erased' || state <= known.end.state))
    return;
  known.revision = revision;
  known.end = { state, at };
  if (state === 'erased') known.row = null;
  known.key = state === 'erased' ? null : (known.key ?? key);
  known.changed = true;
}

/** Forgets what is claimed, for good: its body was erased. How far the listing had come stays. */
export function erase(known: Standing, at: Date): void {
  known.row = null;
  known.key = null;
  known.end ??= { state: 'erased', at };
  known.changed = true;
}

/** The row as it is kept: of what has ended, the last claim with the state and revision of its end. */
export function rowOfStanding({ row, end, revision }: Standing): ListingRow | null {
  if (row === null || end === null) return row;
  return { ...row, revision, state: end.state === 'released' ? 'released' : 'withdrawn', changed_at: end.at };
}

/** Whether the listing acts, or will, unless its time is over. */
export const isListed = (known: Standing): boolean => known.row !== null && known.end === null;

/**
 * A listing is about one identifier for good. If its author names two, nobody knows which is meant, and whichever statement
 * comes first: neither acts any more.
 */
function contradicts(known: Standing, key: string, at: Date): boolean {
  if (known.key === null || known.key === key) return false;
  Object.assign(known, { row: null, key: null, revision: revisionMax, end: { state: 'void', at }, changed: true });
  return true;
}

function standsOver(row: ListingRow, known: Standing): boolean {
  if (known.end?.state === 'void') return false;
  const mine = { revision: row.revision, row: listedOf(row) };
  const theirs = { revision: known.revision, row: isListed(known) ? listedOf(known.row!) : null };
  if (stands(mine, theirs)) return true;
  // The same claim said twice under one revision: which place it has must not depend on which came first.
  return !stands(theirs, mine) && known.row !== null && known.end === null && placeText(row) > placeText(known.row);
}

const placeText = (row: ListingRow): string => `${row.book} ${String(row.number ?? 0).padStart(16, '0')}`;
