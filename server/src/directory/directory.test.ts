import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newRecord, recordMessage } from '@bronze-drum/protocol/directory';
import type { OfficerActor } from '../kernel/actor.ts';
import { dayMs, hourMs, instantText, minuteMs, testClock, type TestClock } from '../kernel/clock.ts';
import { keyText, sha256 } from './holding.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import type { Db } from '../platform/db.ts';
import {
  clearTestDirectory,
  found,
  gossip,
  openTestDirectory,
  testOfficer,
  type TestDirectory,
} from './test-directory.ts';

const officer = testOfficer();
const startMs = Date.UTC(2026, 0, 1);
let clock: TestClock;
let kh: TestDirectory;
let la: TestDirectory;
let th: TestDirectory;
let opened: TestDirectory[];
const databases: Db[] = [];
beforeEach(async () => {
  clock = testClock(startMs);
  opened = [];
  [kh, la, th] = (await Promise.all(['kh', 'la', 'th'].map(open))) as [TestDirectory, TestDirectory, TestDirectory];
});
afterEach(async () => {
  for (const server of opened) {
    await clearTestDirectory(server);
    await server.close();
    databases.push(server.db);
  }
});
afterAll(() => Promise.all(databases.map((db) => db.close())));

async function open(code: string): Promise<TestDirectory> {
  const server = await openTestDirectory(code, { clock, db: databases.pop() ?? (await openTestDb()) });
  opened.push(server);
  return server;
}
const codes = ({ directory }: TestDirectory) =>
  directory
    .parties()
    .map(({ code }) => code)
    .sort();
const keyOf = ({ signer }: TestDirectory, use: 'call' | 'checkpoint' | 'cosignature') => signer.publicKey(use);
const proposalsAt = async ({ directory }: TestDirectory) => (await directory.read(officer)).proposals;
const hand = async (from: TestDirectory, to: TestDirectory) =>
  to.directory.importCharter(officer, await from.directory.charter(officer));
const actsOf = ({ db }: TestDirectory) =>
  db.query('SELECT actor, act, subject, reason FROM directory.acts ORDER BY number');

async function admit(candidate: TestDirectory, members: TestDirectory[]): Promise<string> {
  const party = await candidate.directory.card(officer);
  const { id } = await members[0]!.directory.propose(officer, { kind: 'admission', party });
  await members[0]!.directory.cosign(officer, id);
  await gossip(members);
  for (const { directory } of members.slice(1)) await directory.cosign(officer, id);
  await gossip(members);
  await hand(members[0]!, candidate);
  await candidate.directory.cosign(officer, id);
  await hand(candidate, members[0]!);
  await gossip([...members, candidate]);
  return id;
}

describe('founding', () => {
  test('three servers found the directory by files, and each knows the others', async () => {
    await found([kh, la, th]);
    for (const server of opened) {
      expect(codes(server)).toEqual(['kh', 'la', 'th']);
      expect(server.directory.digest()).toBe(kh.directory.digest());
      expect(server.directory.keysOf('th', 'call')).toEqual([keyOf(th, 'call')].map((key) => Uint8Array.from(key)));
    }
    expect(kh.directory.party('th')).toMatchObject({
      name: 'Thailand',
      address: 'http://th.example:8461',
      role: 'member',
    });
    expect(kh.directory.keysOf('vn', 'call')).toEqual([]);
  });

  test('until the last member has signed nobody is admitted, and officers see who is missing', async () => {
    const parties = await Promise.all([kh, la].map(({ directory }) => directory.card(officer)));
    const { id } = await kh.directory.propose(officer, { kind: 'founding', parties });
    expect(await kh.directory.cosign(officer, id)).toEqual({ id, inForce: false, missing: ['la'] });
    expect(codes(kh)).toEqual([]);
    expect(await proposalsAt(kh)).toMatchObject([{ id, signed: ['kh'], missing: ['la'], outdated: false }]);
    await expect(kh.directory.cosign(officer, id)).rejects.toThrow('conflict.directory-signed');
    await hand(kh, la);
    expect(await la.directory.cosign(officer, id)).toEqual({ id, inForce: true, missing: [] });
    await hand(la, kh);
    expect(codes(kh)).toEqual(['kh', 'la']);
    await expect(kh.directory.cosign(officer, id)).rejects.toThrow('conflict.directory-complete');
  });

  test('a server trusts one founding: a charter with another is refused', async () => {
    await found([kh, la]);
    await found([th]);
    await expect(hand(th, kh)).rejects.toThrow('conflict.directory-founding');
    const both = [...(await kh.directory.charter(officer)), ...(await th.directory.charter(officer))];
    const vn = await open('vn');
    await expect(vn.directory.importCharter(officer, both)).rejects.toThrow('conflict.directory-founding');
    const parties = [await kh.directory.card(officer)];
    await expect(kh.directory.propose(officer, { kind: 'founding', parties })).rejects.toThrow('directory-founding');
    expect(await kh.directory.merge(await th.directory.records())).toBe(false);
    expect(codes(kh)).toEqual(['kh', 'la']);
  });

  test('a founding that nobody here has signed may be drawn up anew', async () => {
    const cards = await Promise.all([kh, la, th].map(({ directory }) => directory.card(officer)));
    await kh.directory.propose(officer, { kind: 'founding', parties: [cards[0]!] });
    const { id } = await kh.directory.propose(officer, { kind: 'founding', parties: cards });
    expect((await kh.directory.read(officer)).founding).toBe(id);
    expect(await proposalsAt(kh)).toHaveLength(1);
  });

  test('a founding that is not in force and does not ask this server is not trusted', async () => {
    const { id } = await kh.directory.propose(officer, {
      kind: 'founding',
      parties: [await kh.directory.card(officer)],
    });
    await expect(hand(kh, th)).rejects.toThrow('conflict.directory-not-founded');
    await expect(th.directory.importCharter(officer, [])).rejects.toThrow('not-found.directory-founding');
    await kh.directory.cosign(officer, id);
    await hand(kh, th);
    expect(codes(th)).toEqual(['kh']);
  });

  test('a card with other keys than this server’s is not signed, and a founding without this server not proposed', async () => {
    const [mine, theirs] = await Promise.all([kh, la].map(({ directory }) => directory.card(officer)));
    const wrong = { ...mine!, keys: { ...mine!.keys, call: keyText(keyOf(th, 'call')) } };
    const propose = (...parties: NonNullable<typeof mine>[]) =>
      kh.directory.propose(officer, { kind: 'founding', parties });
    await expect(propose(wrong)).rejects.toThrow('conflict.directory-keys');
    await expect(propose(theirs!)).rejects.toThrow('directory.not-named');
    await expect(propose(mine!, mine!)).rejects.toThrow('directory.body');
  });
});

describe('admission', () => {
  test('a candidate is admitted when every member and itself have signed, and all servers say the same', async () => {
    await found([kh, la, th]);
    const vn = await open('vn');
    await admit(vn, [kh, la, th]);
    for (const server of opened) expect(codes(server)).toEqual(['kh', 'la', 'th', 'vn']);
    expect(new Set(opened.map(({ directory }) => directory.digest())).size).toBe(1);
    expect(vn.directory.readersOf('alliance')).toEqual(['kh', 'la', 'th']);
  });

  test('an observer reads what is addressed to it, and is no member', async () => {
    await found([kh, la]);
    const unodc = await open('unodc');
    await admit(unodc, [kh, la]);
    expect(kh.directory.isMember('unodc')).toBe(false);
    expect(kh.directory.party('unodc')?.role).toBe('observer');
    expect(kh.directory.readersOf('alliance')).toEqual(['la']);
    expect(kh.directory.readersOf('alliance+unodc')).toEqual(['la', 'unodc']);
    expect(kh.directory.mayRead('unodc', 'alliance+unodc')).toBe(true);
    expect(kh.directory.mayRead('unodc', 'domestic')).toBe(false);
    expect(kh.directory.mayRead('kh', 'alliance')).toBe(false);
    expect(kh.directory.mayRead('vn', 'kh+vn')).toBe(false);
  });

  test('a proposal that does not know the newest admission is not signed any more', async () => {
    await found([kh, la]);
    const party = await th.directory.card(officer);
    const { id } = await kh.directory.propose(officer, { kind: 'admission', party });
    await admit(await open('unodc'), [kh, la]);
    expect(await proposalsAt(kh)).toMatchObject([{ id, outdated: true }]);
    await expect(kh.directory.cosign(officer, id)).rejects.toThrow('conflict.directory-outdated');
    const again = await kh.directory.propose(officer, { kind: 'admission', party });
    expect((await kh.directory.cosign(officer, again.id)).missing).toEqual(['la', 'th']);
  });

  test('who is not asked signs nothing, and who is admitted is not admitted again', async () => {
    await found([kh, la]);
    const party = await kh.directory.card(officer);
    await expect(la.directory.propose(officer, { kind: 'admission', party })).rejects.toThrow('directory-admitted');
    await expect(th.directory.propose(officer, { kind: 'admission', party })).rejects.toThrow('directory-not-admitted');
    await expect(kh.directory.cosign(officer, 'f'.repeat(64))).rejects.toThrow('not-found.directory-proposal');
    const unodc = await open('unodc');
    await admit(unodc, [kh, la]);
    const { id } = await kh.directory.propose(officer, { kind: 'admission', party: await th.directory.card(officer) });
    await kh.directory.cosign(officer, id);
    await gossip([kh, unodc]);
    await expect(unodc.directory.cosign(officer, id)).rejects.toThrow('forbidden.directory-not-asked');
  });

  test('neighbours hear of a proposal once a member has signed it', async () => {
    await found([kh, la]);
    const { id } = await kh.directory.propose(officer, { kind: 'admission', party: await th.directory.card(officer) });
    expect(kh.directory.digest()).toBe(la.directory.digest());
    await gossip([kh, la]);
    expect(await proposalsAt(la)).toEqual([]);
    await kh.directory.cosign(officer, id);
    expect(kh.directory.digest()).not.toBe(la.directory.digest());
    await gossip([kh, la]);
    expect(await proposalsAt(la)).toMatchObject([{ id, missing: ['la', 'th'] }]);
  });
});

describe('a new key', () => {
  const rotate = (options = {}) => th.directory.rotateKey(officer, 'call', options);

  test('signs when its time has come; the old one stays valid beside it, and then no longer', async () => {
    await found([kh, la, th]);
    const old = Uint8Array.from(keyOf(th, 'call'));
    const { validFrom, previousUntil } = await rotate({ overlapHours: 2 });
    expect([validFrom, previousUntil]).toEqual(['2026-01-01T00:01:00.000Z', '2026-01-01T02:01:00.000Z']);
    await gossip([kh, th]);
    expect(await th.clocks.run()).toBe(0);
    expect(keyOf(th, 'call')).toEqual(Buffer.from(old));
    clock.advance(minuteMs);
    expect(await th.clocks.run()).toBe(1);
    const fresh = Uint8Array.from(keyOf(th, 'call'));
    expect(fresh).not.toEqual(old);
    const validAt = (afterMs: number) => kh.directory.keysOf('th', 'call', startMs + afterMs);
    expect(validAt(0)).toEqual([old]);
    expect(validAt(minuteMs)).toEqual([old, fresh]);
    expect(validAt(2 * hourMs + minuteMs)).toEqual([fresh]);
    expect(kh.directory.keysOf('th', 'call')).toEqual([old, fresh]);
  });

  test('is one at a time, and survives a restart before its time', async () => {
    await found([th]);
    const { publicKey } = await rotate({ delaySeconds: 3600 });
    await expect(rotate()).rejects.toThrow('conflict.directory-rotation-pending');
    await th.reopen();
    clock.advance(hourMs);
    await th.clocks.run();
    expect(keyText(keyOf(th, 'call'))).toBe(publicKey);
    expect((await actsOf(th)).at(-1)).toMatchObject({ actor: 'rule:directory.activate-key', act: 'activate-key' });
    await rotate({ delaySeconds: 0 });
    await th.clocks.run();
    expect(th.directory.keysOf('th', 'call')).toHaveLength(3);
  });

  test('of cosignatures signs the next admission', async () => {
    await found([kh, la]);
    await la.directory.rotateKey(officer, 'cosignature', { delaySeconds: 0 });
    await la.clocks.run();
    await gossip([kh, la]);
    await admit(th, [kh, la]);
    expect(codes(kh)).toContain('th');
    expect(codes(th)).toContain('th');
  });

  test('cannot be made by a key that has ended, whatever date is written on it', async () => {
    await found([kh, th]);
    const stolen = { call: keyText(keyOf(th, 'call')), cosignature: keyText(keyOf(th, 'cosignature')) };
    const evil = openTestSigner();
    const record = newRecord(
      {
        kind: 'rotation',
        at: instantText(startMs),
        after: [(await kh.directory.read(officer)).founding!],
        party: 'th',
        use: 'call',
        previous: stolen.call,
        publicKey: keyText(evil.publicKey('call')),
        validFrom: instantText(startMs + dayMs),
        previousUntil: instantText(startMs + dayMs),
      },
      sha256,
    );
    const message = recordMessage(record.bytes);
    const signatures = [
      { party: 'th', key: stolen.call, signature: keyText(th.signer.sign('call', message)) },
      { party: 'th', key: stolen.cosignature, signature: keyText(th.signer.sign('cosignature', message)) },
      { party: 'th', key: record.body.publicKey, signature: keyText(evil.sign('call', message)) },
    ];
    await rotate({ overlapHours: 1 });
    await gossip([kh, th]);
    clock.advance(dayMs);
    expect(await kh.directory.merge([{ bytes: record.bytes, signatures }])).toBe(false);
    expect(kh.directory.keysOf('th', 'call', clock.now())).toHaveLength(1);
  });
});

describe('a key in other hands', () => {
  test('is replaced by all the other members, and verifies nothing after that', async () => {
    await found([kh, la, th]);
    await th.directory.relocate(officer, 'https://th.example');
    clock.advance(dayMs);
    const since = instantText(clock.now());
    clock.advance(hourMs);
    const { id } = await th.directory.propose(officer, { kind: 'replacement', party: 'th', use: 'cosignature', since });
    const old = Uint8Array.from(keyOf(th, 'cosignature'));
    expect((await th.directory.cosign(officer, id)).missing).toEqual(['kh', 'la']);
    await hand(th, kh);
    expect((await kh.directory.cosign(officer, id)).missing).toEqual(['la']);
    expect(kh.directory.keysOf('th', 'cosignature')).toEqual([old]);
    await gossip([kh, la]);
    expect((await la.directory.cosign(officer, id)).inForce).toBe(true);
    await gossip([kh, la, th]);
    await th.clocks.run();
    const fresh = Uint8Array.from(keyOf(th, 'cosignature'));
    expect(fresh).not.toEqual(old);
    for (const { directory } of [kh, la, th]) {
      expect(directory.keysOf('th', 'cosignature')).toEqual([fresh]);
      expect(directory.keysOf('th', 'cosignature', clock.now())).toEqual([fresh]);
      expect(directory.keysOf('th', 'cosignature', startMs + hourMs)).toEqual([old]);
      expect(directory.party('th')?.address).toBe('https://th.example');
    }
    await th.directory.relocate(officer, 'https://new.example');
    await gossip([kh, th]);
    expect(kh.directory.party('th')?.address).toBe('https://new.example');
  });

  test('is replaced by nobody’s own word: neither the owner’s nor another’s', async () => {
    await found([kh, la, th]);
    const since = instantText(clock.now());
    const { id } = await th.directory.propose(officer, { kind: 'replacement', party: 'th', use: 'call', since });
    expect(await th.directory.cosign(officer, id)).toMatchObject({ inForce: false, missing: ['kh', 'la'] });
    await expect(
      kh.directory.propose(officer, { kind: 'replacement', party: 'th', use: 'call', since }),
    ).rejects.toThrow('directory.key-missing');
    expect(th.directory.keysOf('th', 'call')).toHaveLength(1);
  });
});

test('a server that moves says so, and the others find it there', async () => {
  await found([kh, la]);
  await expect(th.directory.relocate(officer)).rejects.toThrow('conflict.directory-not-admitted');
  await la.directory.relocate(officer, 'https://la.example');
  await la.directory.relocate(officer, 'https://la2.example');
  await gossip([kh, la]);
  expect(kh.directory.party('la')?.address).toBe('https://la2.example');
  await la.directory.relocate(officer);
  await gossip([kh, la]);
  expect(kh.directory.party('la')?.address).toBe('http://la.example:8461');
});

describe('a member by itself', () => {
  test('pauses a neighbour in one direction or both, and resumes it; all of it outlives a restart', async () => {
    await found([kh, la]);
    expect(kh.directory.pauseOf('la')).toBe('none');
    await kh.directory.pause(officer, 'la', 'in', 'their feed is poisoned');
    expect(kh.directory.mayRead('la', 'alliance')).toBe(true);
    await kh.directory.pause(officer, 'la', 'out', 'inquiry 12');
    await kh.reopen();
    expect(kh.directory.pauseOf('la')).toBe('both');
    expect(kh.directory.mayRead('la', 'alliance')).toBe(false);
    const { parties } = await kh.directory.read(officer);
    expect(parties[1]).toMatchObject({
      party: 'la',
      pause: { direction: 'both', reason: 'inquiry 12', by: 'officer:somchai' },
    });
    await kh.directory.resume(officer, 'la');
    await kh.reopen();
    expect(kh.directory.pauseOf('la')).toBe('none');
    await expect(kh.directory.resume(officer, 'la')).rejects.toThrow('conflict.directory-not-paused');
    expect((await actsOf(kh)).slice(-3)).toMatchObject([
      { act: 'pause-in', subject: 'la', reason: 'their feed is poisoned' },
      { act: 'pause-out', subject: 'la', reason: 'inquiry 12' },
      { act: 'resume', subject: 'la', actor: 'officer:somchai' },
    ]);
  });

  test('does not pause itself or a stranger, nor without a reason', async () => {
    await found([kh]);
    await expect(kh.directory.pause(officer, 'kh', 'in', 'why')).rejects.toThrow('conflict.directory-self');
    await expect(kh.directory.pause(officer, 'la', 'in', 'why')).rejects.toThrow('not-found.party');
    await expect(kh.directory.pause(officer, 'kh', 'in', ' ')).rejects.toThrow('directory.reason');
    await expect(kh.directory.isolate(officer, true, '')).rejects.toThrow('directory.reason');
  });

  test('cuts itself off and comes back, also over a restart', async () => {
    await found([kh, la]);
    let heard = 0;
    kh.directory.onChange(() => (heard += 1));
    await kh.directory.isolate(officer, true, 'intrusion');
    expect(heard).toBe(1);
    await kh.reopen();
    expect(kh.directory.isIsolated()).toBe(true);
    expect(kh.directory.mayRead('la', 'alliance')).toBe(false);
    expect((await kh.directory.read(officer)).isolation).toMatchObject({ reason: 'intrusion', by: 'officer:somchai' });
    await kh.directory.isolate(officer, false, 'cleaned');
    expect(kh.directory.mayRead('la', 'alliance')).toBe(true);
  });
});

describe('what an officer may', () => {
  const refused = 'forbidden.permission';

  test('who may only propose does not sign, and who may only read does nothing else', async () => {
    const proposer = testOfficer(['directory.read', 'directory.propose']);
    const parties = [await kh.directory.card(proposer)];
    const { id } = await kh.directory.propose(proposer, { kind: 'founding', parties });
    await expect(kh.directory.cosign(proposer, id)).rejects.toThrow(refused);
    await expect(kh.directory.rotateKey(proposer, 'call')).rejects.toThrow(refused);
    await expect(kh.directory.isolate(proposer, true, 'x')).rejects.toThrow(refused);
    const reader = testOfficer(['directory.read']);
    await expect(kh.directory.propose(reader, { kind: 'founding', parties })).rejects.toThrow(refused);
    await expect(kh.directory.relocate(reader)).rejects.toThrow(refused);
    await expect(kh.directory.importCharter(reader, [])).rejects.toThrow(refused);
    await expect(kh.directory.pause(reader, 'la', 'in', 'x')).rejects.toThrow(refused);
    await expect(kh.directory.resume(reader, 'la')).rejects.toThrow(refused);
    const nobody: OfficerActor = testOfficer([]);
    for (const verb of ['read', 'card', 'charter'] as const)
      await expect(kh.directory[verb](nobody)).rejects.toThrow(refused);
    await expect(kh.directory.read({ kind: 'party', party: 'la' })).rejects.toThrow(refused);
  });

  test('signing and new keys ask for the password again', async () => {
    await found([kh]);
    const idle = testOfficer(undefined, null);
    await expect(kh.directory.cosign(idle, 'f'.repeat(64))).rejects.toThrow('forbidden.step-up');
    await expect(kh.directory.rotateKey(idle, 'call')).rejects.toThrow('forbidden.step-up');
  });
});

test('a server knows after a restart what it knew before', async () => {
  await found([kh, la, th]);
  await admit(await open('vn'), [kh, la, th]);
  await la.directory.rotateKey(officer, 'checkpoint');
  await gossip(opened);
  const before = [kh.directory.digest(), kh.directory.parties(), await kh.directory.read(officer)];
  await kh.reopen();
  expect([kh.directory.digest(), kh.directory.parties(), await kh.directory.read(officer)]).toEqual(before);
});

test('many changes at once happen one after the other', async () => {
  await found([kh, la]);
  const parties = await Promise.all(['mm', 'th', 'vn'].map(async (code) => (await open(code)).directory.card(officer)));
  const ids = await Promise.all(parties.map((party) => kh.directory.propose(officer, { kind: 'admission', party })));
  await Promise.all(ids.map(({ id }) => kh.directory.cosign(officer, id)));
  await Promise.all([1, 2, 3].map(async () => la.directory.merge(await kh.directory.records())));
  expect(await proposalsAt(la)).toHaveLength(3);
  expect(la.directory.digest()).toBe(kh.directory.digest());
});
