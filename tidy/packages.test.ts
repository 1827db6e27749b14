import { describe, expect, test } from 'vitest';
import { expectKept } from './breach.ts';
import { lockBreaches, machineBreaches, versionBreaches } from './packages.ts';
import { houseFiles } from './source.ts';

const files = houseFiles();
const named = (pattern: RegExp) => files.filter(({ path }) => pattern.test(path));

test('every dependency has an exact version', () => {
  const manifests = named(/(?:^|\/)package\.json$/);
  expectKept('exact versions', { count: manifests.length, atLeast: 3 }, manifests.flatMap(versionBreaches));
});

test('the lock file names no address', () => {
  const locks = named(/^package-lock\.json$/);
  expectKept('no addresses in the lock file', { count: locks.length, atLeast: 1 }, locks.flatMap(lockBreaches));
});

test('nothing in the repository holds on one machine only', () => {
  expectKept(
    'no machine paths, no registry hosts',
    { count: files.length, atLeast: 30 },
    files.flatMap(machineBreaches),
  );
});

describe('versions', () => {
  const found = (version: string, section = 'dependencies'): number =>
    versionBreaches({ path: 'server/package.json', text: JSON.stringify({ [section]: { a: version } }) }).length;

  test.each([
    '^1.2.3',
    '~1.2.3',
    '1.2',
    '*',
    '',
    'latest',
    '>=1.0.0',
    '1.x',
    'https://a.example/b.tgz',
    'file:../a',
    'npm:b@^1.0.0',
  ])('"%s" is refused', (version) => {
    expect(found(version)).toBe(1);
    expect(found(version, 'devDependencies')).toBe(1);
  });

  test.each(['1.2.3', '18.4.0-beta.17', 'npm:@scope/b@1.0.0'])('"%s" is exact', (version) => {
    expect(found(version)).toBe(0);
  });
});

test('an address in the lock file is found; a link to a workspace is none', () => {
  const lock = (resolved: string) => ({
    path: 'package-lock.json',
    text: JSON.stringify({ packages: { 'node_modules/a': { resolved } } }),
  });
  expect(lockBreaches(lock('https://a.example/a.tgz'))).toHaveLength(1);
  expect(lockBreaches(lock('git+ssh://a.example/a.git'))).toHaveLength(1);
  expect(lockBreaches(lock('protocol'))).toEqual([]);
});

describe('what belongs to one machine', () => {
  const found = (text: string, path = 'docs/guides/bank.md'): number => machineBreaches({ path, text }).length;
  // Put together here, so that this file keeps the rule.
  const path = (top: string): string => `/${top}/drum/data`;
  const host = (label: string): string => `https://${label}.example.com/a`;

  test.each(['work', 'root', 'home', 'Users'])('a path under %s is found', (top) => {
    expect(found(`cd ${path(top)}`)).toBe(1);
    expect(found(`const folder = '${path(top)}';`, 'server/src/main.ts')).toBe(1);
  });

  test.each(['registry', 'npm', 'my-mirror', 'nexus'])('a registry host called %s is found', (label) => {
    expect(found(host(label))).toBe(1);
  });

  test('a choice of registry is found', () => {
    expect(found('save-exact=true\nregistry=x', '.npmrc')).toBe(1);
    expect(found('omit-lockfile-registry-resolved=true', '.npmrc')).toBe(0);
    expect(found('  registry = await openRegistry();', 'server/src/house.ts')).toBe(0);
  });

  test('addresses of the API and of the web are innocent', () => {
    expect(found('GET /v1/registry/listings, /v1/home/a, {root}/work/a, https://www.example.org/home/a')).toBe(0);
    expect(found('../work/a and ./root/b')).toBe(0);
  });
});
