import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestAccess, type TestAccess } from '../access/test-access.ts';
import { openNeighbours } from './neighbours.ts';
import type { NeighbourList, PaymentPage } from './neighbour-contract.ts';
import { neighbourRoutes } from './routes.ts';
import { neighboursOf, paymentsOf } from './tracing/neighbours.ts';
import { account, indexOf, payment } from './tracing/test-tracing.ts';

const [one, two, three] = ['1000000001', '1000000002', '1000000003'] as const;
let house: TestAccess;
let isReady = true;
let malee: string;
const index = indexOf([
  payment(one, two, 500, { minute: 1, reference: 'r-1' }),
  payment(two, three, 400, { minute: 2 }),
  payment(two, null, 100, { minute: 2, channel: 'atm' }),
]);

beforeEach(async () => {
  isReady = true;
  house = await openTestAccess();
  const { db, access } = house;
  const views = openNeighbours({
    db,
    member: 'th',
    access,
    orders: { keeperOf: (key) => (key === account(two) ? 'bank-a' : undefined) },
    known: {
      isReady: () => isReady,
      neighboursOf: (key, asked) => neighboursOf(index, key, asked),
      paymentsOf: (key, after, limit) => paymentsOf(index, key, after, limit),
    },
  });
  neighbourRoutes(house.http, views, access);
  malee = await house.enlist('malee', ['analyst']);
});
afterEach(() => house.close());

const get = (path: string, token = malee, headers = {}) =>
  house.call('GET', `/v1/funds/${path}`, token, undefined, headers);

test('an officer sees whom an account paid and who paid it, and that they looked is written down', async () => {
  const { neighbours, ...rest } = (await get(`neighbours/${account(two)}?limit=2`)).body as unknown as NeighbourList;
  expect(neighbours.map(({ key, direction, amounts }) => [key, direction, amounts])).toEqual([
    [account(one), 'in', [{ value: '500', currency: 'THB' }]],
    [account(three), 'out', [{ value: '400', currency: 'THB' }]],
  ]);
  expect(rest).toEqual({ key: account(two), total: 3, more: true, complete: true });
  const onward = await get(`neighbours/${account(two)}?direction=out&before=2026-03-02T09:02:00.000Z`);
  expect(onward.body).toMatchObject({ neighbours: [], total: 0 });
  const auditor = await house.enlist('niran', ['auditor']);
  const { body } = await house.call('GET', '/v1/access/reads', auditor);
  expect((body['reads'] as object[]).at(-1)).toMatchObject({
    actor: 'officer:malee',
    what: 'neighbours',
    subject: account(two),
    count: 2,
  });
});

test('its payments come page by page, the newest first, with who keeps the accounts', async () => {
  const first = (await get(`payments/${account(two)}?limit=2`)).body as unknown as PaymentPage;
  expect(
    first.payments.map(({ direction, counterpart, institutions }) => [direction, counterpart, institutions]),
  ).toEqual(
    expect.arrayContaining([
      ['out', account(three), ['bank-a']],
      ['out', null, ['bank-a']],
    ]),
  );
  const second = (await get(`payments/${account(two)}?after=${first.next}`)).body as unknown as PaymentPage;
  expect(second.next).toBeUndefined();
  expect(second.payments).toMatchObject([
    { direction: 'in', counterpart: account(one), reference: 'r-1', channel: 'mobile', amount: { value: '500' } },
  ]);
  expect(new Set([...first.payments, ...second.payments].map(({ id }) => id)).size).toBe(3);
});

test('an account that nobody named has none, and whoever says no purpose, or may read no money, is refused', async () => {
  expect((await get('neighbours/account:TH:014:9999999999')).body).toMatchObject({
    neighbours: [],
    total: 0,
    more: false,
  });
  expect((await get('payments/account:TH:014:9999999999')).body).toEqual({
    key: 'account:TH:014:9999999999',
    payments: [],
  });
  expect((await get('payments/nonsense')).status).toBe(422);
  expect((await get(`payments/${account(two)}?after=bm8`)).code).toBe('malformed.page');
  const operator = await house.enlist('chai', ['operator']);
  expect((await get(`neighbours/${account(two)}`, operator)).code).toBe('forbidden.permission');
  for (const path of ['neighbours', 'payments']) {
    const { http } = house;
    const headers = { authorization: `Bearer ${malee}` };
    const answer = await http.inject({ url: `/v1/funds/${path}/${account(two)}`, headers });
    expect(answer.json()).toMatchObject({ code: 'forbidden.purpose' });
  }
});

test('while payments are still being read, an officer is told to come again and not half of the truth', async () => {
  isReady = false;
  expect((await get(`neighbours/${account(two)}`)).status).toBe(503);
  expect((await get(`payments/${account(two)}`)).status).toBe(503);
});
