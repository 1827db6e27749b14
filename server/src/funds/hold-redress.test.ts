import { afterEach, expect, test } from 'vitest';
import { hourMs, instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Appeal, LodgeAppeal } from '../redress/contract.ts';
import { baht, openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';

let house: TestHolds;
afterEach(() => house.close());

const until = (): string => instantText(house.clock.now() + 72 * hourMs);

async function open(): Promise<{ id: string; trace: string; place: string }> {
  house = await openTestHolds((rules) => void (rules.funds.standing.enabled = false));
  const trace = newId();
  const { id, place } = await house.propose(proposalOf({ trace }));
  expect((await house.orderAll(house.malee, trace)).status).toBe(200);
  await house.orders.answer(house.orders.of(id).id, { outcome: 'placed' });
  return { id, trace, place };
}

const lodge = async (appeal: LodgeAppeal): Promise<Appeal> =>
  house.redress.lodge(await house.actor(house.malee), appeal);

async function decide(token: string, id: string, outcome: 'upheld' | 'dismissed'): Promise<void> {
  const officer = { ...(await house.actor(token)), steppedUpAtMs: house.clock.now() };
  await house.redress.decide(officer, id, { outcome, grounds: 'as it was shown' });
}

test('the noodle shop appeals, an officer who did not order decides, and the money is released everywhere', async () => {
  const { id, trace, place } = await open();
  const appeal = { act: { kind: 'hold', id }, appellant: 'Noodle shop, 02 555 0101', grounds: 'I sold noodles' };
  const lodged = await lodge(appeal);
  const shown = await house.call('GET', `/v1/holds/${id}`, house.malee);
  expect(shown.body['appeals']).toMatchObject([{ state: 'lodged' }]);
  const heard: string[] = [];
  house.holds.onChange(async (_tx, hold) => void heard.push(hold.state));
  await decide(house.somsak, lodged.id, 'upheld');
  await house.holds.caughtUp();
  expect(await house.view(id)).toMatchObject({ state: 'released', held: baht(0) });
  expect(house.orders.of(id).ended).toMatchObject({ why: 'released' });
  expect(heard).toEqual(['released']);
  // What an appeal released is not held again by rule, whichever trace leads there.
  expect(await house.propose(proposalOf({ trace, place }))).toMatchObject({ id, state: 'released' });
  expect(await house.propose(proposalOf({ trace: newId() }))).toMatchObject({ state: 'proposed' });
});

test('whoever ordered a hold does not decide the appeal against it, and what is over cannot be contested', async () => {
  const { id } = await open();
  const malee = await house.access.officers.change(house.administrator, 'malee', {
    roles: ['duty-officer', 'supervisor'],
  });
  expect(malee.roles).toContain('supervisor');
  const appeal = { act: { kind: 'hold', id }, appellant: 'A. B.', grounds: 'it is mine' };
  const lodged = await lodge(appeal);
  await expect(decide(house.malee, lodged.id, 'dismissed')).rejects.toThrow('forbidden.own-act');
  await house.pass(80 * hourMs);
  await expect(lodge(appeal)).rejects.toThrow('not-found.act');
  await expect(lodge({ ...appeal, act: { kind: 'hold', id: 'nonsense' } })).rejects.toThrow('not-found.act');
});

test('an appeal that nobody decides in time releases what is still held', async () => {
  const { id } = await open();
  const appeal = { act: { kind: 'hold', id }, appellant: 'A. B.', grounds: 'it is mine' };
  await lodge(appeal);
  await house.pass(24 * hourMs);
  await house.holds.caughtUp();
  expect(await house.view(id)).toMatchObject({ state: 'released' });
});

test('the affected person is told by their bank within the day, in their language', async () => {
  const { id } = await open();
  const text = `/v1/holds/${id}/notice?languages=th,en`;
  expect((await house.call('GET', text, house.bank)).code).toBe('not-found.hold');
  await house.pass(18 * hourMs);
  expect(house.raised.at(-1)).toMatchObject({ code: 'funds.notice', rank: 3, params: { hold: id } });
  await house.pass(6 * hourMs);
  const due = await house.call('GET', '/v1/holds/notices', house.bank);
  expect(due.body['notices']).toMatchObject([
    { hold: id, account: 'account:TH:014:1234567890', amount: baht(20_000_000) },
  ]);
  expect((await house.call('GET', '/v1/holds/notices', house.otherBank)).body['notices']).toEqual([]);
  expect((await house.call('GET', text, house.otherBank)).code).toBe('not-found.hold');
  expect((await house.call('POST', `/v1/holds/${id}/notice/delivered`, house.otherBank)).code).toBe('not-found.hold');
  const shown = await house.call('GET', text, house.bank);
  expect(shown.status).toBe(200);
  expect(String(shown.body['text'])).not.toContain('1234567890');
  expect(String(shown.body['text'])).toMatch(/[\u0e00-\u0e7f]/);
  expect((await house.call('GET', `/v1/holds/${id}/notice?languages=xx`, house.bank)).code).toBe('malformed.language');
  const told = await house.call('POST', `/v1/holds/${id}/notice/delivered`, house.bank);
  expect(told.body).toEqual({ hold: id, deliveredAt: instantText(house.clock.now()) });
  house.clock.advance(1000);
  expect((await house.call('POST', `/v1/holds/${id}/notice/delivered`, house.bank)).body).toEqual(told.body);
  expect((await house.call('GET', '/v1/holds/notices', house.bank)).body['notices']).toEqual([]);
});

test('a notice that is not delivered within its time is brought before officers again', async () => {
  await open();
  await house.pass(24 * hourMs);
  await house.pass(24 * hourMs);
  expect(house.raised.at(-1)).toMatchObject({ code: 'funds.notice', rank: 2 });
});

test('a notice is deferred for a reason and for so long as policy allows, and then made by itself', async () => {
  const { id } = await open();
  const defer = (body: object) => house.act(house.malee, id, 'notice/defer', body);
  const reason = 'an arrest is prepared';
  const tooLong = instantText(house.clock.now() + 721 * hourMs);
  expect((await defer({ reason, until: tooLong })).code).toBe('funds.deferred-too-long');
  expect((await defer({ until: until() })).status).toBe(400);
  house.clock.advance(hourMs);
  const deferredTo = instantText(house.clock.now() + 60 * hourMs);
  expect((await defer({ reason, until: deferredTo })).status).toBe(200);
  await house.pass(59 * hourMs);
  expect((await house.call('GET', '/v1/holds/notices', house.bank)).body['notices']).toEqual([]);
  await house.pass(hourMs);
  expect((await house.call('GET', '/v1/holds/notices', house.bank)).body['notices']).toHaveLength(1);
  expect((await defer({ reason, until: until() })).code).toBe('conflict.notice-made');
  const shown = await house.call('GET', `/v1/holds/${id}`, house.malee);
  expect(shown.body['history']).toContainEqual(
    expect.objectContaining({
      deed: 'notice-deferred',
      actor: 'officer:malee',
      details: { reason, until: deferredTo },
    }),
  );
});
