import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isReader } from '@bronze-drum/protocol/members';
import { openCalls, type Calls } from '../directory/directory.ts';
import { systemClock } from '../kernel/clock.ts';
import { openDb } from '../platform/db.ts';
import { openSigner } from '../platform/signer.ts';
import { enrol } from './founding.ts';
import { openBank, question, takeExhibit } from './funds-one-of-each.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';

// Whatever is said, widened, narrowed and withdrawn: nobody outside ever sees body, key, count or timing.
const codes = ['kh', 'la', 'th', 'vn'];
const author = 'th';
const timeout = 20_000;
let alliance: TestAlliance;
const calls = new Map<string, Calls>();

beforeAll(async () => {
  alliance = await openTestAlliance(codes);
  for (const code of codes) {
    const signer = await openSigner(join(alliance.of(code).folder, 'keys'), undefined);
    const addressOf = (party: string): string => alliance.of(party).address;
    const parts = { self: code, clock: systemClock, signer, addressOf, tls: undefined };
    calls.set(code, openCalls({ ...parts, callKeysOf: () => [], isIsolated: () => false }));
  }
});
afterAll(async () => {
  for (const call of calls.values()) await call.close();
  await alliance.close();
});

const audiences: readonly (string | string[])[] = [
  'domestic',
  'alliance',
  ['kh'],
  ['vn'],
  ['kh', 'vn'],
  ['la'],
  ['kh', 'la', 'vn'],
];
const termsOf = (audience: string | string[]): string[] => (typeof audience === 'string' ? [audience] : audience);
const readersOf = (audience: string | string[]): string[] =>
  codes.filter((code) => code !== author && (audience === 'alliance' || termsOf(audience).includes(code)));

const claim = {
  tier: 'institution-confirmed',
  typologies: ['mule-account'],
  offence: 'telecom-online-fraud',
  grading: { source: 'B', information: 2 },
  handling: { tlp: 'AMBER', conditions: [] },
};

type Step = { act: 'list' | 'move' | 'withdraw'; on: number; audience: string | string[] };
const steps = fc.array(
  fc.record({
    act: fc.constantFrom<Step['act']>('list', 'list', 'move', 'withdraw'),
    on: fc.nat(4),
    audience: fc.constantFrom(...audiences),
  }),
  { minLength: 4, maxLength: 12 },
);

interface Said {
  readonly id: string;
  readonly key: string;
  readonly mark: string;
  audience: string | string[];
  /** Everybody who was ever told, though they may have been told to forget. */
  readonly told: Set<string>;
  standing: boolean;
}

let count = 0;

/** Plays the steps; what the policy or the order of things forbids is refused, and changes nothing. */
async function play(plan: readonly Step[]): Promise<Said[]> {
  const th = alliance.of(author);
  const said: Said[] = [];
  for (const { act, on, audience } of plan) {
    const one = said[on % Math.max(1, said.length)];
    if (act === 'list' || one === undefined) {
      count += 1;
      const key = `account:TH:014:77${String(count).padStart(8, '0')}`;
      const mark = `mark-${String(count).padStart(6, '0')}-of-th`;
      const { listing } = await th.must('POST', '/v1/registry/listings', {
        identifier: key,
        ...claim,
        grounds: mark,
        audience,
      });
      said.push({ id: listing.id, key, mark, audience, told: new Set(readersOf(audience)), standing: true });
    } else if (act === 'move') {
      const moved = await th.call('POST', `/v1/registry/listings/${one.id}/audience`, { audience, grounds: one.mark });
      if (moved.status >= 300) continue;
      one.audience = audience;
      for (const reader of readersOf(audience)) one.told.add(reader);
    } else {
      const withdrawal = { reason: 'mistaken', grounds: one.mark };
      const ended = await th.call('POST', `/v1/registry/listings/${one.id}/withdrawal`, withdrawal);
      if (ended.status < 300) one.standing = false;
    }
  }
  return said;
}

/** Everything a member's database holds that could tell of a statement. */
async function foundIn(code: string, text: string): Promise<number> {
  const db = openDb({ address: { url: alliance.of(code).databaseUrl }, connectionsMax: 1, onError: () => undefined });
  try {
    const [row] = await db.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM journal.statements WHERE bytes LIKE '%' || $1 || '%')
            + (SELECT count(*) FROM registry.listings WHERE key = $1 OR grounds = $1)
            + (SELECT count(*) FROM alerts.alerts WHERE subject = $1)
            + (SELECT count(*) FROM alerts.listed WHERE key = $1)
            + (SELECT count(*) FROM federation.quarantine WHERE encode(bytes, 'escape') LIKE '%' || $1 || '%') AS count`,
      [text],
    );
    return row!.count;
  } finally {
    await db.close();
  }
}

/** What comes over the wire to one party in a while, from the beginning of every book. */
async function overheard(code: string, durationMs: number, positions = ''): Promise<string> {
  const stop = new AbortController();
  const path = `/federation/v1/stream?from=${encodeURIComponent(positions)}`;
  const { body } = await calls.get(code)!.call(author, { method: 'GET', path, signal: stop.signal });
  let heard = '';
  const reading = (async () => {
    for await (const chunk of body) heard += Buffer.from(chunk).toString('utf8');
  })().catch(() => undefined);
  await scheduler.wait(durationMs);
  stop.abort();
  await reading;
  return heard;
}

const textIn = (heard: string): string =>
  heard
    .split('\n')
    .map((line) => {
      const bytes = /"bytes":"([^"]+)"/.exec(line)?.[1];
      return bytes === undefined ? line : Buffer.from(bytes, 'base64').toString('utf8');
    })
    .join('\n');

async function caughtUp(code: string): Promise<boolean> {
  const { links } = await alliance.of(author).must('GET', '/v1/federation/links');
  const link = links.find(({ party }: { party: string }) => party === code);
  return link.read.every((book: any) => book.applied === book.size);
}

async function checkReader(code: string, said: readonly Said[]): Promise<void> {
  const member = alliance.of(code);
  const wire = textIn(await overheard(code, 400));
  const books = new Set([...wire.matchAll(/"page":\{"book":"([^"]+)"/g)].map((match) => match[1]!));
  for (const book of books) expect(isReader(book, code, true), `${code} is shown ${book}`).toBe(true);
  for (const one of said) {
    const isOutside = !one.told.has(code);
    const mayHave = one.standing && readersOf(one.audience).includes(code);
    if (isOutside) {
      expect(wire).not.toContain(one.key);
      expect(wire).not.toContain(one.mark);
      expect(await foundIn(code, one.mark), `${code} keeps ${one.mark}`).toBe(0);
      expect(await foundIn(code, one.key)).toBe(0);
    }
    const answer = await member.must('POST', '/v1/screen', { identifiers: [one.key] });
    expect(answer.results[0].advice !== 'clear', `${code} acts on ${one.key}`).toBe(mayHave);
    const found = await member.must('GET', `/v1/registry/listings?prefix=${encodeURIComponent(one.key)}`);
    expect(found.listings.filter((row: any) => row.state === 'listed').length).toBe(mayHave ? 1 : 0);
    if (isOutside) {
      expect(found.listings).toEqual([]);
      const history = await member.must('GET', `/v1/registry/identifiers/${one.key}/history`);
      expect(history.entries).toEqual([]);
    }
  }
  const own = (await member.must('GET', '/federation/v1/books?member=th')).books.map((book: any) => book.name);
  for (const book of own) expect(isReader(book, code, true)).toBe(true);
}

test('nobody outside an audience ever sees body, key or count, over any surface', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const said = await play(plan);
      for (const code of codes.filter((other) => other !== author))
        await expect.poll(() => caughtUp(code), { timeout }).toBe(true);
      for (const code of codes.filter((other) => other !== author)) await checkReader(code, said);
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test('who was told and is no longer in the audience keeps no body', async () => {
  const [one] = await play([{ act: 'list', on: 0, audience: 'alliance' }]);
  await expect.poll(() => foundIn('vn', one!.mark), { timeout }).toBeGreaterThan(0);
  await play([]);
  await alliance
    .of(author)
    .must('POST', `/v1/registry/listings/${one!.id}/audience`, { audience: ['kh'], grounds: 'fewer need it' });
  for (const code of ['vn', 'la']) await expect.poll(() => foundIn(code, one!.mark), { timeout }).toBe(0);
  await expect.poll(() => foundIn('kh', one!.mark), { timeout }).toBeGreaterThan(0);
});

test('a burst of statements for others changes nothing of what a party hears, nor when', async () => {
  await expect.poll(() => caughtUp('vn'), { timeout }).toBe(true);
  const { books } = await alliance.of('vn').must('GET', '/federation/v1/books?member=th');
  const positions = books.map((book: any) => `${book.name}:${book.size}`).join(',');
  const quiet = overheard('vn', 1500, positions);
  await play(Array.from({ length: 12 }, () => ({ act: 'list', on: 0, audience: ['kh'] }) as const));
  const lines = (await quiet).split('\n').filter((line) => line !== '');
  // One page header a book, as at every beginning, and no more than the beat of that time.
  expect(lines.filter((line) => line.includes('"page"')).length).toBe(books.length);
  expect(lines.length - books.length).toBeLessThanOrEqual(1);
});

test('an alert about an account abroad reaches its own member, and its own institution there, and nobody else', async () => {
  const quota = { perSecond: 1000, burst: 10_000 };
  const keys = new Map<string, string>();
  for (const [code, id, serves] of [
    ['th', 'reporter', 'account:TH:905:'],
    ['kh', 'keeper', 'account:KH:ABCDKHPP:'],
    ['kh', 'stranger', 'account:KH:EFGHKHPP:'],
    ['vn', 'elsewhere', 'account:VN:909905:'],
  ] as const) {
    const { must } = alliance.of(code);
    await must('POST', '/v1/institutions', { id, name: id, kind: 'bank', serves: [serves], quota });
    keys.set(id, (await must('POST', `/v1/institutions/${id}/keys`, {})).key);
  }
  const subject = 'account:KH:ABCDKHPP:001234567';
  const record = {
    id: 'p-1',
    at: new Date().toISOString(),
    from: 'account:TH:905:1111111111',
    to: subject,
    amount: { value: '4800000', currency: 'THB' },
    channel: 'mobile',
    suspicion: { typology: 'mule-account', confirmed: true },
  };
  const reported = await fetch(`${alliance.of('th').address}/v1/activity/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.get('reporter')}`, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify(record),
  });
  expect(await reported.json()).toMatchObject({ accepted: 1 });
  const alertsOf = async (code: string, key?: string): Promise<any[]> => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const query = `subject=${encodeURIComponent(subject)}`;
    return (await alliance.of(code).must('GET', `/v1/alerts?${query}`, undefined, headers)).alerts;
  };
  await expect.poll(() => alertsOf('kh').then((alerts) => alerts.length), { timeout }).toBe(1);
  const [told] = await alertsOf('kh');
  expect(told.reasons).toMatchObject([{ kind: 'suspected-activity', member: 'th' }]);
  // Neither who reported it nor from whom the money came is anybody's business abroad.
  expect(JSON.stringify(told)).not.toMatch(/reporter|1111111111/);
  await expect.poll(() => alertsOf('kh', keys.get('keeper')).then((alerts) => alerts.length), { timeout }).toBe(1);
  expect(await alertsOf('kh', keys.get('stranger'))).toEqual([]);
  expect(await alertsOf('th', keys.get('reporter'))).toEqual([]);
  for (const code of ['vn', 'la']) {
    expect(textIn(await overheard(code, 400))).not.toContain(subject);
    expect(await foundIn(code, subject)).toBe(0);
    expect(await alertsOf(code)).toEqual([]);
  }
  expect(await alertsOf('vn', keys.get('elsewhere'))).toEqual([]);
});

/** Whatever a member's server answers about these, by its lists and by their ids. */
async function shownBy(code: string, ids: Readonly<Record<string, string>>): Promise<string> {
  const member = alliance.of(code);
  const supervisor = await member.as('supervisor');
  const answers: string[] = [];
  for (const list of ['requests', 'traces', 'holds', 'orders', 'exhibits', 'exhibits/abroad', 'alerts'])
    answers.push(JSON.stringify(await member.must('GET', `/v1/${list}?limit=200`, undefined, supervisor)));
  for (const [path, id] of Object.entries(ids)) {
    const there = await member.call('GET', `${path}/${id}`, undefined, supervisor);
    const nowhere = await member.call('GET', `${path}/${crypto.randomUUID()}`, undefined, supervisor);
    expect([there.status, there.body.code], `${code} ${path}`).toEqual([nowhere.status, nowhere.body.code]);
    expect(there.status).toBe(404);
  }
  return answers.join('\n');
}

test('a request, what is said about it, how far a trace went and an exhibit are between two, and a third sees nothing of them', async () => {
  const th = alliance.of('th');
  const kh = alliance.of('kh');
  const payer = await openBank(th, 'payer', 'account:TH:911:');
  const keeper = await openBank(kh, 'keeper-kh', 'account:KH:WXYZKHPP:');
  const [asking, asked] = [await th.as('supervisor'), await kh.as('supervisor')];
  const mark = 'mark-of-a-request-th-kh';
  const answer = 'mark-of-an-answer-kh-th';
  const content = 'mark-of-an-exhibit-th-kh';
  const account = 'account:KH:WXYZKHPP:000000077';
  const exhibit = await takeExhibit(th, asking, content);
  const { id } = await th.must('POST', '/v1/requests', question('kh', mark, [exhibit.id]), asking);
  await th.must('POST', `/v1/requests/${id}/send`, {}, asking);
  await expect.poll(async () => (await kh.call('GET', `/v1/requests/${id}`, undefined, asked)).status).toBe(200);
  const said = { deed: 'said', text: { language: 'en', text: answer } };
  await kh.must('POST', `/v1/requests/${id}/deeds`, said, asked);
  // The exhibit is fetched by whom it was given to.
  await expect
    .poll(async () => (await kh.call('POST', `/v1/exhibits/abroad/${exhibit.id}/fetch`, undefined, asked)).status)
    .toBe(200);

  const payment = {
    from: 'account:TH:911:1111111111',
    to: account,
    amount: { value: '30000000', currency: 'THB' },
    at: new Date(Date.now() - 60_000).toISOString(),
    reference: 'theft-th-kh',
  };
  const report = { typology: 'investment-scam', debitConfirmed: true, payments: [payment] };
  const { traces } = await th.must('POST', '/v1/reports', report, payer);
  const holds = async (): Promise<any[]> => (await th.must('GET', `/v1/traces/${traces[0]}`)).places;
  await expect.poll(async () => (await holds()).filter(({ hold }) => hold !== undefined).length, { timeout }).toBe(1);
  const { orders } = await kh.must('GET', '/v1/orders?kind=hold-amount', undefined, keeper);
  const [order] = orders;
  expect(order.subject).toBe(account);

  const secrets = [mark, answer, content, account, exhibit.id, exhibit.sha256, id, traces[0], order.id, 'theft-th-kh'];
  for (const code of ['vn', 'la']) {
    const ids = { '/v1/requests': id, '/v1/traces': traces[0], '/v1/orders': order.id, '/v1/exhibits': exhibit.id };
    const shown = await shownBy(code, ids);
    const heard = textIn(await overheard(code, 400));
    for (const secret of secrets) {
      expect(shown, `${code} is shown ${secret}`).not.toContain(secret);
      expect(heard, `${code} hears ${secret}`).not.toContain(secret);
      expect(await foundIn(code, secret), `${code} keeps ${secret}`).toBe(0);
    }
    const refusedAs = async (path: string): Promise<unknown> => {
      const failed = await calls
        .get(code)!
        .call(author, { method: 'GET', path })
        .catch((error: unknown) => error);
      return (failed as { refusal?: unknown }).refusal ?? failed;
    };
    const there = await refusedAs(`/federation/v1/exhibits/${exhibit.sha256}`);
    expect(there).toEqual(await refusedAs(`/federation/v1/exhibits/${'0'.repeat(64)}`));
    expect(there).not.toHaveProperty('body');
    const elsewhere = await alliance.of(code).call('POST', `/v1/exhibits/abroad/${exhibit.id}/fetch`);
    expect(elsewhere.status).toBeGreaterThanOrEqual(400);
  }
});

test('a bank sees its own orders and exhibits alone, and no request or trace; an officer only what their office lets them', async () => {
  const th = alliance.of('th');
  const [own, other] = [await openBank(th, 'own', 'account:TH:921:'), await openBank(th, 'other', 'account:TH:922:')];
  const payment = {
    from: 'account:TH:922:1111111111',
    to: 'account:TH:921:2222222222',
    amount: { value: '30000000', currency: 'THB' },
    at: new Date(Date.now() - 60_000).toISOString(),
    reference: 'theft-at-home',
  };
  const report = { typology: 'investment-scam', debitConfirmed: true, payments: [payment] };
  const { traces } = await th.must('POST', '/v1/reports', report, other);
  const { orders } = await th.must('GET', '/v1/orders?kind=hold-amount', undefined, own);
  expect(orders).toHaveLength(1);
  await th.must('POST', `/v1/orders/${orders[0].id}/outcome`, { outcome: 'placed' }, own);
  const exhibit = await takeExhibit(th, own, 'a statement of account');
  const hold = (await th.must('GET', `/v1/holds?trace=${traces[0]}`)).holds[0];

  const answerOf = async (path: string, headers: object, method = 'GET', body?: unknown) =>
    th.call(method, path, body, { ...headers });
  expect((await answerOf('/v1/orders', other)).body.orders).toEqual([]);
  expect((await answerOf('/v1/exhibits', other)).status).toBe(403);
  expect((await answerOf('/v1/holds/notices', other)).body.notices).toEqual([]);
  for (const [path, id] of [
    ['/v1/orders', orders[0].id],
    ['/v1/exhibits', exhibit.id],
  ] as const) {
    const [there, nowhere] = [
      await answerOf(`${path}/${id}`, other),
      await answerOf(`${path}/${crypto.randomUUID()}`, other),
    ];
    expect([there.status, there.body.code]).toEqual([nowhere.status, nowhere.body.code]);
    expect(there.status).toBe(404);
    expect((await answerOf(`${path}/${id}`, own)).status).toBe(200);
  }
  for (const path of [`/v1/exhibits/${exhibit.id}/content`, `/v1/exhibits/${exhibit.id}/bundle`])
    expect((await answerOf(path, other)).status).toBeGreaterThanOrEqual(403);
  for (const path of [`/v1/orders/${orders[0].id}/outcome`, `/v1/orders/${orders[0].id}/confirm`])
    expect((await answerOf(path, other, 'POST', { outcome: 'placed' })).status).toBe(404);
  // Nothing of what officers see, whoever asks among the institutions, nor who the victim's bank is.
  for (const bank of [own, other]) {
    for (const path of [
      '/v1/requests',
      '/v1/traces',
      `/v1/traces/${traces[0]}`,
      `/v1/traces/${traces[0]}/sources?account=account:TH:921:2222222222`,
      '/v1/holds',
      `/v1/holds/${hold.id}`,
      '/v1/funds/counters',
      '/v1/liaison/scorecard',
      '/v1/roster/now',
      '/v1/exhibits/abroad',
    ])
      expect((await answerOf(path, bank)).status, path).toBe(403);
    expect((await answerOf('/v1/holds/order', bank, 'POST', { trace: traces[0] })).status).toBe(403);
  }
  expect(JSON.stringify((await answerOf(`/v1/orders/${orders[0].id}`, own)).body)).not.toContain(traces[0]);

  // The auditor reads and does nothing; without a purpose nobody reads.
  await enrol({ member: 'th', call: th.must }, ['auditor']);
  const auditor = await th.as('auditor');
  for (const [path, body] of [
    ['/v1/reports', report],
    ['/v1/holds/order', { trace: traces[0] }],
    [`/v1/holds/${hold.id}/release`, { grounds: 'because' }],
    [`/v1/holds/${hold.id}/seize`, { court: 'C 1' }],
    [`/v1/traces/${traces[0]}/close`, { grounds: 'because' }],
    ['/v1/requests', question('kh', 'who?')],
    ['/v1/orders', { kind: 'identify-holder', subject: 'account:TH:921:2222222222' }],
    ['/v1/returns', { traces, claims: [] }],
    [`/v1/exhibits/${exhibit.id}/destruction`, { basis: 'because' }],
  ] as const)
    expect((await answerOf(path, auditor, 'POST', body)).body.code, path).toBe('forbidden.permission');
  for (const path of ['/v1/traces', '/v1/holds', '/v1/orders', '/v1/requests', '/v1/exhibits'])
    expect((await answerOf(path, { ...auditor, 'drum-purpose': '' })).status, path).toBeGreaterThanOrEqual(400);
});
