import { describe, expect, test } from 'vitest';
import { expectKept } from './breach.ts';
import { importsOf } from './imports.ts';
import { houseFiles, isCode } from './source.ts';
import { cyclesIn, placeOf, rooms, trespass, walkStairs } from './stairs.ts';

test('every import keeps to the stairs, the doors and the borders, and none goes in a circle', () => {
  const files = houseFiles();
  const walk = walkStairs(files);
  expect(walk.edges, 'imports followed').toBeGreaterThan(20);
  expectKept('the stairs', { count: files.filter(({ path }) => isCode(path)).length, atLeast: 20 }, walk.breaches);
});

const src = (path: string): string => `server/src/${path}`;

describe('what the stairs let pass', () => {
  test.each([
    [src('registry/registry.ts'), src('journal/journal.ts')],
    [src('registry/registry.ts'), src('access/contract.ts')],
    [src('registry/registry.ts'), src('registry/store.ts')],
    [src('registry/store.ts'), src('platform/db.ts')],
    [src('platform/clocks/clocks.ts'), src('kernel/clock.ts')],
    [src('screening/screening.ts'), 'protocol/identifiers/phone.ts'],
    [src('house.ts'), src('governance/governance.ts')],
    [src('house.ts'), src('registry/routes.ts')],
    [src('house.ts'), src('registry/follow.ts')],
    [src('commands/import.ts'), src('registry/feeds/feeds.ts')],
    [src('commands/serve.ts'), src('house.ts')],
    [src('commands/alliance.ts'), 'simulator/world.ts'],
    [src('journal/journal.test.ts'), src('house.ts')],
    [src('journal/journal.test.ts'), 'bench/load.ts'],
    ['protocol/proofs.ts', 'protocol/checkpoints.ts'],
    ['client/replica.ts', 'protocol/members.ts'],
    ['client/replica.test.ts', src('house.ts')],
    ['bench/screen.ts', src('screening/fingerprints.ts')],
    ['vitest.config.ts', 'tidy/summary-reporter.ts'],
  ])('%s may import %s', (from, to) => {
    expect(trespass(from, to)).toBeUndefined();
  });
});

describe('what the stairs stop', () => {
  test.each([
    [src('journal/journal.ts'), src('registry/registry.ts'), 'stands below'],
    [src('kernel/clock.ts'), src('platform/db.ts'), 'stands below'],
    [src('registry/registry.ts'), src('journal/store.ts'), 'not a door'],
    [src('registry/registry.ts'), src('journal/journal.test.ts'), 'not a door'],
    [src('screening/screening.ts'), src('registry/feeds/feeds.ts'), 'not a door'],
    [src('screening/screening.ts'), src('registry/feeds/contract.ts'), 'not a door'],
    [src('commands/import.ts'), src('registry/store.ts'), 'not a door'],
    [src('house.ts'), src('registry/store.ts'), 'not a door'],
    [src('journal/journal.test.ts'), src('registry/registry.ts'), 'stands below'],
    [src('registry/registry.test.ts'), src('journal/store.ts'), 'not a door'],
    [src('registry/registry.ts'), src('house.ts'), 'stands above'],
    [src('registry/registry.ts'), src('commands/import.ts'), 'stands above'],
    ['protocol/proofs.ts', src('kernel/clock.ts'), 'does not import'],
    ['protocol/proofs.test.ts', src('kernel/clock.ts'), 'does not import'],
    ['client/replica.ts', src('screening/screening.ts'), 'does not import'],
    ['simulator/world.ts', src('house.ts'), 'does not import'],
    [src('registry/registry.ts'), 'client/replica.ts', 'does not import'],
    [src('registry/registry.ts'), 'bench/load.ts', 'imports bench'],
    ['tidy/check.ts', src('kernel/clock.ts'), 'does not import'],
  ])('%s may not import %s', (from, to, why) => {
    expect(trespass(from, to)).toContain(why);
  });

  test('a file in a folder that is no room', () => {
    expect(placeOf(src('scoring/scoring.ts'))).toBeUndefined();
    expect(placeOf(src('registry.ts'))).toBeUndefined();
    expect(walkStairs([{ path: src('scoring/scoring.ts'), text: '' }]).breaches).toHaveLength(1);
    expect(rooms.every((room) => placeOf(src(`${room}/${room}.ts`))?.room === room)).toBe(true);
  });
});

describe('imports in a text', () => {
  const from = 'server/src/registry/registry.ts';
  const targets = (text: string): (string | undefined)[] =>
    importsOf({ path: from, text }, new Set()).map(({ target }) => target);

  test('of every form are seen', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from '../journal/store.ts';",
      "import {\n  c,\n} from '../access/access.ts';",
      "export * from './d.ts';",
      "import './e.ts';",
      "const f = await import('./f.ts');",
      "type G = import('./g.ts').G;",
      "new Worker(new URL('./h.ts', import.meta.url));",
      "import { i } from '@bronze-drum/protocol/members';",
    ].join('\n');
    expect(new Set(targets(text))).toEqual(
      new Set([
        'server/src/registry/a.ts',
        'server/src/journal/store.ts',
        'server/src/access/access.ts',
        'server/src/registry/d.ts',
        'server/src/registry/e.ts',
        'server/src/registry/f.ts',
        'server/src/registry/g.ts',
        'server/src/registry/h.ts',
        'protocol/members.ts',
      ]),
    );
  });

  test('in comments and strings are none', () => {
    expect(targets("// import './a.ts'\nconst text = \"import './b.ts'\";\nconst t = `import './c.ts'`;")).toEqual([]);
  });

  test('of a planted trespass is reported with its line', () => {
    const { breaches } = walkStairs([{ path: from, text: "\nimport { x } from '../journal/store.ts';\n" }]);
    expect(breaches).toMatchObject([{ path: from, line: 2 }]);
  });
});

test('a circle of imports is found, and a diamond is none', () => {
  expect(
    cyclesIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['a']],
      ]),
    ),
  ).toEqual([['a', 'b', 'c']]);
  expect(cyclesIn(new Map([['a', ['a']]]))).toEqual([['a']]);
  expect(
    cyclesIn(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['d']],
        ['c', ['d']],
        ['d', []],
      ]),
    ),
  ).toEqual([]);
  const files = [
    { path: src('registry/a.ts'), text: "import { b } from './b.ts';" },
    { path: src('registry/b.ts'), text: "import type { A } from './a.ts';" },
  ];
  expect(walkStairs(files).breaches).toMatchObject([{ what: expect.stringContaining('import cycle') }]);
});

test('the desk: shell above rooms above ui above link, no room into another, and of the server only types of contracts', () => {
  expect(trespass('web/src/shell/screens.ts', 'web/src/rooms/alerts/room.ts')).toBeUndefined();
  expect(trespass('web/src/shell/screens.ts', 'web/src/rooms/alerts/queue.tsx')).toContain('door');
  expect(trespass('web/src/rooms/alerts/queue.tsx', 'web/src/ui/list.tsx')).toBeUndefined();
  expect(trespass('web/src/ui/list.tsx', 'web/src/rooms/alerts/queue.tsx')).toContain('above');
  expect(trespass('web/src/rooms/alerts/queue.tsx', 'web/src/rooms/funds/trace.tsx')).toContain('link');
  expect(trespass('web/src/rooms/alerts/queue.tsx', 'server/src/alerts/contract.ts', true)).toBeUndefined();
  expect(trespass('web/src/rooms/alerts/queue.tsx', 'server/src/alerts/contract.ts')).toContain('types');
  expect(trespass('web/src/rooms/alerts/queue.tsx', 'server/src/alerts/alerts.ts', true)).toBeDefined();
});
