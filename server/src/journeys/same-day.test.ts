import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs, minuteMs, testClock } from '../kernel/clock.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';

const clock = testClock(Date.UTC(2026, 10, 20, 3));
const quota = { perSecond: 10_000, burst: 100_000 };
let alliance: TestAlliance;
const keys = new Map<string, Record<string, string>>();

async function bank(member: string, id: string, serves: string): Promise<void> {
  const { must } = alliance.of(member);
  await must('POST', '/v1/institutions', { id, name: id, kind: 'bank', serves: [serves], quota });
  const { key } = await must('POST', `/v1/institutions/${id}/keys`, {});
  keys.set(id, { authorization: `Bearer ${key}` });
}

const account = (bank: string, number: number): string => `account:${bank}:${String(number).padStart(10, '0')}`;
const baht = (amount: number) => ({ value: String(amount * 100), currency: 'THB' });
const ago = (seconds: number): string => new Date(clock.now() - seconds * 1000).toISOString();

beforeAll(async () => {
  alliance = await openTestAlliance(['kh', 'th'], clock);
  await bank('th', 'bank-a', 'account:TH:901:');
  await bank('th', 'bank-b', 'account:TH:902:');
  await bank('kh', 'bank-k', 'account:KH:ABCDKHPP:');
});
afterAll(async () => alliance?.close());

async function pay(institution: string, payment: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${alliance.of('th').address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...keys.get(institution)!, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({ channel: 'mobile', ...payment }),
  });
  expect(await response.json()).toMatchObject({ refused: 0 });
}

const ordersAt = async (member: string, institution: string, query: string): Promise<any[]> =>
  (await alliance.of(member).must('GET', `/v1/orders?${query}`, undefined, keys.get(institution))).orders;
const traces = async (member: string): Promise<any[]> => (await alliance.of(member).must('GET', '/v1/traces')).traces;

test('a victim’s bank reports; the money is held at home and abroad by standing rules, and every unit is accounted for', async () => {
  const [victim, mule, second, abroad] = [
    account('TH:901', 1),
    account('TH:902', 1),
    account('TH:902', 2),
    account('KH:ABCDKHPP', 3),
  ];
  await pay('bank-a', { id: 'a1', at: ago(300), from: victim, to: mule, amount: baht(480_000), reference: 'r-1' });
  await pay('bank-b', { id: 'b1', at: ago(200), from: mule, to: second, amount: baht(200_000), reference: 'r-2' });
  await pay('bank-b', { id: 'b2', at: ago(100), from: mule, to: abroad, amount: baht(280_000), reference: 'r-3' });
  const th = alliance.of('th');
  const report = {
    typology: 'impersonation-official',
    debitConfirmed: true,
    payments: [{ from: victim, to: mule, amount: baht(480_000), at: ago(300), reference: 'r-1' }],
  };
  const { traces: opened, state } = await th.must('POST', '/v1/reports', report, keys.get('bank-a'));
  expect(state).toBe('opened');
  const holdsHere = await ordersAt('th', 'bank-b', 'kind=hold-amount');
  expect(holdsHere.map(({ subject, amount }) => [subject, amount])).toEqual([[second, baht(200_000)]]);
  await expect
    .poll(async () =>
      (await ordersAt('kh', 'bank-k', 'kind=hold-amount')).map(({ subject, amount }) => [subject, amount]),
    )
    .toEqual([[abroad, baht(280_000)]]);
  await th.must('POST', `/v1/orders/${holdsHere[0].id}/outcome`, { outcome: 'placed' }, keys.get('bank-b'));
  const [there] = await ordersAt('kh', 'bank-k', 'kind=hold-amount');
  const partly = {
    outcome: 'partly',
    held: baht(240_000).value,
    gone: baht(40_000).value,
    onward: [{ from: abroad, amount: baht(40_000), at: ago(50), reference: 'atm-1' }],
  };
  await alliance.of('kh').must('POST', `/v1/orders/${there.id}/outcome`, partly, keys.get('bank-k'));
  await expect
    .poll(async () =>
      (await traces('th')).map(({ held, open, lost, members, holds }) => ({ held, open, lost, members, holds })),
    )
    .toEqual([
      {
        held: baht(440_000),
        open: { value: '0', currency: 'THB' },
        lost: baht(40_000),
        members: ['th', 'kh'],
        holds: { held: 2 },
      },
    ]);
  const whole = await th.must('GET', `/v1/traces/${opened[0]}`);
  expect(whole.requests).toMatchObject([{ member: 'kh', state: 'answered' }]);
  expect(whole.places.find(({ member, hold }: any) => member === 'kh' && hold)).toMatchObject({
    key: abroad,
    hold: { state: 'held', amount: baht(240_000) },
  });
  // The bank and the hotline report the same payment: one trace.
  const again = await th.must('POST', '/v1/reports', { ...report, channel: 'hotline' });
  expect(again).toMatchObject({ state: 'joined', traces: opened });
});

/** Another theft at the same banks: the victim pays a mule, and nothing moves on. */
async function steal(number: number, mule: string, amount: number): Promise<{ trace: string; order: any }> {
  const victim = account('TH:901', number);
  const payment = { from: victim, to: mule, amount: baht(amount), at: ago(60), reference: `theft-${number}` };
  await pay('bank-a', { id: `theft-${number}`, ...payment });
  const report = { typology: 'investment-scam', debitConfirmed: true, payments: [payment] };
  const { traces: opened } = await alliance.of('th').must('POST', '/v1/reports', report, keys.get('bank-a'));
  const orders = await ordersAt('th', 'bank-b', `kind=hold-amount&subject=${encodeURIComponent(mule)}`);
  return { trace: opened[0], order: orders.find(({ payment: paid }) => paid.reference === `theft-${number}`) };
}
const holdsOf = async (trace: string): Promise<any[]> =>
  (await alliance.of('th').must('GET', `/v1/holds?trace=${trace}`)).holds;

test('two victims paid one account: each has a hold of what was theirs, and together they are never more than what is there', async () => {
  const mule = account('TH:902', 50);
  const one = await steal(11, mule, 100_000);
  const two = await steal(12, mule, 300_000);
  // The bank answers the second first: of 400,000 it still finds 350,000.
  const answer = (order: any, outcome: object) =>
    alliance.of('th').must('POST', `/v1/orders/${order.id}/outcome`, outcome, keys.get('bank-b'));
  await answer(two.order, { outcome: 'placed' });
  await answer(one.order, { outcome: 'partly', held: baht(50_000).value, gone: baht(50_000).value });
  const [first, second] = [await holdsOf(one.trace), await holdsOf(two.trace)];
  expect(first).toMatchObject([{ state: 'partly', held: baht(50_000), gone: baht(50_000) }]);
  expect(second).toMatchObject([{ state: 'held', held: baht(300_000) }]);
});

test('a bank that never answers: it is reminded, an officer is told, then the supervisor; and the hold ends by its own clock', async () => {
  const mule = account('TH:902', 60);
  const { trace, order } = await steal(21, mule, 90_000);
  expect(order.state).toBe('issued');
  const late = async (): Promise<any> =>
    (await alliance.of('th').must('GET', `/v1/alerts?for=all&kind=order&subject=order:${order.id}`)).alerts[0];
  expect(await late()).toBeUndefined();
  clock.advance(31 * minuteMs);
  await expect.poll(async () => (await late())?.priority).toBe('P1');
  const { escalated } = await late();
  clock.advance(16 * minuteMs);
  await expect.poll(async () => (await late()).escalated).toBeGreaterThan(escalated);
  clock.advance(72 * hourMs);
  await expect.poll(async () => (await holdsOf(trace)).map(({ state }) => state)).toEqual(['expired']);
  const ended = async (): Promise<any> =>
    (await ordersAt('th', 'bank-b', `kind=hold-amount&subject=${encodeURIComponent(mule)}`))[0];
  await expect.poll(ended).toMatchObject({ state: 'ended', ended: { why: 'expired' } });
});
