import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AnyRouter } from '@tanstack/react-router';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { openOneOfEach, type OneOfEach } from '../../server/src/journeys/funds-one-of-each.ts';
import { openTestAlliance, type TestAlliance, type TestMember } from '../../server/src/journeys/test-alliance.ts';
import type { Clock } from '../../server/src/kernel/clock.ts';
import { openBrowser, openWindow, type Look } from './browser.ts';

/** An officer who can sign in at a desk. */
export interface Person {
  readonly officer: string;
  readonly password: string;
}

export interface DeskWorld {
  readonly alliance: TestAlliance;
  readonly browser: Browser;
  /** One of each thing that follows from a theft, at Thailand's server. */
  readonly things: OneOfEach;
  /** Makes an officer with these roles at a member. */
  officer(member: string, id: string, roles: readonly string[]): Promise<Person>;
  /** A window in which this person is signed in, on a page that notes all that goes wrong. */
  open(person: Person | undefined, look?: Look & { readonly member?: string }): Promise<Visit>;
  close(): Promise<void>;
}

/** A page, and what its browser complained of. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly address: string;
  /** Goes to a path of the desk, as by its address, and waits until the screen shows something. */
  go(path: string): Promise<void>;
  /** The same within the page, as by a link: nothing is loaded that is there. */
  turn(path: string): Promise<void>;
  /** Signs a clerk in with a key of an institution, and goes to what waits for it. */
  signInAs(bank: Readonly<Record<string, string>>): Promise<void>;
  /** What the page or its policy complained of, and what it asked of others; the tests end with none. */
  readonly faults: string[];
  close(): Promise<void>;
}

const password = 'correct horse battery staple';

interface WorldOptions {
  readonly clock?: Clock;
  /** Acts that wait for a second person, beside those of each member's policy. */
  readonly seconded?: readonly string[];
}

/** Two members' servers in this process, with a theft at Thailand's, and a browser. */
export async function openDeskWorld({ clock, seconded }: WorldOptions = {}): Promise<DeskWorld> {
  const [alliance, browser] = await Promise.all([
    openTestAlliance(['th', 'kh'], clock, ['supervisor', 'second'], seconded),
    openBrowser(),
  ]);
  const things = await openOneOfEach(alliance.of('th'), 'kh');
  return {
    alliance,
    browser,
    things,
    officer: (member, id, roles) => addOfficer(alliance.of(member), id, roles),
    open: (person, { member = 'th', ...look } = {}) => visit(browser, alliance.of(member).address, person, look),
    async close() {
      await browser.close();
      await alliance.close();
    },
  };
}

/** An officer of a member with these roles, who has set a password. */
export async function addOfficer(member: TestMember, id: string, roles: readonly string[]): Promise<Person> {
  const { code } = await member.must('POST', '/v1/officers', {
    id,
    office: 'national-centre',
    name: `Officer ${id}`,
    roles,
  });
  const opened = await fetch(`${member.address}/v1/sessions/one-time`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, password }),
  });
  expect(opened.status).toBe(201);
  return { officer: id, password };
}

/** A window at the desk of this server; see `DeskWorld.open`. */
export async function visit(browser: Browser, at: string, person: Person | undefined, look: Look): Promise<Visit> {
  // By name rather than number: cookies and origins are as its users have them.
  const address = at.replace('127.0.0.1', 'localhost');
  const context = await openWindow(browser, look);
  if (look.language !== undefined)
    await context.addInitScript((language) => localStorage.setItem('language', language), look.language);
  if (person !== undefined) {
    const answer = await context.request.post(`${address}/v1/desk/sessions`, {
      data: { officer: person.officer, password: person.password },
      headers: { 'drum-desk': '1' },
    });
    expect(answer.status(), await answer.text()).toBe(201);
  }
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refusal is an answer, which Chromium also writes down as an error.
    const isRefusal = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !isRefusal) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== address && !['data:', 'blob:'].includes(protocol)) faults.push(`asked elsewhere: ${request.url()}`);
  });
  const go = async (path: string): Promise<void> => {
    await page.goto(address + path);
    await settled(page);
  };
  return {
    page,
    context,
    address,
    faults,
    go,
    async turn(path) {
      await page.evaluate((href) => {
        const { __TSR_ROUTER__: router } = globalThis as unknown as { __TSR_ROUTER__: AnyRouter };
        return router.navigate({ href });
      }, path);
      await settled(page);
    },
    async signInAs(bank) {
      const answer = await context.request.post(`${address}/v1/desk/sessions/institution`, {
        data: { key: bank['authorization']!.replace('Bearer ', ''), clerk: 'A clerk' },
        headers: { 'drum-desk': '1' },
      });
      expect(answer.status(), await answer.text()).toBe(201);
      await go('/institution');
    },
    close: () => context.close(),
  };
}

/** The screen has its title, and nothing on it is still being read. */
export async function settled(page: Page, timeout = 20_000): Promise<void> {
  await page.locator('h1').first().waitFor({ timeout });
  await vi.waitFor(async () => expect(await page.locator('.drum-beating, [aria-busy="true"]').count()).toBe(0), {
    timeout,
  });
}

/** Nothing stands out of the page at its side; a list may scroll inside of itself. */
export async function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const isInside = (element: Element): boolean => element.closest('.list, svg, canvas, .scrolls') !== null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !isInside(element))
      .slice(0, 5)
      .map(
        (element) =>
          `${element.tagName}.${element.getAttribute('class') ?? ''} ${Math.round(element.getBoundingClientRect().right)} > ${width}`,
      );
  });
}

/** Texts that are wider or taller than what holds them and are cut off, outside of what scrolls. */
export async function cutTextsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3, button, a, label, th, .tag, legend')]
      .filter((element) => {
        const { overflow, textOverflow } = getComputedStyle(element);
        const isCut =
          element.scrollWidth > element.clientWidth + 1 && overflow !== 'visible' && textOverflow !== 'ellipsis';
        return isCut && element.clientWidth > 0;
      })
      .slice(0, 5)
      .map((element) => `${element.tagName}: ${element.textContent?.slice(0, 60)}`),
  );
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that keeps somebody out: serious and critical violations, with the places; of all its rules, or only of these. */
export async function barriersOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Through the debugger: the page's own policy lets in no script from elsewhere.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (runOnly) =>
      (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
        ...(runOnly !== null && { runOnly }),
      }),
    rules ?? null,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.target.join(' '))
          .join(' | ')}`,
    );
}
