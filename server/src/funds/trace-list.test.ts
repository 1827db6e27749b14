import { afterEach, beforeEach, expect, test } from 'vitest';
import { hourMs } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Answer } from '../access/test-access.ts';
import { openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';
import * as store from './trace-store.ts';

let house: TestHolds;
beforeEach(async () => {
  house = await openTestHolds();
});
afterEach(() => house.close());

async function addTrace(id: string, change: Partial<store.NewTrace> = {}, reference: string | null = null) {
  const at = new Date(house.clock.now());
  await house.db.tx(async (tx) => {
    await store.insertTrace(tx, {
      id,
      opened_at: at,
      reported_at: at,
      typology: 'investment-scam',
      method: 'haircut',
      currency: 'THB',
      debit_confirmed: true,
      reported_by: 'officer',
      from_member: null,
      request: null,
      ...change,
    });
    const to_key = 'account:TH:004:5556667778';
    await store.addOrigins(tx, id, [{ from_key: null, to_key, amount: '5', currency: 'THB', at, reference, hop: 1 }]);
    await store.saveFollowed(tx, id, { result: '{}', summary: '{"state":"open"}', digest: id, firstHoldAt: null });
  });
  house.clock.advance(hourMs);
}

const [first, second, third] = [
  '0a1b2c3d-0000-4000-8000-000000000001',
  '0a1b2c3d-0000-4000-8000-000000000002',
  'ffffffff-0000-4000-8000-000000000003',
] as const;
const found = async (search: store.TraceSearch): Promise<string[]> =>
  (await store.listTraces(house.db, search, undefined, 10)).map(({ id }) => id);

test('traces are found by how an id, a request or a reference begins, by state and by when they were opened', async () => {
  const request = 'abcdef01-0000-4000-8000-000000000009';
  await addTrace(first, {}, 'FT-2026-77');
  const since = new Date(house.clock.now());
  await addTrace(second, { from_member: 'kh', request }, 'FT-2026-78');
  await addTrace(third, {}, '0a1b-not-an-id');
  await house.db.tx((tx) => store.closeTrace(tx, second));
  const report = newId();
  await house.db.query(
    `INSERT INTO funds.reports (id, sender, reference, channel, at, received_at, typology, debit_confirmed, payments, contacts, exhibits, state)
     VALUES ($1, 'bank-a', 'case/9', 'hotline', now(), now(), 'x', true, '[]', '{}', '{}', 'opened')`,
    [report],
  );
  await house.db.query('INSERT INTO funds.trace_reports (trace, report) VALUES ($1, $2)', [third, report]);
  expect(await found({})).toEqual([third, second, first]);
  expect(await found({ text: '0A1B2C' })).toEqual([second, first]);
  expect(await found({ text: '0a1b2c3d-0000-4000-8000-000000000001' })).toEqual([first]);
  expect(await found({ text: '0a1b' })).toEqual([third, second, first]);
  expect(await found({ text: 'abcdef' })).toEqual([second]);
  expect(await found({ text: 'FT-2026-7' })).toEqual([second, first]);
  expect(await found({ text: 'FT-2026-78' })).toEqual([second]);
  expect(await found({ text: 'case/' })).toEqual([third]);
  expect(await found({ text: 'FT-2027' })).toEqual([]);
  expect(await found({ state: 'open', since })).toEqual([third]);
});

test('holds are listed by the institution that keeps the account', async () => {
  await house.propose(proposalOf({ trace: newId() }));
  await house.propose(proposalOf({ trace: newId(), key: 'account:TH:004:5556667778' }));
  const at = async (institution: string): Promise<Answer> =>
    house.call('GET', `/v1/holds?institution=${institution}`, house.malee);
  expect((await at('bank-b')).body['holds']).toMatchObject([
    { institution: 'bank-b', key: 'account:TH:004:5556667778' },
  ]);
  expect((await at('bank-c')).body['holds']).toEqual([]);
});
