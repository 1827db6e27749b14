import { expect, test } from 'vitest';
import { expectKept } from './breach.ts';
import { purityBreaches } from './purity.ts';
import { houseFiles, isTest } from './source.ts';

test('the protocol runs in a browser, and what decides does no I/O', () => {
  const files = houseFiles().filter(
    ({ path }) => /^(?:protocol|detection|server\/src)\/.*\.ts$/.test(path) && !isTest(path),
  );
  expectKept('purity', { count: files.length, atLeast: 10 }, files.flatMap(purityBreaches));
});

test('a planted import is found where it is impure and nowhere else', () => {
  const found = (path: string, specifier: string): number =>
    purityBreaches({ path, text: `import { a } from '${specifier}';` }).length;
  expect(found('protocol/proofs.ts', 'node:crypto')).toBe(1);
  expect(found('protocol/proofs.ts', '@noble/hashes/sha2.js')).toBe(0);
  expect(found('protocol/proofs.test.ts', 'node:fs')).toBe(0);
  expect(found('detection/engine.ts', 'node:fs')).toBe(1);
  expect(found('detection/evaluate/layouts.ts', 'node:fs')).toBe(0);
  expect(found('server/src/kernel/ids.ts', 'node:crypto')).toBe(0);
  expect(found('server/src/kernel/ids.ts', 'node:fs/promises')).toBe(1);
  expect(found('server/src/registry/rules.ts', 'pg')).toBe(1);
  expect(found('server/src/registry/rules.ts', 'fastify')).toBe(1);
  expect(found('server/src/registry/rules.ts', '../platform/db.ts')).toBe(1);
  expect(found('server/src/registry/rules.ts', '../kernel/clock.ts')).toBe(0);
  expect(found('server/src/registry/store.ts', 'pg')).toBe(0);
});
