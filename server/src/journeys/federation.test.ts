import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCalls, type Calls } from '../directory/directory.ts';
import { openJournal, type Draft } from '../journal/journal.ts';
import { systemClock } from '../kernel/clock.ts';
import { openDb } from '../platform/db.ts';
import { openSigner } from '../platform/signer.ts';
import { copyTestDatabase } from '../platform/test-database.ts';
import { openTestAlliance, type TestAlliance, type TestMember } from './test-alliance.ts';

// Six nations' servers, each with its own database, keys and policy, hear each other over real HTTP.
const codes = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];
const timeout = 15_000;
let alliance: TestAlliance;

beforeAll(async () => {
  alliance = await openTestAlliance(codes);
});
afterAll(() => alliance.close());

test('all six hear each other', async () => {
  for (const code of codes) await expect.poll(liveAt(code), { timeout }).toBe(5);
});

const liveAt = (code: string) => async (): Promise<number> => {
  const { links } = await alliance.of(code).must('GET', '/v1/federation/links');
  return links.filter((link: any) => link.state === 'live').length;
};
const linkAt = async (code: string, party: string): Promise<any> => {
  const { links } = await alliance.of(code).must('GET', '/v1/federation/links');
  return links.find((link: any) => link.party === party);
};
const digestAt = (code: string) => async (): Promise<string> =>
  (await alliance.of(code).must('GET', '/v1/registry/digest?book=alliance&now=2027-01-01T00:00:00.000Z')).sha256;

const claim = {
  tier: 'institution-confirmed',
  typologies: ['mule-account'],
  offence: 'telecom-online-fraud',
  grading: { source: 'B', information: 2 },
  grounds: 'confirmed by the bank after three victims named it',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

const list = async (member: TestMember, identifier: string, more: object = {}): Promise<any> =>
  (await member.must('POST', '/v1/registry/listings', { identifier, ...claim, ...more })).listing;

const adviceAt = (code: string, identifier: string) => async (): Promise<string> =>
  (await alliance.of(code).must('POST', '/v1/screen', { identifiers: [identifier] })).results[0].advice;

/** What a member's server could ask of another one, whatever it says itself. */
async function callsOf(code: string): Promise<Calls> {
  const signer = await openSigner(join(alliance.of(code).folder, 'keys'), undefined);
  return openCalls({
    self: code,
    clock: systemClock,
    signer,
    callKeysOf: () => [],
    addressOf: (party) => alliance.of(party).address,
    isIsolated: () => false,
    tls: undefined,
  });
}

test('what Thailand lists is a hit in Viet Nam at once, and clear in all six once it is withdrawn', async () => {
  const th = alliance.of('th');
  const account = 'account:TH:014:1234567890';
  const listing = await list(th, account);
  await expect.poll(adviceAt('vn', account), { interval: 10 }).not.toBe('clear');
  for (const code of codes) await expect.poll(adviceAt(code, account)).not.toBe('clear');
  const withdrawal = { reason: 'mistaken', grounds: 'another was meant' };
  await th.must('POST', `/v1/registry/listings/${listing.id}/withdrawal`, withdrawal);
  for (const code of codes) await expect.poll(adviceAt(code, account)).toBe('clear');
  const applied = Array.from({ length: 5 }, () => 'applied');
  await expect
    .poll(
      async () => {
        const { statements } = await th.must('GET', `/v1/federation/receipts?key=${account}`);
        return statements.map((statement: any) => statement.readers.map((reader: any) => reader.state));
      },
      { timeout },
    )
    .toEqual([applied, applied]);
  const { lines } = await th.must('GET', `/v1/federation/ledger?key=${account}`);
  expect(new Set(lines.map((line: any) => line.reader))).toEqual(new Set(['cn', 'kh', 'la', 'mm', 'vn']));
});

test('a statement for two members is invisible to the other four by every surface', async () => {
  const account = 'account:TH:014:9990001112';
  await list(alliance.of('th'), account, { audience: ['kh'] });
  await expect.poll(adviceAt('kh', account)).not.toBe('clear');
  for (const code of ['cn', 'la', 'mm', 'vn']) {
    const member = alliance.of(code);
    expect(await adviceAt(code, account)()).toBe('clear');
    const auditor = { ...(await member.as('supervisor')), 'drum-purpose': 'audit' };
    expect((await member.must('GET', `/v1/registry/identifiers/${account}`, undefined, auditor)).listings).toEqual([]);
    expect((await member.must('GET', `/v1/registry/listings?prefix=account:TH:014:999`)).listings).toEqual([]);
    expect((await linkAt(code, 'th')).reads.map((read: any) => read.book)).toEqual(['alliance']);
    const { members, books } = await member.must('GET', '/federation/v1/books?member=th');
    expect([members.includes('th'), books.map((book: any) => book.name)]).toEqual([true, ['alliance']]);
    const calls = await callsOf(code);
    const ask = async (path: string): Promise<unknown> => {
      const { body } = await calls.call('th', { method: 'GET', path });
      return body.json();
    };
    expect((await ask('/federation/v1/books')) as object).toMatchObject({ books: [{ name: 'alliance' }] });
    const seen = (await ask('/federation/v1/cosignatures')) as { notes: { book: string }[] };
    expect(new Set(seen.notes.map((note) => note.book)).has('kh+th')).toBe(false);
    for (const path of ['checkpoint?', 'entries?', 'proof?number=0&size=1&', 'consistency?from=0&to=1&']) {
      for (const book of ['kh%2Bth', 'domestic', 'th%2Bvn%2Bkh'])
        await expect(ask(`/federation/v1/${path}book=${book}`)).rejects.toMatchObject({
          refusal: { refused: 'not-found.book' },
        });
    }
    await calls.close();
  }
});

/** Says something in a member's book while its server is down, whatever it is and whoever would have allowed it. */
async function sayDirectly(member: TestMember, databaseUrl: string, ...drafts: Draft[]): Promise<void> {
  const db = openDb({ address: { url: databaseUrl }, connectionsMax: 3, onError: () => undefined });
  const signer = await openSigner(join(member.folder, 'keys'), undefined);
  const journal = await openJournal({
    db,
    clock: systemClock,
    signer,
    member: member.member,
    onError: () => undefined,
  });
  await db.tx((tx) => journal.append(tx, drafts));
  await journal.close();
  await db.close();
}

const note = (kind: string, more: Partial<Draft> = {}): Draft => ({
  book: 'alliance',
  kind,
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  body: { anything: true },
  ...more,
});

test('a statement of a kind that nobody knows is kept, proven and passed over', async () => {
  const th = alliance.of('th');
  await th.close(true);
  await sayDirectly(th, th.databaseUrl, note('from-a-later-release', { subject: 'ip:45.66.77.1' }));
  await alliance.reopen('th');
  await expect
    .poll(
      async () =>
        (await alliance.of('vn').must('GET', '/v1/registry/identifiers/ip:45.66.77.1/history')).entries.length,
      { timeout },
    )
    .toBe(1);
  await list(alliance.of('th'), 'ip:45.66.77.2');
  await expect.poll(adviceAt('vn', 'ip:45.66.77.2'), { timeout }).not.toBe('clear');
});

test('a member that was cut off keeps working, and catches up by itself', async () => {
  const vn = alliance.of('vn');
  await vn.must('POST', '/v1/directory/isolation', { isolated: true, reason: 'the cable is cut' });
  for (let number = 0; number < 30; number += 1) await list(alliance.of('kh'), `ip:45.70.1.${number}`);
  await list(vn, 'ip:45.70.2.1');
  await expect.poll(adviceAt('vn', 'ip:45.70.2.1')).not.toBe('clear');
  expect(await adviceAt('vn', 'ip:45.70.1.29')()).toBe('clear');
  await expect.poll(adviceAt('th', 'ip:45.70.1.29'), { timeout }).not.toBe('clear');
  expect(await adviceAt('th', 'ip:45.70.2.1')()).toBe('clear');
  await expect.poll(async () => (await linkAt('th', 'vn')).state, { timeout }).toBe('unreachable');
  await vn.must('POST', '/v1/directory/isolation', { isolated: false, reason: 'it is mended' });
  await expect.poll(adviceAt('vn', 'ip:45.70.1.29'), { timeout }).not.toBe('clear');
  await expect.poll(adviceAt('th', 'ip:45.70.2.1'), { timeout }).not.toBe('clear');
  const digest = await digestAt('th')();
  for (const code of codes) await expect.poll(digestAt(code), { timeout }).toBe(digest);
});

test('a key is changed under load, and nobody misses a statement', async () => {
  const kh = alliance.of('kh');
  const headers = await kh.as('supervisor');
  for (let number = 0; number < 60; number += 1) {
    if (number === 20)
      await kh.must('POST', '/v1/directory/keys/checkpoint/rotate', { overlapHours: 1, delaySeconds: 0 }, headers);
    if (number === 40)
      await kh.must('POST', '/v1/directory/keys/call/rotate', { overlapHours: 1, delaySeconds: 0 }, headers);
    await list(kh, `ip:45.71.1.${number}`);
  }
  for (const code of codes) await expect.poll(adviceAt(code, 'ip:45.71.1.59'), { timeout }).not.toBe('clear');
  for (const code of codes.filter((other) => other !== 'kh')) {
    const supervisor = await alliance.of(code).as('supervisor');
    const held = await alliance.of(code).must('GET', '/v1/federation/quarantine', undefined, {
      ...supervisor,
      'drum-purpose': 'audit',
    });
    expect(held.held).toEqual([]);
  }
});

test('a neighbour is paused by one member alone, and resumed', async () => {
  const la = alliance.of('la');
  const pause = { direction: 'out', reason: 'their liaison does not answer' };
  await la.must('POST', '/v1/directory/parties/mm/pause', pause);
  await list(la, 'ip:45.72.1.1');
  await expect.poll(adviceAt('cn', 'ip:45.72.1.1'), { timeout }).not.toBe('clear');
  await expect.poll(async () => (await linkAt('mm', 'la')).reason, { timeout }).toBe('forbidden.paused');
  const { refusals } = await la.must('GET', '/v1/federation/refusals?reader=mm');
  expect(refusals[0].code).toBe('forbidden.paused');
  expect(await adviceAt('mm', 'ip:45.72.1.1')()).toBe('clear');
  await list(alliance.of('mm'), 'ip:45.72.2.1');
  await expect.poll(adviceAt('la', 'ip:45.72.2.1'), { timeout }).not.toBe('clear');
  await la.must('POST', '/v1/directory/parties/mm/resume', { reason: 'they do again' });
  await expect.poll(adviceAt('mm', 'ip:45.72.1.1'), { timeout }).not.toBe('clear');
});

test('a server that was restored from a backup first gets back what its readers cosigned, and does not fork', async () => {
  const before = alliance.of('th');
  await before.close(true);
  const backup = await copyTestDatabase(before.databaseUrl);
  const th = await alliance.reopen('th');
  const later = await list(th, 'account:TH:014:5550001112');
  await list(th, 'ip:45.73.1.1');
  await th.must('POST', `/v1/registry/listings/${later.id}/withdrawal`, {
    reason: 'mistaken',
    grounds: 'another was meant',
  });
  for (const code of codes) await expect.poll(adviceAt(code, 'ip:45.73.1.1'), { timeout }).not.toBe('clear');
  const digest = await digestAt('vn')();
  await th.close(true);
  await writeFile(join(th.folder, 'restored.json'), '{}\n');
  const restored = await alliance.reopen('th', backup);
  expect((await restored.must('GET', '/v1/federation/links')).self).toBe('th');
  await expect
    .poll(
      async () =>
        (await restored.call('POST', '/v1/registry/listings', { identifier: 'ip:45.73.1.2', ...claim })).status,
      {
        timeout,
      },
    )
    .toBe(201);
  for (const code of codes) await expect.poll(adviceAt(code, 'ip:45.73.1.2'), { timeout }).not.toBe('clear');
  expect(await adviceAt('th', 'ip:45.73.1.1')()).not.toBe('clear');
  expect(await adviceAt('th', 'account:TH:014:5550001112')()).toBe('clear');
  expect(digest).not.toBe(await digestAt('vn')());
  expect(await digestAt('th')()).toBe(await digestAt('vn')());
  for (const code of codes) {
    const { forks } = await alliance.of(code).must('GET', '/v1/federation/forks');
    expect(forks).toEqual([]);
  }
});

test('a server whose database fell back to yesterday notices it at the start, and loses nothing that others have read', async () => {
  const la = alliance.of('la');
  await la.close(true);
  const yesterday = await copyTestDatabase(la.databaseUrl);
  const today = await alliance.reopen('la');
  await list(today, 'ip:45.75.1.1');
  for (const code of codes) await expect.poll(adviceAt(code, 'ip:45.75.1.1'), { timeout }).not.toBe('clear');
  await today.close(true);
  const fallen = await alliance.reopen('la', yesterday);
  await expect.poll(adviceAt('la', 'ip:45.75.1.1'), { timeout }).not.toBe('clear');
  await expect
    .poll(
      async () => (await fallen.call('POST', '/v1/registry/listings', { identifier: 'ip:45.75.1.2', ...claim })).status,
      {
        timeout,
      },
    )
    .toBe(201);
  for (const code of codes) await expect.poll(adviceAt(code, 'ip:45.75.1.2'), { timeout }).not.toBe('clear');
  expect((await alliance.of('vn').must('GET', '/v1/federation/forks')).forks).toEqual([]);
});

test('a member that rewrites its history is caught by those who compare, and the proof is kept', async () => {
  const mm = alliance.of('mm');
  await mm.close(true);
  const past = await copyTestDatabase(mm.databaseUrl);
  const honest = await alliance.reopen('mm');
  await list(honest, 'ip:45.74.1.1');
  await expect.poll(adviceAt('vn', 'ip:45.74.1.1'), { timeout }).not.toBe('clear');
  await expect.poll(adviceAt('kh', 'ip:45.74.1.1'), { timeout }).not.toBe('clear');
  await honest.close(true);
  // The same numbers, other words: as if nothing had been said.
  await sayDirectly(honest, past, note('rewritten'), note('rewritten'), note('rewritten'));
  await alliance.reopen('mm', past);
  const forksAt = (code: string) => async (): Promise<any[]> =>
    (await alliance.of(code).must('GET', '/v1/federation/forks')).forks.map((fork: any) => [fork.member, fork.book]);
  for (const code of ['vn', 'kh']) await expect.poll(forksAt(code), { timeout: 30_000 }).toEqual([['mm', 'alliance']]);
  // What it says in other books is heard as before.
  await list(alliance.of('mm'), 'ip:45.74.3.1', { audience: ['vn'] });
  await expect.poll(adviceAt('vn', 'ip:45.74.3.1'), { timeout }).not.toBe('clear');
  expect(await adviceAt('vn', 'ip:45.74.1.1')()).not.toBe('clear');
});
