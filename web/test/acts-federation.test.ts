import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  entryOf,
  honestEntries,
  openTestAuthor,
  textOf,
  type TestAuthor,
} from '../../server/src/journeys/test-author.ts';
import { openDeskWorld, settled, type DeskWorld, type Visit } from './desk.ts';

// Thailand's desk; Cambodia's server is honest first, and is played afterwards: then it says what no honest one would.
let world: DeskWorld;
let visit: Visit;
let played: TestAuthor | undefined;
const timeout = 20_000;

beforeAll(async () => {
  world = await openDeskWorld();
  await ask('POST', '/v1/registry/listings', {
    identifier: '45.80.1.77',
    tier: 'observed',
    typologies: ['infrastructure'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'seen in an attack',
    audience: ['kh'],
    handling: { tlp: 'AMBER', conditions: [] },
  });
  visit = await world.open(await world.officer('th', 'watches', ['supervisor']));
  await visit.go('/federation');
});
afterAll(async () => {
  await played?.close();
  await world.close();
});

const ask = async (method: string, path: string, body?: unknown, purpose = 'operation'): Promise<any> =>
  world.alliance.of('th').must(method, path, body, { ...world.things.supervisor, 'drum-purpose': purpose });
const linkToKh = async (): Promise<any> =>
  (await ask('GET', '/v1/federation/links')).links.find(({ party }: any) => party === 'kh');
const press = (within: Locator, name: string): Promise<void> =>
  within.getByRole('button', { name, exact: true }).first().click();
const dialog = (): Locator => visit.page.getByRole('dialog');
const main = (): Locator => visit.page.locator('main');
const shown = (text: string | RegExp): Promise<void> => visit.page.getByText(text).first().waitFor();

/** Gives the reason that an act asks for, and does it. */
async function decide(act: string): Promise<void> {
  expect(await dialog().getByRole('button', { name: act, exact: true }).isDisabled()).toBe(true);
  await dialog().getByRole('textbox', { name: 'Reason' }).fill('We asked them by telephone.');
  await press(dialog(), act);
}

test('a neighbour is paused with a reason, and the exchange is resumed', async () => {
  await press(main(), 'Pause');
  await decide('Pause');
  await shown('The exchange with Cambodia is paused.');
  await expect.poll(async () => (await linkToKh()).state, { timeout }).toBe('paused');
  await shown('We take nothing in from them');
  await shown('We asked them by telephone.');
  await press(main(), 'Resume');
  await press(dialog(), 'Resume');
  await shown('The exchange with Cambodia goes on.');
  await expect.poll(async () => (await linkToKh()).state, { timeout }).toBe('live');
  await shown('We hear them. What they say arrives at once.');
});

test('our ledger shows what we gave of one kind, on what basis, and is verified and saved', async () => {
  const { page } = visit;
  await visit.turn('/ledger');
  await main().getByLabel('Kind').selectOption('listing');
  await expect.poll(() => new URL(page.url()).searchParams.get('kind')).toBe('listing');
  await settled(page);
  const rows = page.locator('tbody tr[data-index]');
  await expect.poll(() => rows.count()).toBe(1);
  await rows.first().click();
  await shown('Legal basis');
  const [download] = await Promise.all([page.waitForEvent('download'), press(main(), 'Save as a file')]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { kind: 'listing', reader: 'kh', subject: 'ip:45.80.1.77' },
  ]);
  await main().getByLabel('Kind').selectOption('erasure');
  await shown('Nothing was given');
  await page.getByRole('tab', { name: 'What we refused' }).click();
  await settled(page);
});

test('after a withdrawal the receipts say that it is in use everywhere', async () => {
  const { listings } = await ask('GET', '/v1/registry/listings?prefix=ip:45.80.1.77');
  await ask('POST', `/v1/registry/listings/${listings[0].id}/withdrawal`, {
    reason: 'mistaken',
    grounds: 'It was another address.',
  });
  await visit.turn('/receipts');
  await visit.page.getByRole('textbox', { name: 'Identifier' }).fill('45.80.1.77');
  await press(main(), 'Show receipts');
  const end = visit.page.locator('.panel', { hasText: 'takes back' });
  await end.getByText('in use everywhere').waitFor();
  expect(await end.locator('li').allInnerTexts()).toEqual([expect.stringContaining('applied')]);
});

test('this server is cut off from all others with a reason, and linked again', async () => {
  await visit.turn('/federation');
  await press(main(), 'Cut off this server');
  await decide('Cut off');
  await shown('This server is cut off from all others.');
  await expect.poll(async () => (await ask('GET', '/v1/directory')).isolation !== null, { timeout }).toBe(true);
  await press(main(), 'End the cut');
  await decide('Link again');
  await shown('This server is linked to the others again.');
  await expect.poll(async () => (await linkToKh()).state, { timeout }).toBe('live');
});

test('a newcomer is admitted at the desk by the signature of whoever may sign, once its keys were compared', async () => {
  const newcomer = await world.alliance.open('vn');
  const party = await newcomer.must('GET', '/v1/directory/card');
  const { id } = await world.alliance.of('th').must('POST', '/v1/directory/proposals', { kind: 'admission', party });
  await visit.turn('/federation');
  await visit.page.getByRole('tab', { name: 'Directory' }).click();
  const proposal = visit.page.locator('.federation-proposal');
  await proposal.getByText('Viet Nam').first().waitFor();
  await press(proposal, 'Sign for this member');
  await dialog()
    .getByText(/Compare the keys with it by telephone first/)
    .waitFor();
  await press(dialog(), 'Sign');
  await shown('Signed for this member.');
  const { proposals } = await ask('GET', '/v1/directory');
  const signed = proposals.find((one: any) => one.id === id);
  expect([signed.signed, signed.missing.toSorted()]).toEqual([['th'], ['kh', 'vn']]);
  expect(await proposal.getByRole('button', { name: 'Sign for this member' }).count()).toBe(0);
});

test('a neighbour that does not answer is told as such, in words', async () => {
  await expect.poll(async () => (await linkToKh()).reads.every((one: any) => one.applied === one.size)).toBe(true);
  const kh = world.alliance.of('kh');
  const said = await honestEntries(kh, 'alliance');
  await kh.close(true);
  await visit.turn('/federation');
  await shown('Nothing answers at their address.');
  played = await openTestAuthor(kh);
  played.book('alliance').add(...said);
});

test('what may not be here is held back; one statement is released by an officer, another rejected', async () => {
  const red = { handling: { tlp: 'RED' as const, conditions: [] } };
  const from = played!.book('alliance').size();
  for (const number of [1, 2])
    played!.book('alliance').add(entryOf(textOf('kh', 'alliance', `ip:45.80.2.${number}`, { envelope: red })));
  played!.play();
  await visit.page.getByRole('tab', { name: 'Held back' }).click();
  const row = (number: number): Locator => visit.page.locator('tbody tr', { hasText: String(number) });
  await row(from).first().click();
  await shown('Its handling does not allow it in this book.');
  await press(main(), 'Release');
  await decide('Release');
  await shown('Released. It is in use now.');
  await visit.page.getByRole('heading', { name: new RegExp(`Statement number ${from + 1}`) }).waitFor();
  await press(main(), 'Reject');
  await decide('Reject');
  await shown('Rejected. It is not used here.');
  await shown('Nothing is held back');
  const of = async (state: string): Promise<any> => (await ask('GET', `/v1/federation/quarantine?state=${state}`)).held;
  expect(await of('released')).toMatchObject([{ number: from, decidedBy: 'officer:watches' }]);
  expect(await of('rejected')).toMatchObject([{ number: from + 1, reason: 'We asked them by telephone.' }]);
});

test('a neighbour that signed two histories of one book is told in red, and the proof can be saved', async () => {
  const [honest, other] = [played!.book('alliance'), played!.bookAside('alliance')];
  for (let number = 0; number < honest.size(); number += 1)
    other.add(entryOf(textOf('kh', 'alliance', `ip:45.80.3.${number}`)));
  played!.play(async function* rewritten() {
    yield await honest.page(honest.size(), honest.size(), { note: await other.note() });
  });
  await expect.poll(async () => (await ask('GET', '/v1/federation/forks')).forks.length, { timeout }).toBe(1);
  await visit.go('/federation');
  const notice = visit.page.getByRole('alert').filter({ hasText: 'two different histories' });
  await notice.waitFor();
  await notice.getByText('Cambodia, book: all members').waitFor();
  await notice.getByText('Show both signed checkpoints').click();
  expect(await notice.locator('pre').allInnerTexts()).toHaveLength(2);
  const [download] = await Promise.all([visit.page.waitForEvent('download'), press(notice, 'Save the proof')]);
  const proof = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(proof).toMatchObject({ member: 'kh', book: 'alliance' });
  expect(proof.later).not.toBe(proof.earlier);
  expect(visit.faults).toEqual([]);
});
