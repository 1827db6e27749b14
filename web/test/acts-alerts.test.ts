import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDeskWorld, type DeskWorld, type Person, type Visit } from './desk.ts';

/** What an officer does with alerts, listings and appeals, by mouse and keys, and what the server has of it then. */

let world: DeskWorld;
let duty: Person;
let analyst: Person;
let supervisor: Person;
let desk: Visit;

beforeAll(async () => {
  world = await openDeskWorld();
  duty = await world.officer('th', 'duty', ['duty-officer', 'analyst']);
  analyst = await world.officer('th', 'analyst', ['analyst', 'duty-officer']);
  supervisor = await world.officer('th', 'second-person', ['supervisor']);
  desk = await world.open(duty);
  await desk.go('/');
});
afterAll(() => world.close());

const ask = (path: string, method = 'GET', body?: unknown): Promise<any> =>
  world.alliance.of('th').must(method, path, body, world.things.supervisor);

const accountOf = (number: number): string => `account:TH:902:${String(7_000_000_000 + number)}`;

/** The bank reports payments to these accounts, each with more of its own. */
async function report(numbers: readonly number[], more: object): Promise<void> {
  const lines = numbers.map((number) => ({
    id: crypto.randomUUID(),
    at: new Date().toISOString(),
    from: 'account:TH:901:3333333333',
    to: accountOf(number),
    amount: { value: '120000', currency: 'THB' },
    channel: 'mobile',
    ...more,
  }));
  const answer = await fetch(`${world.alliance.of('th').address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...world.things.bank, 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
  expect(answer.status).toBe(200);
}

/** Reports payments to these accounts as fraud; the ids of the alerts that follow, in the same order. */
async function alertsAbout(...numbers: readonly number[]): Promise<string[]> {
  await report(numbers, { suspicion: { typology: 'mule-account', confirmed: false } });
  return Promise.all(
    numbers.map((number) =>
      vi.waitFor(
        async () => {
          const { alerts } = await ask(`/v1/alerts?subject=${encodeURIComponent(accountOf(number))}`);
          expect(alerts).toHaveLength(1);
          return alerts[0].id as string;
        },
        { timeout: 20_000, interval: 100 },
      ),
    ),
  );
}

const alertOf = async (id: string) => (await ask(`/v1/alerts/${id}`)).alert;
const deedsOf = async (id: string): Promise<string[]> =>
  (await ask(`/v1/alerts/${id}`)).history.map(({ what }: { what: string }) => what);

const listingsOf = async (key: string) => (await ask(`/v1/registry/identifiers/${encodeURIComponent(key)}`)).listings;

/** Fills in what a listing cannot do without. */
async function claim(visit: Visit, tier: string, grounds: string): Promise<void> {
  const { page } = visit;
  await page.getByLabel('Strength of evidence').selectOption(tier);
  await page.getByRole('combobox', { name: 'Kinds of fraud' }).click();
  await page.locator('[role="option"]:visible').first().click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Grounds').fill(grounds);
}

const button = (name: string | RegExp, visit = desk) => visit.page.getByRole('button', { name });

test('an alert is put off until later and taken up again before', async () => {
  const [id] = await alertsAbout(1);
  await desk.turn(`/alerts/${id}`);
  await button(/^Put off/).click();
  await desk.page
    .getByRole('dialog')
    .getByRole('button', { name: /1 hour/ })
    .click();
  await desk.page
    .getByText(/put off until/)
    .first()
    .waitFor();
  await expect.poll(async () => (await alertOf(id!)).state).toBe('snoozed');
  await button(/^Take/).click();
  await desk.page.getByText('taken by you').first().waitFor();
  expect(await alertOf(id!)).toMatchObject({ state: 'taken', owner: 'duty', snoozedUntil: null });
  expect(await deedsOf(id!)).toEqual(['snoozed', 'taken']);
  expect(desk.faults).toEqual([]);
});

test('an alert is closed as wrong with a note, and opened again', async () => {
  const [id] = await alertsAbout(2);
  await desk.go(`/alerts/${id}`);
  await button(/^Close with a note/).waitFor();
  await desk.page.keyboard.press('m');
  const dialog = desk.page.getByRole('dialog');
  await dialog.getByLabel('Wrong: unfounded').check();
  await dialog.getByLabel('Note').fill('The payer knows the shop.');
  await dialog.getByRole('button', { name: 'Close the alert' }).click();
  await expect.poll(async () => (await alertOf(id!)).state).toBe('closed');
  expect(await alertOf(id!)).toMatchObject({ outcome: 'unfounded', note: 'The payer knows the shop.' });
  await desk.turn(`/alerts/${id}`);
  await desk.page.getByText('The payer knows the shop.').first().waitFor();
  await button('Reopen').click();
  await desk.page.getByText('The alert is open again.').waitFor();
  expect(await alertOf(id!)).toMatchObject({ state: 'new', outcome: null });
  expect(desk.faults).toEqual([]);
});

test('several alerts are marked and closed at once; what somebody else has taken is refused by name', async () => {
  const ids = await alertsAbout(11, 12, 13);
  await world.alliance.of('th').must('POST', `/v1/alerts/${ids[2]}/take`, {}, world.things.supervisor);
  await desk.turn('/alerts?sort=newest');
  for (const number of [11, 12, 13])
    await desk.page.getByRole('checkbox', { name: new RegExp(`Mark .*7000 0000 ${number}`) }).click();
  await desk.page.getByText('3 marked').waitFor();
  const bar = desk.page.getByRole('toolbar', { name: 'Act on all that are marked' });
  await bar.getByRole('button', { name: 'Wrong' }).click();
  await desk.page.getByText('1 alert was not changed:').waitFor();
  await desk.page
    .getByText(/supervisor/)
    .first()
    .waitFor();
  expect((await alertOf(ids[0]!)).outcome).toBe('unfounded');
  expect((await alertOf(ids[1]!)).outcome).toBe('unfounded');
  expect((await alertOf(ids[2]!)).state).toBe('taken');
  await button('Undo').last().click();
  await desk.page.getByText('2 alerts opened again.').waitFor();
  expect((await alertOf(ids[0]!)).state).toBe('new');
  expect(desk.faults).toEqual([]);
});

test('an alert is handed to an officer who may act on it, with a word to them', async () => {
  const [id] = await alertsAbout(22);
  await desk.go(`/alerts/${id}`);
  await button(/^Hand over/).waitFor();
  await desk.page.keyboard.press('h');
  const dialog = desk.page.getByRole('dialog');
  const offered = dialog.getByLabel(/^To\b/).locator('option');
  await expect.poll(async () => (await offered.allInnerTexts()).join()).toContain('Officer analyst');
  expect((await offered.allInnerTexts()).join()).not.toContain('Officer duty');
  await dialog.getByLabel(/^To\b/).selectOption('analyst');
  await dialog.getByLabel('Note').fill('Look at the second payment.');
  await dialog.getByRole('button', { name: 'Hand over' }).click();
  await desk.page.getByText('The alert is handed over.').waitFor();
  await desk.page.getByText('handed to analyst').waitFor();
  await desk.page.getByText('Look at the second payment.').waitFor();
  expect(await alertOf(id!)).toMatchObject({ state: 'taken', owner: 'analyst' });
  expect(desk.faults).toEqual([]);
});

test('a trace is opened from an alert: the account is filled in, and each shows the other', async () => {
  const [id] = await alertsAbout(41);
  const { page } = desk;
  await desk.turn(`/alerts/${id}`);
  await page.getByRole('link', { name: 'A trace' }).click();
  await page.getByText('From an alert').waitFor();
  await expect.poll(() => page.getByLabel('To which account').inputValue()).toBe(accountOf(41));
  await page.getByLabel('Victim’s account').fill('account:TH:901:4444444444');
  await page.getByLabel('Amount').first().fill('120,000');
  await page.getByLabel('When').first().fill('00:01');
  await page.getByRole('combobox', { name: 'Kind of fraud' }).click();
  await page.locator('[role="option"]:visible').first().click();
  await button('Open the trace').click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/traces\//);
  const trace = new URL(page.url()).pathname.slice('/traces/'.length);
  expect((await ask(`/v1/traces/${trace}`)).reports).toMatchObject([{ alert: id }]);
  await page.getByRole('link', { name: id!.slice(-8) }).click();
  await page.getByText('made of it').waitFor();
  await page.getByRole('link', { name: trace.slice(-8) }).waitFor();
  expect(desk.faults).toEqual([]);
});

test('a request is drafted from an alert: what it is about is filled in, and each shows the other', async () => {
  const [id] = await alertsAbout(42);
  const { page } = desk;
  await desk.turn(`/alerts/${id}`);
  await page.getByRole('link', { name: 'A request' }).click();
  await page.getByRole('combobox', { name: 'Other country' }).selectOption('kh');
  await page
    .getByLabel(/Question/)
    .first()
    .fill('Who holds it?');
  await page.getByLabel('Why it is needed').fill('It took the money of a victim.');
  await button('Save and check').click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/requests\/[0-9a-f-]{36}$/);
  const request = new URL(page.url()).pathname.slice('/requests/'.length);
  await page.locator(`a[href="/alerts/${id}"]`).first().click();
  await page.getByText('made of it').waitFor();
  await page.getByRole('link', { name: request.slice(-8) }).waitFor();
  expect(desk.faults).toEqual([]);
});

test('what an alert is about is listed from it, and the alert says so', async () => {
  const [id] = await alertsAbout(43);
  const { page } = desk;
  await desk.turn(`/alerts/${id}`);
  await page.getByRole('link', { name: 'A listing' }).click();
  expect(await page.getByLabel('Identifiers, one on each line').inputValue()).toBe(accountOf(43));
  await claim(desk, 'complaint', 'It took the money of a victim.');
  await button('List 1 identifier').click();
  await page.getByText('listed', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Back to the alert' }).click();
  await page.getByText('made of it').waitFor();
  expect(await listingsOf(accountOf(43))).toMatchObject([{ state: 'listed', book: 'alliance' }]);
  expect(desk.faults).toEqual([]);
});

test('a view of the queue is saved, opened as it was, and deleted', async () => {
  await desk.turn('/alerts');
  await desk.page.getByLabel('Priority').selectOption('P2');
  await desk.page.getByLabel('Order').selectOption('newest');
  await expect.poll(() => new URL(desk.page.url()).search).toContain('priority=P2');
  await button('Saved views').click();
  await desk.page.getByLabel('Name of the view').fill('Night watch');
  await button('Save this view').click();
  await desk.page.getByText('is saved').waitFor();
  await desk.go('/alerts');
  await button('Saved views').click();
  await button('Night watch').first().click();
  await expect.poll(() => new URL(desk.page.url()).search).toBe('?priority=P2&sort=newest');
  await button('Saved views').click();
  await button('Delete the view “Night watch”').click();
  await desk.page.getByText('is deleted').waitFor();
  const profile = await desk.context.request.get(`${desk.address}/v1/desk/profile`);
  expect((await profile.json()).views).toEqual([]);
  expect(desk.faults).toEqual([]);
});

test('two officers on one alert see each other, and what one does the other sees', async () => {
  const [id] = await alertsAbout(21);
  const other = await world.open(analyst);
  await desk.turn(`/alerts/${id}`);
  await other.go(`/alerts/${id}`);
  await desk.page.getByText(/Officer analyst, since/).waitFor();
  await other.page.getByText(/Officer duty, since/).waitFor();
  await button(/^Take/, other).click();
  await desk.page.getByText('taken by analyst').first().waitFor();
  await button(/^Wrong/).click();
  await desk.page
    .locator('.toasts')
    .getByText(/analyst/)
    .waitFor();
  expect(await alertOf(id!)).toMatchObject({ state: 'taken', owner: 'analyst' });
  expect([...desk.faults, ...other.faults]).toEqual([]);
  await other.close();
});

test('a watch is set from an alert, finds what it was set for, and is ended', async () => {
  const [id] = await alertsAbout(31);
  await desk.turn(`/alerts/${id}`);
  await desk.page.getByRole('link', { name: 'A watch' }).click();
  await desk.page.getByText(/Matches this alone/).waitFor();
  await desk.page.getByLabel('Note').fill('The brother of the first one');
  await button('Watch it').click();
  await desk.page.getByText('The watch is set.').waitFor();
  await desk.page.getByText('The brother of the first one').waitFor();
  await report([31], {});
  const codes = async (): Promise<string[]> => (await alertOf(id!)).reasons.map(({ code }: { code: string }) => code);
  await expect.poll(codes, { timeout: 20_000 }).toContain('watch.activity');
  await button('End').click();
  await desk.page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await desk.page.getByText('You watch nothing').waitFor();
  expect(desk.faults).toEqual([]);
});

test('an identifier is listed for one other member: who will see it is said before, and it stands at their server', async () => {
  const { page } = desk;
  await desk.turn('/list');
  await page.getByLabel('Identifiers, one on each line').fill('๐๙๒-๓๔๕-๖๗๘๙');
  await page.getByText('+66 923 456 789').waitFor();
  await button('List 1 identifier').click();
  await page.getByText('Choose the strength of evidence.').waitFor();
  await page.getByText('Say whether the number really called.').waitFor();
  await claim(desk, 'complaint', 'Two people were called from it.');
  await page.getByLabel('The number really called').check();
  await page.getByLabel('Some members').check();
  await page.getByLabel('Cambodia').check();
  await page.getByText('It will be visible to: Thailand and Cambodia. No other member will see it.').waitFor();
  await page.getByText('Institutions that ask about it will be warned.').waitFor();
  await button('List 1 identifier').click();
  await page.getByText('1 of 1 answered').waitFor();
  await page.getByText('listed', { exact: true }).waitFor();
  expect(await listingsOf('phone:+66923456789')).toMatchObject([{ book: 'kh+th', tier: 'complaint', state: 'listed' }]);
  const abroad = world.alliance.of('kh');
  const reader = await abroad.as('supervisor');
  await expect
    .poll(
      async () =>
        (await abroad.must('GET', '/v1/registry/identifiers/phone%3A%2B66923456789', undefined, reader)).listings,
      { timeout: 20_000 },
    )
    .toMatchObject([{ member: 'th', grounds: 'Two people were called from it.' }]);
  expect(desk.faults).toEqual([]);
});

test('of many lines the bad ones are named, and what the server refuses says why', async () => {
  const { page } = desk;
  await desk.go('/list');
  await page
    .getByLabel('Identifiers, one on each line')
    .fill('bad-shop.example.com\n092 345 6789\nnot an identifier at all\nbad-shop.example.com');
  await page.getByText('not readable').waitFor();
  await page.getByText('same as line 1').waitFor();
  await button(/^List/).click();
  await page.getByText('1 line cannot be read yet.').waitFor();
  await page.getByLabel('Identifiers, one on each line').fill('bad-shop.example.com\n092 345 6789');
  await claim(desk, 'complaint', 'Two people were called from it.');
  await page.getByLabel('The number really called').check();
  await button('List 2 identifiers').click();
  await page.getByText('2 of 2 answered').waitFor();
  await page.getByText('refused', { exact: true }).waitFor();
  await page.getByText(/already listed|stands already|listed already/i).waitFor();
  expect(await listingsOf('domain:bad-shop.example.com')).toHaveLength(1);
  expect(desk.faults).toEqual([]);
});

test('a court’s listing waits for a second person, who approves it at another desk', async () => {
  const { page } = desk;
  const key = 'domain:bad-shop.example.com';
  await desk.turn(`/identifiers/${encodeURIComponent(key)}`);
  await button(/^Change$/).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Strength of evidence').selectOption('court');
  await dialog.getByLabel('Grounds').fill('Order 12 of the criminal court');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await page.getByText('Nothing is done yet: a second person must approve it.').waitFor();
  expect(await listingsOf(key)).toMatchObject([{ tier: 'complaint' }]);
  const approval = await page.getByRole('link', { name: 'Open the approval' }).getAttribute('href');
  const other = await world.open(supervisor);
  await other.go(approval!);
  await button(/Approve/, other)
    .first()
    .click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect
    .poll(() => listingsOf(key))
    .toMatchObject([{ tier: 'court', grounds: 'Order 12 of the criminal court' }]);
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('Order 12 of the criminal court').first().waitFor();
  expect([...desk.faults, ...other.faults]).toEqual([]);
  await other.close();
});

test('a listing is withdrawn with its grounds, and has ended abroad too', async () => {
  const { page } = desk;
  const key = 'phone:+66923456789';
  const abroad = world.alliance.of('kh');
  const reader = await abroad.as('supervisor');
  await desk.turn(`/identifiers/${encodeURIComponent(key)}`);
  await button('Withdraw').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Institutions are no longer warned by it/).waitFor();
  await dialog.getByLabel('Grounds').fill('It belongs to the victims’ aunt.');
  await dialog.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('The listing is withdrawn.').waitFor();
  expect(await listingsOf(key)).toMatchObject([{ state: 'withdrawn' }]);
  await expect
    .poll(
      async () =>
        (await abroad.must('GET', `/v1/registry/identifiers/${encodeURIComponent(key)}`, undefined, reader)).listings,
      { timeout: 20_000 },
    )
    .toMatchObject([{ state: 'withdrawn' }]);
  expect(desk.faults).toEqual([]);
});

test('a file is imported: looked at before, paused, gone on with, and its bad rows are downloaded with the reason', async () => {
  const { page } = desk;
  const rows = Array.from({ length: 4000 }, (_, at) => `198.51.${Math.floor(at / 250)}.${at % 250},seen at ${at}`);
  rows.splice(10, 0, '999.1.1.1,wrong');
  await desk.turn('/imports/new');
  await page.locator('input[type="file"]').setInputFiles({
    name: 'feed.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`address,why\n${rows.join('\n')}\n`),
  });
  await page.getByText('The first rows').waitFor();
  await page.getByText('198.51.0.0').first().waitFor();
  await page.getByLabel('Source', { exact: false }).first().fill('night feed');
  await page.getByLabel('All are of the type').selectOption('ip');
  await claim(desk, 'observed', 'named by the feed');
  await page.getByLabel('At home only').check();
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route('**/batches', async (route) => held.then(() => route.continue()));
  await button('Start the import').click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/imports\/[0-9a-f-]{36}$/);
  await button('Pause').click();
  await page.getByText('Paused', { exact: true }).waitFor();
  goOn();
  await button('Go on').click();
  await page.getByText('Finished', { exact: true }).first().waitFor();
  await page.unroute('**/batches');
  await page.getByText('1 row was refused').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download as CSV').click()]);
  expect(download.suggestedFilename()).toBe('feed.csv.refused.csv');
  expect(await readFile(await download.path(), 'utf8')).toContain('999.1.1.1');
  const { imports } = await ask('/v1/registry/imports?limit=1');
  expect(imports[0]).toMatchObject({ source: 'night feed', taken: 4000, refused: 1, state: 'finished' });
  expect(desk.faults).toEqual([]);
});

test('an account’s neighbours are walked by the table beside the graph', async () => {
  const { page } = desk;
  await desk.turn(`/identifiers/${encodeURIComponent('account:TH:901:3333333333')}?tab=neighbours`);
  await page.getByText(/at most/).waitFor();
  const table = page.getByRole('region', { name: 'Money between accounts' });
  await table.focus();
  await page.keyboard.press('j');
  await page.getByText(/Shortest way back: 1 step/).waitFor();
  await button('Show its neighbours').click();
  await page.getByText('Its neighbours are shown.').waitFor();
  expect(desk.faults).toEqual([]);
});

test('an appeal against a listing is written down by one officer and upheld by another: the listing ends', async () => {
  const { page } = desk;
  const key = 'domain:bad-shop.example.com';
  const [listing] = await listingsOf(key);
  await desk.turn(`/identifiers/${encodeURIComponent(key)}`);
  await page.getByRole('link', { name: 'Lodge an appeal' }).click();
  await page.getByLabel('Who appeals, and how to reach them').fill('The shop’s owner, 02 000 0000');
  await page.getByLabel('What the person says').fill('I sell shoes.');
  await button('Lodge the appeal').click();
  await page.getByText('The appeal is lodged').waitFor();
  const { appeals } = await ask('/v1/appeals?state=lodged');
  expect(appeals).toMatchObject([{ act: { kind: 'listing', id: listing.id }, lodgedBy: 'officer:duty' }]);
  const other = await world.open(await world.officer('th', 'decides', ['supervisor']));
  await other.go('/appeals');
  await other.page.getByRole('link', { name: 'bad-shop.example.com' }).click();
  await other.page
    .getByText(/To be decided in/)
    .first()
    .waitFor();
  await button('Uphold and release', other).click();
  const dialog = other.page.getByRole('dialog');
  await dialog.getByText(/The listing ends at once/).waitFor();
  await dialog.getByLabel('Reasons').fill('The papers of the shop were shown.');
  await dialog.getByRole('button', { name: 'Uphold and release' }).click();
  await other.page.getByText('The act has ended.', { exact: true }).waitFor();
  await expect.poll(() => listingsOf(key)).toMatchObject([{ state: 'released' }]);
  expect([...desk.faults, ...other.faults]).toEqual([]);
  await other.close();
});

test('other limits of a detector are tried on what was reported before anybody asks for them', async () => {
  const { page } = desk;
  await desk.turn('/detectors/pass-through');
  await button('Try other limits').click();
  await page.getByLabel('Mode').selectOption('shadow');
  await button('Try it').click();
  await expect.poll(() => new URL(page.url()).search).toContain('replay=');
  await page.getByText('This was a trial. Nothing has changed').waitFor();
  const { replays } = await ask('/v1/detection/replays');
  expect(replays).toMatchObject([{ officer: 'duty', state: 'done' }]);
  expect(desk.faults).toEqual([]);
});
