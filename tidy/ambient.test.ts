import { describe, expect, test } from 'vitest';
import { ambientBreaches } from './ambient.ts';
import { expectKept } from './breach.ts';
import { houseFiles, isCode } from './source.ts';

test('the clock, chance and the environment are given, never taken', () => {
  const files = houseFiles().filter(({ path }) => isCode(path) && /^(?:protocol|server)\//.test(path));
  expectKept(
    'no ambient clock, randomness or environment',
    { count: files.length, atLeast: 10 },
    files.flatMap(ambientBreaches),
  );
});

const breachesOf = (path: string, text: string): number => ambientBreaches({ path, text }).length;
const room = 'server/src/registry/registry.ts';

describe('a planted breach is found', () => {
  test.each([
    'const now = Date.now();',
    'const tick = Date.now;',
    'const now = new Date();',
    'const now = new Date;',
    'const now = new Date( );',
    'const now = Date();',
    'const now = Temporal.Now.instant();',
    'const at = performance.now();',
    'const at = process.hrtime.bigint();',
    'const r = Math.random();',
    "import { randomBytes } from 'node:crypto';",
    'const id = crypto.randomUUID();',
    'crypto.getRandomValues(bytes);',
    'const home = process.env.HOME;',
    "const home = process.env['HOME'];",
    'const text = `at ${Date.now()}`;',
    'setTimeout(run, 5);',
    'const timer = setInterval(run, 5);',
  ])('%s', (text) => {
    expect(breachesOf(room, text)).toBeGreaterThan(0);
    expect(breachesOf('protocol/proofs.ts', text)).toBeGreaterThan(0);
    expect(breachesOf('protocol/proofs.test.ts', text)).toBeGreaterThan(0);
    expect(breachesOf('server/src/platform/clocks.ts', text)).toBe(0);
    expect(breachesOf('server/src/registry/registry.test.ts', text)).toBe(0);
    expect(breachesOf('bench/load.ts', text)).toBe(0);
  });

  test('a timer in the kernel or a command, which may read the clock', () => {
    for (const path of ['server/src/kernel/clock.ts', 'server/src/commands/serve.ts', 'server/src/main.ts']) {
      expect(breachesOf(path, 'const now = Date.now();')).toBe(0);
      expect(breachesOf(path, 'setTimeout(run, 5);')).toBe(1);
    }
  });
});

test.each([
  'const at = new Date(text);',
  'const at = new Date(Date.UTC(2026, 0, 1));',
  'const at = new Date(\n  millis,\n);',
  'const at = clock.now();',
  '// Date.now() is forbidden',
  "const text = 'Date.now()';",
  'function toDate(text: string): Date { return parse(text); }',
  'clock.setTimeout(run);',
])('innocent: %s', (text) => {
  expect(breachesOf(room, text)).toBe(0);
});
