import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs, instantText } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { parsePolicy } from '../kernel/policy.ts';
import { keepBarring } from './barring.ts';
import type { Draft } from '../journal/journal.ts';
import { openTestScreeningView } from './test-view.ts';
import {
  amber,
  listingDraft,
  openTestMember,
  openTestRegistry,
  withdrawalDraft,
  type TestMember,
  type TestRegistry,
} from './test-registry.ts';

let house: TestRegistry;
let cambodia: TestMember;
let analyst: string;

beforeEach(async () => {
  house = await openTestRegistry();
  cambodia = await openTestMember('kh', house.clock.now());
  analyst = await house.enlist('malee', ['analyst']);
});
afterEach(async () => {
  await cambodia.close();
  await house.close();
});

const address = 'ip:45.66.77.88';
const idOf = (key: string) => derivedId('listing', 'of', key);
/** Says statements in Cambodia and waits until they are applied here. */
async function hear(...drafts: Draft[]): Promise<void> {
  await cambodia.say(...drafts);
  for (const book of new Set(drafts.map((draft) => draft.book))) await cambodia.copyTo(house, book);
  await house.registry.caughtUp();
}
const merged = async (key: string) => (await house.call('GET', `/v1/registry/identifiers/${key}`, analyst)).body as any;

describe('a listing of another member', () => {
  test('is found with our own, has a page, and can be corroborated by name', async () => {
    await hear(listingDraft(address));
    expect(await merged(address)).toMatchObject({ members: ['kh'], tier: 'victim', listings: [{ member: 'kh' }] });
    const path = `/v1/registry/listings/${idOf(address)}`;
    expect((await house.call('GET', path, analyst)).body).toMatchObject({ member: 'kh', key: address });
    expect((await house.call('GET', `${path}?member=vn`, analyst)).status).toBe(404);
    expect((await house.call('PATCH', path, analyst, { revision: 1, grounds: 'x' })).code).toBe(
      'forbidden.foreign-listing',
    );
    const claim = { tier: 'complaint', grading: { source: 'A', information: 1 }, grounds: 'a complaint here too' };
    const own = await house.call('POST', `${path}/corroboration?member=kh`, analyst, claim);
    expect(own.body).toMatchObject({
      listing: { member: 'th', book: 'alliance', corroborates: { member: 'kh', id: idOf(address) } },
    });
    expect(await merged(address)).toMatchObject({ members: ['kh', 'th'], tier: 'complaint' });
    const [entry] = await house.journal.read('alliance', 0, 1);
    expect(entry!.statement!.body).toMatchObject({ corroborates: { member: 'kh', id: idOf(address) } });
  });

  test('is repeated only to those to whom its author said it, then and later, and is no evidence under H1', async () => {
    const handling = { tlp: 'AMBER' as const, conditions: ['H1' as const, 'H2' as const] };
    await hear(listingDraft(address, { book: 'kh+th', handling }));
    const path = `/v1/registry/listings/${idOf(address)}/corroboration`;
    const claim = { tier: 'complaint', grading: { source: 'A', information: 1 }, grounds: 'here too' };
    const wide = await house.call('POST', path, analyst, { ...claim, audience: 'alliance' });
    expect(wide.code).toBe('handling.no-onward');
    expect((await house.call('POST', path, analyst, { ...claim, tier: 'court' })).code).toBe('handling.not-evidence');
    const own = (await house.call('POST', path, analyst, claim)).body as any;
    expect(own.listing).toMatchObject({ book: 'kh+th', handling });
    const audience = `/v1/registry/listings/${own.listing.id}/audience`;
    expect((await house.call('POST', audience, analyst, { audience: 'alliance', grounds: 'x' })).code).toBe(
      'handling.no-onward',
    );
  });

  test('of our allow-list is shown, advises nothing, and is judged anew when the list changes', async () => {
    await hear(listingDraft('email:info@mots.go.th'));
    expect(await merged('email:info@mots.go.th')).toMatchObject({ members: [], listings: [{ barred: true }] });
    await hear(listingDraft('domain:example.com'));
    const barred = async () =>
      (await house.db.query<{ key: string }>('SELECT key FROM registry.listings WHERE barred')).map((row) => row.key);
    expect(await barred()).toEqual(['email:info@mots.go.th']);
    const file = JSON.parse(readFileSync(new URL('../../../policies/th.json', import.meta.url), 'utf8'));
    file.rules.forEach((rules: any) => (rules.listings.allowList = ['domain:example.com']));
    const policy = parsePolicy(JSON.stringify(file));
    await keepBarring({ db: house.db, clock: house.clock, policy, member: 'th' });
    expect(await barred()).toEqual(['domain:example.com']);
  });

  test('ends when its author takes it back, and its appeal is shown beside ours', async () => {
    await hear(listingDraft(address));
    const decision: Draft = {
      book: 'alliance',
      kind: 'appeal-decision',
      version: 1,
      author: { office: 'redress' },
      handling: amber,
      subject: address,
      body: {
        appeal: derivedId('appeal'),
        act: { kind: 'listing', id: idOf(address) },
        outcome: 'upheld',
        releases: true,
        grounds: 'a shared gateway',
        lodgedAt: instantText(house.clock.now()),
      },
    };
    await hear(decision, withdrawalDraft(address, { reason: 'released' }));
    await expect
      .poll(async () => (await merged(address)).decisions)
      .toMatchObject([{ member: 'kh', listing: idOf(address), outcome: 'upheld', releases: true }]);
    expect(await merged(address)).toMatchObject({ members: [], listings: [{ state: 'released' }] });
    expect(await house.journal.books('th')).toEqual([]);
  });

  test('is heard by a view that begins at any moment, and is dropped by it when it is erased', async () => {
    await hear(listingDraft(address), listingDraft('ip:45.66.77.89'));
    const view = await openTestScreeningView(house);
    expect(view.listed()).toEqual([address, 'ip:45.66.77.89']);
    await hear(listingDraft('ip:45.66.77.90'));
    await hear({ ...withdrawalDraft(address), kind: 'erasure', body: { number: 0, basis: 'a court' } });
    await view.caughtUp();
    expect(view.listed()).toEqual(['ip:45.66.77.89', 'ip:45.66.77.90']);
    const later = await openTestScreeningView(house);
    expect(later.listed()).toEqual(['ip:45.66.77.89', 'ip:45.66.77.90']);
  });
});

describe('retention', () => {
  test('of what another member said is the shorter of its author’s and ours, and only the copy here is forgotten', async () => {
    const keepUntil = instantText(house.clock.now() + 10 * dayMs);
    await hear(listingDraft(address, { keepUntil }), listingDraft('ip:45.66.77.89'));
    house.clock.advance(11 * dayMs);
    await house.clocks.run();
    expect((await house.db.query<{ key: string }>('SELECT key FROM registry.listings')).map((row) => row.key)).toEqual([
      'ip:45.66.77.89',
    ]);
    const texts = (await house.journal.read('alliance', 0, 10, 'kh')).map((entry) => entry.bytes !== null);
    expect(texts).toEqual([false, true]);
    house.clock.set(Date.UTC(2026, 11, 1) + 43_800 * hourMs + dayMs);
    await house.clocks.run();
    expect(await house.db.query('SELECT 1 FROM registry.listings')).toEqual([]);
    expect(await house.journal.books('th')).toEqual([]);
  });

  test('of our own is said with every statement, and some thousands are forgotten a minute', async () => {
    const listed = await house.list(analyst, address);
    const { id } = listed.body['listing'] as { id: string };
    const [entry] = await house.journal.read('alliance', 0, 1);
    const { until } = entry!.statement!.body as { until: string };
    expect(entry!.statement!.envelope.retention).toEqual({
      until: instantText(Date.parse(until) + 43_800 * hourMs),
    });
    await hear(...Array.from({ length: 600 }, (_, at) => listingDraft(`ip:45.70.${at >> 8}.${at & 255}`)));
    house.clock.set(Date.UTC(2034, 0, 1));
    const started = performance.now();
    await house.clocks.run();
    house.clock.advance(1000);
    await house.clocks.run();
    const ms = performance.now() - started;
    console.log(`500 forgotten in ${Math.round(ms)} ms of 2,000`);
    house.clock.advance(1000);
    await house.clocks.run();
    expect(await house.db.query('SELECT 1 FROM registry.listings')).toEqual([]);
    expect(id).toBeDefined();
    expect(house.errors).toEqual([]);
  });
});

test('two servers that have heard the same in different orders have one digest', async () => {
  const other = await openTestRegistry();
  const vietnam = await openTestMember('vn', house.clock.now());
  try {
    await cambodia.say(listingDraft(address), listingDraft('ip:45.66.77.89'), withdrawalDraft('ip:45.66.77.89'));
    await vietnam.say(listingDraft(address), listingDraft('url:www.mots.go.th/pay'));
    for (const author of [cambodia, vietnam]) await author.copyTo(house);
    for (const author of [vietnam, cambodia]) await author.copyTo(other);
    await house.registry.caughtUp();
    await other.registry.caughtUp();
    const nowMs = house.clock.now() + dayMs;
    const digest = await house.registry.digest(nowMs, 'alliance');
    expect(digest.count).toBe(3);
    expect(await other.registry.digest(nowMs, 'alliance')).toEqual(digest);
    const url = `/v1/registry/digest?now=${instantText(nowMs)}`;
    expect((await house.call('GET', url, analyst)).body).toEqual(digest);
    await vietnam.say(withdrawalDraft(address));
    await vietnam.copyTo(other);
    await other.registry.caughtUp();
    expect((await other.registry.digest(nowMs, 'alliance')).sha256).not.toBe(digest.sha256);
  } finally {
    await vietnam.close();
    await other.close();
  }
});
