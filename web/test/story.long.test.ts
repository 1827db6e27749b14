import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { castOf } from '../../simulator/story/casting.ts';
import { looksOf, type Look, type StepId } from '../../server/src/commands/alliance/hub-looks.ts';
import type { StoryView } from '../../server/src/commands/alliance/story-desk.ts';
import { openAllianceProgram, type AllianceProgram } from '../../server/src/journeys/alliance-program.ts';
import { openBrowser, openWindow } from './browser.ts';
import { settled } from './desk.ts';

/** What has to be there soon is there within this, beside all else that six servers do. */
const soon = { timeout: 60_000 };

let alliance: AllianceProgram;
let browser: Browser;
/** The newcomer's browser, in which the hub stands open. */
let newcomer: BrowserContext;
let hub: Page;
const faults: string[] = [];

beforeAll(async () => {
  [alliance, browser] = await Promise.all([openAllianceProgram(), openBrowser()]);
  await alliance.start();
  newcomer = await openListened();
  hub = await newcomer.newPage();
  await hub.goto(`${alliance.addressOf('hub')}/?lang=en`);
});
afterAll(async () => {
  await browser.close();
  await alliance.close();
});

/** A window whose pages are listened to: what a browser complains of is a fault. */
async function openListened(): Promise<BrowserContext> {
  const context = await openWindow(browser);
  context.setDefaultTimeout(soon.timeout);
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // A refusal is an answer, which Chromium also writes down as an error.
      const isRefusal = /the server responded with a status of 4\d\d/.test(message.text());
      if (message.type() === 'error' && !isRefusal) faults.push(`${page.url()}: ${message.text()}`);
    });
  });
  return context;
}

/** Clicks what opens a desk in a tab of its own. */
async function opened(button: Locator): Promise<Page> {
  const [desk] = await Promise.all([button.page().context().waitForEvent('page'), button.click()]);
  await expect.poll(() => new URL(desk.url()).pathname, soon).not.toMatch(/^(?:blank|\/enter$|\/look)/);
  return desk;
}

/** What a desk shows, without the spaces that part long numbers. */
const shown = async (desk: Page): Promise<string> =>
  (await desk.locator('.desk-main').innerText()).replaceAll(/\s/gu, '');

async function sees(desk: Page, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await expect.poll(() => shown(desk), soon).toContain(text.replaceAll(' ', ''));
}

/** Goes there within the page, as by a link. */
async function turn(desk: Page, href: string): Promise<void> {
  await desk.evaluate((to) => {
    const { __TSR_ROUTER__: router } = globalThis as unknown as {
      __TSR_ROUTER__: { navigate(where: { href: string }): Promise<void> };
    };
    return router.navigate({ href: to });
  }, href);
  await settled(desk, soon.timeout);
}

const tokens = new Map<string, string>();

/** What the member's own server says, to its supervisor. */
async function ask(member: string, path: string): Promise<any> {
  const { url, officers } = (await alliance.demo()).members[member];
  if (!tokens.has(member)) {
    const { officer, password } = officers.find(({ roles }: any) => roles.includes('supervisor'));
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ officer, password });
    const session = await fetch(`${url}/v1/sessions`, { method: 'POST', headers, body });
    tokens.set(member, (await session.json()).token);
  }
  const headers = { authorization: `Bearer ${tokens.get(member)}`, 'drum-purpose': 'investigation' };
  const answer = await fetch(`${url}/v1${path}`, { headers });
  expect(answer.status, path).toBe(200);
  return answer.json();
}

const story = async (): Promise<StoryView> => (await fetch(`${alliance.addressOf('hub')}/story`)).json();
const act = (name: string): Locator => hub.getByRole('button', { name, exact: true });

/** Clicks on to the next step and waits until what should follow was seen. */
async function step(): Promise<StepId> {
  const before = (await story()).steps.findLast(({ state }) => state !== 'ahead');
  await act('Next step').click();
  const played = await vi.waitFor(
    async () => {
      const last = (await story()).steps.findLast(({ state }) => state !== 'ahead');
      expect(last?.id).not.toBe(before?.id);
      expect(last?.state).not.toBe('playing');
      return last!;
    },
    { timeout: 90_000, interval: 300 },
  );
  await expect.poll(() => hub.locator('.told [role="status"]').innerText(), soon).toContain(played.says.slice(0, 40));
  expect(played, JSON.stringify(played)).toMatchObject({ state: 'held' });
  return played.id as StepId;
}

/** Digits of an account or number of this telling, as they stand on a screen. */
const numberOf = (part: string, run: number): string => (castOf(run)[part] ?? '').split(/[:+]/).at(-1)!;

const pathOf: Readonly<Record<Look['view'], RegExp>> = {
  situation: /^\/$/,
  alerts: /^\/alerts\?subject=/,
  identifier: /^\/identifiers\//,
  trace: /^\/traces\/[\da-f-]{36}$/,
  holds: /^\/holds\?trace=[\da-f-]{36}/,
  request: /^\/requests\/[\da-f-]{36}$/,
  orders: /^\/institution\/orders/,
  federation: /^\/federation/,
};

/** Follows one link of a step, as the newcomer does: it leads to the thing itself, and the desk shows it. */
async function follow(look: Look, place: number, run: number): Promise<void> {
  const desk = await opened(hub.locator('.told .looks form').nth(place).getByRole('button'));
  if (look.view === 'orders') {
    await desk.locator('input[autocomplete="name"]').fill('A clerk');
    await desk.keyboard.press('Enter');
  }
  const where = (): string => new URL(desk.url()).pathname + new URL(desk.url()).search;
  await expect.poll(where, soon).toMatch(pathOf[look.view]);
  await settled(desk, soon.timeout);
  if (look.about !== undefined && look.view !== 'holds') await sees(desk, numberOf(look.about, run));
  // That its server is cut off is what the story says of Myanmar.
  if (look.view !== 'federation')
    expect(await desk.getByRole('alert').allInnerTexts(), `${look.member} ${look.view}`).toEqual([]);
  await desk.close();
}

test('the hub says in a minute what this is, and shows six desks and the story', async () => {
  await hub.getByText('Six nations of the Lancang-Mekong cooperation').waitFor();
  expect(await hub.locator('.opening h2').allInnerTexts()).toHaveLength(3);
  expect(await hub.locator('.members h3').allInnerTexts()).toHaveLength(6);
  await expect.poll(() => hub.locator('#summary').innerText(), soon).toBe('6 of 6 servers ready.');
  await expect.poll(() => hub.locator('.stage').innerText(), soon).toContain('0 of 28 steps');
});

test('one click leads to Thailand’s desk, which is alive: its map, its alerts, its numbers move without a reload', async () => {
  const desk = await opened(hub.getByRole('button', { name: 'Thailand: Enter as duty officer' }));
  await settled(desk, soon.timeout);
  await desk.locator('.situation-picture canvas, .situation-picture svg').first().waitFor();
  await desk.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));
  const numbers = (): Promise<string> => desk.locator('.situation-priorities').innerText();
  const before = await vi.waitFor(
    async () => {
      const text = await numbers();
      expect(text).toMatch(/[1-9]/);
      return text;
    },
    { timeout: 60_000 },
  );
  await expect.poll(numbers, { timeout: 120_000 }).not.toBe(before);
  expect(await desk.evaluate(() => 'isTheSamePage' in globalThis)).toBe(true);
  await desk.close();
});

test('the story is played, paused, stepped, and begun anew with other numbers', async () => {
  await act('Play').click();
  await expect
    .poll(async () => (await story()).steps.filter(({ state }) => state === 'held').length, soon)
    .toBeGreaterThan(1);
  await act('Pause').click();
  await expect.poll(async () => (await story()).state, soon).toBe('paused');
  await expect.poll(async () => (await story()).steps.some(({ state }) => state === 'playing'), soon).toBe(false);
  const done = (await story()).steps.filter(({ state }) => state !== 'ahead').length;
  await step();
  expect((await story()).steps.filter(({ state }) => state !== 'ahead')).toHaveLength(done + 1);
  await act('From the beginning').click();
  await expect.poll(() => hub.locator('.stage').innerText(), soon).toContain('Telling 2 · not begun');
  await expect.poll(() => hub.locator('.stage').innerText(), soon).toContain('0 of 28 steps');
});

test(
  'three desks see the story as it goes on, each its own side of it, and each link of a step shows what it says',
  { timeout: 1_200_000 },
  async () => {
    const { run } = await story();
    const cast = castOf(run);
    const about = (part: string): string => encodeURIComponent(cast[part]!);
    const th = await openDesk('Thailand');
    const kh = await openDesk('Cambodia');
    const vn = await openDesk('Viet Nam');
    let trace = '';

    /** What is to be on the desks before a step, so that it is seen to come by itself. */
    const before: Partial<Record<StepId, () => Promise<unknown>>> = {
      'she-pays': () => turn(th, `/alerts?subject=${about('mule')}`),
      'to-cambodia': () => turn(kh, `/alerts?subject=${about('mule-kh')}`),
      'to-viet-nam': () => turn(vn, `/alerts?subject=${about('mule-vn')}`),
      'the-report': async () => {
        await Promise.all([turn(th, '/traces'), turn(kh, '/requests'), turn(vn, '/requests')]);
      },
    };
    /** What each desk shows after it, and what that member's server says. */
    const after: Partial<Record<StepId, () => Promise<unknown>>> = {
      'she-pays': async () => {
        await sees(th, numberOf('mule', run));
        const { alerts } = await ask('th', `/alerts?subject=${about('mule')}&for=all`);
        expect(alerts).toMatchObject([{ state: 'new', subject: cast['mule'] }]);
      },
      'to-cambodia': async () => {
        await sees(kh, numberOf('mule-kh', run));
        const { alerts } = await ask('kh', `/alerts?subject=${about('mule-kh')}&for=all`);
        expect(alerts[0].reasons).toContainEqual(expect.objectContaining({ member: 'th' }));
      },
      'to-viet-nam': () => sees(vn, numberOf('mule-vn', run)),
      'an-officer-takes-it': () => sees(th, 'taken by'),
      'she-calls-the-hotline': async () => {
        const said = async (): Promise<unknown[]> =>
          (await ask('kh', `/registry/identifiers/${about('mule')}`)).listings;
        await expect.poll(async () => (await said()).length, soon).toBeGreaterThan(0);
        // Read when it is opened, and not by itself: each look at it is written down.
        await turn(kh, `/identifiers/${about('mule')}`);
        await sees(kh, 'reported by a victim', 'Thailand');
      },
      'the-report': async () => {
        const { traces } = await ask('th', `/traces?account=${about('mule')}`);
        trace = traces[0].id;
        await th.locator(`a[href="/traces/${trace}"]`).first().click();
        await sees(th, '480,000.00');
        const { requests } = await ask('kh', '/requests?direction=in&kind=continue-trace');
        const asked = requests.find(({ from }: any) => from === 'th');
        await kh.locator(`a[href^="/requests/${asked.id}"]`).first().click();
        await sees(kh, numberOf('mule-kh', run));
        const { requests: none } = await ask('vn', '/requests?direction=in&kind=continue-trace');
        expect(none.filter(({ from, state }: any) => from === 'th' && state !== 'refused')).toEqual([]);
      },
      'held-at-once': async () => {
        await sees(th, '194,000.00');
      },
      khmer: () => sees(kh, 'យើងខ្ញុំបានទទួលសំណើនេះហើយ'),
      'partly-in-cambodia': async () => {
        const { traces } = await ask('kh', `/traces?account=${about('mule-kh')}`);
        await turn(kh, `/traces/${traces[0].id}`);
        await sees(kh, '110,000.00', '150,000.00');
      },
      'two-hundred-thousand': () => sees(th, '310,000.00'),
      signed: async () => {
        const { requests } = await ask('vn', '/requests?direction=in&kind=continue-trace');
        const asked = requests.find(({ from, state }: any) => from === 'th' && state !== 'refused');
        await vn.locator(`a[href^="/requests/${asked.id}"]`).first().click();
        await sees(vn, numberOf('mule-vn', run));
      },
      'held-in-viet-nam': async () => {
        await sees(th, '400,000.00', '80,000.00');
        const seen = await ask('th', `/traces/${trace}`);
        expect(seen).toMatchObject({ held: { value: '40000000' }, lost: { value: '8000000' } });
        const { traces } = await ask('vn', `/traces?account=${about('mule-vn')}`);
        expect(traces).toMatchObject([{ held: { value: '9000000', currency: 'THB' } }]);
        await turn(vn, `/traces/${traces[0].id}`);
        await sees(vn, '90,000.00');
      },
    };
    const { steps } = await story();
    for (const { id } of steps) {
      await before[id as StepId]?.();
      expect(await step()).toBe(id);
      for (const [place, look] of looksOf(id).entries()) await follow(look, place, run);
      await after[id as StepId]?.();
    }
    await expect.poll(() => hub.locator('.stage').innerText(), soon).toContain('28 of 28 steps');
    for (const desk of [th, kh, vn]) await desk.context().close();
  },
);

/** A window of an officer's own, and the desk that they entered from the hub. */
async function openDesk(country: string): Promise<Page> {
  const context = await openListened();
  const page = await context.newPage();
  await page.goto(`${alliance.addressOf('hub')}/?lang=en`);
  const desk = await opened(page.getByRole('button', { name: `${country}: Enter as duty officer` }));
  await settled(desk, soon.timeout);
  // The hub has led here, and a map that moves at each desk would be drawn without help of hardware.
  await page.close();
  await turn(desk, '/alerts');
  return desk;
}

test('in Khmer, Cambodia’s desk tells the same story from the other side', async () => {
  const { run } = await story();
  await hub.getByRole('link', { name: 'ខ្មែរ' }).click();
  await expect.poll(() => hub.locator('html').getAttribute('lang'), soon).toBe('km');
  const desk = await opened(hub.locator('.members > li').nth(1).locator('button.main'));
  await expect.poll(() => desk.locator('html').getAttribute('lang'), soon).toBe('km');
  await settled(desk, soon.timeout);
  const asked = encodeURIComponent(castOf(run)['mule-kh']!);
  const { traces } = await ask('kh', `/traces?account=${asked}`);
  await turn(desk, `/traces/${traces[0].id}`);
  await sees(desk, numberOf('mule-kh', run), '110,000.00');
  expect(await desk.locator('h1').innerText()).toMatch(/\p{Script=Khmer}/u);
  const { requests } = await ask('kh', '/requests?direction=in&kind=continue-trace');
  await turn(desk, `/requests/${requests.find(({ from }: any) => from === 'th').id}`);
  await sees(desk, 'យើងខ្ញុំបានទទួលសំណើនេះហើយ', 'ថៃ');
  expect(await desk.getByRole('alert').allInnerTexts()).toEqual([]);
});

test('no window has complained of anything', () => {
  expect(faults).toEqual([]);
});
