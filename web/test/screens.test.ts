import { languages } from '@bronze-drum/protocol/languages';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { screens } from '../src/shell/screens.ts';
import { barriersOf, cutTextsOf, openDeskWorld, overflowOf, type DeskWorld, type Person, type Visit } from './desk.ts';
import { examplesOf } from './examples.ts';

let world: DeskWorld;
let people: Readonly<Record<'officer' | 'administrator', Person>>;
let paths: readonly string[];

/** Whoever holds all of these sees every screen of officers; administrators have screens of their own. */
const everyRole = ['analyst', 'supervisor', 'duty-officer', 'liaison', 'auditor', 'operator', 'administrator'];

beforeAll(async () => {
  world = await openDeskWorld();
  people = {
    officer: await world.officer('th', 'everything', everyRole),
    administrator: await world.officer('th', 'admin-only', ['administrator']),
  };
  const examples = await examplesOf(world);
  paths = screens
    .filter(({ path, isOutside }) => isOutside !== true && !path.startsWith('/institution'))
    .map(({ path }) => (path.includes('$') ? (examples[path] ?? path) : path));
});
afterAll(() => world.close());

/** A text that was not translated shows its key; one that was not loaded, its file. */
const keyShown =
  /\b(?:shell|ui|terms|refusals|reasons|alerts|detection|registry|funds|orders|redress|liaison|federation|journal|access|situation):[a-z]|\{\{\w+\}\}/;

test('each screen with a parameter has an example here', () => {
  expect(paths.filter((path) => path.includes('$'))).toEqual([]);
});

async function faultsAt(visit: Visit, path: string): Promise<string[]> {
  const before = visit.faults.length;
  await visit.go(path);
  const texts = await visit.page.locator('body').innerText();
  const shown = keyShown.exec(texts)?.[0];
  const found = [
    ...visit.faults.slice(before),
    ...(await overflowOf(visit.page)).map((what) => `too wide: ${what}`),
    ...(await cutTextsOf(visit.page)).map((what) => `cut off: ${what}`),
    ...(shown === undefined ? [] : [`not said: ${shown}`]),
  ];
  return found.map((what) => `${path}: ${what}`);
}

describe.each(languages)('in %s', (language) => {
  test.each([1440, 390])('every screen fits %i pixels, and says everything', { timeout: 240_000 }, async (width) => {
    const visit = await world.open(people.officer, { width, language });
    const faults: string[] = [];
    for (const path of paths) faults.push(...(await faultsAt(visit, path)));
    expect(faults).toEqual([]);
    await visit.close();
  });
});

test('every screen fits 1024 pixels', { timeout: 240_000 }, async () => {
  const visit = await world.open(people.officer, { width: 1024 });
  const faults: string[] = [];
  for (const path of paths) faults.push(...(await faultsAt(visit, path)));
  expect(faults).toEqual([]);
  await visit.close();
});

test.each([{ dark: false }, { dark: true }])(
  'nobody is kept out of any screen, dark: $dark',
  { timeout: 240_000 },
  async ({ dark }) => {
    const visit = await world.open(people.officer, { dark });
    const barriers: string[] = [];
    for (const path of paths) {
      await visit.go(path);
      barriers.push(...(await barriersOf(visit.page)).map((what) => `${path}: ${what}`));
    }
    expect(barriers).toEqual([]);
    await visit.close();
  },
);

test(
  'whoever may only administer sees no empty promise: each line of the navigation opens a screen that answers',
  { timeout: 120_000 },
  async () => {
    const visit = await world.open(people.administrator);
    await visit.go('/');
    const links = await visit.page
      .locator('.desk-nav a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      await visit.go(link);
      expect(await visit.page.getByRole('alert').count(), link).toBe(0);
    }
    expect(visit.faults).toEqual([]);
    await visit.close();
  },
);
