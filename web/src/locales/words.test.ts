import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages } from '@bronze-drum/protocol/languages';
import { describe, expect, test } from 'vitest';

const folder = import.meta.dirname;
const sources = readdirSync(join(folder, '..'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith('locales'))
  .map((path) => ({ path, text: readFileSync(join(folder, '..', path), 'utf8') }));
const files = readdirSync(join(folder, 'en')).map((name) => name.replace('.json', ''));

type Texts = Readonly<Record<string, string>>;
const textsOf = (language: string, file: string): Texts =>
  JSON.parse(readFileSync(join(folder, language, `${file}.json`), 'utf8')) as Texts;
const english = new Map(files.map((file) => [file, textsOf('en', file)]));

/** English counts one and many apart; the other six have one form. */
const isSingular = (key: string, texts: Texts): boolean => key.endsWith('_one') && `${key.slice(0, -4)}_other` in texts;
const placesOf = (text: string): string[] =>
  [...new Set(Array.from(text.matchAll(/\{\{(\w+)\}\}/g), ([, name]) => name!))].sort();

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
  test.each(files)('says everything in %s that English says, with the same places to fill', (file) => {
    const [mine, theirs] = [textsOf(language, file), english.get(file)!];
    const wanted = Object.keys(theirs).filter((key) => !isSingular(key, theirs));
    expect(wanted.filter((key) => !Object.hasOwn(mine, key))).toEqual([]);
    expect(Object.keys(mine).filter((key) => !Object.hasOwn(theirs, key))).toEqual([]);
    for (const key of wanted) {
      expect(mine[key]!.trim(), key).not.toBe('');
      expect({ key, places: placesOf(mine[key]!) }).toEqual({ key, places: placesOf(theirs[key]!) });
    }
  });
});

/** Every text that stands in quotes in the sources, and the beginnings of those that are put together. */
const quoted = new Set(
  sources.flatMap(({ text }) => Array.from(text.matchAll(/['"]([\w:.-]+)['"]/g), ([, key]) => key!)),
);
const beginnings = sources.flatMap(({ text }) => Array.from(text.matchAll(/`([\w:.-]+)\$\{/g), ([, key]) => key!));

/** Said by the code that a server sends: their own test holds them against the sources of the server. */
const byCode = ['refusals', 'reasons', 'terms'];

test.each(files.filter((file) => !byCode.includes(file)))('no text of %s is left over', (file) => {
  const isUsed = (key: string): boolean =>
    [key, `${file}:${key}`].some(
      (name) => quoted.has(name) || beginnings.some((beginning) => name.startsWith(beginning)),
    );
  const keys = Object.keys(english.get(file)!).map((key) => key.replace(/_(?:one|other)$/, ''));
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
});

test('every text that a screen asks for is there', () => {
  const missing = sources.flatMap(({ path, text }) => {
    const own = Array.from(text.matchAll(/useWords\('([\w-]+)'\)/g), ([, file]) => file!);
    return Array.from(text.matchAll(/\bt\('([\w:.-]+)'/g), ([, key]) => key!).flatMap((key) => {
      const [file, name] = key.includes(':') ? (key.split(':', 2) as [string, string]) : [undefined, key];
      const places = (file === undefined ? own : [file]).map((one) => english.get(one) ?? {});
      return places.some((texts) => name in texts || `${name}_other` in texts) ? [] : [`${path}: ${key}`];
    });
  });
  expect(missing).toEqual([]);
});

test('no text stands in the code itself', () => {
  const spoken = sources
    .filter(({ path }) => path.endsWith('.tsx'))
    .flatMap(({ path, text }) => {
      const bare = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      const inside = Array.from(bare.matchAll(/>\s*([A-Z][a-z]+[a-z ,.’']*)\s*<\//g), ([, words]) => words!);
      const attributes = Array.from(
        bare.matchAll(/\b(?:label|title|placeholder|description|aria-label|alt)="([^"]*[A-Za-z]{3}[^"]*)"/g),
        ([, words]) => words!,
      );
      return [...inside, ...attributes].filter((words) => words !== 'Bronze Drum').map((words) => `${path}: ${words}`);
    });
  expect(spoken).toEqual([]);
});
