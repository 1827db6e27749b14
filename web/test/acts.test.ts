import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDeskWorld, settled, type DeskWorld, type Person } from './desk.ts';
import { examplesOf } from './examples.ts';

let world: DeskWorld;
let duty: Person;
let second: Person;
let examples: Readonly<Record<string, string>>;

/** Runs nothing if texts are texts. */
const hostile = `<img src=x onerror="document.title='ran'"><script>document.title='ran'</script>`;

beforeAll(async () => {
  world = await openDeskWorld();
  duty = await world.officer('th', 'duty', ['duty-officer', 'analyst']);
  second = await world.officer('th', 'second-person', ['supervisor', 'liaison', 'administrator', 'auditor']);
  examples = await examplesOf(world);
});
afterAll(() => world.close());

test('an officer works the queue from the keyboard alone: sign in, go there, take, close as right, undo', async () => {
  const visit = await world.open(undefined);
  const { page } = visit;
  const { keyboard } = page;
  await visit.go('/');
  await page.locator('input[autocomplete="username"]').focus();
  await keyboard.type(duty.officer);
  await keyboard.press('Tab');
  await keyboard.type(duty.password);
  await keyboard.press('Enter');
  await page.locator('.desk-nav').waitFor();
  await settled(page);
  await keyboard.press('g');
  await keyboard.press('a');
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/alerts/);
  await settled(page);
  await page.locator('tbody tr[data-index]').first().waitFor();
  await page.locator('.list[tabindex="0"]').first().focus();
  await keyboard.press('j');
  await keyboard.press('t');
  await page.getByText('taken by you').first().waitFor();
  await keyboard.press('x');
  await expect.poll(async () => (await stateOfAlert()).state).toBe('closed');
  expect((await stateOfAlert()).outcome).toBe('acted');
  expect(visit.faults).toEqual([]);
  await visit.close();
});

async function stateOfAlert(): Promise<{ state: string; outcome: string }> {
  const path = `/v1${examples['/alerts/{-$id}']}`;
  return (await world.alliance.of('th').must('GET', path, undefined, world.things.supervisor)).alert;
}

test('anything pasted into the search leads to its page', async () => {
  const visit = await world.open(duty);
  const { page } = visit;
  await visit.go('/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('๐๘๑-๒๓๔-๕๖๗๘');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => decodeURIComponent(new URL(page.url()).pathname)).toBe('/identifiers/phone:+66812345678');
  await settled(page);
  await page.getByText('three victims named it').first().waitFor();
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('an act that waits for a second person is approved by another at the desk, and is done then', async () => {
  const visit = await world.open(second);
  const { page } = visit;
  await visit.go(examples['/approvals/$id']!);
  await page
    .getByRole('button', { name: /Approve/ })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  const hold = `/v1${examples['/holds/$id']}`;
  await expect
    .poll(async () => (await world.alliance.of('th').must('GET', hold, undefined, world.things.supervisor)).hold.state)
    .toBe('released');
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('what people wrote is shown as text, whatever it is', async () => {
  const { must } = world.alliance.of('th');
  const { supervisor, ids } = world.things;
  await must('POST', '/v1/offices', { id: 'hostile', name: hostile.slice(0, 190), kind: 'other' });
  await must('POST', '/v1/officers', { id: 'hostile', office: 'hostile', name: hostile.slice(0, 190), roles: [] });
  const quota = { perSecond: 1, burst: 1 };
  await must('POST', '/v1/institutions', { id: 'hostile', name: hostile.slice(0, 190), kind: 'bank', quota });
  await must('POST', '/v1/watches', { pattern: 'phone:+6681*', note: hostile }, supervisor);
  const listing = {
    identifier: 'hostile.example.com',
    tier: 'observed',
    typologies: ['infrastructure'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: hostile,
    audience: ['kh'],
    handling: { tlp: 'AMBER', conditions: [] },
  };
  await must('POST', '/v1/registry/listings', listing, supervisor);
  const story = { language: 'en', text: hostile };
  const paid = {
    from: 'account:TH:901:1111111112',
    to: 'account:TH:902:2222222222',
    amount: { value: '100', currency: 'THB' },
    at: new Date().toISOString(),
  };
  const { traces } = await must(
    'POST',
    '/v1/reports',
    { typology: 'impersonation-official', payments: [paid], story, victim: { name: hostile.slice(0, 190) } },
    supervisor,
  );
  const visit = await world.open(
    await world.officer('th', 'reads-all', [
      'supervisor',
      'analyst',
      'administrator',
      'auditor',
      'liaison',
      'duty-officer',
    ]),
  );
  const screens = [
    '/offices',
    '/institutions',
    '/watches',
    '/listings',
    '/identifiers/domain%3Ahostile.example.com',
    `/traces/${traces[0]}`,
    `/requests/${ids['/v1/requests']}`,
    '/approvals',
    '/changes',
  ];
  for (const path of screens) {
    await visit.go(path);
    expect(await visit.page.title(), path).not.toContain('ran');
    expect(await visit.page.locator('img[src="x"]').count(), path).toBe(0);
  }
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('a bank without an API team signs in with its key, sees its orders and checks a number', async () => {
  const visit = await world.open(undefined);
  const { page } = visit;
  await visit.go('/');
  await page.getByText('Institution', { exact: true }).click();
  const key = world.things.bank['authorization']!.replace('Bearer ', '');
  await page.locator('input[type="password"]').fill(key);
  await page.locator('input[autocomplete="name"]').fill('A clerk');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/institution');
  await settled(page);
  await visit.turn('/institution/orders');
  await page.locator('tbody tr[data-index]').first().waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(key);
  const answer = await visit.context.request.get(`${visit.address}/v1/traces`, { headers: { 'drum-desk': '1' } });
  expect(answer.status()).toBe(403);
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('the browser verifies the journal by itself', async () => {
  const visit = await world.open(second);
  const { page } = visit;
  await visit.go('/journal?at=th/kh%2Bth&number=0');
  await page
    .getByText(/verified|holds/i)
    .first()
    .waitFor();
  expect(visit.faults).toEqual([]);
  await visit.close();
});
