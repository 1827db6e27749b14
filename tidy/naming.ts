import type { Breach } from './breach.ts';
import { isCode, layersOf, lineAt, type SourceFile } from './source.ts';

/** They say nothing of what is inside, so everything ends up there. */
const emptyNames = [
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'managers',
  'service',
  'services',
  'misc',
];

/** A name that says nothing: index.ts, types.ts, utils/, order-manager.ts, orders.service.ts. */
export function namingBreaches(path: string): Breach[] {
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  const breaches: Breach[] = [];
  for (const folder of parts) {
    if (emptyNames.includes(folder.toLowerCase()))
      breaches.push({ path, what: `the folder name ${folder} says nothing` });
  }
  if (!isCode(path)) return breaches;
  const stem = file.replace(/\.[^.]+$/, '').toLowerCase();
  const isEmpty =
    ['index', 'types', 'type'].includes(stem) || stem.split('.').some((part) => emptyNames.includes(part));
  const endsEmpty = /-(?:utils?|helpers?|managers?|misc)$/.test(stem);
  if (isEmpty || endsEmpty)
    breaches.push({ path, what: `the file name ${file} says nothing: name it for what it holds` });
  return breaches;
}

/** Tools that read a configuration ask for a default export; nobody else may. */
function isConfig(path: string): boolean {
  return /(?:^|\/)[\w.-]+\.config\.(?:ts|mts|js|mjs)$/.test(path) || /^vitest\.[\w-]+\.ts$/.test(path);
}

export function defaultExportBreaches(file: SourceFile): Breach[] {
  // A declaration says what somebody else's package exports.
  if (!isCode(file.path) || isConfig(file.path) || file.path.endsWith('.d.ts')) return [];
  const { code } = layersOf(file.text);
  return Array.from(code.matchAll(/\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g), (match) => ({
    path: file.path,
    line: lineAt(code, match.index),
    what: 'default export: a name is given once, where the thing is made',
  }));
}

interface BannedWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Words that the design replaces by one word each. */
const bannedWords: readonly BannedWord[] = [
  { pattern: /transfer/gi, instead: 'money moves in payments, people in handovers' },
  { pattern: /white[-_ ]?list/gi, instead: 'say allow-list' },
  { pattern: /black[-_ ]?list/gi, instead: 'a claim about an identifier is a listing' },
];

/** Names that others gave: of HTTP and of JavaScript anywhere; of ISO 20022 messages and of an ERC-681 call in comments. */
const othersNames = /transfer-encoding|transferList/gi;
const quotedNames =
  /(?:FIToFI)?CustomerCreditTransfer(?:Initiation)?|FinancialInstitutionCreditTransfer|CreditTransferTransaction|`\/transfer`/g;

/** The design's words, and no synonyms, in code, comments, SQL and file names of the server and the protocol. */
export function wordBreaches(file: SourceFile): Breach[] {
  const { path } = file;
  if (!/^(?:server\/src|protocol)\//.test(path) || !(isCode(path) || path.endsWith('.sql'))) return [];
  const breaches: Breach[] = [];
  const blank = (name: string): string => ' '.repeat(name.length);
  const { comments, uncommented } = isCode(path) ? layersOf(file.text) : { comments: '', uncommented: file.text };
  const layers = [
    uncommented.replace(othersNames, blank),
    comments.replace(othersNames, blank).replace(quotedNames, blank),
  ];
  for (const { pattern, instead } of bannedWords) {
    if (path.search(pattern) !== -1) breaches.push({ path, what: `file name: ${instead}` });
    for (const layer of layers) {
      for (const match of layer.matchAll(pattern)) {
        breaches.push({ path, line: lineAt(layer, match.index), what: `"${match[0]}": ${instead}` });
      }
    }
  }
  return breaches;
}
