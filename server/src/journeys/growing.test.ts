import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verify } from '../commands/verify.ts';
import { openCalls } from '../directory/directory.ts';
import { systemClock } from '../kernel/clock.ts';
import { openSigner } from '../platform/signer.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';
import { entryOf, openTestAuthor, textOf } from './test-author.ts';

// Three nations have worked together for a while; then a seventh comes, and an observer.
const timeout = 20_000;
const founders = ['kh', 'la', 'th'];
let alliance: TestAlliance;

beforeAll(async () => {
  alliance = await openTestAlliance(founders, undefined, ['supervisor', 'auditor']);
});
afterAll(() => alliance.close());

const claim = {
  tier: 'institution-confirmed',
  typologies: ['phishing'],
  offence: 'telecom-online-fraud',
  grading: { source: 'B', information: 2 },
  grounds: 'several victims named it',
  audience: 'alliance' as string | string[],
  handling: { tlp: 'AMBER', conditions: [] },
};
const open = { handling: { tlp: 'GREEN', conditions: [] } };

const list = async (code: string, identifier: string, more: object = {}): Promise<any> =>
  (await alliance.of(code).must('POST', '/v1/registry/listings', { identifier, ...claim, ...more })).listing;
const tryToList = async (code: string, identifier: string, more: object): Promise<string> => {
  const { status, body } = await alliance
    .of(code)
    .call('POST', '/v1/registry/listings', { identifier, ...claim, ...more });
  return status < 300 ? `accepted with ${status}` : body.code;
};
const withdraw = async (code: string, { id }: { id: string }): Promise<void> => {
  const withdrawal = { reason: 'mistaken', grounds: 'another was meant' };
  await alliance.of(code).must('POST', `/v1/registry/listings/${id}/withdrawal`, withdrawal);
};
const adviceAt = (code: string, identifier: string) => async (): Promise<string> =>
  (await alliance.of(code).must('POST', '/v1/screen', { identifiers: [identifier] })).results[0].advice;
const digestAt = (code: string) => async (): Promise<string> =>
  (await alliance.of(code).must('GET', '/v1/registry/digest?book=alliance&now=2027-01-01T00:00:00.000Z')).sha256;
const linkAt = async (code: string, party: string): Promise<any> =>
  (await alliance.of(code).must('GET', '/v1/federation/links')).links.find((link: any) => link.party === party);

/** A signed call of one party to another, whatever the caller's own server would have done. */
async function askAs(code: string, party: string, path: string): Promise<any> {
  const signer = await openSigner(join(alliance.of(code).folder, 'keys'), undefined);
  const calls = openCalls({
    self: code,
    clock: systemClock,
    signer,
    callKeysOf: () => [],
    addressOf: (other) => alliance.of(other).address,
    isIsolated: () => false,
    tls: undefined,
  });
  try {
    return await (await calls.call(party, { method: 'GET', path })).body.json();
  } finally {
    await calls.close();
  }
}

/** What `drum verify` says of everything that a member's server holds, asked by its auditor. */
async function auditAt(code: string): Promise<{ exit: number; said: string }> {
  const { authorization } = await alliance.of(code).as('auditor');
  const said: string[] = [];
  const screen = { line: (text: string) => void said.push(text), progress: () => undefined };
  const key = authorization!.replace('Bearer ', '');
  const exit = await verify(alliance.of(code).address, { data: alliance.of(code).folder, key }, screen);
  return { exit, said: said.join('\n') };
}

describe('a seventh member', () => {
  test('is nobody until all have signed its admission', async () => {
    await list('kh', 'ip:45.90.1.1');
    await withdraw('kh', await list('kh', 'ip:45.90.1.2'));
    await list('la', 'ip:45.90.1.3');
    await list('th', 'ip:45.90.1.4', { audience: ['kh'] });
    // Nothing is said in Laos's book after this.
    const headers = await alliance.of('la').as('supervisor');
    const rotation = { overlapHours: 1, delaySeconds: 0 };
    await alliance.of('la').must('POST', '/v1/directory/keys/checkpoint/rotate', rotation, headers);
    await alliance.open('sg');
    await list('sg', 'ip:45.90.1.5');
    await expect(askAs('sg', 'th', '/federation/v1/books')).rejects.toMatchObject({
      refusal: { refused: 'unauthenticated.signature-party' },
    });
    expect(await adviceAt('sg', 'ip:45.90.1.1')()).toBe('clear');
  });

  test('reads the past of the alliance once it is admitted, and nothing else of it', async () => {
    await alliance.admit('sg');
    for (const key of ['ip:45.90.1.1', 'ip:45.90.1.3'])
      await expect.poll(adviceAt('sg', key), { timeout }).not.toBe('clear');
    for (const key of ['ip:45.90.1.2', 'ip:45.90.1.4']) expect(await adviceAt('sg', key)(), key).toBe('clear');
    const { entries } = await alliance.of('sg').must('GET', '/v1/registry/identifiers/ip:45.90.1.2/history');
    expect(entries.length).toBe(2);
    // Thailand has said nothing to all but its terms for requests.
    expect((await linkAt('sg', 'th')).reads).toMatchObject([{ book: 'alliance', size: 1 }]);
  });

  test('is heard by all, also with what it said before', async () => {
    await list('sg', 'ip:45.90.1.6');
    for (const code of founders)
      for (const key of ['ip:45.90.1.5', 'ip:45.90.1.6'])
        await expect.poll(adviceAt(code, key), { timeout }).not.toBe('clear');
    const digest = await digestAt('sg')();
    for (const code of founders) await expect.poll(digestAt(code), { timeout }).toBe(digest);
  });

  test('tells and is told what was applied', async () => {
    await expect
      .poll(async () => (await linkAt('sg', 'kh')).read, { timeout })
      // With its terms for requests, which each member says once.
      .toMatchObject([{ book: 'alliance', size: 3, received: 3, applied: 3, held: [] }]);
    await expect
      .poll(async () => (await linkAt('kh', 'sg')).read, { timeout })
      .toMatchObject([{ book: 'alliance', size: 4, received: 4, applied: 4, held: [] }]);
  });
});

describe('an observer', () => {
  test('gets what names it, and of nothing else even that it exists', async () => {
    await alliance.open('unodc');
    await alliance.admit('unodc');
    await list('la', 'domain:prize-draw.example', { ...open, audience: ['alliance', 'unodc'] });
    await list('th', 'domain:cheap-loans.example', { ...open, audience: ['th', 'unodc'] });
    await list('th', 'domain:members-only.example', open);
    for (const key of ['domain:prize-draw.example', 'domain:cheap-loans.example'])
      await expect.poll(adviceAt('unodc', key), { timeout }).not.toBe('clear');
    await expect.poll(adviceAt('kh', 'domain:members-only.example'), { timeout }).not.toBe('clear');
    expect(await adviceAt('kh', 'domain:cheap-loans.example')()).toBe('clear');
    expect(await adviceAt('unodc', 'domain:members-only.example')()).toBe('clear');
    const read = async (party: string): Promise<string[]> =>
      (await linkAt('unodc', party)).reads.map(({ book }: any) => book);
    expect(await Promise.all(['kh', 'la', 'sg', 'th'].map(read))).toEqual([[], ['alliance+unodc'], [], ['th+unodc']]);
    for (const party of ['kh', 'la', 'sg', 'th']) {
      const { books } = await askAs('unodc', party, '/federation/v1/books');
      expect(books.map(({ name }: any) => name)).toEqual(await read(party));
      const { notes } = await askAs('unodc', party, '/federation/v1/cosignatures');
      for (const { book } of notes) expect(book).toBe('alliance+unodc');
      await expect(askAs('unodc', party, '/federation/v1/entries?book=alliance')).rejects.toMatchObject({
        refusal: { refused: 'not-found.book' },
      });
    }
  });

  test('is told of no person, and under no label that stays with the members', async () => {
    const audience = ['alliance', 'unodc'];
    const account = 'account:TH:014:7770001112';
    expect(await tryToList('th', account, { ...open, audience })).toBe('handling.person-beyond-members');
    expect(await tryToList('th', 'domain:amber.example', { audience })).toBe('handling.label-beyond-members');
    await list('th', account, { audience: ['kh'] });
    await expect.poll(adviceAt('kh', account), { timeout }).not.toBe('clear');
    expect(await adviceAt('unodc', account)()).toBe('clear');
  });

  test('says nothing itself: a statement is a nation’s', async () => {
    for (const audience of ['alliance', 'domestic'])
      expect(await tryToList('unodc', 'domain:ours.example', { ...open, audience })).toBe('forbidden.not-a-member');
  });
});

test('a member takes nothing from a neighbour that it has paused inward, and all of it once it resumes', async () => {
  const kh = alliance.of('kh');
  await kh.must('POST', '/v1/directory/parties/th/pause', { direction: 'in', reason: 'their feed is out of order' });
  await expect.poll(async () => (await linkAt('kh', 'th')).state, { timeout }).toBe('paused');
  await list('th', 'ip:45.90.2.1');
  await list('kh', 'ip:45.90.2.2');
  for (const code of ['la', 'sg']) await expect.poll(adviceAt(code, 'ip:45.90.2.1'), { timeout }).not.toBe('clear');
  await expect.poll(adviceAt('th', 'ip:45.90.2.2'), { timeout }).not.toBe('clear');
  expect(await adviceAt('kh', 'ip:45.90.2.1')()).toBe('clear');
  await kh.must('POST', '/v1/directory/parties/th/resume', { reason: 'it is mended' });
  await expect.poll(adviceAt('kh', 'ip:45.90.2.1'), { timeout }).not.toBe('clear');
});

test('an auditor at any member finds the journals of all of them whole', async () => {
  const digest = await digestAt('th')();
  for (const code of [...founders, 'sg']) await expect.poll(digestAt(code), { timeout }).toBe(digest);
  for (const code of [...founders, 'sg']) {
    const { exit, said } = await auditAt(code);
    expect(said).toContain('Everything verifies.');
    expect(exit, code).toBe(0);
    for (const member of [...founders, 'sg']) expect(said).toContain(`key ${member}.bronze-drum/alliance+`);
    expect(said.match(/^(?:[a-z]{2}\/)?alliance: \d+ statements?, verified/gm)).toHaveLength(4);
  }
  expect((await auditAt('unodc')).said).not.toContain('bronze-drum/alliance+');
});

test('an observer whose server speaks as a nation is not believed, and nothing of it is kept', async () => {
  const house = alliance.of('unodc');
  await house.close(true);
  const unodc = await openTestAuthor(house);
  unodc.book('alliance').add(entryOf(textOf('unodc', 'alliance', 'ip:45.90.3.1')));
  for (const code of founders)
    await expect.poll(async () => (await linkAt(code, 'unodc')).reason, { timeout }).toBe('federation.not-theirs');
  expect((await linkAt('th', 'unodc')).reads).toEqual([]);
  expect((await auditAt('th')).exit).toBe(0);
  await unodc.close();
});
