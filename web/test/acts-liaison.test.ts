import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { question, takeExhibit } from '../../server/src/journeys/funds-one-of-each.ts';
import { openDeskWorld, settled, type DeskWorld, type Person, type Visit } from './desk.ts';

// Two desks at once: Thailand asks, Cambodia is asked.
let world: DeskWorld;
let th: Visit;
let kh: Visit;
let head: Person;
let night: Person;
/** How far the servers' clock is ahead. */
let aheadMs = 0;

beforeAll(async () => {
  world = await openDeskWorld({ clock: { now: () => Date.now() + aheadMs } });
  head = await world.officer('th', 'head', ['supervisor']);
  night = await world.officer('kh', 'night', ['liaison']);
  const asks = await world.officer('th', 'asks', ['liaison']);
  const answers = await world.officer('kh', 'answers', ['liaison']);
  [th, kh] = await Promise.all([world.open(asks), world.open(answers, { member: 'kh' })]);
  await Promise.all([th.go('/requests'), kh.go('/requests')]);
});
afterAll(() => world.close());

const at = (member: string) => world.alliance.of(member);
const asked = async (member: string, path: string): Promise<any> => {
  const officer = await at(member).as('supervisor');
  return at(member).must('GET', `/v1${path}`, undefined, { ...officer, 'drum-purpose': 'request' });
};
const standing = async (member: string, id: string): Promise<any> => (await asked(member, `/requests/${id}`)).request;
const stateAt = (member: string, id: string) => async (): Promise<string> => (await standing(member, id)).state;
const idOn = (page: Page): string => /\/requests\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
const press = (within: Page | Locator, name: string): Promise<void> =>
  within.getByRole('button', { name, exact: true }).first().click();
const dialog = (page: Page): Locator => page.getByRole('dialog');
const toast = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

/** Writes a request at Thailand's desk as far as its draft, from the list on. */
async function draft(kind: string, fill: (form: Locator) => Promise<void>): Promise<string> {
  const { page } = th;
  await th.turn('/requests');
  await page.keyboard.press('n');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/requests/new');
  await settled(page);
  const form = page.locator('form.liaison-compose');
  await form.getByLabel('Other country').selectOption('kh');
  await form.getByRole('combobox', { name: 'Kind', exact: true }).selectOption(kind);
  await fill(form);
  await form.getByLabel('Why it is needed').fill('The money moves on while we wait.');
  await press(form, 'Save and check');
  await expect.poll(() => idOn(page)).not.toBe('');
  await settled(page);
  return idOn(page);
}

async function send(): Promise<void> {
  await press(th.page, 'Sign and send');
  await press(dialog(th.page), 'Sign and send');
}

const stateShown = (page: Page, state: string): Promise<void> =>
  page
    .locator('.liaison-tags .tag', { hasText: new RegExp(`^${state}$`, 'i') })
    .first()
    .waitFor();
const choose = (page: Page, deed: string): Promise<void> =>
  page.locator('#liaison-say').getByText(deed, { exact: true }).click();
async function write(page: Page, deed: string | undefined, text: string, send: string): Promise<void> {
  const say = page.locator('#liaison-say');
  if (deed !== undefined) await choose(page, deed);
  await say.getByRole('textbox', { name: 'Words' }).fill(text);
  await press(say, send);
}

let id = '';

test('a request to find out who holds an account is written, checked and sent, and is on the other desk at once', async () => {
  id = await draft('identify', async (form) => {
    await press(form, 'Save and check');
    await form.getByText('Something is missing or cannot be read').waitFor();
    await form.getByLabel('Identifiers').fill('+855 12 345 678\n๐๘๑-๒๓๔-๕๖๗๘');
    // Eight digits and a zero in front are a number of either country: the officer says which.
    await press(form, 'Telephone number +66 812 345 678');
    await form.getByLabel('Holder').first().check();
    await form.getByLabel('Priority').selectOption('P1');
  });
  expect(await stateAt('th', id)()).toBe('drafted');
  await send();
  await toast(th.page, 'The request is sent.');
  const row = kh.page.locator('tbody tr', { hasText: id.slice(-8) });
  await row.waitFor();
  expect(await row.textContent()).toContain('P1');
  await expect.poll(stateAt('kh', id)).toBe('received');
});

test('the asked desk takes it and acknowledges; the asking desk sees so without a reload, and both clocks', async () => {
  const { page } = kh;
  await page
    .locator('tbody tr', { hasText: id.slice(-8) })
    .getByRole('link')
    .first()
    .click();
  await settled(page);
  const clocks = page.locator('.panel', { has: page.getByRole('heading', { name: 'Clocks' }) });
  expect(await clocks.innerText()).toMatch(/the same there|\d\d:\d\d there/);
  await page.keyboard.press('t');
  await toast(page, 'It is in your hands now.');
  await expect.poll(async () => (await standing('kh', id)).owner).toBe('answers');
  await page.keyboard.press('a');
  await toast(page, 'The other side knows that you have it.');
  await expect.poll(stateAt('th', id)).toBe('acknowledged');
  await stateShown(th.page, 'acknowledged');
  await press(page, 'Work has begun');
  await expect.poll(stateAt('th', id)).toBe('in-work');
  await stateShown(th.page, 'in work');
  expect((await standing('th', id)).overdue).toEqual([]);
});

test('what is asked stands in both languages, and the second can be chosen', async () => {
  const { page } = kh;
  await page.locator('.liaison-theirs[lang="th"]').first().waitFor();
  await page.getByLabel('Second language').selectOption('vi');
  await expect.poll(() => new URL(page.url()).searchParams.get('beside')).toBe('vi');
  await page.locator('.liaison-theirs[lang="vi"]').first().waitFor();
});

test('it is asked back, answered there, answered in part and then in full, and each desk sees the other at once', async () => {
  await write(kh.page, 'Message', 'Which bank told you of it?', 'Send the message');
  await th.page.getByText('Which bank told you of it?').first().waitFor();
  await write(th.page, undefined, 'The one in Bangkok.', 'Send the message');
  await kh.page.getByText('The one in Bangkok.').first().waitFor();
  await write(kh.page, 'Answer in part', 'The holder is known; the papers follow.', 'Send this part');
  await expect.poll(stateAt('th', id)).toBe('partly-answered');
  await th.page.getByText('The holder is known; the papers follow.').first().waitFor();
  await choose(kh.page, 'Full answer');
  await kh.page.locator('#liaison-say').getByLabel('identified').first().check();
  await press(kh.page.locator('#liaison-say'), 'Send the answer');
  await expect.poll(stateAt('th', id)).toBe('answered');
  await stateShown(th.page, 'answered in full');
  const { deeds } = await asked('th', `/requests/${id}`);
  expect(deeds.at(-1)).toMatchObject({ by: 'kh', deed: 'answered', body: { facts: { done: ['identified'] } } });
});

test('a request to seize somebody asks for a second person, who lets it out at the desk', async () => {
  const wanted = await draft('locate', async (form) => {
    await form.getByRole('textbox', { name: /^Person/ }).fill('The one who gave the orders.');
    await form.getByRole('combobox', { name: 'Measure' }).selectOption('locate');
  });
  await th.page.getByText('Sending it asks for:').waitFor();
  await send();
  await toast(th.page, 'This waits for a second person. Nothing has been done yet.');
  expect(await stateAt('th', wanted)()).toBe('drafted');
  const visit = await world.open(head);
  await visit.go('/approvals');
  await visit.page.getByRole('link', { name: /Locating or arrest/ }).click();
  await settled(visit.page);
  await visit.page
    .getByRole('button', { name: /Approve/ })
    .first()
    .click();
  await press(dialog(visit.page), 'Approve');
  await expect.poll(stateAt('kh', wanted)).toBe('received');
  await stateShown(th.page, 'received');
  expect(visit.faults).toEqual([]);
  await visit.close();
  // Refused there with a reason, which the asking desk reads in its own language.
  await kh.turn(`/requests/${wanted}`);
  await choose(kh.page, 'Refuse');
  await press(kh.page.locator('#liaison-say'), 'Refuse the request');
  await kh.page.getByText('This is needed.').first().waitFor();
  await kh.page.locator('#liaison-say').getByLabel('Reason').selectOption('missing-detail');
  await press(kh.page.locator('#liaison-say'), 'Refuse the request');
  await expect.poll(stateAt('th', wanted)).toBe('refused');
  await stateShown(th.page, 'refused');
});

test('what was refused is put right and sent again, and then withdrawn after a question', async () => {
  const { page } = th;
  const wanted = idOn(page);
  await page.getByRole('link', { name: 'Put right and send again' }).click();
  await settled(page);
  await page.getByRole('textbox', { name: 'Why it is needed' }).fill('He leaves the country tonight.');
  await press(page, 'Sign and send again');
  await expect.poll(() => new URL(page.url()).searchParams.get('proposal')).toMatch(/^[0-9a-f-]{36}$/);
  const proposal = new URL(page.url()).searchParams.get('proposal')!;
  await at('th').must('POST', `/v1/approvals/${proposal}/decision`, { approve: true }, await at('th').as('second'));
  await expect.poll(async () => (await standing('kh', wanted)).revision, { timeout: 20_000 }).toBe(2);
  await press(page, 'Withdraw');
  await dialog(page).getByText('It cannot be opened again').waitFor();
  await press(dialog(page), 'Withdraw');
  await toast(page, 'The request is withdrawn.');
  await expect.poll(stateAt('kh', wanted)).toBe('withdrawn');
  await stateShown(kh.page, 'withdrawn');
});

test('a letter in two languages is printed, and the text for I-24/7 is copied from the page', async () => {
  const { page, context } = th;
  await th.turn(`/requests/${id}`);
  const [letter] = await Promise.all([context.waitForEvent('page'), press(page, 'Letter to print')]);
  await letter.getByRole('button', { name: 'Print' }).waitFor();
  expect(await letter.locator('[lang="km"]').count()).toBeGreaterThan(0);
  await letter.close();
  await press(page, 'Text for I-24/7');
  await expect.poll(() => page.getByRole('textbox', { name: 'Text for I-24/7' }).inputValue()).toContain(id);
});

/** An hour of the officer’s clock, in the field’s own form. */
const local = (hours: number): string => new Date(Date.now() + (7 + hours) * 3_600_000).toISOString().slice(0, 16);

test('a shift is put on the roster, none that is too long, and none of somebody who is no officer', async () => {
  const { page } = kh;
  await kh.turn('/roster');
  await page.getByText('Nobody is on duty').waitFor();
  const panel = page.locator('.panel', { has: page.getByRole('heading', { name: 'Add a shift' }) });
  await panel.locator('input').first().fill('answars');
  await panel.getByLabel('From').fill(local(-1));
  await panel.getByLabel('Until').fill(local(24 * 5));
  await panel.getByLabel('How they are reached').fill('+855 23 000 000');
  await press(panel, 'Add a shift');
  await panel.getByText(/3 days/).waitFor();
  await panel.getByLabel('Until').fill(local(7));
  await press(panel, 'Add a shift');
  await panel.getByText('There is no officer answars.').waitFor();
  await panel.locator('input').first().fill('answers');
  await press(panel, 'Add a shift');
  await toast(page, 'The shift is added.');
  const { shifts } = await asked('kh', '/roster/now');
  expect(shifts).toMatchObject([{ officer: 'answers', reach: '+855 23 000 000' }]);
  await page.locator('.liaison-now', { hasText: 'answers' }).waitFor();
});

test('what comes goes to whoever is on duty, who hands it over; the gap is shown', async () => {
  const sent = world.things.ids['/v1/requests'];
  await at('th').must('POST', `/v1/requests/${sent}/send`, {}, world.things.supervisor);
  await expect
    .poll(async () => (await standing('kh', sent).catch(() => ({}))).owner, { timeout: 20_000 })
    .toBe('answers');
  const { page } = kh;
  await press(page, 'Hand over');
  const form = dialog(page);
  await form.locator('input').first().fill('night');
  await form.getByRole('textbox', { name: 'Note for them' }).fill('The bank calls back at six.');
  await press(form, 'Hand over');
  await toast(page, /request(s are| is) in other hands now/);
  expect((await standing('kh', sent)).owner).toBe('night');
  await page.getByText('Nobody is on duty').waitFor();
  await page.getByText('handed over', { exact: true }).first().waitFor();
  const visit = await world.open(night, { member: 'kh' });
  await visit.go('/requests?mine=true');
  await visit.page
    .locator('tbody tr', { hasText: sent.slice(-8) })
    .getByRole('link')
    .first()
    .click();
  await visit.page.getByText('The bank calls back at six.').waitFor();
  await press(visit.page, 'Give to…');
  await dialog(visit.page).locator('input').first().fill('answers');
  await press(dialog(visit.page), 'Give to…');
  await toast(visit.page, 'It is in other hands now.');
  expect((await standing('kh', sent)).owner).toBe('answers');
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('the lists part what is open from what is over, and what is in one’s hands goes both ways', async () => {
  const { page } = th;
  const shown = (one: string): Locator => page.locator('tbody tr', { hasText: one.slice(-8) });
  await th.turn('/requests');
  await shown(world.things.ids['/v1/requests']).waitFor();
  expect(await shown(id).count()).toBe(0);
  await page.getByRole('tab', { name: 'Closed' }).click();
  await shown(id).waitFor();
  expect(await shown(world.things.ids['/v1/requests']).count()).toBe(0);
  await page.getByRole('checkbox', { name: 'In my hands' }).check();
  await expect.poll(() => new URL(page.url()).searchParams.get('mine')).toBe('true');
  await shown(id).waitFor();
});

test('the desk is named with its deputy and head, whom what is late reaches', async () => {
  const visit = await world.open(head);
  const { page } = visit;
  await visit.go('/roster');
  await press(page, 'Name the desk');
  await dialog(page).getByLabel('Deputy').fill('asks');
  await dialog(page).getByLabel('Head', { exact: true }).fill('head');
  await press(dialog(page), 'Name the desk');
  await toast(page, 'The desk is named.');
  expect((await asked('th', '/roster/now')).desk).toMatchObject({ deputy: 'asks', head: 'head' });
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('a request is linked with the trace that it is about, and leads there', async () => {
  const { page } = th;
  const trace = world.things.ids['/v1/traces'];
  await th.turn(`/requests/${world.things.ids['/v1/requests']}`);
  await page.locator('summary', { hasText: 'Add a link' }).click();
  await page.getByLabel('Number', { exact: true }).fill(trace);
  await page.getByLabel('Kind of link').selectOption('trace');
  await press(page, 'Add a link');
  await page.getByRole('link', { name: trace.slice(-8) }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/traces/${trace}`);
});

test('an exhibit is fetched from abroad and checked; one that is not what was named is not saved', async () => {
  const headers = { ...(await at('th').as('supervisor')), 'drum-purpose': 'request' };
  const content = 'what the victim said at the counter';
  const exhibit = await takeExhibit(at('th'), headers, content);
  const { id: given } = await at('th').must(
    'POST',
    '/v1/requests',
    question('kh', 'Who is it?', [exhibit.id]),
    headers,
  );
  await at('th').must('POST', `/v1/requests/${given}/send`, {}, headers);
  const { page } = kh;
  await kh.turn('/requests');
  await page.locator('tbody tr', { hasText: given.slice(-8) }).waitFor();
  await kh.turn(`/requests/${given}`);
  const save = page.getByRole('button', { name: 'Save and check' }).first();
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(await readFile(await download.path(), 'utf8')).toBe(content);
  await page.getByText('It is what was named', { exact: true }).waitFor();
  const downloads: unknown[] = [];
  page.on('download', (one) => downloads.push(one));
  await page.route('**/v1/exhibits/*/content', (route) => route.fulfill({ body: content.toUpperCase() }));
  await save.click();
  await page.getByText('It is not what was named, and was not saved. Tell the sender.').waitFor();
  expect(downloads).toEqual([]);
});

test('what nobody acknowledged in time is late on both desks, and comes before the head of the asked office', async () => {
  const headers = { ...(await at('th').as('supervisor')), 'drum-purpose': 'request' };
  const body = { ...question('kh', 'Is somebody with the caller?'), priority: 'P1' };
  const { id: late } = await at('th').must('POST', '/v1/requests', body, headers);
  await at('th').must('POST', `/v1/requests/${late}/send`, {}, headers);
  await Promise.all([th.turn(`/requests/${late}`), kh.turn('/requests')]);
  const { page } = th;
  const clocks = page.locator('.panel', { has: page.getByRole('heading', { name: 'Clocks' }) });
  await clocks.waitFor();
  expect(await page.getByText('late', { exact: true }).count()).toBe(0);
  const row = kh.page.locator('tbody tr', { hasText: late.slice(-8) });
  await row.waitFor();
  aheadMs = 40 * 60_000;
  await page.getByText('late', { exact: true }).first().waitFor();
  await row.getByText('late', { exact: true }).waitFor();
  // Whoever only looks on is signed out after an hour.
  await Promise.all([th.go(`/requests/${late}`), kh.go('/requests')]);
  aheadMs = 80 * 60_000;
  await clocks.getByText('Brought before the head of office of the asked side.').first().waitFor();
  await page.getByText('The time was over.').first().waitFor();
});

test('the scorecard is a chart, and a table that says the same', async () => {
  const { page } = th;
  await th.turn('/scorecard');
  await page.getByText('Table', { exact: true }).click();
  await page.locator('tbody tr', { hasText: 'Thailand asks Cambodia' }).first().waitFor();
  expect([...th.faults, ...kh.faults]).toEqual([]);
});
