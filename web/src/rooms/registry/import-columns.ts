import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { offences, tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import type { ImportItem } from '../../../../server/src/registry/contract.ts';
import type { Layout, Row } from '../../link/file-rows.ts';

/** What a column can stand for. */
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

/** Role by column; what is not named is not read. */
export type Columns = Readonly<Record<number, ColumnRole>>;

export interface LineRefusal {
  readonly line: number;
  readonly refused: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly identifier?: string;
}

const customary: Readonly<Record<string, ColumnRole>> = {
  identifier: 'identifier',
  value: 'identifier',
  key: 'identifier',
  indicator: 'identifier',
  ioc: 'identifier',
  account: 'identifier',
  phone: 'identifier',
  number: 'identifier',
  url: 'identifier',
  domain: 'identifier',
  type: 'type',
  country: 'country',
  bank: 'bank',
  tier: 'tier',
  typology: 'typology',
  typologies: 'typology',
  offence: 'offence',
  grounds: 'grounds',
  reason: 'grounds',
  since: 'since',
  until: 'until',
};

/** What the columns are called: by the header, by the properties, or by nothing. */
export function namesOf(layout: Layout, rows: readonly Row[]): string[] {
  if (layout.format === 'ndjson') return [...layout.names];
  const first = rows.find((row) => 'cells' in row);
  const cells = first !== undefined && 'cells' in first ? first.cells : [];
  return layout.hasHeader ? [...cells] : cells.map(() => '');
}

/** Rows without the one that names the columns. */
export function dataRows(layout: Layout, rows: readonly Row[]): Row[] {
  if (!layout.hasHeader) return [...rows];
  const at = rows.findIndex((row) => 'cells' in row);
  return rows.filter((_, place) => place !== at);
}

/** A sensible guess: by the customary names, else the column most of whose cells can be read as identifiers. */
export function guessColumns(
  names: readonly string[],
  rows: readonly Row[],
  isReadable: (text: string) => boolean,
): Columns {
  const columns: Record<number, ColumnRole> = {};
  for (const [at, name] of names.entries()) {
    const role = customary[name.trim().toLowerCase()];
    if (role !== undefined && !Object.values(columns).includes(role)) columns[at] = role;
  }
  if (Object.values(columns).includes('identifier')) return columns;
  const width = Math.max(1, ...rows.map((row) => ('cells' in row ? row.cells.length : 0)));
  const readable = Array.from(
    { length: width },
    (_, at) => rows.filter((row) => 'cells' in row && isReadable(row.cells[at] ?? '')).length,
  );
  const best = readable.indexOf(Math.max(...readable));
  return { ...columns, [best]: 'identifier' };
}

/** A row in the words of the contract, or why it cannot be said in them. */
export function itemOf(row: Row, columns: Columns): ImportItem | LineRefusal {
  if ('refused' in row) return row;
  const of = (role: ColumnRole): string | undefined => {
    const at = Object.keys(columns).find((place) => columns[Number(place)] === role);
    const cell = at === undefined ? undefined : row.cells[Number(at)];
    return cell === '' ? undefined : cell;
  };
  const { line } = row;
  const identifier = of('identifier');
  if (identifier === undefined) return { line, refused: 'feed.no-identifier' };
  const no = (code: string): LineRefusal => ({ line, refused: code, identifier });
  const type = oneOf(identifierTypes, of('type'));
  const tier = oneOf(tiers, of('tier'));
  const offence = oneOf(offences, of('offence'));
  const named = (of('typology') ?? '').split(/[;|,]/).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  const kinds = named.map((one) => oneOf(typologies, one));
  const [since, until] = [instantOf(of('since')), instantOf(of('until'))];
  const country = of('country')?.toUpperCase();
  if (type === null) return no('feed.type');
  if (tier === null) return no('feed.tier');
  if (offence === null) return no('feed.offence');
  if (kinds.includes(null)) return no('feed.typology');
  if (since === null || until === null) return no('feed.instant');
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) return no('feed.country');
  const [bank, grounds] = [of('bank')?.slice(0, 40), of('grounds')?.slice(0, 2000).toWellFormed()];
  const found = kinds.filter((one) => one != null);
  return {
    line,
    identifier,
    ...(type !== undefined && { type }),
    ...(country !== undefined && { country }),
    ...(bank !== undefined && { bank }),
    ...(tier !== undefined && { tier }),
    ...(found.length > 0 && { typologies: [...new Set(found)].slice(0, 8) }),
    ...(offence !== undefined && { offence }),
    ...(grounds !== undefined && { grounds }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

/** The code that is meant; null if the text is none of them. */
function oneOf<Code extends string>(codes: readonly Code[], text: string | undefined): Code | null | undefined {
  if (text === undefined) return undefined;
  return codes.find((code) => code === text.toLowerCase()) ?? null;
}

/** RFC 3339, a date, or seconds since 1970; null if it is none. */
function instantOf(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : /^\d{9,10}$/.test(text) ? Number(text) * 1000 : NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
