import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import {
  orderText,
  type OfficeKey,
  type Order,
  type OrderOutcome,
  type OrderTerms,
} from '@bronze-drum/protocol/orders';
import type * as contract from '../server/src/orders/contract.ts';
import { verifyOrder, type OrderDetails, type OrderPage, type OrderQuery, type OutcomeReport } from './orders.ts';
import { openTestClient, openTestServer, sendJson, type TestClient, type TestServer } from './test-client.ts';

type Frozen<T> = T extends object ? { readonly [F in keyof T]: Frozen<T[F]> } : T;

it('reads what the server says it answers, and asks what it takes', () => {
  expectTypeOf<Frozen<contract.OrderPage>>().toExtend<Frozen<OrderPage>>();
  expectTypeOf<Frozen<contract.OrderDetails>>().toExtend<Frozen<OrderDetails>>();
  expectTypeOf<Frozen<contract.OutcomeReport>>().toExtend<Frozen<OutcomeReport>>();
  expectTypeOf<Frozen<OrderQuery>>().toExtend<Partial<Frozen<contract.OrderQuery>>>();
});

const base64url = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('base64url');

interface Office {
  readonly key: OfficeKey;
  order(number: number, change?: Partial<Order>): Promise<Order>;
}

async function openOffice(office: string): Promise<Office> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const publicKey = base64url(await crypto.subtle.exportKey('raw', pair.publicKey));
  return {
    key: { office, algorithm: 'Ed25519', publicKey },
    async order(number, { state = 'issued', ended, ...change } = {}) {
      const terms: Omit<OrderTerms, 'signature'> = {
        id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
        revision: 1,
        kind: 'hold-amount',
        institution: 'bank-a',
        office,
        subject: 'account:TH:901:1234567890',
        amount: { value: '15000000', currency: 'THB' },
        legalBasis: 'a law',
        form: 'a notice',
        safeHarbour: 'good faith',
        callBack: '1441',
        issuedAt: '2026-11-20T03:00:00.000Z',
        answerBy: '2026-11-20T03:30:00.000Z',
        exhibits: [],
        ...change,
      };
      const signature = await crypto.subtle.sign(
        'Ed25519',
        pair.privateKey,
        new TextEncoder().encode(orderText(terms)),
      );
      return { ...terms, signature: base64url(signature), state, ...(ended !== undefined && { ended }) };
    },
  };
}

describe('an order', () => {
  it('is checked without asking anybody, and a forged one is not believed', async () => {
    const [aoc, fiu] = [await openOffice('aoc'), await openOffice('fiu')];
    const order = await aoc.order(1);
    const keys = [fiu.key, aoc.key];
    expect(await verifyOrder(order, keys)).toBe(true);
    expect(await verifyOrder({ ...order, state: 'placed' }, keys)).toBe(true);
    expect(await verifyOrder({ ...order, amount: { value: '15000001', currency: 'THB' } }, keys)).toBe(false);
    expect(await verifyOrder({ ...order, office: 'fiu' }, keys)).toBe(false);
    expect(await verifyOrder(order, [fiu.key])).toBe(false);
    expect(await verifyOrder(order, [{ ...aoc.key, publicKey: 'no key' }])).toBe(false);
    expect(await verifyOrder({ ...order, signature: '!' }, keys)).toBe(false);
  });
});

describe('following orders', () => {
  let office: Office;
  let server: TestServer;
  let client: TestClient;
  /** What waits at the server, the oldest first, and how it answers an outcome. */
  let waiting: Order[];
  let failures: number;
  let outcomes: [string, OrderOutcome][];
  let confirmed: string[];

  beforeEach(async () => {
    office = await openOffice('aoc');
    [waiting, failures, outcomes, confirmed] = [[], 0, [], []];
    server = await openTestServer(({ url, body }, response) => {
      if (url.startsWith('/v1/stream')) return sendJson(response, 404, { code: 'not-found.route' });
      if (url === '/v1/orders/keys') return sendJson(response, 200, { keys: [office.key] });
      if (url.startsWith('/v1/orders?')) return sendJson(response, 200, { orders: [...waiting].reverse() });
      if (failures > 0) {
        failures -= 1;
        return sendJson(response, 503, { code: 'unavailable' });
      }
      const [, id, verb] = /^\/v1\/orders\/([^/]+)\/(\w+)$/.exec(url)!;
      const order = waiting.find((one) => one.id === id)!;
      waiting = waiting.filter((one) => one.id !== id);
      if (verb === 'confirm') confirmed.push(id!);
      else outcomes.push([id!, JSON.parse(body) as OrderOutcome]);
      sendJson(response, 200, { ...order, state: 'placed' });
    });
    client = openTestClient(server.url);
  });
  afterEach(async () => {
    await client.drum.close();
    await server.close();
  });

  const untilQuiet = async (ending: AbortController): Promise<void> => {
    await expect.poll(() => waiting.length).toBe(0);
    ending.abort();
  };

  it('hands each to the bank in its order, and tells what the bank did, through outages', async () => {
    waiting = [await office.order(1), await office.order(2, { revision: 3 })];
    failures = 2;
    const ending = new AbortController();
    const handled: string[] = [];
    const following = client.drum.orders.follow({
      signal: ending.signal,
      handle: ({ id }) => {
        handled.push(id);
        return { outcome: 'placed', reference: `case-${handled.length}` };
      },
    });
    await untilQuiet(ending);
    await following;
    expect(handled).toHaveLength(2);
    expect(outcomes).toEqual([
      ['00000000-0000-4000-8000-000000000001', { outcome: 'placed', reference: 'case-1', revision: 1 }],
      ['00000000-0000-4000-8000-000000000002', { outcome: 'placed', reference: 'case-2', revision: 3 }],
    ]);
  });

  it('gives an order again that the bank has not dealt with, and never a forged one', async () => {
    const forged = { ...(await office.order(1)), subject: 'account:TH:901:6666666666' };
    waiting = [forged, await office.order(2)];
    const ending = new AbortController();
    const handled: string[] = [];
    const following = client.drum.orders.follow({
      signal: ending.signal,
      handle: ({ subject }) => {
        handled.push(subject);
        return handled.length < 3 ? undefined : { outcome: 'gone' };
      },
    });
    await expect.poll(() => outcomes.length).toBe(1);
    ending.abort();
    await following;
    expect(new Set(handled)).toEqual(new Set(['account:TH:901:1234567890']));
    expect(client.troubles.map(({ error }) => error.code)).toContain('client.order-signature');
  });

  it('confirms an end once the bank has carried it out', async () => {
    const ended = { why: 'released', at: '2026-11-20T03:10:00.000Z', confirmBy: '2026-11-20T03:40:00.000Z' } as const;
    waiting = [await office.order(1, { state: 'ended', ended })];
    const ending = new AbortController();
    let asked = 0;
    const following = client.drum.orders.follow({
      signal: ending.signal,
      handle: () => {
        throw new Error('not an order to carry out');
      },
      release: () => (asked += 1) > 1,
    });
    await untilQuiet(ending);
    await following;
    expect([asked, confirmed]).toEqual([2, ['00000000-0000-4000-8000-000000000001']]);
  });

  it('ends with what the bank’s own work throws', async () => {
    waiting = [await office.order(1)];
    const following = client.drum.orders.follow({
      handle: () => {
        throw new Error('the core system is down');
      },
    });
    await expect(following).rejects.toThrow('the core system is down');
    expect(outcomes).toEqual([]);
  });
});
