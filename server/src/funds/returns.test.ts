import { afterEach, expect, test } from 'vitest';
import type { Answer } from '../access/test-access.ts';
import { hourMs, minuteMs } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { HoldProposal, HoldView } from './holds.ts';
import { baht, openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';

let house: TestHolds;
afterEach(() => house.close());

/** What a bank held, and a court took. */
async function seized(trace: string, change: Partial<HoldProposal> = {}): Promise<HoldView> {
  const hold = await house.propose(proposalOf({ trace, ...change }));
  await house.orders.answer(house.orders.of(hold.id).id, { outcome: 'placed' });
  const { body } = await house.act(house.malee, hold.id, 'seize', { court: 'Criminal Court 9/69' });
  await house.approve(house.somsak, body['proposal']);
  return house.view(hold.id);
}

interface ClaimShown {
  readonly id: string;
  readonly payments: {
    readonly hold: string;
    readonly amount: { readonly value: string; readonly currency: string };
  }[];
}

const claimsIn = (answer: Answer): ClaimShown[] => answer.body['claims'] as ClaimShown[];
const open = (traces: readonly string[], amounts: readonly number[]): Promise<Answer> =>
  house.call('POST', '/v1/returns', house.somsak, {
    traces,
    claims: amounts.map((amount, index) => ({ account: `account:TH:004:999888777${index}`, amount: baht(amount) })),
  });

async function decide(id: unknown, more: object = {}): Promise<Answer> {
  const path = `/v1/returns/${String(id)}`;
  const decision = { court: 'Civil Court 4/69', ...more };
  const asked = await house.call('POST', `${path}/decision`, house.somsak, decision);
  if (asked.status !== 200) return asked;
  await house.approve(house.niran, asked.body['proposal']);
  return house.call('GET', path, house.somsak);
}

test('what a court took goes back pro rata to the last satang, and each claim is paid by a reference', async () => {
  house = await openTestHolds();
  const trace = newId();
  const first = await seized(trace, { taint: baht(10_000_001) });
  const second = await seized(trace, { taint: baht(5_000_000), key: 'account:TH:004:5556667778' });
  const opened = await open([trace], [10_000_000, 10_000_000, 10_000_000]);
  expect(opened.status).toBe(201);
  expect(opened.body).toMatchObject({ state: 'open', available: [baht(15_000_001)] });
  const decided = await decide(opened.body['id']);
  expect(decided.body).toMatchObject({ state: 'decided', method: 'pro-rata', available: [] });
  const sums = claimsIn(decided).map(({ payments }) =>
    payments.reduce((sum, { amount }) => sum + BigInt(amount.value), 0n),
  );
  expect(sums).toEqual([5_000_001n, 5_000_000n, 5_000_000n]);
  const path = `/v1/returns/${String(opened.body['id'])}`;
  const pay = (claim: string, reference: string) =>
    house.call('POST', `${path}/payments`, house.somsak, { claim, reference });
  for (const { id } of claimsIn(decided)) expect((await pay(id, `ref-${id.slice(0, 8)}`)).status).toBe(200);
  const { id } = claimsIn(decided)[0]!;
  expect((await pay(id, `ref-${id.slice(0, 8)}`)).status).toBe(200);
  expect((await pay(id, 'another')).code).toBe('conflict.claim-paid');
  expect((await house.call('GET', path, house.somsak)).body).toMatchObject({ state: 'paid' });
  expect(await house.view(first.id)).toMatchObject({ state: 'returned', held: baht(10_000_001) });
  expect(await house.view(second.id)).toMatchObject({ state: 'returned' });
  house.clock.advance(1);
  const counted = await house.call('GET', '/v1/funds/counters', house.malee);
  expect(counted.body['currencies']).toEqual([
    { currency: 'THB', prevented: '0', held: '0', seized: '0', confiscated: '0', returned: '15000001' },
  ]);
});

test('nobody is returned more than they claim, and nothing twice', async () => {
  house = await openTestHolds();
  const trace = newId();
  const hold = await seized(trace);
  const one = await open([trace], [3_000_000]);
  const decided = await decide(one.body['id']);
  expect(claimsIn(decided)[0]!.payments).toEqual([{ hold: hold.id, amount: baht(3_000_000) }]);
  expect((await decide(one.body['id'])).code).toBe('conflict.return-decided');
  const other = await open([trace], [90_000_000]);
  const rest = await decide(other.body['id']);
  expect(claimsIn(rest)[0]!.payments).toEqual([{ hold: hold.id, amount: baht(17_000_000) }]);
  const third = await open([trace], [1]);
  const refused = await decide(third.body['id']).catch((error: unknown) => error);
  expect(refused).toMatchObject({ refusal: { refused: 'funds.nothing-to-return' } });
});

test('by tracing, the shares that a court gave are paid, and none above the claim or the hold', async () => {
  house = await openTestHolds();
  const trace = newId();
  const hold = await seized(trace, { taint: baht(1_000_000) });
  const opened = await open([trace], [800_000, 800_000]);
  const [one, two] = claimsIn(opened).map(({ id }) => id) as [string, string];
  const share = (claim: string, value: string): object => ({ claim, hold: hold.id, value });
  const ask = (shares: object[]) =>
    decide(opened.body['id'], { method: 'tracing', shares }).catch((error: unknown) => error);
  expect(await ask([share(one, '800001')])).toMatchObject({ refusal: { refused: 'funds.share-above-claim' } });
  expect(await ask([share(one, '800000'), share(two, '200001')])).toMatchObject({
    refusal: { refused: 'funds.share-above-hold' },
  });
  expect(await decide(opened.body['id'], { method: 'tracing' }).catch((error: unknown) => error)).toMatchObject({
    refusal: { refused: 'funds.shares-needed' },
  });
  const decided = (await ask([share(one, '750000'), share(two, '250000')])) as Answer;
  expect(claimsIn(decided).map(({ payments }) => payments[0]!.amount.value)).toEqual(['750000', '250000']);
});

test('claims are made within the time that policy gives, and before the decision', async () => {
  house = await openTestHolds((rules) => void (rules.funds.returns.claimWithinHours = 10));
  const trace = newId();
  await seized(trace);
  const opened = await open([trace], []);
  const path = `/v1/returns/${String(opened.body['id'])}/claims`;
  const claims = [{ account: 'account:TH:004:1112223334', amount: baht(100) }];
  expect((await house.call('POST', path, house.somsak, { claims })).body).toMatchObject({ revision: 2 });
  await house.pass(10 * hourMs + 1);
  expect((await house.call('POST', path, house.somsak, { claims })).code).toBe('gone.claims-closed');
  expect((await house.call('POST', path, house.malee, { claims })).status).toBe(403);
  expect((await open([newId()], [1])).code).toBe('not-found.trace');
});

test('the five counters are never mixed, and say how fast the first hold was and how much was still there', async () => {
  house = await openTestHolds();
  const traces = [newId(), newId(), newId()] as const;
  for (const [index, trace] of traces.entries())
    house.reports.set(trace, { reportedAtMs: house.clock.now() - (index + 1) * minuteMs, stolen: '40000000' });
  await seized(traces[0]);
  const held = await house.propose(proposalOf({ trace: traces[1] }));
  await house.orders.answer(house.orders.of(held.id).id, { outcome: 'partly', held: '5000000', gone: '15000000' });
  const gone = await house.propose(proposalOf({ trace: traces[2] }));
  await house.orders.answer(house.orders.of(gone.id).id, { outcome: 'gone' });
  await house.db.tx((tx) => house.counters.prevented(tx, baht(700), house.clock.now()));
  await house.db.tx((tx) => house.counters.prevented(tx, { value: '9', currency: 'USD' }, house.clock.now()));
  house.clock.advance(1);
  const { body } = await house.call('GET', '/v1/funds/counters', house.malee);
  expect(body).toMatchObject({
    currencies: [
      { currency: 'THB', prevented: '700', held: '5000000', seized: '20000000', confiscated: '0', returned: '0' },
      { currency: 'USD', prevented: '9', held: '0', seized: '0', confiscated: '0', returned: '0' },
    ],
    clock: {
      traces: 3,
      withHold: 2,
      medianMs: minuteMs,
      p90Ms: 2 * minuteMs,
      share: [{ currency: 'THB', stolen: '120000000', found: '25000000', share: 0.2083 }],
    },
  });
  await house.pass(72 * hourMs);
  const later = await house.call('GET', '/v1/funds/counters', house.malee);
  expect(later.body['currencies']).toMatchObject([{ held: '0', seized: '20000000' }, {}]);
  expect((await house.call('GET', '/v1/funds/counters?from=2026-02-01T00:00:00.000Z', house.malee)).code).toBe(
    'funds.period',
  );
});

test('returns are listed newest first, by state and by trace, with how much is claimed and how many are paid', async () => {
  house = await openTestHolds();
  const [one, other] = [newId(), newId()];
  await seized(one);
  await seized(other, { key: 'account:TH:004:5556667778' });
  const ids: unknown[] = [];
  for (const [traces, amounts] of [
    [[one], [100, 200]],
    [[other], []],
    [[one, other], [300]],
  ] as const) {
    ids.unshift((await open(traces, amounts)).body['id']);
    house.clock.advance(minuteMs);
  }
  const list = async (query: string): Promise<Answer> => house.call('GET', `/v1/returns?${query}`, house.malee);
  const idsIn = ({ body }: Answer): unknown[] => (body['returns'] as { id: string }[]).map(({ id }) => id);
  const first = await list('limit=2');
  const second = await list(`limit=2&after=${String(first.body['next'])}`);
  expect([...idsIn(first), ...idsIn(second), second.body['next']]).toEqual([...ids, undefined]);
  expect((second.body['returns'] as object[])[0]).toMatchObject({ claims: 2, paid: 0, claimed: [baht(300)] });
  expect((first.body['returns'] as object[])[1]).toMatchObject({ claims: 0, paid: 0, claimed: [] });
  expect(idsIn(await list(`trace=${other}`))).toEqual([ids[0], ids[1]]);
  await decide(ids[0]);
  expect(idsIn(await list('state=decided'))).toEqual([ids[0]]);
  expect((await list('after=x')).code).toBe('malformed.page');
  expect((await house.call('GET', '/v1/returns', house.bank)).code).toBe('forbidden.permission');
});
