import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddressInfo } from 'node:net';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { openTestActivity, payment, type TestActivity } from '../server/src/activity/test-activity.ts';
import { openTestClient } from './test-client.ts';

let house: TestActivity;
let address: string;

beforeAll(async () => {
  house = await openTestActivity();
  await house.http.listen({ host: '127.0.0.1', port: 0 });
  address = `http://127.0.0.1:${(house.http.server.address() as AddressInfo).port}`;
});
afterAll(() => house.close());

const paymentOf = (id: string, change: object = {}): Payment => payment(id, change) as unknown as Payment;

describe('a bank that reports to a real server', () => {
  it('is acknowledged for each record, and again when it reports the same', async () => {
    const { drum } = openTestClient(address, { key: await house.institution('bank-a'), country: 'TH' });
    const payments = drum.activity('payment', { batchMax: 300 });
    for (let number = 1; number <= 1000; number++) await payments.add(paymentOf(`a-${number}`));
    expect(await payments.flush()).toEqual({ unacknowledged: 0 });
    await payments.add(paymentOf('a-7'));
    await payments.add(paymentOf('a-1001', { from: '0812345678' }));
    await payments.flush();
    expect(payments.counts()).toEqual({ added: 1002, accepted: 1001, known: 1, refused: 0, waiting: 0 });
    expect(await payments.send([paymentOf('a-8', { channel: 'atm' }), paymentOf('a-1002')])).toEqual([
      { id: 'a-8', state: 'refused', refused: 'conflict.id-reused', params: { field: 'id' } },
      { id: 'a-1002', state: 'accepted' },
    ]);
    await drum.close();
  });

  it('goes in smaller batches when its own are more than the server takes', async () => {
    const { drum, troubles } = openTestClient(address, { key: await house.institution('bank-b') });
    const payments = drum.activity('payment', { batchMax: 10_000, batchLengthMax: 4_000_000, validate: false });
    const line = paymentOf('b', { to: 'x'.repeat(70_000) });
    const [refused] = await payments.send([line]);
    expect(refused).toMatchObject({ state: 'refused', refused: 'too-large.line' });
    for (let number = 1; number <= 10_001; number++) await payments.add(paymentOf(`b-${number}`));
    expect(await payments.flush()).toEqual({ unacknowledged: 0 });
    expect(payments.counts()).toMatchObject({ accepted: 10_001, refused: 0 });
    expect(troubles).toEqual([]);
    await drum.close();
  });

  it('whose key is not one is told so, and keeps its records', async () => {
    const { drum } = openTestClient(address);
    const payments = drum.activity('payment');
    await payments.add(paymentOf('c-1'));
    expect(await payments.flush()).toEqual({ unacknowledged: 1 });
    expect(payments.stopped()).toMatchObject({ status: 401 });
    expect(await payments.close()).toEqual([paymentOf('c-1')]);
    await drum.close();
  });
});
