import type { Breach } from './breach.ts';
import { isCode, isTest, layersOf, lineAt, type SourceFile } from './source.ts';

const timers = /(?<![.\w])(?:setTimeout|setInterval)\b/g;

const ambient: readonly (readonly [RegExp, string])[] = [
  [/\bDate\s*\.\s*now\b/g, 'the clock: take it from kernel/clock'],
  [/\bnew\s+Date\b(?!\s*\(\s*[^\s)])/g, 'the clock: take it from kernel/clock'],
  [/(?<!\bnew\s+)(?<![.\w])Date\s*\(/g, 'the clock: take it from kernel/clock'],
  [/\bTemporal\s*\.\s*Now\b/g, 'the clock: take it from kernel/clock'],
  [/\bperformance\s*\.\s*now\b/g, 'the clock: take it from kernel/clock'],
  [/\bprocess\s*\.\s*hrtime\b/g, 'the clock: take it from kernel/clock'],
  [/\bMath\s*\.\s*random\b/g, 'randomness: take it from kernel/ids'],
  [
    /\b(?:randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues)\b/g,
    'randomness: take it from kernel/ids',
  ],
  [/\bprocess\s*\.\s*env\b/g, 'the environment: platform/config reads it once'],
  [timers, 'a timer: only platform keeps timers'],
];

const everything = ambient.map(([pattern]) => pattern);

/** Which of the patterns a file may use; the clock, chance and the environment are given, never taken. */
function allowedIn(path: string): readonly RegExp[] {
  if (path.startsWith('protocol/')) return [];
  if (isTest(path) || /^(?:bench|tidy|web)\//.test(path) || !path.includes('/')) return everything;
  if (path.startsWith('server/src/platform/')) return everything;
  if (path === 'client/runtime.ts') return everything;
  const isOpen = /^server\/src\/(?:kernel|commands|journeys)\//.test(path) || path === 'server/src/main.ts';
  return isOpen ? everything.filter((pattern) => pattern !== timers) : [];
}

/** No ambient clock, randomness, environment or timers where the answer must be a function of what was given. */
export function ambientBreaches(file: SourceFile): Breach[] {
  if (!isCode(file.path)) return [];
  const allowed = allowedIn(file.path);
  const { code } = layersOf(file.text);
  return ambient.flatMap(([pattern, what]) => {
    if (allowed.includes(pattern)) return [];
    return Array.from(code.matchAll(pattern), (match) => ({
      path: file.path,
      line: lineAt(code, match.index),
      what: `\`${match[0].trim()}\` is ${what}`,
    }));
  });
}
