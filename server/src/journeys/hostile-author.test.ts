import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pageBytesMax, writeStreamLine } from '@bronze-drum/protocol/federation/pages';
import { openTestSigner } from '../platform/test-keys.ts';
import { openBank, question } from './funds-one-of-each.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';
import { entryOf, honestEntries, openTestAuthor, textOf, type Script, type TestAuthor } from './test-author.ts';

// Laos's server is played, by its own keys: what it sends is no page of its book. Thailand hears it, and Cambodia.
const timeout = 20_000;
const megabyte = 1024 * 1024;
let alliance: TestAlliance;
let la: TestAuthor;
let listed = 0;

beforeAll(async () => {
  alliance = await openTestAlliance(['kh', 'la', 'th']);
  const house = alliance.of('la');
  // What its server said when it was honest (what it asks of requests to it) stays said.
  await vi.waitUntil(async () => (await copies()).join() === 'alliance 1 of 1', { timeout });
  const said = await honestEntries(house, 'alliance');
  await house.close(true);
  la = await openTestAuthor(house);
  la.book('alliance').add(...said);
});
afterAll(async () => {
  await la.close();
  await alliance.close();
});

function say(count: number): void {
  for (let number = 0; number < count; number += 1) {
    listed += 1;
    la.book('alliance').add(entryOf(textOf('la', 'alliance', `ip:45.81.1.${listed}`)));
  }
}

const linkTo = async (party: string): Promise<any> => {
  const { links } = await alliance.of('th').must('GET', '/v1/federation/links');
  return links.find((link: any) => link.party === party);
};
const copies = async (): Promise<string[]> =>
  (await linkTo('la')).reads.map(({ book, here, size }: any) => `${book} ${here} of ${size}`);
const stateOf = async (): Promise<string> => {
  const { state, reason } = await linkTo('la');
  return reason === null ? state : `${state}: ${reason}`;
};
const adviceAtTh = async (identifier: string): Promise<string> =>
  (await alliance.of('th').must('POST', '/v1/screen', { identifiers: [identifier] })).results[0].advice;

/** What Cambodia says still comes to Thailand within moments. */
async function othersAreHeard(): Promise<void> {
  listed += 1;
  const identifier = `ip:45.81.2.${listed}`;
  await alliance.of('kh').must('POST', '/v1/registry/listings', {
    identifier,
    tier: 'observed',
    typologies: ['infrastructure'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'seen in an attack',
    audience: 'alliance',
    handling: { tlp: 'AMBER', conditions: [] },
  });
  await expect.poll(() => adviceAtTh(identifier)).not.toBe('clear');
  expect((await linkTo('kh')).state).toBe('live');
}

/** Plays what must be refused, and tells how the link then stands; the honest server afterwards goes on where it was. */
async function outcomeOf(script: Script): Promise<string> {
  const before = await copies();
  la.play(script);
  await expect.poll(stateOf, { timeout, interval: 20 }).toMatch(/^refused/);
  await othersAreHeard();
  const state = await stateOf();
  expect(await copies(), state).toEqual(before);
  say(1);
  la.play();
  const size = la.book('alliance').size();
  await expect.poll(copies, { timeout }).toEqual([`alliance ${size} of ${size}`]);
  await expect.poll(stateOf, { timeout }).toBe('live');
  return state;
}

const book = () => la.book('alliance');
const sending = (make: (from: number) => Promise<string> | string): Script =>
  async function* send(positions) {
    yield await make(positions.get('alliance') ?? 0);
  };
/** What the copy does not have yet, in a page that is not as it should be. */
const page = (other: Parameters<ReturnType<typeof book>['page']>[2] = {}, keptBack = 0): Script =>
  sending((from) => book().page(from, book().size() - keptBack, other));

test('what an honest author says is taken', async () => {
  say(3);
  la.play();
  await expect.poll(copies, { timeout }).toEqual(['alliance 4 of 4']);
});

describe('of an author whose pages are not of its book nothing is stored, and it is said why', () => {
  test('a page by the key of a stranger', async () => {
    say(1);
    const note = await book().note({ signer: openTestSigner() });
    expect(await outcomeOf(page({ note }))).toBe('refused: checkpoint.signature');
  });

  test('a page under a checkpoint that is none', async () => {
    say(1);
    expect(await outcomeOf(page({ note: 'nonsense' }))).toBe('refused: checkpoint.malformed');
  });

  test('a page under a root that its entries do not give', async () => {
    say(1);
    const note = await book().note({ root: Buffer.alloc(32, 1) });
    expect(await outcomeOf(page({ note }))).toBe('refused: federation.other-history');
  });

  test('a page whose proof proves nothing', async () => {
    say(2);
    const proof = [Buffer.alloc(32, 1).toString('base64')];
    expect(await outcomeOf(page({ proof }, 1))).toBe('refused: federation.other-history');
  });

  test('a page whose entries bear other numbers', async () => {
    say(1);
    expect(
      await outcomeOf(
        sending(async (from) => (await book().page(from, book().size())).replace(/"number":\d+/, '"number":7000')),
      ),
    ).toBe('refused: federation.page-order');
  });

  test('a page with a line of nonsense among its entries', async () => {
    say(1);
    expect(
      await outcomeOf(
        sending(async (from) => `${(await book().page(from, book().size())).split('\n')[0]}\n{"number":"one"}\n`),
      ),
    ).toBe('refused: federation.entry-malformed');
  });

  test('a page that announces a thousand million entries', async () => {
    say(1);
    expect(await outcomeOf(page({ header: { count: 1_000_000_000 } }))).toBe('refused: federation.line-malformed');
  });

  test('a book that is not for us', async () =>
    expect(
      await outcomeOf(
        sending(async () => {
          const other = la.bookAside('kh+la');
          other.add(entryOf(textOf('la', 'kh+la', 'ip:45.81.3.1')));
          return other.page(0, other.size());
        }),
      ),
    ).toBe('refused: federation.not-for-us'));

  test('a book that is not theirs to write', async () =>
    expect(
      await outcomeOf(
        sending(async () => {
          const other = la.bookAside('kh+th');
          other.add(entryOf(textOf('la', 'kh+th', 'ip:45.81.3.1')));
          return other.page(0, other.size());
        }),
      ),
    ).toBe('refused: federation.not-theirs'));
});

describe('what an author repeats or leaves out changes nothing', () => {
  test('pages that are known already are passed over, however often they come', async () => {
    const before = await copies();
    la.play(async function* again() {
      for (let count = 0; count < 50; count += 1) yield await book().page(0, book().size());
    });
    await othersAreHeard();
    expect(await copies()).toEqual(before);
    await expect.poll(stateOf, { timeout }).toBe('live');
  });

  test('a page that begins in what is known brings only the rest of it', async () => {
    say(2);
    la.play(sending(() => book().page(1, book().size())));
    await expect.poll(copies, { timeout }).toEqual([`alliance ${book().size()} of ${book().size()}`]);
    const applied = async (): Promise<boolean> =>
      (await linkTo('la')).reads.every((one: any) => one.applied === one.here);
    await expect.poll(applied, { timeout }).toBe(true);
  });

  test('a page after a gap is not taken; the copy asks for what is missing', async () => {
    const size = book().size();
    const asked: number[] = [];
    say(4);
    la.play(async function* gap(positions) {
      asked.push(positions.get('alliance') ?? 0);
      yield await book().page(size + 2, size + 4);
    });
    // Again and again, each time from what is there.
    await expect.poll(() => asked.filter((from) => from === size).length, { timeout }).toBeGreaterThan(2);
    expect(Math.max(...asked)).toBe(size);
    expect((await copies())[0]).toMatch(new RegExp(`^alliance ${size} of`));
    await othersAreHeard();
    la.play();
    await expect.poll(copies, { timeout }).toEqual([`alliance ${size + 4} of ${size + 4}`]);
  });

  test('lines of a kind that only a later release knows are passed over', async () => {
    say(1);
    la.play(async function* later(positions) {
      yield '{"proclamation":{"of":"2031"}}\nnot even JSON\n\n';
      yield writeStreamLine({ beat: { at: new Date().toISOString(), directory: '' } });
      yield await book().page(positions.get('alliance') ?? 0, book().size());
    });
    await expect.poll(copies, { timeout }).toEqual([`alliance ${book().size()} of ${book().size()}`]);
    await expect.poll(stateOf, { timeout }).toBe('live');
  });
});

describe('an author that never stops is cut off before it fills the memory', () => {
  /** Sends a piece again and again, until nobody listens; remembers what the longest line swallowed. */
  function pouring(first: () => Promise<string> | string, piece: Buffer) {
    const swallowed = { bytes: 0, ended: 0 };
    const script: Script = async function* pour() {
      let sent = 0;
      try {
        yield await first();
        for (; sent < 256 * megabyte; sent += piece.length) yield piece;
      } finally {
        swallowed.bytes = Math.max(swallowed.bytes, sent);
        swallowed.ended += 1;
      }
    };
    return { swallowed, script };
  }

  /** How much a reader took at the most before it cut the line, and how the link then stands. */
  async function cutOff({ swallowed, script }: ReturnType<typeof pouring>, expected: string): Promise<number> {
    const before = await copies();
    la.play(script);
    // Both readers have cut the line.
    await expect.poll(() => swallowed.ended, { timeout }).toBeGreaterThan(1);
    await othersAreHeard();
    await expect.poll(stateOf, { timeout }).toBe(expected);
    expect(await copies()).toEqual(before);
    la.play();
    await expect.poll(stateOf, { timeout }).toBe('live');
    return swallowed.bytes / megabyte;
  }

  test('in a line without an end', async () => {
    const endless = pouring(() => '{"page":', Buffer.alloc(megabyte, 0x61));
    expect(await cutOff(endless, 'unreachable: link.broke')).toBeLessThan(64);
  });

  test('in a page whose entries are each as long as a line may be', async () => {
    const text = 'x'.repeat(pageBytesMax / 2);
    const [entry] = [entryOf(text)];
    const line = Buffer.from(
      `${JSON.stringify({
        number: book().size(),
        commitment: Buffer.from(entry.commitment).toString('base64'),
        salt: Buffer.from(entry.salt!).toString('base64'),
        bytes: Buffer.from(text).toString('base64'),
      })}\n`,
    );
    const header = { book: 'alliance', from: book().size(), count: 2000, note: await book().note(), proof: [] };
    const long = pouring(() => writeStreamLine({ page: header }), line);
    expect(await cutOff(long, 'refused: federation.page-too-large')).toBeLessThan(64);
  });
});

describe('what a hostile member says of requests, traces and exhibits is not believed, and stops nobody', () => {
  const nul = 'NUL \u0000, half \ud800 a character, and \u202e back';
  const month13 = '2026-13-45T99:99:99.999Z';
  const huge = { value: '9'.repeat(18), currency: 'THB' };
  const id = (): string => crypto.randomUUID();
  /** Of the theft at Thailand: what it asked of Laos and of Cambodia. */
  let trace: string;
  const asked = new Map<string, string>();

  /** Laos says something, in the book of the two unless told otherwise. */
  function tell(kind: string, body: object, book = 'la+th', envelope: object = {}): void {
    const at = new Date().toISOString();
    const handling = { tlp: 'AMBER', conditions: [] };
    const head = { member: 'la', book, kind, version: 1, at, author: { office: 'aoc' }, audience: book.split('+') };
    la.book(book).add(entryOf(JSON.stringify({ envelope: { ...head, handling, ...envelope }, body })));
  }
  const request = (change: object) => ({
    id: id(),
    revision: 1,
    kind: 'information',
    to: { member: 'th' },
    priority: 'P3',
    offence: 'telecom-online-fraud',
    purpose: 'investigation',
    legalBasis: 'Penal Code',
    necessity: { language: 'en', text: 'It is needed.' },
    signedBy: { office: 'aoc', officer: 'kham', at: new Date().toISOString() },
    language: 'en',
    exhibits: [],
    details: { question: { language: 'en', text: 'who?' } },
    ...change,
  });
  const deed = (change: object) => ({ number: 1, revision: 1, deed: 'answered', exhibits: [], ...change });
  const place = (change: object) => ({
    place: id(),
    hop: 2,
    reached: { value: '100', currency: 'THB' },
    remains: { value: '100', currency: 'THB' },
    end: 'open',
    to: [],
    ...change,
  });
  const report = (change: object) => ({
    trace: id(),
    revision: 1,
    places: [place({})],
    more: 0,
    open: true,
    ...change,
  });
  const exhibit = (change: object, ref: object = {}) => ({
    exhibit: { id: id(), sha256: 'a'.repeat(64), bytes: 10, mediaType: 'text/plain', title: 'A letter', ...ref },
    act: 'disclosed',
    custody: 'b'.repeat(64),
    collectedAt: new Date().toISOString(),
    ...change,
  });
  const terms = (change: object) => ({
    revision: 7,
    timeZone: 'Asia/Vientiane',
    kinds: {},
    service: Object.fromEntries(
      ['P1', 'P2', 'P3', 'P4'].map((one) => [one, { acknowledgeMinutes: 15, act: 60, pausedByHolidays: false }]),
    ),
    holidays: [],
    workdays: [1, 2, 3, 4, 5],
    desk: 'desk',
    staffed: true,
    ...change,
  });

  const requestsFromLaos = async (): Promise<any[]> =>
    (await alliance.of('th').must('GET', '/v1/requests?direction=in&member=la&limit=200')).requests;
  const theTrace = (): Promise<any> => alliance.of('th').must('GET', `/v1/traces/${trace}`);
  const exhibitsOfLaos = async (): Promise<any[]> =>
    (await alliance.of('th').must('GET', '/v1/exhibits/abroad?member=la&limit=200')).exhibits;
  /** Everything that Laos said is known here, and every room has heard it. */
  async function heard(): Promise<void> {
    la.play();
    const mark = id();
    tell('request', request({ id: mark }));
    la.play();
    await expect.poll(async () => (await requestsFromLaos()).map((one) => one.id), { timeout }).toContain(mark);
    await othersAreHeard();
  }

  beforeAll(async () => {
    const th = alliance.of('th');
    const payer = await openBank(th, 'payer', 'account:TH:901:');
    const at = new Date(Date.now() - 60_000).toISOString();
    const paid = (to: string, reference: string) => ({
      from: 'account:TH:901:1111111111',
      to,
      amount: { value: '20000000', currency: 'THB' },
      at,
      reference,
    });
    const payments = [paid('account:LA:BCELLALA:0000000001', 'r-1'), paid('account:KH:ABCDKHPP:0000000001', 'r-2')];
    const told = await th.must('POST', '/v1/reports', { typology: 'investment-scam', payments }, payer);
    trace = told.traces[0];
    for (const one of (await theTrace()).requests) asked.set(one.member, one.id);
  });

  test('requests: words, instants, keys and amounts that are none, ids of others, revisions that go back', async () => {
    const money = (change: object) =>
      request({ kind: 'hold', details: { account: 'account:TH:901:1', amount: huge, ...change } });
    const [raised, twice] = [id(), id()];
    for (const body of [
      request({
        necessity: { language: 'en', text: nul },
        legalBasis: nul,
        to: { member: 'th', desk: nul, officer: nul },
      }),
      request({ signedBy: { office: nul, officer: nul, at: month13 } }),
      money({ account: 'account:\u0000' }),
      money({ account: '../../etc/passwd', until: month13 }),
      money({ account: `account:TH:901:${'9'.repeat(2000)}`, trace: asked.get('kh') }),
      request({
        kind: 'continue-trace',
        priority: 'P1',
        details: {
          trace: id(),
          payments: [{ from: nul, to: 'account:TH:901:2222222222', amount: huge, at: month13, reference: 'x' }],
          tainted: huge,
          hops: 1_000_000_000,
          method: 'haircut',
          stolenAt: month13,
          debitConfirmed: true,
        },
      }),
      request({ to: { member: 'kh' } }),
      request({ id: asked.get('kh') }),
      request({ id: raised, revision: 1000, priority: 'P2' }),
      request({ id: raised, revision: 1, priority: 'P1' }),
      request({ id: twice, revision: 2, details: { question: { language: 'en', text: 'again?' } } }),
      request({ id: twice, revision: 2, details: { question: { language: 'en', text: 'another' } } }),
    ])
      tell('request', body);
    tell('request', request({ id: id() }), 'alliance');
    tell('request', request({ id: id() }), 'la+th', { at: month13 });
    tell('request', request({ id: id() }), 'la+th', { subject: nul, author: { office: nul } });
    await heard();
    const known = await requestsFromLaos();
    expect(known.find((one) => one.id === raised)).toMatchObject({ revision: 1000, priority: 'P2' });
    expect(known.map((one) => one.id)).not.toContain(asked.get('kh'));
    expect(known.every((one) => one.to === 'th')).toBe(true);
    for (const one of known) {
      await alliance.of('th').must('GET', `/v1/requests/${one.id}`);
      const plain = await fetch(`${alliance.of('th').address}/v1/requests/${one.id}/plain?language=th`, {
        headers: { authorization: `Bearer ${alliance.of('th').operatorKey}`, 'drum-purpose': 'investigation' },
      });
      expect(plain.status).toBe(200);
    }
    const { holds } = await alliance.of('th').must('GET', '/v1/holds?limit=200');
    expect(holds.filter((hold: any) => hold.state !== 'proposed')).toEqual([]);
  });

  test('deeds about requests of others, or of nobody', async () => {
    const { state } = (await theTrace()).requests.find((one: any) => one.member === 'kh');
    for (const change of [
      { request: asked.get('kh'), facts: { done: ['held'], held: huge } },
      { request: asked.get('kh'), deed: 'withdrawn' },
      { request: id() },
      { request: asked.get('la'), deed: 'withdrawn' },
      { request: asked.get('la'), number: 100_000, revision: 1000, facts: { until: month13, held: huge } },
      { request: asked.get('la'), number: 2, deed: 'said', text: { language: 'en', text: nul } },
    ])
      tell('request-deed', deed(change));
    tell('request-deed', deed({ request: asked.get('la'), deed: 'refused', refusal: 'not-found' }), 'alliance');
    await heard();
    const { requests } = await theTrace();
    expect(requests.find((one: any) => one.member === 'kh').state).toBe(state === 'sent' ? expect.any(String) : state);
    expect(['answered', 'withdrawn', 'refused']).not.toContain(requests.find((one: any) => one.member === 'la').state);
  });

  test('reports of what nobody asked it, with amounts, keys and revisions that are none', async () => {
    const mine = asked.get('la');
    const theirs = asked.get('kh');
    const held = (change: object) => place({ hold: { state: 'held', amount: huge, ...change } });
    for (const change of [
      { request: theirs, revision: 1000, places: [held({})] },
      { request: id(), places: [held({})] },
      { request: mine, revision: Number.MAX_SAFE_INTEGER, places: [held({})] },
      { request: mine, revision: 1e21, places: [held({})] },
      { request: mine, revision: 2, places: [held({ refusal: nul.slice(0, 60), until: month13 })] },
      {
        request: mine,
        revision: 3,
        places: [place({ key: 'account:\u0000', to: [{ place: id(), amount: huge, at: month13 }] })],
      },
      { request: mine, revision: 4, places: [held({}), held({}), held({})], more: Number.MAX_SAFE_INTEGER },
      { request: mine, revision: 1, places: [place({ key: 'account:LA:BCELLALA:0000000009' })] },
    ])
      tell('trace-report', report(change));
    tell('trace-report', report({ request: mine, revision: 99 }), 'alliance');
    await heard();
    expect([mine, theirs]).toEqual([expect.any(String), expect.any(String)]);
    const { amount, held: saved, lost, open, seized, returned } = await theTrace();
    const parts = [saved, lost, open, seized, returned].map(({ value }: any) => BigInt(value));
    expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(BigInt(amount.value));
    // No more is believed than what went there, and that it went is known here.
    expect(BigInt(saved.value)).toBeLessThanOrEqual(20_000_000n);
    // What it says honestly afterwards counts.
    const key = 'account:LA:BCELLALA:0000000007';
    tell('trace-report', report({ request: mine, revision: 5, places: [place({ key, end: 'cash' })] }));
    la.play();
    const keys = async (): Promise<string[]> => (await theTrace()).places.map((one: any) => one.key);
    await expect.poll(keys, { timeout }).toContain(key);
    expect(await keys()).not.toContain('account:LA:BCELLALA:0000000009');
  });

  test('exhibits and terms', async () => {
    const honest = id();
    tell('exhibit', exhibit({}, { title: nul }));
    tell('exhibit', exhibit({}, { bytes: 1e300 }));
    tell('exhibit', exhibit({ collectedAt: month13 }));
    tell('exhibit', exhibit({ act: 'sealed' }));
    tell('exhibit', exhibit({}), 'la+th', { at: month13 });
    tell('exhibit', exhibit({}, { id: honest }));
    tell('exhibit', exhibit({}, { id: honest, sha256: 'c'.repeat(64), bytes: 1 }));
    tell('exhibit-withdrawal', { exhibit: id(), reason: 'destroyed' });
    tell('liaison-terms', terms({}), 'alliance');
    tell('liaison-terms', terms({ revision: 6, desk: 'an old desk' }), 'alliance');
    tell('liaison-terms', terms({ revision: 8, timeZone: 'Nowhere/Atall' }), 'alliance');
    tell('liaison-terms', terms({ revision: 9, holidays: ['2026-13-45'], desk: nul }), 'alliance');
    tell('liaison-terms', terms({ revision: 1_000_000_000 }), 'la+th');
    tell('order', { order: {}, reference: 'hold:x' });
    tell('hold', { hold: id(), revision: 1 });
    await heard();
    expect((await exhibitsOfLaos()).filter((one) => one.id === honest)).toMatchObject([{ sha256: 'a'.repeat(64) }]);
    expect(await exhibitsOfLaos()).toHaveLength(1);
    // An officer can still ask Laos, by what it said last that can be true.
    const th = alliance.of('th');
    const supervisor = await th.as('supervisor');
    const drafted = await th.must('POST', '/v1/requests', question('la', 'Is anybody there?'), supervisor);
    expect(await th.must('POST', `/v1/requests/${drafted.id}/check`, undefined, supervisor)).toMatchObject({
      termsKnown: true,
    });
    await expect.poll(stateOf, { timeout }).toBe('live');
  });
});
