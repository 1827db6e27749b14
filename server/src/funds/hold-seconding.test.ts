import { afterEach, expect, test } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';

let house: TestHolds;
afterEach(() => house.close());

const purpose = { 'drum-purpose': 'investigation' };

test('whoever may read holds is told their stages, and what a second person must approve', async () => {
  house = await openTestHolds((rules) => {
    rules.secondPerson.acts = ['funds.hold', 'funds.seize:confiscate'];
  });
  const { body } = await house.call('GET', '/v1/holds/rules', house.malee);
  expect(body['secondPerson']).toEqual(['order', 'confiscate']);
  expect(body['stages']).toMatchObject([
    { name: 'suspension', hours: 72, asks: 'officer' },
    { name: 'complaint', asks: 'complaint' },
    { name: 'court-order', asks: 'court', times: 20 },
  ]);
  const administrator = await house.enlist('somchai', ['administrator']);
  expect((await house.call('GET', '/v1/holds/rules', administrator)).code).toBe('forbidden.permission');
  expect((await house.call('GET', '/v1/holds/rules', house.bank)).status).toBe(403);
});

test('a hold says what waits for a second person, until it is decided', async () => {
  house = await openTestHolds((rules) => {
    rules.secondPerson.acts = ['funds.hold', 'funds.release'];
  });
  const [trace, other] = [newId(), newId()];
  const [first, second] = [
    await house.propose(proposalOf({ trace, debitConfirmed: false })),
    await house.propose(proposalOf({ trace, debitConfirmed: false, key: 'account:TH:004:1112223334' })),
  ];
  // The same account in another trace is another hold.
  const elsewhere = await house.propose(proposalOf({ trace: other, debitConfirmed: false }));
  const waitingOf = async (path: string) => (await house.call('GET', path, house.somsak, undefined, purpose)).body;
  const { body: ordered } = await house.orderAll(house.malee, trace);
  const { body: dismissed } = await house.act(house.malee, first.id, 'release', { grounds: 'a shop' });
  const by = { by: 'officer:malee', performed: false };
  expect((await waitingOf(`/v1/holds/${first.id}`))['waiting']).toMatchObject([
    { id: ordered['proposal'], act: 'order', holds: [first.id], ...by },
    { id: dismissed['proposal'], act: 'release', holds: [first.id], ...by },
  ]);
  const page = await waitingOf(`/v1/holds?trace=${trace}`);
  expect((page['waiting'] as { holds: string[] }[]).map(({ holds }) => holds.toSorted())).toEqual([
    [first.id, second.id].toSorted(),
    [first.id],
  ]);
  expect((await waitingOf(`/v1/holds/${elsewhere.id}`))['waiting']).toEqual([]);
  await house.approve(house.somsak, ordered['proposal']);
  expect((await waitingOf(`/v1/holds/${second.id}`))['waiting']).toEqual([]);
});
