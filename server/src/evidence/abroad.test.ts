import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExhibitBody } from '@bronze-drum/protocol/statements/exhibit';
import { openTestAlliance, type TestAlliance, type TestParty } from '../directory/test-calls.ts';
import type { Draft } from '../journal/journal.ts';
import { testClock } from '../kernel/clock.ts';
import type { AbroadPage, Exhibit, ExhibitWithCustody } from './contract.ts';
import { copyBook, openTestEvidence, type TestEvidence } from './test-evidence.ts';

let alliance: TestAlliance;
let kh: TestEvidence;
let th: TestEvidence;
let stranger: TestParty;
let la: TestParty;
let theirs: string;
let ours: string;
let chief: string;

beforeAll(async () => {
  alliance = openTestAlliance();
  [kh, th] = await Promise.all([openTestEvidence(alliance, 'kh'), openTestEvidence(alliance, 'th')]);
  la = await alliance.join('la', testClock(kh.clock.now()));
  stranger = await alliance.join('xx', testClock(kh.clock.now()), { stranger: true });
  [theirs, chief, ours] = await Promise.all([
    kh.enlist('sokha', ['duty-officer']),
    kh.enlist('dara', ['liaison']),
    th.enlist('malee', ['duty-officer']),
  ]);
});
afterAll(async () => {
  await alliance.close();
  await Promise.all([kh.close(), th.close()]);
});

/** What the other room has heard of a book. */
async function hear(book: string, from = kh, to = th): Promise<void> {
  await copyBook(from, to, book);
  const { member } = from.journal;
  const size = (await from.journal.books()).find(({ name }) => name === book)!.size;
  await vi.waitFor(() => expect(to.journal.applied(member, book)).toBe(size));
}
const fetchIt = (id: string, query = '') => th.call('POST', `/v1/exhibits/abroad/${id}/fetch${query}`, ours);
const abroad = async () =>
  ((await th.call('GET', '/v1/exhibits/abroad?limit=200', ours)).body as unknown as AbroadPage).exhibits;
const given = async (content: string, book: string, change: Record<string, string> = {}): Promise<Exhibit> => {
  const exhibit = await kh.taken(theirs, content, change);
  await kh.attach([exhibit.id], { book });
  return exhibit;
};
const askFor = async (party: TestParty, sha256: string) => {
  const { body } = await party.calls.call('kh', { method: 'GET', path: `/federation/v1/exhibits/${sha256}` });
  return body.text();
};

describe('an exhibit of another member', () => {
  test('is fetched, checked, and has a chain of its own from then on', async () => {
    const exhibit = await given('what Phnom Penh saw', 'kh+th', { tlp: 'GREEN', conditions: 'H1' });
    expect((await fetchIt(exhibit.id)).code).toBe('not-found.exhibit');
    await hear('kh+th');
    expect(await abroad()).toMatchObject([{ member: 'kh', id: exhibit.id, book: 'kh+th', withdrawn: false }]);
    const { status, body } = await fetchIt(exhibit.id);
    expect(status).toBe(200);
    const here = body as unknown as Exhibit;
    expect(here).toMatchObject({
      sha256: exhibit.sha256,
      title: exhibit.title,
      means: 'received',
      handling: { tlp: 'GREEN', conditions: ['H1'] },
      received: { member: 'kh', exhibit: exhibit.id, book: 'kh+th', number: 0, withdrawn: false },
    });
    expect(here.id).not.toBe(exhibit.id);
    const { custody } = (await kh.call('GET', `/v1/exhibits/${exhibit.id}`, theirs))
      .body as unknown as ExhibitWithCustody;
    expect(custody!.map(({ act, by, place }) => [act, by, place]).at(-1)).toEqual([
      'served',
      { member: 'th' },
      'server:th',
    ]);
    const chain = (await th.call('GET', `/v1/exhibits/${here.id}`, ours)).body as unknown as ExhibitWithCustody;
    expect(chain.custody).toMatchObject([
      {
        act: 'received',
        details: { member: 'kh', book: 'kh+th', statement: 0, memberCustody: custody![1]!.digest },
      },
    ]);
    expect(String((await th.raw(`/v1/exhibits/${here.id}/content`, ours)).body)).toBe('what Phnom Penh saw');
    // Asked for again, it is the same exhibit, and is not asked for abroad.
    expect((await fetchIt(exhibit.id)).body['id']).toBe(here.id);
    expect((await kh.call('GET', `/v1/exhibits/${exhibit.id}`, theirs)).body['entries']).toBe(3);
    expect((await abroad())[0]).toMatchObject({ here: here.id });
  });

  test('fetched by two at once is one exhibit', async () => {
    const exhibit = await given('both want it', 'kh+th');
    await hear('kh+th');
    const both = await Promise.all([fetchIt(exhibit.id), fetchIt(exhibit.id), fetchIt(exhibit.id)]);
    expect(new Set(both.map(({ body }) => body['id'])).size).toBe(1);
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('goes no further than its author lets it', async () => {
    const bound = await given('keep to yourselves', 'kh+la+th', { conditions: 'H2' });
    const free = await given('share it', 'kh+la+th');
    await hear('kh+la+th');
    const [boundHere, freeHere] = await Promise.all([fetchIt(bound.id), fetchIt(free.id)]);
    const refused = { refusal: { refused: 'handling.no-onward' } };
    const boundId = boundHere.body['id'] as string;
    await expect(th.attach([boundId], { book: 'th+vn' })).rejects.toMatchObject(refused);
    await expect(th.attach([boundId], { book: 'alliance' })).rejects.toMatchObject(refused);
    await expect(th.attach([boundId], { institution: 'bank' })).rejects.toMatchObject(refused);
    // Its author, and whoever was told of it by its author, have it anyway.
    await th.attach([boundId], { book: 'kh+th' });
    await th.attach([freeHere.body['id'] as string], { book: 'th+vn' });
  });
});

describe('whoever may not have an exhibit', () => {
  test('gets the same answer as for one that does not exist', async () => {
    const hidden = await kh.taken(theirs, 'for nobody abroad');
    const forThem = await given('for Thailand alone', 'kh+th');
    const missing = { refusal: { refused: 'not-found.exhibit' } };
    for (const sha256 of [hidden.sha256, '0'.repeat(64)])
      await expect(askFor(th.party, sha256)).rejects.toEqual(expect.objectContaining(missing));
    const refusals = await Promise.all(
      [hidden.sha256, forThem.sha256, '0'.repeat(64)].map((sha256) => askFor(la, sha256).catch((e: unknown) => e)),
    );
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
    expect(refusals[0]).toMatchObject(missing);
    expect(await askFor(th.party, forThem.sha256)).toBe('for Thailand alone');
    await expect(askFor(stranger, forThem.sha256)).rejects.toMatchObject({
      refusal: { refused: expect.stringMatching(/^unauthenticated\./) },
    });
    kh.mayNotRead.add('th');
    await expect(askFor(th.party, forThem.sha256)).rejects.toMatchObject(missing);
    kh.mayNotRead.clear();
    const { custody } = (await kh.call('GET', `/v1/exhibits/${hidden.id}`, theirs))
      .body as unknown as ExhibitWithCustody;
    expect(custody!.map(({ act }) => act)).toEqual(['sealed']);
  });

  test('is given it no longer once it was withdrawn, and again once it was given anew', async () => {
    const exhibit = await given('given by mistake', 'kh+th');
    await hear('kh+th');
    const here = (await fetchIt(exhibit.id)).body['id'] as string;
    const withdrawal = { book: 'kh+th', basis: 'another was meant' };
    const withdraw = () => kh.call('POST', `/v1/exhibits/${exhibit.id}/withdrawal`, chief, withdrawal);
    expect((await withdraw()).status).toBe(200);
    expect((await withdraw()).code).toBe('not-found.disclosure');
    await expect(askFor(th.party, exhibit.sha256)).rejects.toMatchObject({
      refusal: { refused: 'not-found.exhibit' },
    });
    await hear('kh+th');
    expect((await abroad()).find(({ id }) => id === exhibit.id)).toMatchObject({ withdrawn: true });
    expect((await th.call('GET', `/v1/exhibits/${here}`, ours)).body).toMatchObject({ received: { withdrawn: true } });
    await expect(th.attach([here], { book: 'kh+th' })).rejects.toMatchObject({
      refusal: { refused: 'handling.withdrawn' },
    });
    await kh.attach([exhibit.id], { book: 'kh+th' });
    await hear('kh+th');
    expect(await askFor(th.party, exhibit.sha256)).toBe('given by mistake');
    expect((await abroad()).find(({ id }) => id === exhibit.id)).toMatchObject({ withdrawn: false, here });
    await th.attach([here], { book: 'kh+th' });
  });

  test('of two recipients in one withdrawal neither is guessed', async () => {
    const exhibit = await given('one at a time', 'kh+th');
    for (const body of [{ basis: 'x' }, { basis: 'x', book: 'kh+th', institution: 'bank' }])
      expect((await kh.call('POST', `/v1/exhibits/${exhibit.id}/withdrawal`, chief, body)).code).toBe(
        'malformed.recipient',
      );
  });
});

describe('a hostile author', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    alliance.parties.get('la')!.address = undefined;
  });
  const lie = async (answer: RequestListener): Promise<void> => {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    alliance.parties.get('la')!.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const idOf = (n: number) => `6f2b1a3c-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const claim = (n: number, change: Partial<ExhibitBody['exhibit']> = {}, more: object = {}): Draft => ({
    book: 'la+th',
    kind: 'exhibit',
    version: 1,
    author: { office: 'x' },
    handling: { tlp: 'AMBER', conditions: [] },
    body: {
      exhibit: { id: idOf(n), sha256: '1'.repeat(64), bytes: 10, mediaType: 'image/png', title: 'x', ...change },
      act: 'disclosed',
      custody: '2'.repeat(64),
      collectedAt: '2026-01-01T00:00:00.000Z',
      ...more,
    },
  });
  let said = 0;
  async function say(...drafts: Draft[]): Promise<void> {
    const entries = drafts.map((draft, index) => {
      const { body, ...envelope } = draft;
      const at = '2026-01-01T00:00:00.000Z';
      const statement = { envelope: { member: 'la', at, audience: ['la', 'th'], ...envelope }, body };
      const bytes = JSON.stringify(statement);
      const salt = Buffer.alloc(16);
      return {
        member: 'la',
        book: 'la+th',
        number: said + index,
        commitment: Buffer.alloc(32),
        salt,
        bytes,
        statement,
      };
    });
    said += drafts.length;
    await th.db.tx((tx) => th.journal.receive(tx, { member: 'la', book: 'la+th', entries, accept: () => null }));
    await vi.waitFor(() => expect(th.journal.applied('la', 'la+th')).toBe(said));
  }
  const incoming = async () => (await Array.fromAsync(th.blobs.stored())).flat().length;

  test('who sends another content, less or more of it, or breaks off, gives nothing', async () => {
    await say(claim(1));
    const before = await incoming();
    const lies: [RequestListener, string][] = [
      [(_, response) => void response.end('0123456789'), 'malformed.answer'],
      [(_, response) => void response.end('01234'), 'malformed.answer'],
      [(_, response) => void response.end(''), 'malformed.answer'],
      [(_, response) => void response.end('x'.repeat(5_000_000)), 'malformed.answer'],
      [
        (_, response) =>
          void response.writeHead(200, { 'content-length': '10' }).write('01234', () => response.destroy()),
        'unavailable',
      ],
      [(_, response) => void response.writeHead(302, { location: 'http://127.0.0.1/' }).end(), 'unavailable'],
      [(_, response) => void response.writeHead(500).end(), 'unavailable'],
      [(request) => void request.socket.destroy(), 'unavailable'],
    ];
    for (const [answer, code] of lies) {
      await lie(answer);
      expect((await fetchIt(idOf(1))).code).toBe(code);
      server!.closeAllConnections();
      server!.close();
    }
    expect(await incoming()).toBe(before);
    expect((await abroad()).find(({ id }) => id === idOf(1))).not.toHaveProperty('here');
  });

  test('who claims more than may be in one exhibit is not even asked', async () => {
    await say(claim(2, { bytes: 10 * 1024 ** 3 }));
    expect((await fetchIt(idOf(2))).code).toBe('too-large.exhibit');
  });

  test('who writes what no database has is not heard, and those behind are', async () => {
    await say(
      claim(3, { title: 'a\0b' }),
      claim(4, {}, { collectedAt: '2026-13-01T00:00:00.000Z' }),
      claim(5, { bytes: 1e300 }),
      claim(6, {}, { act: 'sealed' }),
      claim(7, { title: '../../etc/passwd' }),
    );
    const known = (await abroad()).filter(({ member }) => member === 'la').map(({ id }) => id);
    for (const n of [3, 4, 5, 6]) expect(known).not.toContain(idOf(n));
    expect(known).toContain(idOf(7));
    expect(th.errors).toEqual([]);
  });

  test('who says another content under the same id changes nothing', async () => {
    await say(claim(8), claim(8, { sha256: '9'.repeat(64) }));
    expect((await abroad()).find(({ id }) => id === idOf(8))).toMatchObject({ sha256: '1'.repeat(64) });
  });

  test('who uses another member’s id is told apart by the member', async () => {
    const exhibit = await given('the true one', 'kh+th');
    await hear('kh+th');
    await say(claim(9, { id: exhibit.id }));
    expect((await fetchIt(exhibit.id)).code).toBe('conflict.exhibit-member');
    expect((await fetchIt(exhibit.id, '?member=kh')).body).toMatchObject({ sha256: exhibit.sha256 });
  });

  test('a withdrawal holds whichever of the two came first, and an erasure makes us forget', async () => {
    const end = (n: number): Draft => ({
      ...claim(n),
      kind: 'exhibit-withdrawal',
      body: { exhibit: idOf(n), reason: 'withdrawn' },
    });
    await say(claim(10), end(10), end(11), claim(11), claim(12));
    const stateOf = async (n: number) => (await abroad()).find(({ id }) => id === idOf(n))?.withdrawn;
    expect(await Promise.all([stateOf(10), stateOf(11), stateOf(12)])).toEqual([true, false, false]);
    expect((await fetchIt(idOf(10))).code).toBe('not-found.exhibit');
    await say({ ...claim(12), kind: 'erasure', body: { number: said - 1, basis: 'x' } });
    expect(await stateOf(12)).toBeUndefined();
  });

  test('who never ends is left after a time', async () => {
    const impatient = await th.reopen({ fetchMsMax: 100 });
    await lie((_, response) => void response.writeHead(200).write('01'));
    await expect(impatient.fetch(await th.actor(ours), idOf(1), undefined)).rejects.toThrow('too slow');
    server!.closeAllConnections();
  });
});
