import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { startAlliance } from '../server/src/journeys/alliance-processes.ts';
import { question } from '../server/src/journeys/funds-one-of-each.ts';
import type { ServerProcess } from '../server/src/journeys/server-process.ts';
import { openBrowser, openWindow, signIn } from '../web/test/browser.ts';
import type { BenchOptions, Figure } from './bench.ts';
import { fillAlertsAndRequests, fillListings } from './desk-world/filling.ts';

const sizeDefault = 1_000_000;
const requestShare = 10;
const alertsPerSecond = 100;
/** What one bank brings beyond 600 a minute is told as one alert of a flood: the stream comes from as many as it needs. */
const banks = 12;
/** The page is watched for so long with a world of the default size, and for less with a smaller one. */
const watchedMinutes = 30;
const callsEach = 60;
const keysPressed = 200;
const opened = 7;

/** Goals of the design and of the desk: milliseconds and compressed bytes. */
const limits = { listMs: 100, usableMs: 1500, scriptBytes: 300_000, paintMs: 100 };

const officer = { id: 'bench-duty', password: 'correct horse battery staple' };

/**
 * A server with a million listings, a million alerts and a hundred thousand requests, told of a hundred suspected payments a second; and
 * an officer’s browser on the same machine. How fast lists answer, how soon the first page can be used and what it weighs, how
 * fast a key is answered on screen while the stream runs, and whether the page’s memory stays flat.
 */
export async function run({ size = sizeDefault }: BenchOptions): Promise<Figure[]> {
  const data = await mkdtemp(join(tmpdir(), 'drum-desk-'));
  const alliance = await startAlliance(data, ['kh', 'th']);
  const th = alliance.of('th');
  try {
    const { keys, supervisor } = await people(th);
    await fillListings(data, size);
    await th.call('POST', '/v1/requests', question('kh', 'Whose account is it?'), supervisor);
    await report(th, keys[0]!, 0, 1);
    await fillAlertsAndRequests(th, data, { alerts: size, requests: Math.round(size / requestShare) });
    const stream = openStream(th, keys);
    try {
      return await measure(th, supervisor, Math.max(1, (watchedMinutes * size) / sizeDefault));
    } finally {
      await stream.close();
    }
  } finally {
    await alliance.close();
    await rm(data, { recursive: true, force: true });
  }
}

async function measure(th: ServerProcess, supervisor: Headers, minutes: number): Promise<Figure[]> {
  const lists = told(await timeLists(th, supervisor));
  const browser = await openBrowser();
  try {
    return [...lists, ...told(await timeOpening(browser, th)), ...(await watch(browser, th, minutes))];
  } finally {
    await browser.close();
  }
}

const figure = (name: string, value: number, unit: string, baseline: number): Figure => ({
  name,
  value,
  unit,
  baseline,
  ratio: value / baseline,
});

/** Said at once, beside the table at the end: the whole takes three quarters of an hour. */
function told(figures: Figure[]): Figure[] {
  for (const { name, value, unit } of figures) console.error(`${name}: ${value.toFixed(1)} ${unit}`);
  return figures;
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;

type Headers = Record<string, string>;

async function people(th: ServerProcess): Promise<{ keys: Headers[]; supervisor: Headers }> {
  const quota = { perSecond: 1_000_000, burst: 1_000_000 };
  const keys: Headers[] = [];
  for (let bank = 0; bank < banks; bank += 1) {
    const id = `bench-bank-${bank}`;
    await th.call('POST', '/v1/institutions', { id, name: `Bench bank ${bank}`, kind: 'bank', quota });
    const { key } = await th.call('POST', `/v1/institutions/${id}/keys`, {});
    keys.push({ authorization: `Bearer ${key}` });
  }
  const roles = ['duty-officer', 'supervisor', 'analyst', 'liaison', 'auditor'];
  const { code } = await th.call('POST', '/v1/officers', {
    id: officer.id,
    office: 'national-centre',
    name: 'Bench',
    roles,
  });
  const { token } = await th.call('POST', '/v1/sessions/one-time', { code, password: officer.password });
  return {
    keys,
    supervisor: { authorization: `Bearer ${token}`, 'drum-purpose': 'investigation' },
  };
}

/** Payments that the bank holds to be fraud, each to another account: each becomes an alert. */
async function report(th: ServerProcess, bank: Headers, from: number, count: number): Promise<void> {
  const at = new Date().toISOString();
  const suspicion = { typology: 'mule-account', confirmed: false };
  const lines = Array.from({ length: count }, (_, place) =>
    JSON.stringify({
      id: `p-${from + place}`,
      at,
      from: `account:TH:901:${2_000_000_000 + ((from + place) % 1000)}`,
      to: `account:TH:902:${1_000_000_000 + from + place}`,
      amount: { value: '120000', currency: 'THB' },
      channel: 'mobile',
      suspicion,
    }),
  );
  const response = await fetch(`${th.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...bank, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  if (!response.ok) throw new Error(`payments: ${response.status} ${await response.text()}`);
}

/** A hundred a second until it is closed, in batches of ten. */
function openStream(th: ServerProcess, keys: readonly Headers[]): { close: () => Promise<void> } {
  let isOpen = true;
  const batch = alertsPerSecond / 10;
  const running = (async (): Promise<void> => {
    const beganMs = performance.now();
    for (let sent = 0; isOpen; sent += batch) {
      await report(th, keys[(sent / batch) % keys.length]!, 1000 + sent, batch);
      await wait(Math.max(0, (sent / alertsPerSecond) * 1000 - (performance.now() - beganMs)));
    }
  })();
  return {
    close: async () => {
      isOpen = false;
      await running;
    },
  };
}

/** Every list of the desk, its first page and pages further down, with the filters that officers use. */
const lists: Readonly<Record<string, readonly string[]>> = {
  alerts: [
    '?limit=50',
    '?sort=newest&limit=50',
    '?priority=P1&limit=50',
    '?kind=suspected-activity&limit=50',
    '?mine=true',
    '?for=me',
  ],
  'alerts/counts': [''],
  'registry/listings': ['?limit=50', '?prefix=ip:61.&limit=50', '?tier=observed&state=listed&limit=50'],
  requests: ['?limit=50', '?state=answered&limit=50', '?overdue=true', '?mine=true'],
  orders: ['?limit=50'],
  traces: ['?limit=50'],
  holds: ['?limit=50'],
  'federation/ledger': ['?limit=50'],
  approvals: [''],
  'access/reads': ['?limit=50'],
};

async function timeLists(th: ServerProcess, supervisor: Headers): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, queries] of Object.entries(lists)) {
    const took: number[] = [];
    for (let call = 0; took.length < callsEach; call += 1) {
      const query = queries[call % queries.length]!;
      let path = `/v1/${name}${query}`;
      // Three pages deep: a list is as fast further down as at its top.
      for (let depth = 0; depth < 3; depth += 1) {
        const beganMs = performance.now();
        const page = await th.call('GET', path, undefined, supervisor);
        took.push(performance.now() - beganMs);
        if (page.next === undefined) break;
        path = `/v1/${name}${query}${query === '' ? '?' : '&'}after=${encodeURIComponent(page.next)}`;
      }
    }
    figures.push(figure(`list ${name} p95`, percentile(took, 0.95), 'ms', limits.listMs));
  }
  return figures;
}

/** From nothing in the cache until the first page shows what it has to show, and what came over the line for it. */
async function timeOpening(browser: Browser, th: ServerProcess): Promise<Figure[]> {
  const took: number[] = [];
  let scriptBytes = 0;
  for (let time = 0; time < opened; time += 1) {
    const context = await openWindow(browser);
    await signIn(context, th.address, officer.id, officer.password);
    const page = await context.newPage();
    const scripts = await countScripts(await context.newCDPSession(page));
    const beganMs = performance.now();
    await page.goto(th.address, { waitUntil: 'commit' });
    // The first thing on it to act on, and the last to come.
    await page.locator('.situation-priorities tbody a').first().waitFor();
    await page.locator('.situation-land').first().waitFor();
    took.push(performance.now() - beganMs);
    scriptBytes = scripts.bytes;
    await context.close();
  }
  return [
    figure('first page usable, median', percentile(took, 0.5), 'ms', limits.usableMs),
    figure('first page, compressed JavaScript', scriptBytes, 'bytes', limits.scriptBytes),
  ];
}

/** What scripts weigh on the line, heads of the answers and all. */
async function countScripts(devtools: CDPSession): Promise<{ readonly bytes: number }> {
  const counted = { bytes: 0 };
  const scripts = new Set<string>();
  devtools.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) counted.bytes += encodedDataLength;
  });
  await devtools.send('Network.enable');
  return counted;
}

/** The queue of alerts, worked from the keyboard while the stream runs. */
async function watch(browser: Browser, th: ServerProcess, minutes: number): Promise<Figure[]> {
  const context = await openWindow(browser);
  await signIn(context, th.address, officer.id, officer.password);
  const page = await context.newPage();
  await page.goto(`${th.address}/alerts`);
  await page.locator('tbody tr[data-index]').nth(5).waitFor();
  await noteEvents(page);
  await page.locator('.list').first().focus();
  const devtools = await context.newCDPSession(page);
  const press = (pressed: number): Promise<void> => page.keyboard.press(pressed % 20 < 10 ? 'j' : 'k');
  for (let pressed = 0; pressed < keysPressed; pressed += 1) {
    await press(pressed);
    await wait(120);
  }
  const paints = await page.evaluate(() => (globalThis as unknown as { paints: number[] }).paints);
  const painted = told([figure('key to next paint p95', percentile(paints, 0.95), 'ms', limits.paintMs)]);
  const heap: number[] = [];
  const endMs = performance.now() + minutes * 60_000;
  for (let pressed = 0; performance.now() < endMs; pressed += 1) {
    if (pressed % 30 === 0) heap.push(await heapOf(devtools));
    await press(pressed);
    await wait(1000);
  }
  await context.close();
  const half = Math.floor(heap.length / 2);
  const [early, late] = [percentile(heap.slice(1, half + 1), 0.5), percentile(heap.slice(half), 0.5)];
  return [
    ...painted,
    figure(`memory of the page, second half of ${minutes.toFixed(0)} min`, late / 1e6, 'MB', early / 1e6),
  ];
}

/** Durations of key presses as the browser measures them for its own Interaction to Next Paint; shorter than 16 ms are not told. */
async function noteEvents(page: Page): Promise<void> {
  await page.evaluate(() => {
    const paints: number[] = [];
    (globalThis as unknown as { paints: number[] }).paints = paints;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') paints.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
}

async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize;
}
