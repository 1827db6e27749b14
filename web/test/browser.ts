import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext } from 'playwright-core';

/** A browser that comes with the packages: nothing has to be installed on the machine. */
export async function openBrowser(): Promise<Browser> {
  // What is meant for a small sandbox would let one crashed page take all others along.
  const args = chromium.args.filter((arg) => arg !== '--single-process' && arg !== '--no-zygote');
  return playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly language?: string;
}

/** A window of its own: no cookies, no storage. */
export async function openWindow(
  browser: Browser,
  { width = 1440, height = 900, dark = false, language = 'en' }: Look = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: language,
    timezoneId: 'Asia/Bangkok',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  return context;
}

/** Signs an officer in at this address for the whole window, by the desk's own call. */
export async function signIn(
  context: BrowserContext,
  address: string,
  officer: string,
  password: string,
): Promise<void> {
  const answer = await context.request.post(`${address}/v1/desk/sessions`, {
    data: { officer, password },
    headers: { 'drum-desk': '1' },
  });
  if (!answer.ok()) throw new Error(`signing in as ${officer}: ${answer.status()} ${await answer.text()}`);
}
