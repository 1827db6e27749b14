import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { refusal } from '@bronze-drum/protocol/refusals';
import type { Refusal } from '@bronze-drum/protocol/refusals';

import type { FeedItem, FeedRefusal } from './entry.ts';
import { faultOf } from './entry.ts';

/** What a column of a CSV file, or a property of an NDJSON line, can stand for. */
export const columnRoles = [
  'identifier',
  'type',
  'country',
  'bank',
  'tier',
  'typology',
  'offence',
  'grounds',
  'since',
  'until',
] as const;

export type ColumnRole = (typeof columnRoles)[number];

/** For each role the names to look for, the first that is present counting. */
export type ColumnNames = ReadonlyMap<ColumnRole, readonly string[]>;

const names = new Map<ColumnRole, readonly string[]>(columnRoles.map((role) => [role, [role]]));
names.set('identifier', ['identifier', 'value', 'key', 'indicator', 'ioc']);
names.set('typology', ['typology', 'typologies']);

export const identifierNames: readonly string[] = names.get('identifier') ?? [];

/**
 * The names that a caller's map gives, or the customary ones without a map. With a map nothing else is read: a feed's
 * own `type` column seldom means ours.
 */
export function columnNames(columns?: Readonly<Record<string, string>>): ColumnNames | Refusal {
  if (columns === undefined) return names;
  const given = new Map<ColumnRole, readonly string[]>();
  for (const [role, name] of Object.entries(columns)) {
    const known = columnRoles.find((one) => one === role);
    if (known === undefined) return refusal('feed.columns', { column: role });
    given.set(known, [name]);
  }
  return given.has('identifier') ? given : refusal('feed.columns', { column: 'identifier' });
}

/** Where a row keeps what stands for a role. Undefined, null and blank text all mean that it is absent. */
export interface Column<Row> {
  readonly role: ColumnRole;
  readonly read: (row: Row) => unknown;
}

export function itemOfRow<Row>(line: number, row: Row, columns: readonly Column<Row>[]): FeedItem | FeedRefusal {
  const item: { -readonly [field in keyof FeedItem]: FeedItem[field] } = { line, text: '' };
  let hints: { country?: string; bank?: string } | undefined;
  for (const { role, read } of columns) {
    const value = textOf(role, read(row));
    if (value === undefined) continue;
    if (typeof value !== 'string') return { line, ...value };
    if (role === 'identifier') item.text = value;
    else if (role === 'country' || role === 'bank') (hints ??= {})[role] = value;
    else if (role === 'typology') item.typologies = splitList(value);
    else if (role !== 'type') item[role] = value;
    else {
      const type = identifierTypes.find((one) => one === value.toLowerCase());
      if (type === undefined) return { line, refused: 'feed.type' };
      item.type = type;
    }
  }
  if (hints !== undefined) item.hints = hints;
  return item.text === '' ? { line, refused: 'feed.no-identifier' } : item;
}

const listMark = /[;|,]/;
const country = /^[A-Z]{2}$/;

/** Numbers are refused, not written out: JSON has already dropped a leading zero or a nineteenth digit. */
function textOf(role: ColumnRole, raw: unknown): string | undefined | Refusal {
  if (raw === undefined || raw === null) return undefined;
  const value = role === 'typology' && isStrings(raw) ? raw.join(';') : raw;
  if (typeof value !== 'string') return refusal('feed.field', { field: role });
  const text = value.trim();
  if (text === '') return undefined;
  const fault = faultOf(text);
  if (fault !== undefined) return refusal(fault);
  if (role === 'country') {
    return country.test(text.toUpperCase()) ? text.toUpperCase() : refusal('feed.field', { field: role });
  }
  return text;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function splitList(text: string): string[] {
  if (!listMark.test(text)) return [text];
  return text
    .split(listMark)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
