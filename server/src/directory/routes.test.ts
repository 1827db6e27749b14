import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestAccess, type TestAccess } from '../access/test-access.ts';
import { refuse } from '../kernel/refusals.ts';
import { directoryRoutes } from './routes.ts';
import { found, openTestDirectory, type TestDirectory } from './test-directory.ts';

let house: TestAccess;
let th: TestDirectory;
let la: TestDirectory;
let supervisor: string;
let caller: string | undefined;
beforeEach(async () => {
  house = await openTestAccess();
  th = await openTestDirectory('th', { clock: house.clock, access: house.access });
  la = await openTestDirectory('la', { clock: house.clock });
  caller = undefined;
  directoryRoutes(house.http, th.directory, house.access, async () =>
    caller === undefined ? refuse('unauthenticated.signature') : { kind: 'party', party: caller },
  );
  supervisor = await house.enlist('malee', ['supervisor', 'operator']);
});
afterEach(async () => {
  await th.close();
  await la.close();
  await house.close();
});

const call = (method: string, url: string, body?: unknown, token = supervisor) => house.call(method, url, token, body);
const foundAll = async () => found([th, la], await house.actor(supervisor));

test('officers found the directory over HTTP, by cards and charters', async () => {
  const mine = await call('GET', '/v1/directory/card');
  const theirs = await la.directory.card(await house.actor(supervisor));
  const parties = [mine.body, theirs];
  const proposed = await call('POST', '/v1/directory/proposals', { kind: 'founding', parties });
  expect(proposed.status).toBe(201);
  const path = `/v1/directory/proposals/${String(proposed.body['id'])}/cosign`;
  expect(await call('POST', path)).toMatchObject({ status: 200, body: { inForce: false, missing: ['la'] } });
  const charter = await call('GET', '/v1/directory/charter');
  const officer = await house.actor(supervisor);
  await la.directory.importCharter(officer, charter.body['records'] as never);
  await la.directory.cosign(officer, String(proposed.body['id']));
  const back = { records: await la.directory.charter(officer) };
  expect(await call('POST', '/v1/directory/charter', back)).toMatchObject({ body: { changed: 1, refused: [] } });
  const { body } = await call('GET', '/v1/directory');
  expect(body).toMatchObject({
    self: 'th',
    isolation: null,
    proposals: [],
    parties: [{ party: 'la' }, { party: 'th' }],
  });
});

test('the key of the machine proposes and pauses, but does not sign', async () => {
  await foundAll();
  const local = await house.access.localKey();
  const mine = await call('GET', '/v1/directory/card', undefined, local);
  const keys = { checkpoint: 'A', call: 'B', cosignature: 'C' };
  const own = Object.fromEntries(Object.keys(keys).map((use, at) => [use, `${'AAAA'.repeat(10)}A${'BCD'[at]}A=`]));
  const party = { ...mine.body, party: 'unodc', role: 'observer', name: 'UNODC', keys: own };
  const { status, body } = await call('POST', '/v1/directory/proposals', { kind: 'admission', party }, local);
  expect(status).toBe(201);
  const path = `/v1/directory/proposals/${String(body['id'])}/cosign`;
  expect(await call('POST', path, undefined, local)).toMatchObject({ status: 403, code: 'forbidden.permission' });
  expect(await call('POST', '/v1/directory/keys/call/rotate', {}, local)).toMatchObject({ status: 403 });
  const pause = { direction: 'in', reason: 'inquiry' };
  expect((await call('POST', '/v1/directory/parties/la/pause', pause, local)).status).toBe(204);
});

test('a signature asks for the password anew once it is some time ago', async () => {
  const id = await foundAll();
  house.clock.advance(11 * 60_000);
  const answer = await call('POST', `/v1/directory/proposals/${id}/cosign`);
  expect(answer).toMatchObject({ status: 403, code: 'forbidden.step-up' });
});

test('keys, address, pauses and isolation are the officers’ to change', async () => {
  await foundAll();
  expect(await call('POST', '/v1/directory/keys/call/rotate', { overlapHours: 2 })).toMatchObject({ status: 201 });
  expect((await call('POST', '/v1/directory/address', { address: 'https://th.example' })).status).toBe(204);
  expect((await call('POST', '/v1/directory/isolation', { isolated: true, reason: 'intrusion' })).status).toBe(204);
  expect((await call('POST', '/v1/directory/parties/la/pause', { direction: 'out', reason: 'x' })).status).toBe(204);
  expect((await call('POST', '/v1/directory/parties/vn/resume')).status).toBe(409);
  const { body } = await call('GET', '/v1/directory');
  expect(body).toMatchObject({
    isolation: { reason: 'intrusion', by: 'officer:malee' },
    parties: [{ pause: { direction: 'out' } }, { address: 'https://th.example', keys: { length: 4 } }],
  });
});

test('what does not fit the contract is malformed', async () => {
  const wrong: [string, unknown][] = [
    ['keys/emperor/rotate', {}],
    ['keys/call/rotate', { overlapHours: 0 }],
    ['parties/la/pause', { direction: 'in' }],
    ['parties/la/pause', { direction: 'in', reason: ' ' }],
    ['proposals', { kind: 'coup' }],
    ['proposals/1/cosign', undefined],
    ['address', { address: 'ftp://a' }],
    ['charter', { records: [{ bytes: '{}' }] }],
  ];
  for (const [path, body] of wrong)
    expect(await call('POST', `/v1/directory/${path}`, body)).toMatchObject({ status: 400, code: 'malformed.schema' });
});

test('neighbours exchange records, each only what the other may have, and a stranger nothing', async () => {
  const path = '/federation/v1/directory';
  expect((await call('GET', path)).status).toBe(401);
  await foundAll();
  caller = 'vn';
  expect(await call('GET', path)).toMatchObject({ status: 403, code: 'forbidden.party' });
  caller = 'la';
  const { body } = await call('GET', path);
  expect(body['digest']).toBe(la.directory.digest());
  expect(body['records']).toHaveLength(1);
  expect((await call('GET', `${path}?digest=${String(body['digest'])}`)).body['records']).toEqual([]);
  await la.directory.relocate(await house.actor(supervisor), 'https://la.example');
  const news = { records: await la.directory.records() };
  const pause = (direction: string) => call('POST', '/v1/directory/parties/la/pause', { direction, reason: 'x' });
  await pause('in');
  expect(await call('POST', path, news)).toMatchObject({ status: 403, code: 'forbidden.paused' });
  expect((await call('GET', path)).status).toBe(200);
  await call('POST', '/v1/directory/parties/la/resume');
  expect(await call('POST', path, news)).toMatchObject({ status: 200, body: { changed: true } });
  expect(await call('POST', path, news)).toMatchObject({ status: 200, body: { changed: false } });
  await pause('out');
  expect((await call('GET', path)).code).toBe('forbidden.paused');
  await call('POST', '/v1/directory/isolation', { isolated: true, reason: 'x' });
  expect((await call('POST', path, news)).code).toBe('forbidden.isolated');
});
