import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayMs, hourMs, testClock } from '../kernel/clock.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

// A bank's mule is listed, contested and released; a feed comes in twice. Told over HTTP, on one clock that the test moves.
const clock = testClock(Date.UTC(2026, 8, 1, 3));
let house: TestHouse;
let bank: Record<string, string>;

beforeAll(async () => {
  house = await openTestHouse(clock);
  await enrol('somchai', ['supervisor', 'analyst']);
  await house.call('POST', '/v1/institutions', {
    id: 'krung-bank',
    name: 'A bank',
    kind: 'bank',
    quota: { perSecond: 1000, burst: 1000 },
  });
  const key = await house.call('POST', '/v1/institutions/krung-bank/keys', {});
  bank = { authorization: `Bearer ${key.body.key}` };
});
afterAll(() => house.close());

const password = 'correct horse battery staple';

async function enrol(officer: string, roles: string[]): Promise<void> {
  const made = await house.call('POST', '/v1/officers', {
    id: officer,
    office: 'national-centre',
    name: officer,
    roles,
  });
  expect(made).toMatchObject({ status: 201 });
  await house.call('POST', '/v1/sessions/one-time', { code: made.body.code, password });
}

/** Signs in anew: the test's clock moves faster than a session lasts. */
async function supervisor(): Promise<Record<string, string>> {
  const session = await house.call('POST', '/v1/sessions', { officer: 'somchai', password });
  return { authorization: `Bearer ${session.body.token}` };
}

const claim = {
  tier: 'institution-confirmed',
  typologies: ['mule-account'],
  offence: 'telecom-online-fraud',
  grading: { source: 'B', information: 2 },
  grounds: 'confirmed by the bank after three victims named it',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: ['H1'] },
};
const list = (identifier: string, more: object = {}, headers: Record<string, string> = {}) =>
  house.call('POST', '/v1/registry/listings', { identifier, ...claim, ...more }, headers);

async function screened(identifier: string): Promise<any> {
  const { body } = await house.call('POST', '/v1/screen', { identifiers: [identifier] }, bank);
  return body.results[0];
}
const adviceOf = (identifier: string) => async () => (await screened(identifier)).advice;

describe('a listing', () => {
  test('is answered to a bank in any spelling, until it is withdrawn', async () => {
    const listed = await list('account:TH:014:123-4-56789-0');
    expect(listed).toMatchObject({
      status: 201,
      body: { listing: { key: 'account:TH:014:1234567890', state: 'listed', revision: 1 } },
    });
    await expect.poll(adviceOf('account:TH:14:1234567890')).toBe('hold');
    const { id } = listed.body.listing;
    expect(await list('account:TH:014:1234567890')).toMatchObject({
      status: 409,
      body: { code: 'conflict.listed', params: { id } },
    });
    const withdrawn = await house.call('POST', `/v1/registry/listings/${id}/withdrawal`, {
      reason: 'mistaken',
      grounds: 'another account was meant',
    });
    expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn', revision: 2 } });
    await expect.poll(adviceOf('account:TH:014:1234567890')).toBe('clear');
    const history = await house.call('GET', '/v1/registry/identifiers/account:TH:014:1234567890/history');
    expect(history.body.entries.map((entry: any) => entry.statement.envelope.kind)).toEqual([
      'listing',
      'listing-withdrawal',
    ]);
  });

  test('is raised by a revision, refused to whoever saw an older one', async () => {
    const { body } = await list('ip:45.66.77.88', { tier: 'observed' });
    await expect.poll(adviceOf('45.66.77.88')).toBe('watch');
    const path = `/v1/registry/listings/${body.listing.id}`;
    const raised = await house.call('PATCH', path, { revision: 1, tier: 'victim', grounds: 'a victim named it' });
    expect(raised).toMatchObject({ status: 200, body: { listing: { revision: 2, tier: 'victim' } } });
    await expect.poll(adviceOf('45.66.77.88')).toBe('hold');
    expect(await house.call('PATCH', path, { revision: 1, tier: 'observed', grounds: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'conflict.revision' },
    });
  });

  test('ends by itself when its time is over', async () => {
    await list('ip:45.66.77.99', { tier: 'observed', until: new Date(clock.now() + 2 * hourMs).toISOString() });
    await expect.poll(adviceOf('45.66.77.99')).toBe('watch');
    clock.advance(2 * hourMs);
    expect((await screened('45.66.77.99')).advice).toBe('clear');
    const { body } = await house.call('GET', '/v1/registry/identifiers/ip:45.66.77.99');
    expect(body).toMatchObject({ members: [], listings: [{ state: 'expired' }] });
  });

  test('of a person stays at home, of a number says whether it really called, of a hospital is refused', async () => {
    expect(await list('person:TH:passport:AA1234567')).toMatchObject({
      status: 422,
      body: { code: 'registry.person-stays-home' },
    });
    expect(await list('+66812345678')).toMatchObject({ status: 422, body: { code: 'registry.sighting-needed' } });
    expect(await list('www.mots.go.th')).toMatchObject({ status: 422, body: { code: 'registry.allow-listed' } });
    const presented = await list('+66812345678', { sighting: 'presented' });
    expect(presented.status).toBe(201);
    await expect.poll(adviceOf('081-234-5678+66')).not.toBe('hold');
    await expect.poll(adviceOf('+66 81 234 5678')).toBe('watch');
  });

  test('that is discreet is invisible to a bank, and its officers see it', async () => {
    const proposed = await list('account:TH:004:9876543210', { discreet: true });
    const path = `/v1/approvals/${proposed.body.proposal}/decision`;
    expect(await house.call('POST', path, { approve: true, note: 'agreed' }, await supervisor())).toMatchObject({
      status: 200,
    });
    const seen = await house.call('GET', '/v1/registry/identifiers/account:TH:004:9876543210');
    expect(seen.body).toMatchObject({ tier: 'institution-confirmed', listings: [{ discreet: true }] });
    await list('ip:45.66.77.90', { tier: 'observed' });
    await expect.poll(adviceOf('45.66.77.90')).toBe('watch');
    expect(await screened('account:TH:004:9876543210')).toEqual({
      ...(await screened('account:TH:004:1111111111')),
      identifier: 'account:TH:004:9876543210',
    });
    const act = { kind: 'listing', id: seen.body.listings[0].id };
    const lodged = await house.call('POST', '/v1/appeals', { act, appellant: 'a guess', grounds: 'probing' }, bank);
    expect(lodged).toMatchObject({ status: 404, body: { code: 'not-found.act' } });
  });
});

test('a listing whose handling keeps it with officers is not told to a bank', async () => {
  await list('ip:45.66.77.70', { tier: 'observed', handling: { tlp: 'AMBER+STRICT', conditions: [] } });
  await list('ip:45.66.77.71', { tier: 'observed' });
  await expect.poll(adviceOf('45.66.77.71')).toBe('watch');
  expect((await screened('45.66.77.70')).advice).toBe('clear');
  const { body } = await house.call('POST', '/v1/screen', { identifiers: ['45.66.77.70'] });
  expect(body.results[0]).toMatchObject({ advice: 'watch', discreet: true });
});

describe('the two-person rule', () => {
  test('a designation waits for somebody else, who may not be its author', async () => {
    const proposed = await list('domain:evil-casino.com', { tier: 'designated' });
    expect(proposed.body.proposal).toMatch(/^[0-9a-f-]{36}$/);
    expect((await screened('evil-casino.com')).advice).toBe('clear');
    const path = `/v1/approvals/${proposed.body.proposal}/decision`;
    expect((await house.call('POST', path, { approve: true, note: 'me too' })).status).toBe(403);
    expect(await house.call('POST', path, { approve: true, note: 'seen the order' }, await supervisor())).toMatchObject(
      { status: 200 },
    );
    await expect.poll(adviceOf('https://www.evil-casino.com/login')).toBe('challenge');
    await expect.poll(adviceOf('evil-casino.com')).toBe('block');
  });
});

describe('an appeal', () => {
  test('is decided by somebody who did not act, and releases everywhere', async () => {
    const { body } = await list('account:TH:002:5550001112');
    await expect.poll(adviceOf('account:TH:002:5550001112')).toBe('hold');
    const act = { kind: 'listing', id: body.listing.id };
    const lodged = await house.call(
      'POST',
      '/v1/appeals',
      { act, appellant: 'the holder, by the bank', grounds: 'it is a bakery' },
      bank,
    );
    expect(lodged).toMatchObject({ status: 201, body: { state: 'lodged' } });
    const path = `/v1/appeals/${lodged.body.id}/decision`;
    expect((await house.call('POST', path, { outcome: 'upheld', grounds: 'x' })).status).toBe(403);
    expect(
      await house.call('POST', path, { outcome: 'upheld', grounds: 'it is a bakery' }, await supervisor()),
    ).toMatchObject({ status: 200, body: { state: 'upheld', releases: true } });
    await expect.poll(adviceOf('account:TH:002:5550001112')).toBe('clear');
    expect(await list('account:TH:002:5550001112')).toMatchObject({ status: 409, body: { code: 'conflict.released' } });
  });

  test('that nobody decides in time releases by itself', async () => {
    const { body } = await list('account:TH:002:5550001113');
    const act = { kind: 'listing', id: body.listing.id };
    const lodged = await house.call('POST', '/v1/appeals', { act, appellant: 'the holder', grounds: 'not me' });
    await expect.poll(adviceOf('account:TH:002:5550001113')).toBe('hold');
    clock.advance(dayMs);
    await expect.poll(adviceOf('account:TH:002:5550001113'), { timeout: 10_000 }).toBe('clear');
    const decided = await house.call('GET', `/v1/appeals/${lodged.body.id}`, undefined, await supervisor());
    expect(decided.body).toMatchObject({ state: 'lapsed', releases: true });
  });
});

describe('an import', () => {
  const terms = { ...claim, source: 'a feed', type: 'ip', tier: 'observed', audience: 'domestic' };
  const digest = '0'.repeat(64);
  const items = ['45.1.1.1', '45.1.1.2', '1.2.3', '45.1.1.1', '10.0.0.1'].map((identifier, index) => ({
    line: index + 1,
    identifier,
  }));

  test('takes what may be listed, says what it refused and where, and knows it the second time', async () => {
    const { body } = await house.call('POST', '/v1/registry/imports', terms);
    const path = `/v1/registry/imports/${body.import.id}`;
    const first = await house.call('POST', `${path}/batches`, { after: 0, digest, items });
    expect(first.body).toEqual({
      items: 5,
      taken: 2,
      known: 1,
      refused: [
        { line: 3, refused: 'identifier.ip.short-form' },
        { line: 5, refused: 'registry.reserved-address' },
      ],
    });
    const again = await house.call('POST', `${path}/batches`, { after: 0, digest, items });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict.import-position', params: { items: 5 } } });
    await house.call('POST', `${path}/finish`);
    const reopened = await house.call('POST', '/v1/registry/imports', terms);
    expect(reopened.body.import).toMatchObject({ id: body.import.id, state: 'open', items: 0 });
    const second = await house.call('POST', `${path}/batches`, { after: 0, digest, items });
    expect(second.body).toMatchObject({ taken: 0, known: 3 });
    await expect.poll(adviceOf('45.1.1.2')).toBe('watch');
  });

  test('does not bring back what an appeal released, and lists anew what had expired', async () => {
    const { body } = await house.call('POST', '/v1/registry/imports', { ...terms, source: 'another feed' });
    const path = `/v1/registry/imports/${body.import.id}`;
    await house.call('POST', `${path}/batches`, {
      after: 0,
      digest,
      items: [
        { line: 1, identifier: '45.2.2.1' },
        { line: 2, identifier: '45.2.2.2', until: new Date(clock.now() + hourMs).toISOString() },
      ],
    });
    const found = await house.call('GET', '/v1/registry/listings?key=45.2.2.1');
    const act = { kind: 'listing', id: found.body.listings[0].id };
    const lodged = await house.call('POST', '/v1/appeals', {
      act,
      appellant: 'its owner',
      grounds: 'a shared gateway',
    });
    await house.call(
      'POST',
      `/v1/appeals/${lodged.body.id}/decision`,
      { outcome: 'upheld', grounds: 'it is' },
      await supervisor(),
    );
    await expect
      .poll(async () => (await house.call('GET', `/v1/registry/listings/${act.id}`)).body.state)
      .toBe('released');
    clock.advance(2 * hourMs);
    const second = await house.call('POST', `${path}/batches`, {
      after: 2,
      digest,
      items: [
        { line: 3, identifier: '45.2.2.1' },
        { line: 4, identifier: '45.2.2.2' },
      ],
    });
    expect(second.body).toMatchObject({ taken: 1, refused: [{ line: 3, refused: 'registry.released' }] });
    const relisted = await house.call('GET', '/v1/registry/listings?key=45.2.2.2');
    expect(relisted.body.listings[0]).toMatchObject({ state: 'listed', revision: 2 });
  });
});

describe('a search', () => {
  test('pages through listings by key and by change without gap or repeat', async () => {
    for (const query of ['prefix=ip:45', 'tier=observed', 'state=listed']) {
      const whole = (await house.call('GET', `/v1/registry/listings?${query}&limit=500`)).body.listings.map(
        (one: any) => one.id,
      );
      expect(whole.length).toBeGreaterThan(2);
      const paged: string[] = [];
      let next = '';
      do {
        const { body } = await house.call('GET', `/v1/registry/listings?${query}&limit=2${next}`);
        paged.push(...body.listings.map((one: any) => one.id));
        next = body.next === undefined ? '' : `&after=${body.next}`;
      } while (next !== '');
      expect(paged).toEqual(whole);
    }
  });

  test('without a purpose, or by a bank, is refused', async () => {
    expect(await house.call('GET', '/v1/registry/listings', undefined, { 'drum-purpose': 'curiosity' })).toMatchObject({
      status: 400,
    });
    expect((await house.call('GET', '/v1/registry/listings', undefined, bank)).status).toBe(403);
  });
});

describe('retention', () => {
  test('long after a listing has ended its words are gone, and the journal still proves what was there', async () => {
    const { body } = await list('ip:45.66.99.1', { tier: 'observed' });
    const { id } = body.listing;
    await house.call('POST', `/v1/registry/listings/${id}/withdrawal`, { reason: 'resolved', grounds: 'cleaned up' });
    clock.advance(43_800 * hourMs + dayMs);
    await expect
      .poll(async () => (await house.call('GET', `/v1/registry/listings/${id}`)).status, { timeout: 20_000 })
      .toBe(404);
    const response = await fetch(`${house.address}/federation/v1/entries?book=alliance&from=0&limit=5000`, {
      headers: { authorization: `Bearer ${house.operatorKey}`, 'drum-purpose': 'audit' },
    });
    const entries = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const texts = entries.map((entry) =>
      entry.bytes === null ? null : Buffer.from(entry.bytes, 'base64').toString('utf8'),
    );
    expect(texts.filter((text) => text?.includes(id))).toEqual([]);
    expect(texts.filter((text) => text === null).length).toBeGreaterThan(1);
    expect(texts.filter((text) => text?.includes('"kind":"erasure"')).length).toBe(
      texts.filter((text) => text === null).length,
    );
  });
});
