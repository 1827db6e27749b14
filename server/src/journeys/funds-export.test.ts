import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb } from '../platform/db.ts';
import { openBank } from './funds-one-of-each.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';

// China's law asks for an approval before anything about a person leaves: account keys wait, and the rest goes on.
let alliance: TestAlliance;
const banks = new Map<string, Record<string, string>>();

beforeAll(async () => {
  alliance = await openTestAlliance(['cn', 'th'], undefined, ['supervisor', 'second']);
  for (const [member, id, serves] of [
    ['cn', 'bank-c', 'account:CN:102:'],
    ['th', 'bank-t', 'account:TH:901:'],
  ] as const)
    banks.set(id, await openBank(alliance.of(member), id, serves));
});
afterAll(() => alliance?.close());

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const chinese = (number: number): string => `account:CN:102:62220212345678${String(number).padStart(2, '0')}`;
const thai = (number: number): string => `account:TH:901:10000000${String(number).padStart(2, '0')}`;
const amount = (value: number, currency: string) => ({ value: String(value * 100), currency });

async function report(member: string, bank: string, payment: object): Promise<string> {
  const body = { typology: 'investment-scam', debitConfirmed: true, payments: [payment] };
  const { traces } = await alliance.of(member).must('POST', '/v1/reports', body, banks.get(bank));
  return traces[0];
}

/** How many statements at Thailand's server, from whomever, name this. */
async function namedAtThailand(text: string): Promise<number> {
  const address = { url: alliance.of('th').databaseUrl };
  const db = openDb({ address, connectionsMax: 1, onError: () => undefined });
  try {
    const [row] = await db.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM journal.statements WHERE bytes LIKE '%' || $1 || '%'`,
      [text],
    );
    return row!.count;
  } finally {
    await db.close();
  }
}

test('what a member that asks for approval found is reported without the accounts that nobody let out', async () => {
  const [first, second] = [chinese(1), chinese(2)];
  const onward = { id: 'c-1', from: first, to: second, amount: amount(4000, 'THB'), at: ago(30), channel: 'mobile' };
  const told = await fetch(`${alliance.of('cn').address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...banks.get('bank-c')!, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify(onward),
  });
  expect(await told.json()).toMatchObject({ accepted: 1 });
  const payment = { from: thai(1), to: first, amount: amount(9000, 'THB'), at: ago(60), reference: 'r-1' };
  const trace = await report('th', 'bank-t', payment);
  const abroad = async (): Promise<any[]> =>
    (await alliance.of('th').must('GET', `/v1/traces/${trace}`)).places.filter(
      ({ member, end }: any) => member === 'cn' && end !== 'abroad',
    );
  await expect.poll(async () => (await abroad()).length).toBe(2);
  expect((await abroad()).map(({ key }) => key)).toEqual([null, null]);
  expect(await namedAtThailand(second)).toBe(0);
  // At home they are seen, and nothing of the money is missing.
  const home = (await alliance.of('cn').must('GET', '/v1/traces')).traces[0];
  const { places } = await alliance.of('cn').must('GET', `/v1/traces/${home.id}`);
  expect(places.map(({ key }: any) => key).toSorted()).toEqual([first, second].toSorted());
});

test('a request that names accounts waits until an officer lets it out', async () => {
  const cn = alliance.of('cn');
  const payment = { from: chinese(3), to: thai(7), amount: amount(8000, 'CNY'), at: ago(60), reference: 'r-2' };
  const trace = await report('cn', 'bank-c', payment);
  const [asked] = (await cn.must('GET', `/v1/traces/${trace}`)).requests;
  expect(asked).toMatchObject({ member: 'th', state: 'waits' });
  expect(await namedAtThailand(thai(7))).toBe(0);
  expect((await alliance.of('th').call('GET', `/v1/requests/${asked.id}`)).status).toBe(404);
  // Whoever holds the machine cannot let it out.
  expect((await cn.call('POST', `/v1/requests/${asked.id}/approval`)).status).toBe(403);
  await cn.must('POST', `/v1/requests/${asked.id}/approval`, undefined, await cn.as('supervisor'));
  const there = async (): Promise<number> => (await alliance.of('th').call('GET', `/v1/requests/${asked.id}`)).status;
  await expect.poll(there).toBe(200);
  expect(await namedAtThailand(thai(7))).toBeGreaterThan(0);
  await expect.poll(async () => (await cn.must('GET', `/v1/traces/${trace}`)).requests[0].state).not.toBe('waits');
});
