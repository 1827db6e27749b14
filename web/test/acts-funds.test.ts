import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Hold } from '../../server/src/funds/hold-contract.ts';
import { openBank } from '../../server/src/journeys/funds-one-of-each.ts';
import { openDeskWorld, overflowOf, settled, type DeskWorld, type Visit } from './desk.ts';

let world: DeskWorld;
/** A duty officer, two supervisors, and clerks of two banks. */
let duty: Visit;
let second: Visit;
let third: Visit;
let clerk: Visit;
let otherClerk: Visit;
/** How far the servers' clock is ahead. */
let aheadMs = 0;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const password = 'correct horse battery staple';

beforeAll(async () => {
  world = await openDeskWorld({ clock: { now: () => Date.now() + aheadMs }, seconded: ['funds.hold'] });
  const other = await openBank(world.alliance.of('th'), 'other', 'account:TH:903:');
  duty = await world.open(await world.officer('th', 'duty', ['duty-officer']));
  second = await world.open({ officer: 'second', password });
  third = await world.open({ officer: 'supervisor', password });
  clerk = await world.open(undefined);
  otherClerk = await world.open(undefined, { width: 390 });
  await clerk.signInAs(world.things.bank);
  await otherClerk.signInAs(other);
  for (const visit of [duty, second, third]) await visit.go('/traces');
}, 240_000);
afterAll(() => world.close());

const read = (path: string) => world.alliance.of('th').must('GET', path, undefined, world.things.supervisor);
const holdsOf = async (trace: string): Promise<Hold[]> => (await read(`/v1/holds?trace=${trace}`)).holds;
const statesOf = async (trace: string): Promise<string[]> =>
  (await holdsOf(trace)).map(({ state }) => state).toSorted();
const holdOf = async (id: string): Promise<Hold> => (await read(`/v1/holds/${id}`)).hold;
const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true });
const dialogOf = (page: Page): Locator => page.getByRole('dialog');
const closed = (page: Page): Promise<void> => dialogOf(page).waitFor({ state: 'detached' });
/** Without the blanks that keep a word and its number on one line. */
const textOf = async (place: Locator): Promise<string> => (await place.innerText()).replace(/\s+/g, ' ');
const refusalOf = (page: Page): Promise<string> => page.getByRole('alert').innerText();

/** A time on the clock at the wall of Bangkok: as a victim says it, and as the browser's field takes it. */
const said = (ms: number): string =>
  new Date(ms).toLocaleTimeString('en-GB', { timeZone: 'Asia/Bangkok', hour: '2-digit', minute: '2-digit' });
const typed = (ms: number): string => new Date(ms + 7 * 60 * minuteMs).toISOString().slice(0, 16);

/** Another officer is led to what waits on the first one's page, and agrees to it. */
async function agreedBy(approver: Visit, page: Page): Promise<void> {
  const link = page.getByRole('link', { name: 'Open the proposal' });
  await approver.turn((await link.getAttribute('href'))!);
  await approver.page.getByRole('button', { name: /^Approve/ }).click();
  await button(dialogOf(approver.page), 'Approve').click();
  await closed(approver.page);
}

/** Opens the form of an act on this page, fills it in and sends it. */
async function act(page: Page, name: string, fields: Readonly<Record<string, string>>, submit = name): Promise<void> {
  await button(page, name).click();
  for (const [label, text] of Object.entries(fields)) await dialogOf(page).getByLabel(label).fill(text);
  await button(dialogOf(page), submit).click();
}

let trace = '';
let held = '';

test('a theft is reported while the victim speaks: what cannot be read is said in words, and its trace opens', async () => {
  const { page } = duty;
  await duty.go('/report');
  await page.getByLabel('Victim’s account').fill('TH:901:5555555555');
  await page.getByLabel('Amount').fill('120,000');
  await page.getByLabel('When').fill(said(Date.now() - 5 * minuteMs));
  await page.getByLabel('To which account').fill('TH:902:6666666666');
  await button(page, 'Add a payment').click();
  await page.getByLabel('Amount').nth(1).fill('80000.50');
  await page
    .getByLabel('When')
    .nth(1)
    .fill(said(Date.now() - 4 * minuteMs));
  await page.getByLabel('To which account').nth(1).fill('not an account');
  await page.getByRole('combobox', { name: 'Kind of fraud' }).fill('offic');
  await page.getByRole('option', { name: 'impersonation of officials' }).click();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').waitFor();
  expect(await refusalOf(page)).toContain('Say at which bank the account is.');
  await page.getByLabel('To which account').nth(1).fill('TH:903:7777777777');
  await button(page, 'Open the trace').click();
  await page.waitForURL('**/traces/*');
  trace = new URL(page.url()).pathname.split('/').at(-1)!;
  await button(page, 'Hold all that can be held (2)').first().waitFor();
  const found = await read(`/v1/traces/${trace}`);
  expect([found.amount, found.typology]).toEqual([{ value: '20000050', currency: 'THB' }, 'impersonation-official']);
  expect(await statesOf(trace)).toEqual(['proposed', 'proposed']);
  expect(duty.faults).toEqual([]);
});

test('all that can be held is held by one act and one approval; whoever looks knows that it waits', async () => {
  const { page } = duty;
  await page.locator('h1').click();
  await page.keyboard.press('h');
  const dialog = dialogOf(page);
  await dialog.getByText('A second person must agree').waitFor();
  expect(await dialog.innerText()).toContain('The hold ends by itself after 3 days: suspension.');
  await button(dialog, 'Hold 2 accounts').click();
  await closed(page);
  expect(await statesOf(trace)).toEqual(['proposed', 'proposed']);
  await second.turn(`/traces/${trace}`);
  await second.page.getByText('Proposed by').waitFor();
  expect(await button(second.page, 'Hold all that can be held (2)').count()).toBe(0);
  await agreedBy(second, page);
  expect(await statesOf(trace)).toEqual(['ordered', 'ordered']);
  await page
    .getByRole('row', { name: /^ordered/ })
    .nth(1)
    .waitFor();
  expect([duty.faults, second.faults]).toEqual([[], []]);
});

test('a clerk answers that a part is held and the rest gone, and the officer sees it without a reload', async () => {
  const { page } = clerk;
  const order = page.locator('li', { hasText: '6666 66' });
  await order.getByRole('link', { name: 'Hold an amount' }).click();
  await page.getByText('signature is good').waitFor();
  await page.getByRole('radio', { name: 'carried out in part' }).check();
  await page.getByLabel('You hold').fill('50000');
  await page.getByLabel('No longer there').fill('70,000');
  await page.getByLabel('Your file number').fill('K-17');
  await button(page, 'Send the answer').click();
  await page.getByText('The answer was sent.').waitFor();
  const row = duty.page.getByRole('row', { name: /^held in part/ });
  await row.waitFor();
  expect(await textOf(row)).toContain('THB 120,000.00 THB 50,000.00 2 days 23 hr');
  const hold = (await holdsOf(trace)).find(({ state }) => state === 'partly')!;
  expect([hold.held.value, hold.gone.value]).toEqual(['5000000', '7000000']);
  held = hold.id;
  expect([duty.faults, clerk.faults]).toEqual([[], []]);
});

test('another bank refuses on a telephone’s screen and says why; the officer orders again', async () => {
  const { page } = otherClerk;
  await otherClerk.turn('/institution/orders');
  await page.getByRole('link', { name: 'Hold an amount' }).click();
  await page.getByRole('radio', { name: 'refused' }).check();
  expect(await button(page, 'Send the answer').isEnabled()).toBe(false);
  await page.getByLabel('Why you refuse').selectOption('the form of the order is not right');
  await settled(page);
  expect(await overflowOf(page)).toEqual([]);
  await button(page, 'Send the answer').click();
  await duty.page.getByText('the form of the order is not right').waitFor();
  expect(await statesOf(trace)).toEqual(['partly', 'refused']);
  await act(duty.page, 'Order again', {}, 'Hold 1 account');
  await closed(duty.page);
  await agreedBy(second, duty.page);
  expect(await statesOf(trace)).toEqual(['ordered', 'partly']);
  await duty.page.getByRole('row', { name: /^ordered/ }).waitFor();
  expect([duty.faults, otherClerk.faults]).toEqual([[], []]);
});

test('a hold goes on only by the word that the law asks for: first a complaint, then a court', async () => {
  const { page } = duty;
  await duty.turn(`/holds/${held}`);
  const stages = page.getByRole('row', { name: /complaint.*7 days/ }).first();
  expect(await stages.innerText()).toContain('a complaint at the police');
  await act(page, 'Extend', {});
  await page.getByRole('alert').waitFor();
  expect(await refusalOf(page)).toContain('only with a complaint at the police');
  await page.keyboard.press('Escape');
  await closed(page);
  const complaint = { 'Number of the complaint': 'BKK 17/2569', 'Filed at': typed(Date.now() + 60 * minuteMs) };
  await act(page, 'Complaint at the police', complaint, 'Enter the complaint');
  await page.getByRole('alert').waitFor();
  expect(await refusalOf(page)).toContain('cannot have been filed in the future');
  await dialogOf(page)
    .getByLabel('Filed at')
    .fill(typed(Date.now() - 2 * minuteMs));
  await button(dialogOf(page), 'Enter the complaint').click();
  await closed(page);
  expect(await holdOf(held)).toMatchObject({ stage: 'complaint', complaint: 'BKK 17/2569' });
  await button(page, 'Extend').click();
  await dialogOf(page).getByRole('radio', { name: 'an order of a court' }).check();
  await dialogOf(page).getByLabel('Number of the court').fill('Black 88/2569');
  await button(dialogOf(page), 'Extend').click();
  await closed(page);
  const { stage, court, until } = await holdOf(held);
  expect([stage, court]).toEqual(['court-order', 'Black 88/2569']);
  expect(Date.parse(until!)).toBeGreaterThan(Date.now() + 180 * dayMs);
  expect(duty.faults).toEqual([]);
});

test('a court seizes and then confiscates: two officers each time, and the bank confirms that the order ended', async () => {
  const { page } = duty;
  await act(page, 'Seize', { 'Number of the court': 'Red 90/2569' });
  await page.getByText('Nothing has been done yet').first().waitFor();
  expect((await holdOf(held)).state).toBe('partly');
  await agreedBy(second, page);
  await button(page, 'Confiscate').waitFor();
  // It is the court's now: whoever wants it back asks the court.
  expect(await page.getByRole('link', { name: 'Lodge an appeal' }).count()).toBe(0);
  const { state, order } = await holdOf(held);
  expect(state).toBe('seized');
  await clerk.turn(`/institution/orders/${order}`);
  await act(clerk.page, 'Confirm the end', {});
  await closed(clerk.page);
  expect((await read(`/v1/orders/${order}`)).order.ended).toMatchObject({ why: 'seized', court: 'Red 90/2569' });
  expect((await holdOf(held)).confirmedAt).toBeDefined();
  await act(page, 'Confiscate', { 'Number of the court': 'Red 91/2569' });
  await closed(page);
  await page.getByText('Nothing has been done yet').first().waitFor();
  await agreedBy(second, page);
  expect((await holdOf(held)).state).toBe('confiscated');
  expect([duty.faults, second.faults, clerk.faults]).toEqual([[], [], []]);
});

test('what was confiscated goes back to its victims in proportion, when two officers decided it', async () => {
  const { page } = second;
  await second.turn(`/holds/${held}`);
  await page.getByRole('link', { name: 'Return to victims' }).click();
  await button(page, 'Take them from the reports').click();
  expect(await page.getByLabel('Account of the victim').inputValue()).toBe('TH:901:5555555555');
  expect(await page.getByLabel('Lost').inputValue()).toBe('200,000.50');
  await button(page, 'Add a claim').click();
  await page.getByLabel('Account of the victim').nth(1).fill('nobody’s');
  await page.getByLabel('Lost').nth(1).fill('100000');
  await button(page, 'Open a return').click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Account of the victim').nth(1).fill('TH:901:8888888888');
  await button(page, 'Open a return').click();
  await button(page, 'Decide the return').waitFor();
  const path = `/v1${new URL(page.url()).pathname}`;
  expect(await textOf(page.getByRole('row', { name: /901 5555/ }))).toContain('THB 33,333.36');
  await act(page, 'Decide the return', { 'Decision of the court': 'Red 99/2569' });
  await closed(page);
  await page.getByText('Nothing has been done yet').first().waitFor();
  expect((await read(path)).state).toBe('open');
  await agreedBy(third, page);
  expect(await read(path)).toMatchObject({ state: 'decided', decidedBy: ['officer:second', 'officer:supervisor'] });
  await second.go(path.slice('/v1'.length));
  const unpaid = page.getByRole('button', { name: /was paid$/ });
  for (const [paid, reference] of ['KTB-1', 'KTB-2'].entries()) {
    await expect.poll(() => unpaid.count()).toBe(2 - paid);
    await unpaid.first().click();
    await dialogOf(page).getByLabel('Reference of the payment').fill(reference);
    await button(dialogOf(page), 'Enter the payment').click();
    await closed(page);
  }
  const { state, claims } = await read(path);
  expect([state, claims.map((claim: { reference: string }) => claim.reference)]).toEqual(['paid', ['KTB-1', 'KTB-2']]);
  expect((await holdOf(held)).state).toBe('returned');
  expect((await read(`/v1/traces/${trace}`)).returned.value).toBe('5000000');
  expect([second.faults, third.faults]).toEqual([[], []]);
});

test('a hold is released with grounds when a second person agrees, and never without grounds', async () => {
  const { page } = duty;
  const id = (await holdsOf(trace)).find(({ state }) => state === 'ordered')!.id;
  await duty.turn(`/holds/${id}`);
  await button(page, 'Release').click();
  expect(await button(dialogOf(page), 'Release').isEnabled()).toBe(false);
  await dialogOf(page).getByText('A second person must agree').waitFor();
  await dialogOf(page).getByLabel('Reason').fill('It is the account of a shelter.');
  await button(dialogOf(page), 'Release').click();
  await closed(page);
  await page.getByText('Nothing has been done yet').first().waitFor();
  await second.turn(`/holds/${id}`);
  await second.page.getByText('Proposed by').waitFor();
  await agreedBy(second, page);
  expect(await holdOf(id)).toMatchObject({ state: 'released', ended: 'officer' });
  await page.getByText('It is the account of a shelter.').waitFor();
  expect([duty.faults, second.faults]).toEqual([[], []]);
});

test('an order by hand is issued, answered, withdrawn with grounds, and its end confirmed', async () => {
  const { page } = duty;
  await duty.turn('/orders/new');
  await page.getByLabel('Account or number').fill('TH:902:6666666666');
  await page.getByLabel('In force until').fill(typed(Date.now() - 60 * minuteMs));
  await button(page, 'Issue the order').click();
  await page.getByRole('alert').waitFor();
  expect(await refusalOf(page)).toContain('The order would end in the past');
  await page.getByLabel('In force until').fill(typed(Date.now() + 10 * dayMs));
  await page.getByLabel('Instruction').fill('Keep the opening documents too.');
  await button(page, 'Issue the order').click();
  await button(page, 'Withdraw').waitFor();
  const order = new URL(page.url()).pathname;
  await clerk.turn(`/institution${order}`);
  await clerk.page.getByText('Keep the opening documents too.').waitFor();
  await clerk.page.getByRole('radio', { name: 'carried out in full' }).check();
  await button(clerk.page, 'Send the answer').click();
  await page.getByText('carried out in full').first().waitFor();
  await act(page, 'Withdraw', { Reason: 'The case is over.' });
  await closed(page);
  expect((await read(`/v1${order}`)).order.ended.why).toBe('withdrawn');
  await page.getByText('not confirmed yet').waitFor();
  await act(clerk.page, 'Confirm the end', {});
  await page.getByText('not confirmed yet').waitFor({ state: 'detached' });
  expect((await read(`/v1${order}`)).order.ended.confirmedAt).toBeDefined();
  expect([duty.faults, clerk.faults]).toEqual([[], []]);
});

test('the picture of the money fits a telephone and a sheet of paper', async () => {
  const visit = await world.open({ officer: 'second', password }, { width: 390, dark: true });
  const { page } = visit;
  await visit.go(`/traces/${trace}`);
  await page.locator('.flow-box').first().waitFor();
  expect(await overflowOf(page)).toEqual([]);
  await page.locator('.flow-box').nth(1).click();
  await page.locator('.flow-side').waitFor();
  expect(await overflowOf(page)).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 794, height: 1123 });
  expect(await page.locator('.desk-nav').isVisible()).toBe(false);
  expect(await page.locator('.flow-box').first().isVisible()).toBe(true);
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('an order that nobody answers is reminded, and late in the officer’s list', async () => {
  const { page } = duty;
  await duty.turn('/orders?overdue=yes');
  await page.getByText('No order is here').waitFor();
  aheadMs = 31 * minuteMs;
  const late = page.getByRole('row', { name: /Hold an amount.*THB 480,000\.00/ });
  await late.getByRole('link').first().click();
  await page.getByText('Late since').waitFor();
  await page.getByText('reminded').first().waitFor();
  const { reminders, lateAt } = await read(`/v1${new URL(page.url()).pathname}`);
  expect(reminders).toBeGreaterThan(0);
  expect(lateAt).toBeDefined();
  expect(duty.faults).toEqual([]);
});

test('a trace is followed by another method, telling the person is put off, and then the trace is closed for good', async () => {
  const { page } = second;
  const [id, hold] = [world.things.ids['/v1/traces'], world.things.ids['/v1/holds']];
  await second.turn(`/traces/${id}`);
  await button(page, 'Change the method').click();
  await dialogOf(page).getByLabel('first in, first out').check();
  await dialogOf(page).getByLabel('Grounds').fill('So the court decides in such cases.');
  await button(dialogOf(page), 'Change the method').click();
  await page.getByText('The trace is followed by the new method.').waitFor();
  expect((await read(`/v1/traces/${id}`)).method).toBe('first-in-first-out');
  await second.turn(`/holds/${hold}`);
  const until = typed(Date.now() + aheadMs + 26 * 60 * minuteMs);
  await act(page, 'Tell the person later', { Reason: 'He would move the rest.', 'Put off until': until });
  await page.getByText('The notice is put off.').waitFor();
  await page.getByText('He would move the rest.').first().waitFor();
  await second.turn(`/traces/${id}`);
  await act(page, 'Close the trace', { Grounds: 'Nothing moves any more.' }, 'Close for good');
  await page.getByText('The trace is closed. Its holds go on.').waitFor();
  expect((await read(`/v1/traces/${id}`)).state).toBe('closed');
  expect(await button(page, 'Close the trace').count()).toBe(0);
  expect(second.faults).toEqual([]);
});
