import { afterEach, expect, test } from 'vitest';
import { testClock } from '../kernel/clock.ts';
import { dayMs, hourMs, instantText, minuteMs } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { PolicyRules } from '../kernel/policy.ts';
import { openClocks } from '../platform/clocks.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openHolds, type HoldProposal, type HoldView } from './holds.ts';
import { baht, openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';

let house: TestHolds;
afterEach(() => house.close());

const open = async (change?: (rules: PolicyRules) => void): Promise<string> => {
  house = await openTestHolds(change);
  return newId();
};

/** A hold of 200,000 baht that the standing rule ordered and the bank placed. */
async function held(trace: string, change: Partial<HoldProposal> = {}): Promise<HoldView> {
  const { id } = await house.propose(proposalOf({ trace, ...change }));
  await house.orders.answer(house.orders.of(id).id, { outcome: 'placed' });
  return house.view(id);
}

test('the standing rule holds within its limits, and leaves the subsistence floor', async () => {
  const trace = await open();
  const hold = await house.propose(proposalOf({ trace, balance: baht(15_300_000) }));
  expect(hold).toMatchObject({
    state: 'ordered',
    ordered: baht(15_000_000),
    institution: 'bank-a',
    stage: 'suspension',
  });
  const order = house.orders.of(hold.id);
  expect(order).toMatchObject({ amount: baht(15_000_000), leave: baht(300_000), kind: 'hold-amount' });
  expect(order.until).toBe(instantText(house.clock.now() + 72 * hourMs));
  expect(house.raised).toEqual([]);
});

test('outside its limits the standing rule only proposes, and an officer is alerted', async () => {
  await open();
  const outside: readonly [why: string, change: Partial<HoldProposal>][] = [
    ['only the public reported it', { reportedBy: 'public' }],
    ['no institution confirmed the debit', { debitConfirmed: false }],
    ['the money was passed on three times', { hop: 4 }],
    ['it is less than the rule’s least', { taint: baht(999_999) }],
    ['the account is a merchant’s', { end: 'merchant' }],
    ['the account is pooled', { end: 'pooled' }],
    ['it is at an exchange', { end: 'exchange' }],
    ['the rule names no least for the currency', { taint: { value: '9000000000', currency: 'KHR' } }],
  ];
  for (const [why, change] of outside) {
    const trace = newId();
    const proposed = await house.propose(proposalOf({ trace, ...change }));
    expect(proposed, why).toMatchObject({ state: 'proposed', ordered: null });
    const alert = { code: 'funds.proposed', subject: `trace:${trace}`, rank: 1, tellable: false };
    expect(house.raised.at(-1), why).toMatchObject(alert);
  }
  expect(house.orders.issued.size).toBe(0);
});

test('an officer orders all holds of a trace in one act, and each is answered for itself', async () => {
  const trace = await open((rules) => void (rules.funds.standing.enabled = false));
  await house.propose(proposalOf({ trace }));
  await house.propose(proposalOf({ trace, key: 'account:TH:004:5556667778', taint: baht(5_000_000) }));
  await house.propose(proposalOf({ trace, key: 'account:TH:025:5556667778' }));
  await house.propose(proposalOf({ trace, key: 'account:TH:004:1112223334', balance: baht(300_000) }));
  const { status, body } = await house.orderAll(house.malee, trace);
  expect(status).toBe(200);
  const results = body['results'] as { hold: { state: string }; refused?: string }[];
  expect(results.map(({ hold, refused }) => [hold.state, refused])).toEqual([
    ['ordered', undefined],
    ['ordered', undefined],
    ['proposed', 'funds.nobody-to-order'],
    ['proposed', 'funds.nothing-to-hold'],
  ]);
  expect((await house.orderAll(house.malee, newId())).code).toBe('not-found.trace');
});

test('an officer may hold less and shorter, but never more than the taint or longer than the stage', async () => {
  const trace = await open((rules) => void (rules.funds.standing.enabled = false));
  const { id } = await house.propose(proposalOf({ trace }));
  const ask = (more: object) => house.orderAll(house.malee, trace, { holds: [id], ...more });
  expect((await ask({ amount: '20000001' })).code).toBe('funds.too-much');
  expect((await ask({ minutes: 72 * 60 + 1 })).code).toBe('funds.too-long');
  expect((await ask({ amount: '50', minutes: 60 })).status).toBe(200);
  expect(await house.view(id)).toMatchObject({ ordered: baht(50), untilMs: house.clock.now() + hourMs });
  expect((await ask({ amount: '50' })).code).toBe('conflict.held-already');
  expect((await ask({})).status).toBe(200);
  expect(await house.view(id)).toMatchObject({ ordered: baht(20_000_000) });
});

test('where policy asks for a second person, nothing is held before their word', async () => {
  const trace = await open((rules) => {
    rules.funds.standing.enabled = false;
    rules.secondPerson.acts = ['funds.hold'];
  });
  const { id } = await house.propose(proposalOf({ trace }));
  const { body } = await house.orderAll(house.malee, trace);
  expect(house.orders.issued.size).toBe(0);
  await house.approve(house.somsak, body['proposal']);
  expect(await house.view(id)).toMatchObject({ state: 'ordered' });
  const shown = await house.call('GET', `/v1/holds/${id}`, house.malee);
  expect(shown.body['history']).toMatchObject([{ deed: 'proposed' }, { deed: 'ordered', actor: 'officer:malee' }]);
});

test('a bank answers partly, gone or refused, and what it says later stands', async () => {
  const trace = await open();
  const { id } = await house.propose(proposalOf({ trace }));
  const order = house.orders.of(id);
  await house.orders.answer(order.id, { outcome: 'refused', refusal: 'signature' });
  expect(await house.view(id)).toMatchObject({ state: 'refused', refusal: 'signature', heldAtMs: null });
  expect(house.raised).toMatchObject([{ code: 'funds.refused', params: { hold: id, refusal: 'signature' } }]);
  house.clock.advance(minuteMs);
  await house.orders.answer(order.id, { outcome: 'partly', held: '11000000', gone: '4000000' });
  expect(await house.view(id)).toMatchObject({
    state: 'partly',
    held: baht(11_000_000),
    gone: baht(4_000_000),
    refusal: null,
    heldAtMs: house.clock.now(),
  });
  await house.orders.answer(order.id, { outcome: 'gone' });
  expect(await house.view(id)).toMatchObject({ state: 'gone', held: baht(0), gone: baht(20_000_000) });
});

test('what a bank refused is ordered anew by another order, which it must answer anew', async () => {
  const trace = await open();
  const { id } = await house.propose(proposalOf({ trace }));
  const first = house.orders.of(id);
  await house.orders.answer(first.id, { outcome: 'refused', refusal: 'form' });
  expect((await house.orderAll(house.malee, trace, { holds: [id] })).status).toBe(200);
  expect(house.orders.issued.get(first.id)!.ended).toMatchObject({ why: 'superseded' });
  await house.orders.answer(house.orders.of(id).id, { outcome: 'placed' });
  // The word about the former order comes too late to count.
  await house.orders.confirm(first.id);
  expect(await house.view(id)).toMatchObject({ state: 'held', held: baht(20_000_000) });
});

test('when less of the theft is there than was thought, what is held beyond it is let go', async () => {
  const trace = await open();
  const hold = await held(trace);
  await house.propose(proposalOf({ trace, place: hold.place, taint: baht(12_000_000) }));
  expect(await house.view(hold.id)).toMatchObject({ ordered: baht(12_000_000), held: baht(12_000_000), state: 'held' });
  expect(house.orders.of(hold.id).amount).toEqual(baht(12_000_000));
  await house.propose(proposalOf({ trace, place: hold.place, taint: baht(0) }));
  expect(await house.view(hold.id)).toMatchObject({ state: 'released', held: baht(0) });
  expect(house.orders.of(hold.id).ended).toMatchObject({ why: 'withdrawn' });
});

test('the standing rule raises what it ordered itself, and leaves alone what an officer ordered', async () => {
  const trace = await open();
  const byRule = await held(trace);
  await house.propose(proposalOf({ trace, place: byRule.place, taint: baht(25_000_000) }));
  expect(await house.view(byRule.id)).toMatchObject({
    state: 'ordered',
    ordered: baht(25_000_000),
    held: baht(20_000_000),
  });
  const proposed = await house.propose(proposalOf({ trace, hop: 4 }));
  await house.orderAll(house.malee, trace, { holds: [proposed.id] });
  await house.propose(proposalOf({ trace, place: proposed.place, hop: 2, taint: baht(30_000_000) }));
  expect(await house.view(proposed.id)).toMatchObject({ taint: baht(30_000_000), ordered: baht(20_000_000) });
});

test('a hold is released by two officers, the institution is told and confirms', async () => {
  const trace = await open();
  const { id } = await held(trace);
  const { body } = await house.act(house.malee, id, 'release', { grounds: 'a refund to a customer' });
  expect(await house.view(id)).toMatchObject({ state: 'held' });
  await house.approve(house.somsak, body['proposal']);
  expect(await house.view(id)).toMatchObject({ state: 'released', held: baht(0), untilMs: null });
  expect(house.orders.of(id).ended).toMatchObject({ why: 'released' });
  await house.orders.confirm(house.orders.of(id).id);
  const { body: shown } = await house.call('GET', `/v1/holds/${id}`, house.malee);
  expect(shown['hold']).toMatchObject({ ended: 'officer', confirmedAt: instantText(house.clock.now()) });
  expect((await house.act(house.malee, id, 'extend', {})).code).toBe('conflict.hold-ended');
});

test('what was let go is not held again by rule when the trace is followed anew', async () => {
  const trace = await open();
  const { id, place } = await held(trace);
  await house.approve(
    house.somsak,
    (await house.act(house.malee, id, 'release', { grounds: 'a mistake' })).body['proposal'],
  );
  expect(await house.propose(proposalOf({ trace, place }))).toMatchObject({ id, state: 'released' });
  const more = await house.propose(proposalOf({ trace, place, taint: baht(30_000_000) }));
  expect(more).toMatchObject({ state: 'proposed' });
  expect(more.id).not.toBe(id);
  expect(await house.propose(proposalOf({ trace, place, taint: baht(31_000_000) }))).toMatchObject({
    state: 'proposed',
  });
});

test('a release that an officer did alone, and nobody confirmed, is undone for the time that is left', async () => {
  const trace = await open((rules) => {
    rules.secondPerson.acts = ['funds.release'];
    rules.secondPerson.reviewWithinHours = 2;
  });
  const hold = await held(trace);
  for (const id of ['somsak', 'niran']) await house.access.officers.change(house.administrator, id, { active: false });
  const { body } = await house.act(house.malee, hold.id, 'release', { grounds: 'I say so' });
  expect(body).toMatchObject({ hold: { state: 'released' }, review: expect.any(String) });
  house.clock.advance(2 * hourMs);
  await house.clocks.run();
  expect(house.errors).toEqual([]);
  expect(await house.view(hold.id)).toMatchObject({
    state: 'ordered',
    ordered: baht(20_000_000),
    untilMs: hold.untilMs,
  });
});

test('an officer is warned before a hold ends, and an expired hold releases the money by itself', async () => {
  const trace = await open();
  const { id } = await held(trace);
  await house.pass(68 * hourMs);
  expect(house.raised.filter(({ code }) => code === 'funds.ending')).toMatchObject([{ params: { hold: id } }]);
  house.clock.advance(4 * hourMs);
  // Even before anything has dealt with it.
  expect(await house.view(id)).toMatchObject({ state: 'expired', held: baht(0) });
  await house.clocks.run();
  expect(await house.view(id)).toMatchObject({ state: 'expired', untilMs: null });
  expect(house.orders.of(id).ended).toMatchObject({ why: 'expired' });
});

test('no hold outlives its clock when what ends it fails, or the process was down', async () => {
  const trace = await open();
  const first = await held(trace);
  const second = await held(trace, { key: 'account:TH:004:5556667778' });
  house.clock.advance(72 * hourMs);
  house.orders.failNext(new Error('the room of orders fails'));
  await house.clocks.run();
  const rows = await house.db.query<{ state: string }>('SELECT state FROM funds.holds ORDER BY state');
  expect(rows.map(({ state }) => state)).toEqual(['expired', 'held']);
  // Another process on the same database, a day later.
  const clock = testClock(house.clock.now() + dayMs);
  const clocks = await openClocks({ db: house.db, clock, onError: (error) => house.errors.push(error) });
  const { parts } = house;
  await openHolds({
    ...parts,
    clock,
    clocks,
    access: { ...parts.access, defineAct: () => undefined },
    redress: { ...parts.redress, contestable: () => undefined },
    journal: {
      ...parts.journal,
      follow: () => ({ caughtUp: async () => undefined, close: async () => undefined }),
    },
    telemetry: openTelemetry({ level: 'silent', member: 'th' }),
  });
  await clocks.run();
  await clocks.close();
  for (const { id } of [first, second]) {
    expect(await house.view(id)).toMatchObject({ state: 'expired' });
    expect(house.orders.of(id).ended).toMatchObject({ why: 'expired' });
  }
});

test('the complaint begins the seven days, a court the rest; each refusal says what is asked for', async () => {
  const trace = await open();
  const { id } = await held(trace);
  expect((await house.act(house.malee, id, 'extend', {})).code).toBe('funds.complaint-needed');
  house.clock.advance(hourMs);
  const at = instantText(house.clock.now() - minuteMs);
  const ahead = instantText(house.clock.now() + minuteMs);
  expect((await house.act(house.malee, id, 'complaint', { report: 'TPO 12/69', at: ahead })).code).toBe(
    'funds.complaint-ahead',
  );
  const { body } = await house.act(house.malee, id, 'complaint', { report: 'TPO 12/69', at });
  const until = instantText(house.clock.now() - minuteMs + 168 * hourMs);
  expect(body).toMatchObject({ stage: 'complaint', until, complaint: 'TPO 12/69', state: 'held' });
  expect(house.orders.of(id).until).toBe(until);
  expect((await house.act(house.malee, id, 'extend', {})).code).toBe('funds.court-needed');
  const court = await house.act(house.malee, id, 'extend', { court: 'Criminal Court 7/69' });
  expect(court.body).toMatchObject({ stage: 'court-order', court: 'Criminal Court 7/69' });
  await house.pass(100 * dayMs);
  expect(await house.view(id)).toMatchObject({ state: 'held' });
});

test('a court takes what is held: no clock of ours runs any more, and the trace lowers nothing', async () => {
  const trace = await open();
  const { id, place } = await held(trace);
  expect((await house.act(house.malee, id, 'confiscate', { court: 'C 1' })).code).toBe('funds.not-seized');
  const { body } = await house.act(house.malee, id, 'seize', { court: 'Criminal Court 9/69' });
  await house.approve(house.somsak, body['proposal']);
  expect(house.orders.of(id).ended).toMatchObject({ why: 'seized', court: 'Criminal Court 9/69' });
  await house.pass(90 * dayMs);
  await house.propose(proposalOf({ trace, place, taint: baht(0) }));
  expect(await house.view(id)).toMatchObject({ state: 'seized', held: baht(20_000_000), untilMs: null });
  expect((await house.act(house.malee, id, 'release', { grounds: 'please' })).code).toBe('funds.under-court');
  const confiscated = await house.act(house.malee, id, 'confiscate', { court: 'Criminal Court 10/69' });
  await house.approve(house.somsak, confiscated.body['proposal']);
  expect(await house.view(id)).toMatchObject({ state: 'confiscated' });
});

test('two traces on one account have each their own hold, and the bank answers partly', async () => {
  const trace = await open();
  const other = newId();
  const one = await held(trace);
  const two = await house.propose(proposalOf({ trace: other }));
  await house.orders.answer(house.orders.of(two.id).id, { outcome: 'partly', held: '1000000' });
  expect(await house.view(one.id)).toMatchObject({ state: 'held' });
  expect(await house.view(two.id)).toMatchObject({ state: 'partly', held: baht(1_000_000), gone: baht(0) });
  const { body } = await house.call('GET', '/v1/holds?account=account:TH:014:1234567890', house.malee);
  expect(body['holds']).toHaveLength(2);
});

test('holds are found by state, trace, account and by when they end, page by page, and each reading is recorded', async () => {
  const trace = await open();
  for (let index = 0; index < 5; index += 1) await held(trace);
  const first = await house.call('GET', `/v1/holds?trace=${trace}&state=held&limit=3`, house.malee);
  expect(first.body['holds']).toHaveLength(3);
  const next = String(first.body['next']);
  const second = await house.call('GET', `/v1/holds?trace=${trace}&state=held&limit=3&after=${next}`, house.malee);
  expect(second.body['holds']).toHaveLength(2);
  const none = await house.call('GET', '/v1/holds?endingWithin=60', house.malee);
  expect(none.body['holds']).toHaveLength(0);
  const soon = await house.call('GET', `/v1/holds?endingWithin=${73 * 60}&limit=2`, house.malee);
  const later = await house.call(
    'GET',
    `/v1/holds?endingWithin=${73 * 60}&after=${String(soon.body['next'])}`,
    house.malee,
  );
  expect(later.body['holds']).toHaveLength(3);
  const unasked = await house.call('GET', '/v1/holds', house.malee, undefined, { 'drum-purpose': '' });
  expect(unasked.status).toBeGreaterThanOrEqual(400);
  expect((await house.call('GET', '/v1/holds', house.bank)).status).toBe(403);
  expect((await house.call('GET', '/v1/holds?after=bm8', house.malee)).code).toBe('malformed.page');
});

test('an officer who does not hold the permission holds nothing', async () => {
  const trace = await open();
  const analyst = await house.enlist('anong', ['analyst']);
  const { id } = await held(trace);
  expect((await house.orderAll(analyst, trace)).status).toBe(403);
  for (const [verb, body] of [
    ['release', { grounds: 'x' }],
    ['extend', {}],
    ['seize', { court: 'x' }],
    ['complaint', { report: 'x', at: '2026-01-01T00:00:00.000Z' }],
  ] as const)
    expect((await house.act(analyst, id, verb, body)).status).toBe(403);
});
