import type { Breach } from './breach.ts';
import { isCode, layersOf, lineAt, sqlWithoutComments, type SourceFile } from './source.ts';
import { placeOf, rooms } from './stairs.ts';

const roomNames = rooms.join('|');

/** In SQL files, whatever is qualified by a room's name. */
const anySchema = new RegExp(`(?<![\\w.'])"?(${roomNames})"?\\s*\\.\\s*"?[a-z_]`, 'gi');

/** In TypeScript, where `journal.append` is innocent, a room's name in the place of a schema. */
const verbs =
  'from|join|into|update|table|only|references|truncate|copy|sequence|view|lock|using|on|exists|nextval\\s*\\(';
const schemaAfterVerb = new RegExp(`\\b(?:${verbs})\\s*['"]?(${roomNames})"?\\s*\\.\\s*"?[a-z_]`, 'gi');

const schemaMade = new RegExp(`\\bschema\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?"?(${roomNames})\\b`, 'gi');

/** Each room owns the schema that bears its name; nobody reads or writes another's tables. */
export function schemaBreaches(file: SourceFile): Breach[] {
  const room = roomOf(file.path);
  if (room === undefined) return [];
  const isSql = file.path.endsWith('.sql');
  const text = isSql ? sqlWithoutComments(file.text) : sqlStringsOf(file.text);
  const found = [text.matchAll(isSql ? anySchema : schemaAfterVerb), text.matchAll(schemaMade)];
  const breaches = found.flatMap((matches) =>
    Array.from(matches)
      .filter((match) => match[1]?.toLowerCase() !== room)
      .map((match) => ({
        path: file.path,
        line: lineAt(text, match.index),
        what: `\`${match[0]}…\`: the schema ${match[1]?.toLowerCase()} belongs to another room; ask at its door`,
      })),
  );
  if (room !== 'platform' && /\bsearch_path\b/i.test(text)) {
    breaches.push({
      path: file.path,
      line: lineAt(text, text.search(/\bsearch_path\b/i)),
      what: 'search_path hides whose table is meant',
    });
  }
  return breaches;
}

export function roomOf(path: string): string | undefined {
  const place = placeOf(path);
  if (place === undefined || place.room === 'roof' || !(isCode(path) || path.endsWith('.sql'))) return undefined;
  return place.room;
}

/** Only the literals of a TypeScript file: its SQL stands in strings and templates. */
function sqlStringsOf(text: string): string {
  const { code, uncommented } = layersOf(text);
  let kept = '';
  for (let i = 0; i < uncommented.length; i++) kept += code[i] === ' ' || code[i] === '\n' ? uncommented[i] : ' ';
  return kept;
}

/** NNNN-name.sql, from 0001 on without a gap, in each migrations folder. */
export function migrationBreaches(paths: readonly string[]): Breach[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const match = /^(.*\/migrations)\/([^/]+)$/.exec(path);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      folders.set(match[1], [...(folders.get(match[1]) ?? []), match[2]]);
    }
  }
  return [...folders].flatMap(([folder, names]) => numberingBreaches(folder, names, 'sql'));
}

/** docs/decisions/NNNN-title.md, from 0001 on without a gap. */
export function decisionBreaches(paths: readonly string[]): Breach[] {
  const folder = 'docs/decisions';
  const names = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  return numberingBreaches(folder, names, 'md');
}

function numberingBreaches(folder: string, names: readonly string[], extension: string): Breach[] {
  const shape = new RegExp(`^(\\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\\.${extension}$`);
  const breaches: Breach[] = [];
  let last = 0;
  for (const name of names.toSorted()) {
    const number = shape.exec(name)?.[1];
    if (number === undefined)
      breaches.push({ path: `${folder}/${name}`, what: `is not named NNNN-title.${extension}` });
    else if (Number(number) === last)
      breaches.push({ path: `${folder}/${name}`, what: `the number ${number} is taken` });
    else if (Number(number) !== last + 1)
      breaches.push({ path: `${folder}/${name}`, what: `follows ${last}: the numbers have a gap` });
    last = Math.max(last, Number(number ?? 0));
  }
  return breaches;
}
