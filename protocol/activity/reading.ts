import { Compile, type Validator } from 'typebox/compile';
import type { IdentifierType, Key } from '../identifiers/identifier.ts';
import { parse, typeOf } from '../identifiers/identifiers.ts';
import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { activityKinds, recordSchemas, type ActivityKind, type ActivityRecords } from './kinds.ts';

/** Which part an identifier has in a record: the field's name, or `link`. */
export interface RoleKey {
  readonly role: string;
  readonly key: Key;
}

export interface ReadRecord<K extends ActivityKind = ActivityKind> {
  /** Fields in the schema's order, identifiers as keys: two spellings of one record give one. */
  readonly record: ActivityRecords[K];
  readonly keys: readonly RoleKey[];
  readonly atMs: number;
}

interface IdentifierField {
  readonly types: readonly IdentifierType[];
  readonly role?: string;
  /** What is none of the types is kept as it is, without a key, unless it claims to be one. */
  readonly claim?: RegExp;
}

const ends: IdentifierField = { types: ['account', 'wallet', 'phone'] };
const phone: IdentifierField = { types: ['phone'] };
const correspondent: IdentifierField = { types: ['phone', 'email', 'handle'] };
const presented: IdentifierField = { types: ['phone'], claim: /^phone:/ };
const link: IdentifierField = { types: ['url', 'domain', 'ip'], role: 'link' };
const sim: IdentifierField = { types: ['sim'] };
const ip: IdentifierField = { types: ['ip'] };
const device: IdentifierField = { types: ['device'], claim: /^(?:device:|[\d\s./-]+$)/ };

const identifierFields: {
  readonly [K in ActivityKind]: { readonly [F in keyof ActivityRecords[K]]?: IdentifierField };
} = {
  payment: { from: ends, to: ends, phone, device, ip },
  call: { originating: phone, presented, called: phone, sim, device },
  message: { originating: correspondent, presented, to: correspondent, links: link, sim, device },
  login: { account: { types: ['account', 'wallet', 'handle', 'phone', 'email'] }, phone, device, ip },
  sim: { phone, sim, device },
};

/** One field of a kind's records, in the schema's order. */
interface Field {
  readonly name: string;
  readonly role: string;
  readonly identifier: IdentifierField | undefined;
  /** The names within, of an object. */
  readonly inner: readonly string[] | undefined;
}

interface Kind {
  readonly validator: Validator;
  readonly fields: readonly Field[];
}

function kindOf(kind: ActivityKind): Kind {
  const schema = recordSchemas[kind];
  const identifiers: Readonly<Record<string, IdentifierField | undefined>> = identifierFields[kind];
  const properties: Readonly<Record<string, object>> = schema.properties;
  const fields = Object.entries(properties).map(([name, property]): Field => {
    const identifier = identifiers[name];
    const inner = 'properties' in property ? Object.keys(property.properties as object) : undefined;
    return { name, identifier, role: identifier?.role ?? name, inner };
  });
  return { validator: Compile(schema), fields };
}

const kinds = Object.fromEntries(activityKinds.map((kind) => [kind, kindOf(kind)])) as Record<ActivityKind, Kind>;

/**
 * What a sender reported as one record of a kind; `country` (ISO 3166-1 alpha-2, upper case) is whose national spellings
 * apply. A refusal names the field, and never says what stood in it: `malformed.schema`, `activity.no-end`,
 * `activity.same-ends`, `activity.identifier-type`, or an identifier's own. Never throws.
 */
export function readRecord<K extends ActivityKind>(kind: K, value: unknown, country: string): ReadRecord<K> | Refusal {
  const { validator, fields } = kinds[kind];
  if (!validator.Check(value)) return schemaRefusal(kinds[kind], value);
  const given = value as Readonly<Record<string, unknown>>;
  const atMs = instantOf(given['at'] as string);
  if (Number.isNaN(atMs)) return refusal('malformed.schema', { field: 'at', rule: 'instant' });
  const record: Record<string, unknown> = {};
  const keys: RoleKey[] = [];
  for (const field of fields) {
    const said = given[field.name];
    if (said === undefined) continue;
    const read = field.identifier === undefined ? plain(said, field) : identifiersOf(said, field, country, keys);
    if (isRefusal(read)) return read;
    record[field.name] = read;
  }
  return endsRefusal(kind, record) ?? { record: record as unknown as ActivityRecords[K], keys, atMs };
}

/** The keys of a record that was read before. */
export function keysOf(kind: ActivityKind, record: ActivityRecords[ActivityKind]): RoleKey[] {
  const said = record as unknown as Readonly<Record<string, unknown>>;
  const keys: RoleKey[] = [];
  for (const { name, role, identifier } of kinds[kind].fields) {
    const value = said[name];
    if (identifier === undefined || value === undefined) continue;
    for (const text of Array.isArray(value) ? (value as string[]) : [value as string])
      if (isOneOf(text, identifier.types)) keys.push({ role, key: text as Key });
  }
  return keys;
}

const isOneOf = (text: string, types: readonly IdentifierType[]): boolean =>
  types.some((type) => text.startsWith(type) && text[type.length] === ':');

/** NaN for a day that no calendar has. */
function instantOf(text: string): number {
  const instant = Date.parse(text);
  if (text.slice(8, 10) <= '28' || Number.isNaN(instant)) return instant;
  return new Date(instant).toISOString() === text ? instant : Number.NaN;
}

function plain(said: unknown, { inner }: Field): unknown {
  if (inner === undefined) return said;
  const object = said as Readonly<Record<string, unknown>>;
  const ordered: Record<string, unknown> = {};
  for (const name of inner) {
    const value = object[name];
    if (value === undefined) continue;
    const isNested = typeof value === 'object' && value !== null;
    ordered[name] = isNested ? Object.fromEntries(Object.entries(value).sort(byName)) : value;
  }
  return ordered;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function identifiersOf(said: unknown, field: Field, country: string, keys: RoleKey[]): string | string[] | Refusal {
  if (typeof said === 'string') return identifierOf(said, field, country, keys);
  const read: string[] = [];
  for (const text of said as readonly string[]) {
    const one = identifierOf(text, field, country, keys);
    if (isRefusal(one)) return one;
    read.push(one);
  }
  return read;
}

function identifierOf(text: string, field: Field, country: string, keys: RoleKey[]): string | Refusal {
  const { types, claim } = field.identifier!;
  if (field.role === 'device' && !claim!.test(text)) return text;
  const key = keyOf(text, types, country);
  if (!isRefusal(key)) {
    keys.push({ role: field.role, key });
    return key;
  }
  if (claim !== undefined && !claim.test(text)) return text;
  return refusal(key.refused, { ...key.params, field: field.name });
}

/**
 * Accounts of which it is certain that they are keys already: most of what is reported, and to read one costs more than to
 * check all else.
 */
export const plainAccount =
  /^account:(?:TH:(?!000)\d{3}|VN:\d{6}|KH:[A-Z]{4}KH[A-Z0-9]{2}|LA:[A-Z]{4}LA[A-Z0-9]{2}|MM:[A-Z]{4}MM[A-Z0-9]{2}):[0-9]{4,34}$/;

/** As the first of the types; and where it may be several, as what it can only be. */
function keyOf(text: string, types: readonly IdentifierType[], country: string): Key | Refusal {
  if (types[0] === 'account' && plainAccount.test(text)) return text as Key;
  const first = parse(text, { type: types[0]!, country });
  if (!isRefusal(first)) return types.includes(typeOf(first)) ? first : refusal('activity.identifier-type');
  if (types.length === 1) return first;
  const only = parse(text, { country });
  return isRefusal(only) || !types.includes(typeOf(only)) ? first : only;
}

function endsRefusal(kind: ActivityKind, record: Readonly<Record<string, unknown>>): Refusal | undefined {
  if (kind === 'payment') {
    const { from, to } = record;
    if (from === undefined && to === undefined) return refusal('activity.no-end', { field: 'from' });
    if (from === to) return refusal('activity.same-ends', { field: 'to' });
  }
  if (
    (kind === 'call' || kind === 'message') &&
    record['originating'] === undefined &&
    record['presented'] === undefined
  )
    return refusal('activity.no-end', { field: 'originating' });
  return undefined;
}

function schemaRefusal({ validator, fields }: Kind, value: unknown): Refusal {
  const [first] = validator.Errors(value);
  const [, name = '', within = ''] = first?.instancePath.split('/') ?? [];
  const field = fields.find((known) => known.name === name);
  // Our own names only: a key that the sender invented may be anybody's data.
  if (name !== '' && field === undefined)
    return refusal('malformed.schema', { field: '', rule: 'additionalProperties' });
  const path = field?.inner?.includes(within) === true ? `${name}.${within}` : name;
  const missing =
    first?.keyword === 'required' ? (first.params.requiredProperties as readonly string[]).join(', ') : undefined;
  return refusal('malformed.schema', { field: path, rule: first?.keyword ?? 'unknown', ...(missing && { missing }) });
}
