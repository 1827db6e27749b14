import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs } from '../kernel/clock.ts';
import { openTestLive } from '../platform/test-live.ts';
import { openTestAccess, type TestAccess } from './test-access.ts';

let house: TestAccess;
let hub: ReturnType<typeof openTestLive>;
beforeEach(async () => {
  house = await openTestAccess();
  hub = openTestLive();
  house.access.approvals.tellOn(hub.live);
  house.access.defineAct({
    act: 'registry.list',
    permission: 'registry.approve',
    perform: async () => 'listed',
  });
});
afterEach(async () => {
  await hub.live.close();
  await house.close();
});

async function listen(token: string) {
  const { next } = hub.open(await house.actor(token));
  expect((await next())![0]).toMatchObject({ event: 'hello' });
  return async () => (await next())!.map(({ event, data }) => [event, data?.['id'], data?.['state']]);
}

async function propose(token: string): Promise<string> {
  const proposal = { act: 'registry.list', variant: 'court', payload: {}, subject: 'phone:+66812345678' };
  const outcome = await house.access.perform(await house.actor(token), proposal);
  if ('done' in outcome) throw new Error('done at once');
  return outcome.proposal;
}

const decide = (token: string, id: string, approve: boolean) =>
  house.call('POST', `/v1/approvals/${id}/decision`, token, { approve });

test('what waits for a second person, and how it ends, is told at once to whoever decides and whoever proposed it', async () => {
  const malee = await house.enlist('malee', ['analyst']);
  const somchai = await house.enlist('somchai', ['supervisor']);
  const [proposer, decider] = [await listen(malee), await listen(somchai)];
  const id = await propose(malee);
  const waits = [['approval', id, 'open']];
  expect([await proposer(), await decider()]).toEqual([waits, waits]);
  expect((await decide(somchai, id, false)).status).toBe(200);
  const rejected = [['approval', id, 'rejected']];
  expect([await proposer(), await decider()]).toEqual([rejected, rejected]);
});

test('what its author takes back, what nobody decided in time and what ends with its author is told too', async () => {
  const malee = await house.enlist('malee', ['analyst']);
  const somchai = await house.enlist('somchai', ['supervisor']);
  const decider = await listen(somchai);
  const heard = async (token: string, end: (id: string) => Promise<unknown>): Promise<unknown> => {
    const id = await propose(token);
    expect(await decider()).toEqual([['approval', id, 'open']]);
    await end(id);
    return (await decider()).map(([, told, state]) => told === id && state);
  };
  expect(await heard(malee, (id) => house.call('DELETE', `/v1/approvals/${id}`, malee))).toEqual(['withdrawn']);
  const niran = await house.enlist('niran', ['analyst']);
  const shutOut = () => house.access.officers.change(house.administrator, 'niran', { active: false });
  expect(await heard(niran, shutOut)).toEqual(['withdrawn']);
  const lapse = async (): Promise<void> => {
    house.clock.advance(2 * dayMs);
    await house.clocks.run();
  };
  expect(await heard(malee, lapse)).toEqual(['lapsed']);
});

test('an officer whose business it is not hears nothing of it', async () => {
  const malee = await house.enlist('malee', ['analyst']);
  const decider = await listen(await house.enlist('somchai', ['supervisor']));
  const niran = await listen(await house.enlist('niran', ['analyst']));
  await propose(malee);
  expect(await decider()).toHaveLength(1);
  hub.say({ id: 'an-alert' });
  expect(await niran()).toEqual([['alert', 'an-alert', undefined]]);
});
