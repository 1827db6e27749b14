import { afterEach, beforeEach, expect, test } from 'vitest';
import { hourMs } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { LiveChange, LiveTopic } from '../platform/live.ts';
import { openLiveFunds, type LiveFunds } from './live-funds.ts';
import { openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';
import * as store from './trace-store.ts';

let house: TestHolds;
let live: LiveFunds;
let topics: Map<string, LiveTopic<{ readonly id: string }>>;
let published: Map<string, LiveChange<{ readonly id: string }>[]>;

beforeEach(async () => {
  house = await openTestHolds();
  topics = new Map();
  published = new Map([
    ['traces', []],
    ['holds', []],
  ]);
  const topic = <Item>(one: LiveTopic<Item>) => {
    topics.set(one.name, one as unknown as LiveTopic<{ readonly id: string }>);
    return {
      publish: (changes: readonly LiveChange<Item>[]) =>
        void published.get(one.name)!.push(...(changes as unknown as LiveChange<{ readonly id: string }>[])),
    };
  };
  const { db, clock } = house;
  live = openLiveFunds({ db, clock, live: { topic }, onError: (error) => house.errors.push(error) });
  house.holds.onChange(async (tx) => tx.afterCommit(live.holdsChanged));
});
afterEach(async () => {
  await live.close();
  await house.close();
  if (house.errors.length > 0) throw house.errors[0];
});

const said = async (name: string, token: string): Promise<unknown[]> => {
  const viewer = await house.actor(token);
  return published.get(name)!.flatMap(({ item }) => {
    const message = topics.get(name)!.present(viewer, item);
    return message === undefined ? [] : [{ event: message.event, ...(JSON.parse(message.data) as object) }];
  });
};

test('each change of a hold is told in the order of its numbers, and of an account nothing', async () => {
  const trace = newId();
  const { id } = await house.propose(proposalOf({ trace }));
  await expect.poll(() => published.get('holds')!.length).toBe(1);
  await house.orders.answer(house.orders.of(id).id, { outcome: 'placed' });
  await expect.poll(async () => (await said('holds', house.malee)).at(-1)).toMatchObject({ id, trace, state: 'held' });
  const changes = (await said('holds', house.malee)) as { event: string; change: number; expiresAt: string | null }[];
  expect(changes.map(({ change }) => change)).toEqual(published.get('holds')!.map(({ number }) => number));
  expect(changes.map(({ change }) => change)).toEqual(
    [...new Set(changes.map(({ change }) => change))].sort((a, b) => a - b),
  );
  expect(Object.keys(changes.at(-1)!).sort()).toEqual(['change', 'event', 'expiresAt', 'id', 'state', 'trace']);
  expect(Date.parse(changes.at(-1)!.expiresAt!)).toBeGreaterThan(house.clock.now());
  const missed = await topics.get('holds')!.read(0, 10);
  expect(missed.map(({ number }) => number)).toEqual([await topics.get('holds')!.newest()]);
  await house.pass(Date.parse(changes.at(-1)!.expiresAt!) - house.clock.now() + hourMs);
  await expect.poll(async () => (await said('holds', house.malee)).at(-1)).toMatchObject({ state: 'expired' });
});

test('a trace is told with its five figures once it was followed, and again when it is closed', async () => {
  const { db } = house;
  const at = new Date(house.clock.now());
  const id = newId();
  await db.tx((tx) =>
    store.insertTrace(tx, {
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
    }),
  );
  live.tracesChanged();
  const money = { value: '5', currency: 'THB' };
  const figures = { amount: money, held: money, seized: money, returned: money, open: money, lost: money };
  const summary = JSON.stringify({ id, state: 'open', openedAt: at.toISOString(), members: ['th'], ...figures });
  await db.tx((tx) => store.saveFollowed(tx, id, { result: '{}', summary, digest: 'a', firstHoldAt: null }));
  live.tracesChanged();
  await expect
    .poll(() => said('traces', house.malee))
    .toMatchObject([{ event: 'trace', id, state: 'open', ...figures }]);
  await db.tx((tx) => store.closeTrace(tx, id));
  live.tracesChanged();
  await expect.poll(async () => (await said('traces', house.malee)).at(-1)).toMatchObject({ state: 'closed' });
  expect(published.get('traces')!.map(({ rank }) => rank)).toEqual([2, 4]);
});

test('whoever may not read of money hears nothing', async () => {
  await house.propose(proposalOf({ trace: newId() }));
  await expect.poll(() => published.get('holds')!.length).toBe(1);
  const operator = await house.enlist('chai', ['operator']);
  expect(await said('holds', operator)).toEqual([]);
  const bank = await house.access.authenticate({ headers: { authorization: `Bearer ${house.bank}` } });
  expect(topics.get('holds')!.present(bank, published.get('holds')![0]!.item)).toBeUndefined();
  expect([await house.actor(house.malee), bank].map((viewer) => topics.get('holds')!.audienceOf!(viewer))).toEqual([
    'officers',
    'nobody',
  ]);
});
