import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestRegistry, type TestRegistry } from './test-registry.ts';

let house: TestRegistry;
let analyst: string;
let supervisor: string;

beforeEach(async () => {
  house = await openTestRegistry();
  analyst = await house.enlist('malee', ['analyst']);
  supervisor = await house.enlist('somchai', ['supervisor', 'analyst']);
});
afterEach(() => house.close());

const address = 'ip:45.66.77.88';
const made = async (more: object): Promise<string> => {
  const answer = await house.list(analyst, address, more);
  return (answer.body['listing'] as { id: string }).id;
};
const change = (id: string, audience: unknown, token = supervisor) =>
  house.call('POST', `/v1/registry/listings/${id}/audience`, token, { audience, grounds: 'a good reason' });
const get = async (id: string) => (await house.call('GET', `/v1/registry/listings/${id}`, analyst)).body;
const said = async (book: string) =>
  (await house.journal.read(book, 0, 100)).map((entry) => {
    const body = entry.statement?.body as any;
    return body === undefined ? 'erased' : `${entry.statement!.envelope.kind} ${body.revision ?? body.number}`;
  });

test('a listing is widened by saying it again to more readers, and its withdrawal reaches them all', async () => {
  const id = await made({ audience: ['kh'] });
  expect(await change(id, 'alliance')).toMatchObject({
    status: 200,
    body: { listing: { book: 'alliance', revision: 2, grounds: 'a good reason' } },
  });
  await house.call('POST', `/v1/registry/listings/${id}/withdrawal`, supervisor, { reason: 'mistaken', grounds: 'x' });
  expect(await said('kh+th')).toEqual(['listing 1']);
  expect(await said('alliance')).toEqual(['listing 2', 'listing-withdrawal 3']);
});

test('a narrowed listing is withdrawn and erased where it may no longer be read, and goes on for the others', async () => {
  const id = await made({ audience: ['kh'] });
  await change(id, 'alliance');
  expect(await change(id, ['kh'])).toMatchObject({ status: 200, body: { listing: { book: 'kh+th', revision: 4 } } });
  expect(await said('alliance')).toEqual(['erased', 'listing-withdrawal 3', 'erasure 0']);
  expect(await said('kh+th')).toEqual(['listing 1', 'listing 4']);
  expect(await change(id, 'domestic')).toMatchObject({ body: { listing: { book: 'domestic', revision: 6 } } });
  expect(await said('kh+th')).toEqual(['erased', 'erased', 'listing-withdrawal 5', 'erasure 0', 'erasure 1']);
  expect(await said('domestic')).toEqual(['listing 6']);
  expect(await get(id)).toMatchObject({ state: 'listed', book: 'domestic', grounds: 'a good reason' });
});

test('who may read less but also somebody new is refused, as is what handling or permission forbids', async () => {
  const id = await made({ audience: ['kh'] });
  expect(await change(id, ['vn'])).toMatchObject({ status: 409, code: 'conflict.audience-crosses' });
  expect(await change(id, ['kh'])).toMatchObject({ status: 409, code: 'conflict.same-audience' });
  expect(await change(id, ['alliance', 'lmlecc'])).toMatchObject({ code: 'handling.label-beyond-members' });
  const liaison = await house.enlist('chan', ['liaison']);
  expect(await change(id, 'domestic', liaison)).toMatchObject({ status: 403, code: 'forbidden.permission' });
  const red = await house.list(analyst, 'ip:45.66.77.89', {
    audience: ['kh'],
    handling: { tlp: 'RED', conditions: [] },
  });
  expect(red.status).toBe(201);
  expect(await change((red.body['listing'] as any).id, 'alliance')).toMatchObject({ code: 'handling.red-beyond-two' });
});

test('an appeal is decided to those who read the listing now', async () => {
  const id = await made({ audience: ['kh'] });
  const lodged = await house.redress.lodge(await house.actor(analyst), {
    act: { kind: 'listing', id },
    appellant: 'its owner',
    grounds: 'a shared gateway',
  });
  await change(id, 'alliance');
  const judge = await house.enlist('niran', ['supervisor']);
  await house.redress.decide(await house.actor(judge), lodged.id, { outcome: 'upheld', grounds: 'it is' });
  await house.registry.caughtUp();
  expect(await said('alliance')).toEqual(['listing 2', 'appeal-decision undefined', 'listing-withdrawal 3']);
  expect(await get(id)).toMatchObject({ state: 'released' });
});
