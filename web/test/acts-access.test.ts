import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestHouse } from '../../server/src/journeys/test-house.ts';
import { systemClock } from '../../server/src/kernel/clock.ts';
import { openDb, type Db } from '../../server/src/platform/db.ts';
import { openDeskWorld, settled, visit, type DeskWorld, type Person, type Visit } from './desk.ts';

const password = 'seven drums over the river';

let world: DeskWorld;
let db: Db | undefined;
let chief: Person;
let desk: Visit;

beforeAll(async () => {
  world = await openDeskWorld();
  const { databaseUrl } = world.alliance.of('th');
  db = openDb({ address: { url: databaseUrl }, connectionsMax: 1, onError: () => undefined });
  chief = await world.officer('th', 'chief', ['administrator', 'supervisor', 'auditor']);
  desk = await world.open(chief);
});
afterAll(async () => {
  await db?.close();
  await world?.close();
});

const must = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  world.alliance.of('th').must(method, path, body, headers);

const dialogOf = (page: Page): Locator => page.getByRole('dialog');
const buttonOf = (place: Page | Locator, name: string | RegExp): Locator =>
  place.getByRole('button', { name, exact: true });

async function choose(page: Page, text: string): Promise<void> {
  await page.locator('tbody tr[data-index]', { hasText: text }).first().click();
}

/** What is shown once, read off the page; then it is put away. */
async function readOnce(page: Page): Promise<string> {
  const shown = page.locator('.shown-once-secret');
  const secret = (await shown.textContent())!;
  await buttonOf(page, 'I have kept it').click();
  await shown.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(secret);
  return secret;
}

/** The code, and the password that it sets. */
async function signInOnce(page: Page, code: string): Promise<void> {
  await page.getByLabel('One-time code').fill(code);
  await page.getByLabel('New password').fill(password);
  await page.keyboard.press('Enter');
}

test('an office and an officer are added; the code is shown once, and the officer comes in by it', async () => {
  const { page } = desk;
  await desk.go('/offices?tab=offices');
  await buttonOf(page, 'Add an office').click();
  await dialogOf(page).getByLabel('Name', { exact: false }).first().fill('Border unit');
  await dialogOf(page).getByLabel('Short name').fill('national-centre');
  await buttonOf(dialogOf(page), 'Add').click();
  await dialogOf(page).getByRole('alert').waitFor();
  await dialogOf(page).getByLabel('Short name').fill('border-unit');
  await buttonOf(dialogOf(page), 'Add').click();
  await page.getByText('The office Border unit is added.').waitFor();
  await page.getByRole('tab', { name: 'Officers' }).click();
  await buttonOf(page, 'Add an officer').click();
  const form = dialogOf(page);
  await form.getByLabel('Name', { exact: false }).first().fill('Malee');
  await form.getByLabel('Short name').fill('malee');
  await form.getByLabel('Office', { exact: true }).selectOption('border-unit');
  await form.getByRole('checkbox', { name: 'Duty officer' }).check();
  await buttonOf(form, 'Add').click();
  const code = await readOnce(page);
  const { officers } = await must('GET', '/v1/officers?limit=200');
  expect(officers).toContainEqual(
    expect.objectContaining({ id: 'malee', office: 'border-unit', roles: ['duty-officer'], canSignIn: false }),
  );
  const malee = await world.open(undefined);
  await malee.go('/approvals');
  await malee.page.getByText('First time').click();
  await signInOnce(malee.page, code);
  await malee.page.locator('.desk-nav').waitFor();
  expect(new URL(malee.page.url()).pathname).toBe('/approvals');
  expect(malee.faults).toEqual([]);
  await malee.close();
  expect(desk.faults).toEqual([]);
});

test('whoever administers alone cannot take that role from themselves, and reads why', async () => {
  const { page } = desk;
  const { officers } = await must('GET', '/v1/officers?limit=200');
  for (const { id, roles } of officers as { id: string; roles: string[] }[])
    if (id !== 'chief' && roles.includes('administrator')) await must('PATCH', `/v1/officers/${id}`, { active: false });
  await desk.go('/offices?at=chief');
  await buttonOf(page, 'Change').click();
  const form = dialogOf(page);
  await form.getByRole('checkbox', { name: 'Administrator' }).uncheck();
  await form.getByText('Takes away: Administrator.').waitFor();
  await buttonOf(form, 'Save').click();
  await form.getByText('This is the last administrator.').waitFor();
  await buttonOf(form, 'Cancel').click();
  expect(desk.faults).toEqual([]);
});

test('an officer is shut out at once; what they typed waits until they come in by a new code', async () => {
  const { page } = desk;
  const malee = await world.open({ officer: 'malee', password });
  await malee.go('/report');
  await malee.page.getByRole('textbox').last().fill('a victim called at night');
  await desk.go('/offices?at=malee');
  await buttonOf(page, 'Deactivate').click();
  await dialogOf(page).getByText('Sessions and password end at once').waitFor();
  await buttonOf(dialogOf(page), 'Deactivate').click();
  await page.getByText('Malee is not active any more.').waitFor();
  await malee.page.getByRole('link', { name: 'Holds', exact: true }).click();
  const gate = dialogOf(malee.page);
  await gate.getByText('Your session is over').waitFor();
  await gate.locator('input[type="password"]').fill(password);
  await malee.page.keyboard.press('Enter');
  await gate.getByRole('alert').waitFor();
  await buttonOf(page, 'Activate with a new code').click();
  const code = await readOnce(page);
  await buttonOf(gate, 'I was given a new one-time code').click();
  await malee.page.getByText('First time').click();
  await signInOnce(malee.page, code);
  await malee.page.locator('.desk-nav').waitFor();
  await malee.turn('/report');
  expect(await valuesOf(malee.page)).toContain('a victim called at night');
  expect(malee.faults).toEqual([]);
  await malee.close();
  expect(desk.faults).toEqual([]);
});

const valuesOf = (page: Page): Promise<string[]> =>
  page.getByRole('textbox').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));

test('an institution gets a key that is shown once, works, and opens nothing once it is revoked', async () => {
  const { page } = desk;
  await desk.go('/institutions');
  await buttonOf(page, 'Add an institution').click();
  const form = dialogOf(page);
  await form.getByLabel('Name', { exact: false }).first().fill('Mekong Savings');
  await form.getByLabel('Short name').fill('mekong-savings');
  await form.getByLabel('Its own customers').fill('account:TH:077:');
  await buttonOf(form, 'Add').click();
  await page.getByText('Mekong Savings is added.').waitFor();
  await buttonOf(page, 'Issue a key').click();
  await buttonOf(dialogOf(page), 'Issue a key').click();
  const key = await readOnce(page);
  const screen = () =>
    fetch(`${desk.address}/v1/orders`, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
  expect(await screen()).toBe(200);
  await buttonOf(page, 'Revoke').click();
  await dialogOf(page).getByText('cannot be brought back').waitFor();
  await buttonOf(dialogOf(page), 'Revoke').click();
  await page.getByText('The key is revoked.').waitFor();
  expect(await screen()).toBe(401);
  const { keys } = await must('GET', '/v1/institutions/mekong-savings/keys');
  expect(keys).toMatchObject([{ state: 'revoked' }]);
  expect(desk.faults).toEqual([]);
});

test('an institution that is switched off can be switched on again at once', async () => {
  const { page } = desk;
  await desk.go('/institutions?at=mekong-savings');
  await buttonOf(page, 'Deactivate').click();
  await buttonOf(dialogOf(page), 'Deactivate').click();
  await page.getByText('Mekong Savings is not active any more.').waitFor();
  const stateOf = async (): Promise<boolean> =>
    (await must('GET', '/v1/institutions?limit=200')).institutions.find(
      ({ id }: { id: string }) => id === 'mekong-savings',
    ).active;
  expect(await stateOf()).toBe(false);
  await page.locator('.toasts, [role="status"]').getByRole('button', { name: 'Activate' }).click();
  await expect.poll(stateOf).toBe(true);
  expect(desk.faults).toEqual([]);
});

test('an address is told of what happens; what could not be delivered is told, tried again, and can be switched off', async () => {
  let status = 503;
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(status).end()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/drum`;
  const { page } = desk;
  await desk.go('/webhooks?institution=mekong-savings');
  await buttonOf(page, 'Add an address').click();
  const form = dialogOf(page);
  await form.getByLabel('Address', { exact: false }).first().fill(url);
  await buttonOf(form, 'Add').click();
  expect(await readOnce(page)).not.toBe('');
  await choose(page, url);
  await buttonOf(page, 'Send a test').click();
  await page.getByText('A test is on its way.').waitFor();
  await page.getByText('answered 503').waitFor();
  const stateOf = async () => (await must('GET', '/v1/webhooks?institution=mekong-savings')).webhooks[0];
  expect(await stateOf()).toMatchObject({ url, active: true });
  expect((await stateOf()).failures).toBeGreaterThan(0);
  status = 204;
  // Switched off and on again, what waits goes out at once.
  await buttonOf(page, 'Switch off').click();
  await page.getByText('Nothing is sent there any more. What comes waits.').waitFor();
  expect(await stateOf()).toMatchObject({ active: false });
  await buttonOf(page, 'Switch on').click();
  await expect.poll(async () => (await stateOf()).deliveredAt).toBeDefined();
  await page.getByText('delivered', { exact: true }).waitFor();
  await new Promise((resolve) => server.close(resolve));
  expect(desk.faults).toEqual([]);
});

const listing = (identifier: string) => ({
  identifier,
  sighting: 'originating',
  tier: 'court',
  typologies: ['impersonation-official'],
  offence: 'telecom-online-fraud',
  grading: { source: 'A', information: 1 },
  grounds: 'the court named it',
  audience: ['kh'],
  handling: { tlp: 'AMBER', conditions: [] },
});

/** Proposes by Thailand's supervisor what needs a second person. */
async function propose(identifier: string): Promise<string> {
  const { proposal } = await must('POST', '/v1/registry/listings', listing(identifier), world.things.supervisor);
  expect(proposal).toBeDefined();
  return proposal;
}

const approvalOf = async (id: string): Promise<{ state: string; note: string | null }> =>
  must('GET', `/v1/approvals/${id}`, undefined, world.things.supervisor);

test('two desks see each other’s proposals at once: approved, rejected with its reason, and taken back', async () => {
  const niran = await world.open(await world.officer('th', 'niran', ['supervisor', 'analyst']));
  const { page } = niran;
  await desk.go('/approvals');
  const rows = desk.page.locator('tbody tr[data-index]');
  expect(await rows.count()).toBe(0);
  const approved = await propose('+66 81 000 0001');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  await niran.go(`/approvals/${approved}`);
  await desk.turn(`/approvals/${approved}`);
  await buttonOf(page, /^Approve/).click();
  await buttonOf(dialogOf(page), 'Approve').click();
  await desk.page.getByText('Decided by', { exact: true }).waitFor();
  expect(await approvalOf(approved)).toMatchObject({ state: 'approved', decidedBy: 'niran' });
  const rejected = await propose('+66 81 000 0002');
  await desk.turn(`/approvals/${rejected}`);
  await niran.turn(`/approvals/${rejected}`);
  await desk.page.keyboard.press('x');
  const form = dialogOf(desk.page);
  expect(await buttonOf(form, 'Reject').isDisabled()).toBe(true);
  await form.getByLabel('Note').fill('The judgment is of another number.');
  await buttonOf(form, 'Reject').click();
  await page.getByText('The judgment is of another number.').waitFor();
  expect(await approvalOf(rejected)).toMatchObject({ state: 'rejected', decidedBy: 'chief' });
  const own = await niran.context.request.post(`${niran.address}/v1/registry/listings`, {
    data: listing('+66 81 000 0003'),
    headers: { 'drum-desk': '1', 'drum-purpose': 'investigation' },
  });
  const { proposal } = (await own.json()) as { proposal: string };
  await desk.turn('/approvals');
  await rows.first().waitFor();
  await niran.turn(`/approvals/${proposal}`);
  await buttonOf(page, 'Withdraw the proposal').click();
  await buttonOf(dialogOf(page), 'Withdraw the proposal').click();
  await expect.poll(() => rows.count()).toBe(0);
  await page.getByText('withdrawn', { exact: true }).first().waitFor();
  expect(niran.faults).toEqual([]);
  await niran.close();
  expect(desk.faults).toEqual([]);
});

test('what nobody decided in time cannot be approved any more, and the page says what to do', async () => {
  const { page } = desk;
  const late = await propose('+66 81 000 0004');
  await desk.go(`/approvals/${late}`);
  await page.keyboard.press('a');
  await dialogOf(page).getByLabel('Note').fill('seen');
  await db!.query(`UPDATE access.proposals SET decide_by = now() - interval '1 minute' WHERE id = $1`, [late]);
  await buttonOf(dialogOf(page), 'Approve').click();
  await dialogOf(page).getByText('this proposal has lapsed').waitFor();
  expect((await approvalOf(late)).state).toBe('lapsed');
  await buttonOf(dialogOf(page), 'Cancel').click();
  await page.getByText('lapsed: nobody decided in time').first().waitFor();
  expect(desk.faults).toEqual([]);
});

test('an auditor finds who read what about whom, in any spelling, by server and not by page', async () => {
  const { page } = desk;
  await desk.go('/reads');
  const rows = page.locator('tbody tr[data-index]');
  await page.getByLabel('About').fill('๐๘๑-๐๐๐-๐๐๐๑');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('about')).toBe('phone:+66810000001');
  const found = async (query: string): Promise<{ actor: string; subject: string; purpose: string }[]> => {
    const answer = await desk.context.request.get(`${desk.address}/v1/access/reads?limit=100&${query}`);
    return ((await answer.json()) as { reads: { actor: string; subject: string; purpose: string }[] }).reads;
  };
  const about = await found('about=phone%3A%2B66810000001');
  expect(about.length).toBeGreaterThan(0);
  expect(new Set(about.map(({ subject }) => subject))).toEqual(new Set(['phone:+66810000001']));
  await expect.poll(() => rows.count()).toBe(about.length);
  await page.getByLabel('Who', { exact: true }).fill('niran');
  await page.keyboard.press('Enter');
  const by = await found('about=phone%3A%2B66810000001&who=niran');
  expect(by.length).toBeLessThan(about.length);
  await expect.poll(() => rows.count()).toBe(by.length);
  await page.getByLabel('Purpose').selectOption('appeal');
  await page.getByText('Nobody has read anything like this').waitFor();
  await buttonOf(page, 'Clear').click();
  await rows.first().waitFor();
  expect(desk.faults).toEqual([]);
});

test('the policy in force is shown with its dates, in words and as written, and says that no desk changes it', async () => {
  const { page } = desk;
  const { versions, today } = (await (await desk.context.request.get(`${desk.address}/v1/policy`)).json()) as {
    versions: { from: string; policy: { secondPerson: { decideWithinHours: number } } }[];
    today: number;
  };
  await desk.go('/policy');
  await page.getByText('nobody can change it here').waitFor();
  expect(await page.getByLabel('Rules', { exact: true }).inputValue()).toBe(versions[today]!.from);
  await page.getByText('As written').click();
  const raw = await page.locator('pre.access-raw').textContent();
  expect(JSON.parse(raw!)).toEqual(versions[today]!.policy);
  expect(desk.faults).toEqual([]);
});

test('how an officer wants their desk holds at once, and in every other browser', async () => {
  const rathana = await world.officer('th', 'rathana', ['duty-officer']);
  const here = await world.open(rathana);
  const { page } = here;
  await here.go('/profile');
  await page.getByLabel('Years').selectOption('buddhist');
  await page.getByLabel('Colours').selectOption('dark');
  await page.getByLabel('Lines of lists').selectOption('roomy');
  await page.getByLabel('Time zone', { exact: false }).first().fill('Yangon');
  await page.getByRole('option', { name: 'Asia/Yangon' }).click();
  await page.getByLabel('Language', { exact: true }).selectOption('km');
  const chosen = { language: 'km', calendar: 'buddhist', theme: 'dark', density: 'roomy', timeZone: 'Asia/Yangon' };
  const kept = async (): Promise<unknown> => (await here.context.request.get(`${here.address}/v1/desk/profile`)).json();
  await expect.poll(kept).toMatchObject(chosen);
  const there = await world.open(rathana, { width: 390 });
  await there.go('/profile');
  for (const window of [page, there.page]) {
    await window.getByRole('heading', { level: 1, name: 'ប្រវត្តិរូប និងសម័យចូល' }).waitFor();
    const root = window.locator('html');
    await expect.poll(() => root.getAttribute('data-mantine-color-scheme')).toBe('dark');
    expect([await root.getAttribute('lang'), await root.getAttribute('data-density')]).toEqual(['km', 'roomy']);
    // The browser knows no Khmer: the month is one of our own words all the same.
    await window
      .getByText(new RegExp(`^\\d+ (${khmerMonths}) ${new Date().getUTCFullYear() + 543}, `))
      .first()
      .waitFor();
    expect(await window.getByText(/\bM\d\d\b/).count()).toBe(0);
  }
  expect([...here.faults, ...there.faults]).toEqual([]);
  await Promise.all([here.close(), there.close()]);
});

const khmerMonths = 'មករា|កុម្ភៈ|មីនា|មេសា|ឧសភា|មិថុនា|កក្កដា|សីហា|កញ្ញា|តុលា|វិច្ឆិកា|ធ្នូ';

test('an officer ends a session of theirs that runs elsewhere; there the desk asks who it is', async () => {
  const [here, there] = [
    await world.open({ officer: 'malee', password }),
    await world.open({ officer: 'malee', password }),
  ];
  await there.go('/approvals');
  await here.go('/profile');
  const ends = buttonOf(here.page, 'End');
  for (let left = await ends.count(); left > 0; left -= 1) {
    await ends.first().click();
    await expect.poll(() => ends.count()).toBe(left - 1);
  }
  await there.page.getByRole('link', { name: 'Holds', exact: true }).click();
  await dialogOf(there.page).getByText('Your session is over').waitFor();
  await dialogOf(there.page).locator('input[type="password"]').fill(password);
  await there.page.keyboard.press('Enter');
  await dialogOf(there.page).waitFor({ state: 'detached' });
  await settled(there.page);
  expect(new URL(there.page.url()).pathname).toBe('/holds');
  expect([...here.faults, ...there.faults]).toEqual([]);
  await Promise.all([here.close(), there.close()]);
});

test('an act of weight asks for the password again and is done then; so is one whose session ended meanwhile', async () => {
  const { page } = desk;
  const add = async (id: string, meanwhile: string, said: string): Promise<void> => {
    await desk.go('/offices');
    await buttonOf(page, 'Add an officer').click();
    const form = dialogOf(page);
    await form.getByLabel('Name', { exact: false }).first().fill(`Officer ${id}`);
    await form.getByLabel('Short name').fill(id);
    await form.getByRole('checkbox', { name: 'Analyst' }).check();
    await db!.query(`UPDATE access.sessions SET ${meanwhile} WHERE officer = 'chief'`);
    await buttonOf(form, 'Add').click();
    const gate = dialogOf(page).filter({ hasText: said });
    await gate.locator('input[type="password"]').fill('not the password');
    await page.keyboard.press('Enter');
    await gate.getByRole('alert').waitFor();
    await gate.locator('input[type="password"]').fill(chief.password);
    await page.keyboard.press('Enter');
    expect(await readOnce(page)).not.toBe('');
    expect((await must('GET', '/v1/officers?limit=200')).officers).toContainEqual(expect.objectContaining({ id }));
  };
  await add('by-step-up', `stepped_up_at = now() - interval '1 hour'`, 'Prove that it is you');
  await add('by-new-session', `seen_at = now() - interval '1 day'`, 'Your session is over');
  expect(desk.faults).toEqual([]);
});

test('the browser proves an entry by itself, and says so when one byte of the answer was changed', async () => {
  const { page } = desk;
  const entry = '/journal?at=th/kh%2Bth&number=0';
  await desk.go(entry);
  await page.getByText('This entry stands in the book and says exactly this.').waitFor();
  const changes: readonly (readonly [string, (proof: any) => void])[] = [
    [
      'The text is not the one that was committed to.',
      ({ entry: said }) => (said.text = said.text.replace('th', 'kh')),
    ],
    ['The leaf is not of this commitment.', (proof) => (proof.leafHash = flipped(proof.leafHash))],
    ['The signature of the checkpoint is not the author’s.', (proof) => (proof.checkpoint = forged(proof.checkpoint))],
  ];
  for (const [said, change] of changes) {
    await page.route('**/v1/journal/proof?**', async (route) => {
      const proof = await (await route.fetch()).json();
      change(proof);
      await route.fulfill({ json: proof });
    });
    await desk.go(entry);
    await page.getByText('This proof does not hold. Do not rely on this entry.').waitFor();
    await page.getByText(said).waitFor();
    await page.unroute('**/v1/journal/proof?**');
  }
  await desk.go('/journal');
  await buttonOf(page, 'Check').first().click();
  await page.getByText('Everything that was checked holds.').waitFor();
  await page.route('**/v1/journal/books', async (route) => {
    const answer = await (await route.fetch()).json();
    for (const book of answer.books) book.root = flipped(book.root);
    await route.fulfill({ json: answer });
  });
  await desk.go('/journal');
  await buttonOf(page, 'Check').first().click();
  await page.getByText('Something does not hold.').waitFor();
  await page.unroute('**/v1/journal/books');
  expect(desk.faults).toEqual([]);
});

test('nobody has ever signed in: the code that the server printed opens the first administrator’s desk, once', async () => {
  const newcomers = await openTestHouse(systemClock, { member: 'la' });
  const { code } = newcomers.firstRun!;
  const first = await visit(world.browser, newcomers.address, undefined, {});
  const { page } = first;
  await first.go('/');
  await page.getByRole('heading', { name: 'Set up this server' }).waitFor();
  await signInOnce(page, `${code}x`);
  await page.getByRole('alert').waitFor();
  await signInOnce(page, code);
  await page.locator('.desk-nav').waitFor();
  const session = await first.context.request.get(`${first.address}/v1/desk/session`);
  expect(await session.json()).toMatchObject({ officer: 'administrator', member: 'la' });
  expect(first.faults).toEqual([]);
  const late = await visit(world.browser, newcomers.address, undefined, {});
  await late.go('/');
  expect(await late.page.getByText('Set up this server').count()).toBe(0);
  await late.page.getByText('First time').click();
  await signInOnce(late.page, code);
  await late.page.getByRole('alert').waitFor();
  expect(late.faults).toEqual([]);
  await Promise.all([first.close(), late.close()]);
  await newcomers.close();
});

/** One bit of what stands in base64 is another. */
function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  bytes[0]! ^= 1;
  return bytes.toString('base64');
}

/** A note with the last byte of its signature changed. */
function forged(note: string): string {
  const signature = Buffer.from(note.trimEnd().split(' ').at(-1)!, 'base64');
  signature[signature.length - 1]! ^= 1;
  return `${note.trimEnd().split(' ').slice(0, -1).join(' ')} ${signature.toString('base64')}\n`;
}
