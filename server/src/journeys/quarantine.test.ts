import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dayMs, minuteMs } from '../kernel/clock.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';
import { entryOf, honestEntries, openTestAuthor, textOf, type Saying, type TestAuthor } from './test-author.ts';

// Laos's server is played: it says what no honest one would. Thailand and Cambodia listen to it, and to each other.
const timeout = 20_000;
let aheadMs = 0;
const clock = { now: () => Date.now() + aheadMs };
let alliance: TestAlliance;
let la: TestAuthor;

beforeAll(async () => {
  alliance = await openTestAlliance(['kh', 'la', 'th'], clock);
  const house = alliance.of('la');
  // What it asks of requests to it, which it said when it was honest, is number 0.
  await vi.waitUntil(async () => (await copyAtTh()).reads[0]?.applied === 1, { timeout });
  const said = await honestEntries(house, 'alliance');
  await house.close(true);
  la = await openTestAuthor(house);
  la.book('alliance').add(...said);
});
afterAll(async () => {
  await la.close();
  await alliance.close();
});

const address = (number: number): string => `ip:45.80.1.${number}`;
const saying = (number: number, more: Saying = {}) => textOf('la', 'alliance', address(number), more);
/** Of what has been true since yesterday: only who says it has a wrong clock. */
const fromTheFuture = (number: number, byMs: number): string =>
  saying(number, { atMs: clock.now() + byMs, body: { since: new Date(clock.now() - dayMs).toISOString() } });
const adviceOn = (key: string) => async (): Promise<string> =>
  (await alliance.of('th').must('POST', '/v1/screen', { identifiers: [key] })).results[0].advice;
const copyAtTh = async (): Promise<any> =>
  (await alliance.of('th').must('GET', '/v1/federation/links')).links.find(({ party }: any) => party === 'la');

const officer = async (): Promise<Record<string, string>> => ({
  ...(await alliance.of('th').as('supervisor')),
  'drum-purpose': 'operation',
});
const heldAtTh = async (state = 'held'): Promise<any[]> =>
  (await alliance.of('th').must('GET', `/v1/federation/quarantine?state=${state}`, undefined, await officer())).held;
const decide = async (id: number, release: boolean, headers?: Record<string, string>) =>
  alliance
    .of('th')
    .call('POST', `/v1/federation/quarantine/${id}`, { release, reason: 'we asked' }, headers ?? (await officer()));
const idOf = async (number: number, state = 'held'): Promise<number> =>
  (await heldAtTh(state)).find((row) => row.number === number).id;

/** Entries as they are sent, each with the code under which it must be held. */
const faulty = [
  { number: 1, code: 'quarantine.commitment' },
  { number: 2, code: 'quarantine.text' },
  { number: 3, code: 'quarantine.envelope' },
  { number: 4, code: 'quarantine.author' },
  { number: 5, code: 'quarantine.audience' },
  { number: 6, code: 'quarantine.handling' },
  { number: 7, code: 'quarantine.schema' },
  { number: 8, code: 'quarantine.future' },
];

describe('statements that do not verify, or may not be here', () => {
  test('are held back, each with its code, and what comes with them and after them is applied', async () => {
    const red = { handling: { tlp: 'RED', conditions: [] } };
    la.book('alliance').add(
      { ...entryOf(saying(1)), commitment: entryOf(saying(0)).commitment },
      entryOf(Uint8Array.of(0x7b, 0xff, 0x7d)),
      entryOf('{"envelope":{"member":"la"}}'),
      entryOf(saying(4, { envelope: { member: 'kh' } })),
      entryOf(saying(5, { envelope: { audience: ['kh', 'la'] } })),
      entryOf(saying(6, { envelope: red })),
      entryOf(saying(7, { body: { tier: 'rumour' } })),
      entryOf(fromTheFuture(8, 30 * minuteMs)),
      entryOf(saying(9)),
    );
    la.play();
    await expect.poll(adviceOn(address(9)), { timeout }).not.toBe('clear');
    for (const { number } of faulty) expect(await adviceOn(address(number))(), address(number)).toBe('clear');
    const held = await heldAtTh();
    expect(held.map(({ member, book, number, code }: any) => ({ member, book, number, code }))).toEqual(
      faulty.map((one) => ({ member: 'la', book: 'alliance', ...one })),
    );
    expect(held.filter(({ releasable }) => releasable).map(({ number }) => number)).toEqual([6, 8]);
    expect(held[0].text).toContain(address(1));
    expect((await copyAtTh()).reads).toEqual([{ book: 'alliance', size: 10, here: 10, applied: 10, forked: false }]);
  });

  test('are told to their author in the receipt', async () => {
    for (const reader of ['th', 'kh'])
      await expect
        .poll(() => la.receipt(reader, 'alliance'), { timeout })
        .toMatchObject({ size: 10, applied: 10, held: faulty });
  });

  test('are shown to an officer who may decide on them, and says what for; to nobody else', async () => {
    const th = alliance.of('th');
    const headers = await officer();
    const ask = async (given: Record<string, string>) =>
      (await th.call('GET', '/v1/federation/quarantine', undefined, given)).status;
    expect(await ask(headers)).toBe(200);
    const { authorization } = headers;
    expect(await ask({ authorization: authorization!, 'drum-purpose': '' })).toBeGreaterThanOrEqual(400);
    expect((await th.call('GET', '/v1/federation/quarantine')).body.code).toContain('forbidden');
    const paged = async (after: string): Promise<any> =>
      th.must('GET', `/v1/federation/quarantine?limit=3${after}`, undefined, headers);
    const first = await paged('');
    const second = await paged(`&after=${first.next}`);
    expect([...first.held, ...second.held].map(({ number }: any) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('are released by an officer where they are the word of their author, and then applied', async () => {
    const id = await idOf(6);
    const early = await officer();
    aheadMs += 10 * minuteMs;
    expect((await decide(id, true, early)).body.code).toBe('forbidden.step-up');
    for (const { number, code } of faulty) {
      if (['quarantine.handling', 'quarantine.future'].includes(code)) continue;
      expect((await decide(await idOf(number), true)).body.code, code).toBe('conflict.not-releasable');
    }
    expect((await decide(id, true)).body).toMatchObject({ state: 'released', reason: 'we asked' });
    expect((await decide(id, true)).body.code).toBe('conflict.held-decided');
    await expect
      .poll(async () => (await alliance.of('th').must('GET', `/v1/registry/listings?prefix=${address(6)}`)).listings, {
        timeout,
      })
      .toMatchObject([{ member: 'la', key: address(6), state: 'listed' }]);
    await expect
      .poll(() => la.receipt('th', 'alliance').held.map(({ number }: any) => number), { timeout })
      .toEqual([1, 2, 3, 4, 5, 7, 8]);
  });

  test('are rejected by an officer, and stay out', async () => {
    const id = await idOf(4);
    expect((await decide(id, false)).body).toMatchObject({ state: 'rejected' });
    expect((await heldAtTh('rejected')).map(({ number }) => number)).toEqual([4]);
    expect(await adviceOn(address(4))()).toBe('clear');
  });

  test('are forgotten with all that is held of them once their author erases them', async () => {
    const erasure = { envelope: { kind: 'erasure', subject: undefined }, body: { number: 7, basis: 'PDPA s.33' } };
    const { envelope } = JSON.parse(saying(0, erasure));
    la.book('alliance').add(entryOf(JSON.stringify({ envelope, body: erasure.body })));
    la.play();
    await expect.poll(async () => (await heldAtTh('erased')).map(({ number }) => number), { timeout }).toEqual([7]);
    expect((await heldAtTh('erased'))[0].text).toBeNull();
  });

  test('are held too where they name an instant or a statement that cannot be, and stop nothing', async () => {
    const erasing = (number: number): string => {
      const { envelope } = JSON.parse(saying(0, { envelope: { kind: 'erasure', subject: undefined } }));
      return JSON.stringify({ envelope, body: { number, basis: 'PDPA s.33' } });
    };
    const from = la.book('alliance').size();
    la.book('alliance').add(
      entryOf(saying(20, { envelope: { at: '2026-13-45T99:99:99.999Z' } })),
      entryOf(erasing(1e300)),
      entryOf(erasing(from + 2)),
      entryOf(
        erasing(0)
          .replace('"version":1', '"version":2')
          .replace(/"body":.*$/, '"body":null}'),
      ),
      entryOf(saying(21)),
    );
    la.play();
    await expect.poll(adviceOn(address(21)), { timeout }).not.toBe('clear');
    const held = (await heldAtTh()).filter(({ number }) => number >= from);
    expect(held.map(({ number, code }) => [number - from, code])).toEqual([
      [0, 'quarantine.envelope'],
      [1, 'quarantine.schema'],
      [2, 'quarantine.schema'],
    ]);
    await expect
      .poll(() => la.receipt('th', 'alliance'), { timeout })
      .toMatchObject({ size: from + 5, applied: from + 5 });
  });

  test('from the future are let in by themselves when their time has come, also if the server was down then', async () => {
    const th = alliance.of('th');
    la.book('alliance').add(entryOf(fromTheFuture(30, 60 * minuteMs)));
    la.play();
    await expect.poll(async () => (await heldAtTh()).map(({ number }) => number), { timeout }).toContain(16);
    aheadMs += 16 * minuteMs;
    await expect.poll(adviceOn(address(8)), { timeout }).not.toBe('clear');
    expect(await adviceOn(address(30))()).toBe('clear');
    await th.close(true);
    aheadMs += 40 * minuteMs;
    await alliance.reopen('th');
    await expect.poll(adviceOn(address(30)), { timeout }).not.toBe('clear');
    const released = await heldAtTh('released');
    expect(released.map(({ number, decidedBy }) => [number, decidedBy])).toEqual([
      [6, 'officer:supervisor'],
      [8, 'rule:its-time-has-come'],
      [16, 'rule:its-time-has-come'],
    ]);
    expect((await heldAtTh()).map(({ number }) => number)).toEqual([1, 2, 3, 5, 11, 12, 13]);
    await expect.poll(() => la.receipt('th', 'alliance').applied, { timeout }).toBe(17);
  });
});
