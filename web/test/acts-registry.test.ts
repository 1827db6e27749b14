import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeskWorld, type DeskWorld, type Visit } from './desk.ts';

/** What is done with listings that stand: another member's is confirmed, and one's own gets other readers. */
let world: DeskWorld;
let desk: Visit;
const theirs = 'ip:45.91.2.1';
const ours = 'ip:45.91.2.2';

beforeAll(async () => {
  world = await openDeskWorld();
  desk = await world.open(await world.officer('th', 'lists', ['analyst', 'duty-officer']));
  await Promise.all([list('kh', theirs), list('th', ours)]);
  await desk.go('/listings');
});
afterAll(() => world.close());

const list = async (member: string, identifier: string): Promise<unknown> =>
  world.alliance.of(member).must('POST', '/v1/registry/listings', {
    identifier,
    tier: 'observed',
    typologies: ['infrastructure'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'seen in an attack',
    audience: 'alliance',
    handling: { tlp: 'AMBER', conditions: [] },
  });
const listingsAt = async (member: string, key: string): Promise<any[]> => {
  const reader = await world.alliance.of(member).as('supervisor');
  const path = `/v1/registry/identifiers/${encodeURIComponent(key)}`;
  return (await world.alliance.of(member).must('GET', path, undefined, reader)).listings;
};
const dialog = (): Locator => desk.page.getByRole('dialog');
const press = (name: string, within: Locator = desk.page.locator('main')): Promise<void> =>
  within.getByRole('button', { name, exact: true }).first().click();

test('another member’s listing is confirmed on our own knowledge, and both stand side by side, there too', async () => {
  const { page } = desk;
  await expect.poll(() => listingsAt('th', theirs), { timeout: 20_000 }).toHaveLength(1);
  await desk.turn(`/identifiers/${encodeURIComponent(theirs)}`);
  await press('Confirm');
  await dialog().getByLabel('Grounds').fill('Our own customers were called to it.');
  await press('Confirm', dialog());
  await page.getByText('Your listing is made.').waitFor();
  await page.getByText('Our own customers were called to it.').first().waitFor();
  expect((await listingsAt('th', theirs)).find(({ member }) => member === 'th')).toMatchObject({
    corroborates: { member: 'kh' },
    grounds: 'Our own customers were called to it.',
  });
  await expect.poll(async () => (await listingsAt('kh', theirs)).length, { timeout: 20_000 }).toBe(2);
});

test('a listing that was for everybody is kept at home, and is gone elsewhere', async () => {
  const { page } = desk;
  await expect.poll(() => listingsAt('kh', ours), { timeout: 20_000 }).toMatchObject([{ state: 'listed' }]);
  await desk.turn(`/identifiers/${encodeURIComponent(ours)}`);
  await press('Change readers');
  await dialog().getByLabel('At home only').check();
  await dialog().getByLabel('Grounds').fill('Only our own customers are concerned.');
  await press('Change readers', dialog());
  await page.getByText('The readers are changed.').waitFor();
  const standing = async (member: string): Promise<any[]> =>
    (await listingsAt(member, ours)).filter(({ state }) => state === 'listed');
  await expect.poll(() => standing('th'), { timeout: 20_000 }).toMatchObject([{ book: 'domestic' }]);
  await expect.poll(() => standing('kh'), { timeout: 20_000 }).toEqual([]);
  expect(desk.faults).toEqual([]);
});
