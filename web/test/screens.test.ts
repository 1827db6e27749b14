import { languages } from '@bronze-drum/protocol/languages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { screens } from '../src/shell/screens.ts';
import { tornClustersOf } from './clusters.ts';
import { barriersOf, cutTextsOf, openDeskWorld, overflowOf, type DeskWorld, type Person, type Visit } from './desk.ts';
import { examplesOf } from './examples.ts';

let world: DeskWorld;
let people: Readonly<Record<'officer' | 'administrator', Person>>;
let paths: readonly string[];
let pathsOfInstitutions: readonly string[];

/** Whoever holds all of these sees every screen of officers; administrators have screens of their own. */
const everyRole = ['analyst', 'supervisor', 'duty-officer', 'liaison', 'auditor', 'operator', 'administrator'];

beforeAll(async () => {
  world = await openDeskWorld();
  people = {
    officer: await world.officer('th', 'everything', everyRole),
    administrator: await world.officer('th', 'admin-only', ['administrator']),
  };
  const examples = await examplesOf(world);
  const inside = screens
    .filter(({ isOutside }) => isOutside !== true)
    .map(({ path }) => (path.includes('$') ? (examples[path] ?? path) : path));
  const isOfInstitutions = (path: string): boolean => /^\/institution(?:\/|$)/.test(path);
  paths = inside.filter((path) => !isOfInstitutions(path));
  pathsOfInstitutions = inside.filter(isOfInstitutions);
});
afterAll(() => world.close());

/** A text that was not translated shows its key; one that was not loaded, its file. */
const keyShown =
  /\b(?:shell|ui|terms|refusals|reasons|alerts|detection|registry|funds|orders|redress|liaison|federation|journal|access|situation):[a-z]|\{\{\w+\}\}/;

test('each screen with a parameter has an example here', () => {
  expect([...paths, ...pathsOfInstitutions].filter((path) => path.includes('$'))).toEqual([]);
  expect(pathsOfInstitutions.length).toBeGreaterThan(5);
});

async function faultsAt(visit: Visit, path: string, widths: readonly number[]): Promise<string[]> {
  const before = visit.faults.length;
  await visit.turn(path);
  const found: string[] = [];
  for (const width of widths) {
    await visit.page.setViewportSize({ width, height: 900 });
    found.push(...(await overflowOf(visit.page)).map((what) => `${width} px, too wide: ${what}`));
    found.push(...(await cutTextsOf(visit.page)).map((what) => `${width} px, cut off: ${what}`));
  }
  found.push(...(await tornClustersOf(visit.page)).map((what) => `torn apart: ${what}`));
  const shown = keyShown.exec(await visit.page.locator('body').innerText())?.[0];
  if (shown !== undefined) found.push(`not said: ${shown}`);
  return [...visit.faults.slice(before), ...found].map((what) => `${path}: ${what}`);
}

test.each(languages)(
  'every screen says everything in %s and fits any width',
  { timeout: 240_000 },
  async (language) => {
    const visit = await world.open(people.officer, { language });
    await visit.go('/');
    const faults: string[] = [];
    for (const path of paths) faults.push(...(await faultsAt(visit, path, [1440, 1024, 390])));
    await visit.close();
    const clerk = await world.open(undefined, { language });
    await clerk.signInAs(world.things.bank);
    for (const path of pathsOfInstitutions) faults.push(...(await faultsAt(clerk, path, [1440, 1024, 390])));
    await clerk.close();
    expect(faults).toEqual([]);
  },
);

test.each([{ dark: false }, { dark: true }])(
  'nobody is kept out of any screen, dark: $dark',
  { timeout: 240_000 },
  async ({ dark }) => {
    const visit = await world.open(people.officer, { dark });
    await visit.go('/');
    const clerk = await world.open(undefined, { dark });
    await clerk.signInAs(world.things.bank);
    const barriers: string[] = [];
    const look = async ({ turn, page }: Visit, path: string): Promise<void> => {
      await turn(path);
      // The dark page is the same but for its colours.
      const rules = dark ? ['color-contrast'] : undefined;
      barriers.push(...(await barriersOf(page, rules)).map((what) => `${path}: ${what}`));
    };
    for (const path of paths) await look(visit, path);
    for (const path of pathsOfInstitutions) await look(clerk, path);
    expect(barriers).toEqual([]);
    await visit.close();
    await clerk.close();
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
