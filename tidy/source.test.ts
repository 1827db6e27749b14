import { describe, expect, test } from 'vitest';
import { houseFiles, isCode, layersOf, sqlWithoutComments } from './source.ts';

describe('the three layers of a text', () => {
  test('a comment is no code, and what looks like one in a string is no comment', () => {
    const { code, uncommented, comments } = layersOf("call('// not', x); // yes\n/* and */ done();");
    expect(code).toContain('done();');
    expect(code).not.toContain('yes');
    expect(uncommented).toContain('// not');
    expect(comments.trim().split(/\s*\n\s*/)).toEqual(['// yes', '/* and */']);
  });

  test('what stands in the hole of a template is code, at any depth', () => {
    const { code } = layersOf('a(`text ${inner({ b: `deep ${core()} text` })} text`); after();');
    expect(code).toContain('inner({ b:');
    expect(code).toContain('core()');
    expect(code).toContain('after();');
    expect(code).not.toContain('text');
    expect(code).not.toContain('deep');
  });

  test('a quote in a regular expression opens no string, and a division opens no regular expression', () => {
    expect(layersOf('const a = /[\'"`]/.test(b); next();').code).toContain('next();');
    expect(layersOf('const a = b / c; // d / e').comments.trim()).toBe('// d / e');
    expect(layersOf("const half = (a + b) / 2; const s = 'x / y';").code).toContain('const s =');
    expect(layersOf('const a = /[/]/g; // why').comments.trim()).toBe('// why');
  });

  test('the first line of a command is no code', () => {
    expect(layersOf("#!/usr/bin/env node\nimport 'a';").code).toContain('import');
    expect(layersOf("#!/usr/bin/env node\nimport 'a';").code).not.toContain('env');
  });

  test('every layer keeps the lines and columns', () => {
    const text = "// a\nconst b = 'c'; /* d\n */ e();\n";
    for (const layer of Object.values(layersOf(text))) {
      expect(layer.length).toBe(text.length);
      expect(layer.split('\n').length).toBe(text.split('\n').length);
    }
  });

  test('SQL loses its comments and keeps its strings', () => {
    expect(sqlWithoutComments("select '-- kept' -- gone\n/* gone */ from x")).toMatch(/^select '-- kept'\s+from x$/);
  });
});

test('the house is not empty: the protocol, the server and these rules are looked at', () => {
  const paths = houseFiles().map(({ path }) => path);
  for (const folder of ['protocol/', 'server/src/', 'tidy/']) {
    expect(paths.filter((path) => path.startsWith(folder) && isCode(path)).length, folder).toBeGreaterThan(5);
  }
  expect(paths.filter((path) => path.includes('node_modules/'))).toEqual([]);
});
