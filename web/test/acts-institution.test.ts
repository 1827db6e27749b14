import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBank } from '../../server/src/journeys/funds-one-of-each.ts';
import { openDeskWorld, overflowOf, settled, type DeskWorld, type Visit } from './desk.ts';

let world: DeskWorld;
let clerk: Visit;
let otherBank: Readonly<Record<string, string>>;
/** How far the servers' clock is ahead. */
let aheadMs = 0;

const minuteMs = 60_000;
const mule = 'account:TH:903:3434343434';

beforeAll(async () => {
  world = await openDeskWorld({ clock: { now: () => Date.now() + aheadMs } });
  otherBank = await openBank(world.alliance.of('th'), 'other', 'account:TH:903:');
  clerk = await world.open(undefined);
  await clerk.signInAs(world.things.bank);
});
afterAll(() => world.close());

const read = (path: string) => world.alliance.of('th').must('GET', path, undefined, world.things.supervisor);
const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true });

/** What the browser saved when this was pressed. */
async function savedBy(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const upload = (page: Page, name: string, text: string): Promise<void> =>
  page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('a bank reports the theft from its customer, and the money is followed at once', async () => {
  const { page } = clerk;
  await clerk.turn('/institution/report');
  await page.getByLabel('Victim’s account').fill('TH:902:1212121212');
  await page.getByLabel('To which account').fill('nowhere');
  await page.getByLabel('Amount').fill('๒๕,๐๐๐');
  await page.getByLabel('When').fill('00:01');
  expect(await button(page, 'Send the report').isEnabled()).toBe(false);
  await page.getByRole('combobox', { name: 'Kind of fraud' }).fill('invest');
  await page.getByRole('option', { name: 'investment scam' }).click();
  await button(page, 'Send the report').click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').innerText()).toContain('Say at which bank the account is.');
  await page.getByLabel('To which account').fill('TH:903:3434343434');
  await button(page, 'Send the report').click();
  await page.getByText('The money is being followed now.').waitFor();
  const { traces } = await read(`/v1/traces?account=${encodeURIComponent(mule)}`);
  expect(traces).toMatchObject([{ amount: { value: '2500000', currency: 'THB' }, typology: 'investment-scam' }]);
  expect(clerk.faults).toEqual([]);
});

test('a number is checked, then a list with one that cannot be read, then a file whose results are saved', async () => {
  const { page } = clerk;
  const listing = {
    identifier: mule,
    tier: 'observed',
    typologies: ['mule-account'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'seen twice',
    audience: ['kh'],
    handling: { tlp: 'AMBER', conditions: [] },
  };
  await world.alliance.of('th').must('POST', '/v1/registry/listings', listing, world.things.supervisor);
  await clerk.turn('/institution/screen');
  await page.getByLabel('Account, telephone').fill('TH:903:3434343434');
  await expect
    .poll(async () => {
      await button(page, 'Check').click();
      await page.getByText('This is so at').waitFor();
      return page.locator('.institution-verdict').innerText();
    })
    .toContain('mule account');
  await page.getByText('A list', { exact: true }).click();
  await page.getByLabel('Paste lines').fill('TH:903:3434343434\nrubbish\n+66 81 999 9999');
  await button(page, 'Check 3 lines').click();
  await page.getByText('3 in all').waitFor();
  expect(await page.locator('tbody tr[data-index]').first().innerText()).toMatch(/2\s+Not read\s+rubbish/);
  await upload(page, 'list.csv', 'account,amount\nTH:903:3434343434,3\nTH:902:7777777777,5\n');
  await button(page, 'Check the file').click();
  await page.getByText('2 in all').waitFor();
  const [, first, second] = (await savedBy(page, 'Save as a table')).split('\n');
  expect(first).toMatch(new RegExp(`^2,TH:903:3434343434,${mule},watch,observed,mule-account,th,`));
  expect(second).toMatch(/^3,TH:902:7777777777,account:TH:902:7777777777,clear,/);
  expect(clerk.faults).toEqual([]);
});

test('orders are saved as a table, and the answers of that table are taken row by row', async () => {
  const { page } = clerk;
  await clerk.turn('/institution/orders');
  await page.locator('tbody tr[data-index]').first().waitFor();
  const order = world.things.ids['/v1/orders'];
  const [head, ...rows] = (await savedBy(page, 'Save as a table')).trim().split(/\r?\n/);
  expect(head).toContain('id,');
  const other = rows.find((row) => !row.startsWith(order))!.split(',')[0];
  await page.getByRole('link', { name: 'Send answers in a file' }).click();
  await upload(page, 'answers.csv', `id,outcome\n${order},placed\n${other},perhaps\n`);
  await button(page, 'Send the answers').click();
  await page.getByText('1 answered').waitFor();
  await page.getByText('1 not taken').waitFor();
  expect((await read(`/v1/holds/${world.things.ids['/v1/holds']}`)).hold.state).toBe('held');
  expect(clerk.faults).toEqual([]);
});

test('a bank is alerted to what another bank suspects of its customer, and goes on from there to a check', async () => {
  const { page } = clerk;
  await clerk.turn('/institution/alerts');
  await page.getByText('Choose an alert').waitFor();
  const payment = {
    id: 'suspected-1',
    at: new Date().toISOString(),
    from: mule,
    to: 'account:TH:902:2222222222',
    amount: { value: '120000', currency: 'THB' },
    channel: 'mobile',
    suspicion: { typology: 'mule-account', confirmed: false },
  };
  const told = await fetch(`${world.alliance.of('th').address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...otherBank, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify(payment),
  });
  expect(told.status).toBe(200);
  await page.locator('tbody tr[data-index]', { hasText: '2222 22' }).click();
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  await page.getByRole('link', { name: 'Check it' }).click();
  await expect.poll(() => page.getByLabel('Account, telephone').inputValue()).toContain('2222222222');
  expect(clerk.faults).toEqual([]);
});

test('after a day the bank is to tell its customer that money is held; it prints the letter and says that it was delivered', async () => {
  aheadMs = 24 * 60 * minuteMs + minuteMs;
  const visit = await world.open(undefined, { width: 390 });
  const { page } = visit;
  await visit.signInAs(world.things.bank);
  await visit.turn('/institution/notices');
  await page.locator('tbody a').first().click();
  await page.locator('.letter').first().waitFor();
  await settled(page);
  expect(await overflowOf(page)).toEqual([]);
  await button(page, 'It was delivered').click();
  await button(page.getByRole('dialog'), 'Yes, it was delivered').click();
  await page.waitForURL('**/institution/notices');
  // The officers' sessions ended a day ago; the bank's key did not.
  expect(
    (await world.alliance.of('th').must('GET', '/v1/holds/notices', undefined, world.things.bank)).notices,
  ).toEqual([]);
  expect(visit.faults).toEqual([]);
  await visit.close();
});
