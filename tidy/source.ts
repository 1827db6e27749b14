import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the repository: its path from the root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export const root = join(import.meta.dirname, '..');

/** Every text file that is tracked, or untracked and not ignored: what the next commit could hold. */
export function houseFiles(): SourceFile[] {
  // A checkout may belong to another user than the one who runs the check; reading its list of files is harmless.
  const args = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const files: SourceFile[] = [];
  for (const path of new Set(listed.split('\0'))) {
    // A file may be deleted and not yet committed as such; a link to a folder is no text.
    if (path === '' || statSync(join(root, path), { throwIfNoEntry: false })?.isFile() !== true) continue;
    const text = readFileSync(join(root, path), 'utf8');
    if (!text.includes('\0')) files.push({ path, text });
  }
  return files;
}

export function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mts|js|mjs)$/.test(path);
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** A text in three layers. Each keeps every line break and column; what belongs to another layer is blank. */
export interface Layers {
  /** Without comments and without the contents of string, template and regular expression literals. */
  readonly code: string;
  /** Without comments. */
  readonly uncommented: string;
  /** Nothing but the comments. */
  readonly comments: string;
}

const CODE = 0;
const LITERAL = 1;
const COMMENT = 2;

export function layersOf(text: string): Layers {
  const kinds = classify(text);
  const keep = (wanted: (kind: number) => boolean): string => {
    let kept = '';
    for (let i = 0; i < text.length; i++) kept += text[i] === '\n' || wanted(kinds[i] ?? CODE) ? text[i] : ' ';
    return kept;
  };
  return {
    code: keep((kind) => kind === CODE),
    uncommented: keep((kind) => kind !== COMMENT),
    comments: keep((kind) => kind === COMMENT),
  };
}

/** SQL without its comments; lines and columns stay. */
export function sqlWithoutComments(text: string): string {
  return text.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("'") ? part : part.replace(/[^\n]/g, ' '),
  );
}

export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Says of each character whether it is code, literal or comment. Knows enough TypeScript for this repository. */
function classify(text: string): Uint8Array {
  const kinds = new Uint8Array(text.length);
  // One number for each `${` that is open: how many braces were opened inside it.
  const holes: number[] = [];
  let i = 0;
  const mark = (end: number, kind: number): void => {
    kinds.fill(kind, i, end);
    i = end;
  };
  const template = (from: number): void => {
    const end = endOfTemplate(text, from);
    if (text.startsWith('${', end - 2) && text[end - 3] !== '\\') holes.push(0);
    mark(end, LITERAL);
  };
  if (text.startsWith('#!')) mark(endOf(text, '\n', 0), COMMENT);
  while (i < text.length) {
    const c = text[i];
    if (c === '/' && text[i + 1] === '/') mark(endOf(text, '\n', i), COMMENT);
    else if (c === '/' && text[i + 1] === '*') mark(endOf(text, '*/', i + 2), COMMENT);
    else if (c === "'" || c === '"') mark(endOfString(text, i), LITERAL);
    else if (c === '`') template(i + 1);
    else if (c === '}' && holes.at(-1) === 0) {
      holes.pop();
      template(i + 1);
    } else if (c === '/' && regexMayStart(text, kinds, i)) mark(endOfRegex(text, i), LITERAL);
    else {
      const open = holes.at(-1);
      if (open !== undefined && c === '{') holes[holes.length - 1] = open + 1;
      if (open !== undefined && c === '}') holes[holes.length - 1] = open - 1;
      i++;
    }
  }
  return kinds;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at === -1) return text.length;
  return mark === '\n' ? at : at + mark.length;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[start]) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}

/** Just after the closing backtick, or just after the next `${`. */
function endOfTemplate(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '`') return i + 1;
    else if (text.startsWith('${', i)) return i + 2;
  }
  return text.length;
}

/** Just after the flags' start; a slash that is not closed on its line was a division. */
function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i + 1;
  }
  return start + 1;
}

function regexMayStart(text: string, kinds: Uint8Array, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && (kinds[i] === COMMENT || /\s/.test(text[i] ?? ''))) i--;
  if (i < 0) return true;
  if (kinds[i] === LITERAL) return false;
  if ('(,=:[!&|?{;+-*%<>~^'.includes(text[i] ?? '')) return true;
  const word = /[A-Za-z]+$/.exec(text.slice(Math.max(0, i - 12), i + 1))?.[0] ?? '';
  return ['return', 'typeof', 'case', 'in', 'of', 'void', 'throw', 'yield', 'await'].includes(word);
}
