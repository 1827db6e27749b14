import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriersOf, openDeskWorld, overflowOf, settled, type DeskWorld, type Person } from './desk.ts';

let world: DeskWorld;
let duty: Person;

beforeAll(async () => {
  world = await openDeskWorld();
  duty = await world.officer('th', 'duty', ['duty-officer']);
});
afterAll(() => world.close());

test('an officer signs in with a password; a wrong one is refused in words and leaves what was typed', async () => {
  const visit = await world.open(undefined);
  const { page } = visit;
  await visit.go('/alerts');
  await page.locator('input[autocomplete="username"]').fill('duty');
  await page.locator('input[autocomplete="current-password"]').fill('something else entirely');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const refused = page.getByRole('alert');
  await refused.waitFor();
  expect(await refused.textContent()).not.toMatch(/unauthenticated\b.*unauthenticated/);
  expect(await page.locator('input[autocomplete="username"]').inputValue()).toBe('duty');
  await page.locator('input[autocomplete="current-password"]').fill(duty.password);
  await page.keyboard.press('Enter');
  await page.locator('.desk-nav').waitFor();
  // The address that was asked for, not the opening page.
  expect(new URL(page.url()).pathname).toBe('/alerts');
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('a new officer sets a password with the one-time code', async () => {
  const { must } = world.alliance.of('th');
  const { code } = await must('POST', '/v1/officers', {
    id: 'new-one',
    office: 'national-centre',
    name: 'New',
    roles: ['analyst'],
  });
  const visit = await world.open(undefined);
  const { page } = visit;
  await visit.go('/');
  await page.getByText('First time').click();
  await page.getByLabel('One-time code').fill(code);
  await page.getByLabel('New password').fill('correct horse battery staple');
  await page.keyboard.press('Enter');
  await page.locator('.desk-nav').waitFor();
  expect(visit.faults).toEqual([]);
  await visit.close();
});

test('a session that ends is asked for again over the page, and nothing that was typed is lost', async () => {
  const visit = await world.open(duty);
  const { page, context, address } = visit;
  await visit.go('/report');
  await page.getByRole('textbox').last().fill('a victim called');
  await context.request.delete(`${address}/v1/desk/session`, { headers: { 'drum-desk': '1' } });
  await page.goto(`${address}/report`);
  await page.locator('input[autocomplete="username"]').fill(duty.officer);
  await page.locator('input[autocomplete="current-password"]').fill(duty.password);
  await page.keyboard.press('Enter');
  await page.locator('.desk-nav').waitFor();
  await settled(page);
  const values = await page
    .getByRole('textbox')
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
  expect(values).toContain('a victim called');
  await visit.close();
});

test('the session is a cookie that no script reads and no other page uses', async () => {
  const visit = await world.open(duty);
  const { page, context, address } = visit;
  await visit.go('/');
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ name: 'drum-th', httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const statuses = await page.evaluate(async () => {
    const bare = await fetch('/v1/watches', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"pattern":"phone:+6681*"}',
    });
    const own = await fetch('/v1/watches', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'drum-desk': '1', 'drum-purpose': 'alert' },
      body: '{"pattern":"phone:+6681*"}',
    });
    return [((await bare.json()) as { code?: string }).code, own.status];
  });
  expect(statuses).toEqual(['forbidden.cross-site', 201]);
  const foreign = await context.request.post(`${address}/v1/watches`, {
    data: { pattern: 'phone:+6682*' },
    headers: { 'drum-desk': '1', 'drum-purpose': 'alert', 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' },
  });
  expect(await foreign.json()).toMatchObject({ code: 'forbidden.cross-site' });
  await visit.close();
});

test('the page runs no script but its own, asks nothing of others, and cannot be framed', async () => {
  const visit = await world.open(duty);
  const { page, address } = visit;
  const answer = await page.goto(address);
  const policy = answer!.headers()['content-security-policy']!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(await answer!.text()).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=/);
  await settled(page);
  const planted = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.setAttribute('onerror', 'globalThis.ran = true');
    image.src = 'data:,';
    document.body.append(image);
    return new Promise((resolve) => setTimeout(() => resolve((globalThis as { ran?: boolean }).ran ?? false), 200));
  });
  expect(planted).toBe(false);
  await visit.close();
});

test.each([1440, 1024, 390])('the sign-in page fits %i pixels and keeps nobody out', async (width) => {
  for (const dark of [false, true]) {
    const visit = await world.open(undefined, { width, dark });
    await visit.go('/');
    expect(await overflowOf(visit.page)).toEqual([]);
    expect(await barriersOf(visit.page)).toEqual([]);
    await visit.close();
  }
});
