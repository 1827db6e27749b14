import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestAlliance, type TestAlliance } from '../../server/src/journeys/test-alliance.ts';
import { openBrowser } from './browser.ts';
import { addOfficer, visit, type Visit } from './desk.ts';

/** China's law asks for an approval before what concerns a person leaves the country; Thailand would read it. */
let alliance: TestAlliance;
let browser: Browser;
let lister: Visit;
let approver: Visit;

beforeAll(async () => {
  [alliance, browser] = await Promise.all([openTestAlliance(['cn', 'th']), openBrowser()]);
  const china = alliance.of('cn');
  const at = china.address;
  lister = await visit(browser, at, await addOfficer(china, 'jun', ['duty-officer', 'analyst']), {});
  approver = await visit(browser, at, await addOfficer(china, 'lan', ['supervisor']), {});
});
afterAll(async () => {
  await browser?.close();
  await alliance?.close();
});

/** What Thailand has of an identifier. */
const abroad = async (key: string): Promise<any[]> => {
  const th = alliance.of('th');
  return (
    await th.must('GET', `/v1/registry/identifiers/${encodeURIComponent(key)}`, undefined, await th.as('supervisor'))
  ).listings;
};

/** Lists an account for the alliance at the desk; the approval that it waits for. */
async function list(account: string): Promise<string> {
  const { page } = lister;
  await lister.go('/list');
  await page.getByLabel('Identifiers, one on each line').fill(account);
  await page.getByLabel('Strength of evidence').selectOption('complaint');
  await page.getByRole('combobox', { name: 'Kinds of fraud' }).click();
  await page.locator('[role="option"]:visible').first().click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Grounds').fill('Two people paid into it.');
  await page.getByLabel('All members').check();
  await page.getByText('An officer may have to approve that it leaves the country.').waitFor();
  await page.getByRole('button', { name: 'List 1 identifier' }).click();
  await page.getByText('It is said at home. It leaves the country when an officer approves that.').waitFor();
  return (await page.getByRole('link', { name: 'Open the approval' }).getAttribute('href'))!;
}

test('what concerns a person leaves the country once another officer has approved it', async () => {
  const key = 'account:CN:102:6222021234567801';
  const approval = await list(key);
  await approver.go('/exports');
  const row = approver.page.locator('tbody tr[data-index]').first();
  await row.getByText('waits for approval').waitFor();
  await row.getByRole('link', { name: 'Open the approval' }).click();
  expect(new URL(approver.page.url()).pathname).toBe(approval);
  await approver.page.getByText(/^Let the listing of .* leave the country/).waitFor();
  expect(await abroad(key)).toEqual([]);
  await approver.page
    .getByRole('button', { name: /^Approve/ })
    .first()
    .click();
  await approver.page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
  await expect.poll(() => abroad(key), { timeout: 20_000 }).toMatchObject([{ member: 'cn', tier: 'complaint' }]);
  await approver.go('/exports?state=approved');
  await approver.page.locator('tbody tr[data-index]', { hasText: 'approved' }).first().waitFor();
});

test('what is not approved stays at home, and both desks say so', async () => {
  const key = 'account:CN:102:6222021234567802';
  const approval = await list(key);
  await approver.go(approval);
  await approver.page.keyboard.press('x');
  await approver.page.getByRole('dialog').getByLabel('Note').fill('The bank has not confirmed it.');
  await approver.page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click();
  await lister.go('/exports');
  await lister.page.locator('tbody tr[data-index]', { hasText: 'rejected' }).first().waitFor();
  await lister.go(`/identifiers/${encodeURIComponent(key)}`);
  await lister.page.getByText('Two people paid into it.').first().waitFor();
  expect(await abroad(key)).toEqual([]);
  expect([...lister.faults, ...approver.faults]).toEqual([]);
});
