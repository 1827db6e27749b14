import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../journal/journal.ts';
import { hourMs, minuteMs } from '../kernel/clock.ts';
import {
  listingDraft,
  openTestMember,
  withdrawalDraft,
  type ListingChange,
  type TestMember,
} from '../registry/test-registry.ts';
import { codesOf, openTestAlerts, type TestAlerts } from './test-alerts.ts';

const thai = 'account:TH:014:1234567890';
const khmer = 'account:KH:ABAAKHPP:000123456';
const suspected = { typology: 'mule-account', confirmed: false } as const;
const payment = (to: string, confirmed = false) => ({
  from: 'account:TH:004:9876543210',
  to,
  amount: { value: '48000000', currency: 'THB' },
  channel: 'mobile',
  suspicion: { ...suspected, confirmed },
});

let house: TestAlerts;
beforeEach(async () => {
  house = await openTestAlerts();
});
afterEach(async () => {
  await house.close();
  house.refuseErrors();
});

describe('what officers are alerted to', () => {
  test('a payment to a listed account, once however often it is asked about', async () => {
    const duty = await house.officer('dao', ['duty-officer']);
    house.hit(
      {},
      { institution: 'bank-b' },
      {},
      { advice: 'watch' },
      { advice: 'challenge', key: 'phone:+66812345678' },
    );
    await house.settle();
    const seen = await house.seen(duty);
    expect(seen.map(({ subject, priority, count }) => [subject, priority, count])).toEqual([
      [thai, 'P1', 3],
      ['phone:+66812345678', 'P2', 1],
    ]);
    expect(seen[0]).toMatchObject({ kind: 'screening-hit', state: 'new', roles: ['duty-officer'], owner: null });
    expect(seen[0]!.reasons.map(({ params, count }) => [params['institution'], count])).toEqual([
      ['bank-a', 2],
      ['bank-b', 1],
    ]);
  });

  test('what a bank holds to be fraud, by where the money went', async () => {
    const duty = await house.officer('dao', ['duty-officer']);
    house.report('payment', payment(thai));
    house.report('payment', { ...payment('account:TH:002:5556667770', true), id: 'x1' });
    house.report('payment', { ...payment('account:TH:002:1112223334'), id: 'x2', suspicion: undefined });
    await house.settle();
    const seen = await house.seen(duty);
    expect(seen.map(({ subject, priority }) => [subject, priority])).toEqual([
      ['account:TH:002:5556667770', 'P1'],
      [thai, 'P2'],
    ]);
  });

  test('a number that was only shown to the victim weighs least, and nobody abroad hears of it', async () => {
    const duty = await house.officer('dao', ['duty-officer']);
    const call = { called: 'phone:+66812345678', durationSeconds: 60, answered: true, suspicion: suspected };
    house.report('call', { ...call, presented: 'phone:+8562055512345' });
    await house.settle();
    const [alert] = await house.seen(duty);
    expect(codesOf(alert)).toEqual(['suspected-activity.presented']);
    expect(alert!.priority).toBe('P4');
    expect((await house.journal.books('th')).map(({ name }) => name)).toEqual([]);
  });

  test('a neighbour that is not heard for longer than a moment, until it is heard again', async () => {
    const liaison = await house.officer('lek', ['liaison']);
    house.troubles.push({ party: 'mm', code: 'unreachable', sinceMs: house.clock.now(), count: 1 });
    await house.settle();
    expect(await house.seen(liaison)).toEqual([]);
    house.clock.advance(16_000);
    await house.settle();
    await house.settle();
    expect(await house.seen(liaison)).toMatchObject([
      { subject: 'party:mm', kind: 'federation', priority: 'P3', count: 1 },
    ]);
    house.troubles.length = 0;
    await house.reopen();
    await house.settle();
    expect(await house.seen(liaison)).toEqual([]);
    expect(await house.seen(liaison, { state: 'closed' })).toMatchObject([{ outcome: 'ended' }]);
  });

  test('a decision that is due within hours, until it is made', async () => {
    const supervisor = await house.officer('sri', ['supervisor']);
    const set = (dueMs: number) =>
      house.db.tx((tx) => house.clocks.set(tx, { kind: 'redress.appeal', subject: 'appeal-1', dueMs }));
    await set(house.clock.now() + 5 * hourMs);
    await house.settle();
    expect(await house.seen(supervisor)).toEqual([]);
    house.clock.advance(2 * hourMs);
    await house.settle();
    expect(await house.seen(supervisor)).toMatchObject([{ subject: 'appeal:appeal-1', kind: 'deadline' }]);
    await house.db.tx((tx) => house.clocks.cancel(tx, 'redress.appeal', 'appeal-1'));
    await house.settle();
    expect(await house.seen(supervisor)).toEqual([]);
  });
});

describe('what members list', () => {
  let laos: TestMember;
  beforeEach(async () => {
    laos = await openTestMember('la', house.clock.now());
  });
  afterEach(() => laos.close());

  test('two who list the same corroborate each other, and a revision is no news', async () => {
    const analyst = await house.officer('ann', ['analyst']);
    await house.db.tx((tx) => house.journal.append(tx, [listingDraft(thai)]));
    await laos.say(listingDraft(thai, { id: '11111111-1111-8111-8111-111111111111' }));
    await laos.copyTo(house);
    await house.settle();
    expect(await house.seen(analyst)).toMatchObject([
      { kind: 'corroboration', subject: thai, count: 1, priority: 'P3' },
    ]);
    await laos.say(listingDraft(thai, { id: '11111111-1111-8111-8111-111111111111', revision: 2, tier: 'court' }));
    await laos.copyTo(house);
    await house.settle();
    expect(await house.seen(analyst)).toMatchObject([{ count: 1 }]);
  });

  test('a listing that was withdrawn corroborates nothing', async () => {
    const analyst = await house.officer('ann', ['analyst']);
    await house.db.tx((tx) => house.journal.append(tx, [listingDraft(thai), withdrawalDraft(thai)]));
    await laos.say(listingDraft(thai, { id: '11111111-1111-8111-8111-111111111111' }));
    await laos.copyTo(house);
    await house.settle();
    expect(await house.seen(analyst, { kind: 'corroboration' })).toEqual([]);
  });

  test('the bank whose customer is listed is told with the officers, and by webhook', async () => {
    const bank = await house.serve('bank-scb', ['account:TH:014:']);
    const other = await house.serve('bank-k', ['account:TH:004:']);
    const duty = await house.officer('dao', ['duty-officer']);
    await laos.say(listingDraft(thai));
    await laos.copyTo(house);
    await house.settle();
    expect(await house.seen(duty)).toMatchObject([{ kind: 'own-listing', subject: thai, priority: 'P2' }]);
    const [told] = await house.seen(bank);
    expect(told).toMatchObject({ kind: 'own-listing', subject: thai });
    expect(told).not.toHaveProperty('roles');
    expect(await house.seen(other)).toEqual([]);
    expect(house.webhooks.map(({ institution, event }) => [institution, event.type])).toEqual([['bank-scb', 'alert']]);
    expect(house.told(bank)).toHaveLength(1);
    expect(house.told(other)).toEqual([]);
  });

  test('of a discreet listing no institution and no other member learns by any way', async () => {
    const bank = await house.serve('bank-scb', ['account:TH:014:', 'account:KH:ABAAKHPP:']);
    const duty = await house.officer('dao', ['duty-officer']);
    const analyst = await house.officer('ann', ['analyst']);
    await house.alerts().watches.add(bank, { pattern: 'account:TH:014:*' });
    for (const [key, change] of [
      [thai, { discreet: true } as ListingChange],
      [khmer, { handling: { tlp: 'AMBER+STRICT', conditions: [] } } as ListingChange],
    ] as const)
      await laos.say(listingDraft(key, { book: 'la+th', id: '11111111-1111-8111-8111-111111111111', ...change }));
    await laos.copyTo(house, 'la+th');
    await house.settle();
    const listing = '11111111-1111-8111-8111-111111111111';
    house.hit({ discreet: true, advice: 'clear', listing }, { discreet: true, advice: 'clear', key: khmer, listing });
    await house.settle();
    expect(await house.seen(bank)).toEqual([]);
    expect(await house.seen(duty)).toEqual([]);
    expect((await house.alerts().counts(duty)).counts).toEqual([]);
    expect(house.told(bank)).toEqual([]);
    expect(house.told(duty)).toEqual([]);
    expect(house.webhooks).toEqual([]);
    expect((await house.journal.books('th')).map(({ name }) => name)).toEqual([]);
    const known = await house.seen(analyst);
    expect(known.every(({ discreet }) => discreet)).toBe(true);
    expect(known.map(({ subject }) => subject).sort()).toContain(thai);
    await expect(house.alerts().get(duty, known[0]!.id)).rejects.toThrow('not-found.alert');
    await expect(house.alerts().act(duty, known[0]!.id, { take: true })).rejects.toThrow('not-found.alert');
  });
});

describe('told from one member to the other', () => {
  let cambodia: TestMember;
  beforeEach(async () => {
    cambodia = await openTestMember('kh', house.clock.now());
  });
  afterEach(() => cambodia.close());

  const said = async (): Promise<Entry[]> =>
    (await house.journal.books('th')).some(({ name }) => name === 'kh+th') ? house.journal.read('kh+th', 0, 100) : [];

  test('money that went to an account there is told at once, without a bank’s name, and again when it is worse', async () => {
    house.report('payment', payment(khmer));
    await house.settle();
    const [first] = await said();
    expect(first!.statement).toMatchObject({
      envelope: { kind: 'alert', book: 'kh+th', author: { office: 'alerts', rule: 'tell-home' }, subject: khmer },
      body: { revision: 1, key: khmer, priority: 'P2', reasons: [{ code: 'suspected-activity.reported', count: 1 }] },
    });
    expect(first!.bytes).not.toContain('bank-a');
    house.report('payment', payment(khmer));
    await house.settle();
    expect(await said()).toHaveLength(1);
    house.report('payment', payment(khmer, true), 'bank-b');
    await house.settle();
    const entries = await said();
    expect(entries.at(-1)!.statement!.body).toMatchObject({ revision: 2, priority: 'P1' });
    house.report('payment', payment(khmer));
    await house.settle();
    expect(await said()).toHaveLength(2);
    house.clock.advance(6 * minuteMs);
    await house.settle();
    expect((await said()).at(-1)!.statement!.body).toMatchObject({ revision: 3 });
  });

  test('a hit is told only if the member there may read the listing that it follows from', async () => {
    await cambodia.say(listingDraft(khmer, { id: '11111111-1111-8111-8111-111111111111' }));
    await cambodia.copyTo(house);
    const other = 'account:KH:ABAAKHPP:000999999';
    await house.db.tx((tx) =>
      house.journal.append(tx, [listingDraft(other, { book: 'th+vn', id: '22222222-2222-8222-8222-222222222222' })]),
    );
    house.hit(
      { key: khmer, listing: '11111111-1111-8111-8111-111111111111' },
      { key: other, listing: '22222222-2222-8222-8222-222222222222' },
    );
    await house.settle();
    expect((await said()).map(({ statement }) => statement!.envelope.subject)).toEqual([khmer]);
  });

  test('persons, sites and links are never told, nor what lives here', async () => {
    const call = { called: 'phone:+66812345678', durationSeconds: 60, answered: true, suspicion: suspected };
    house.report('call', { ...call, originating: 'phone:+66899999999' });
    house.report('message', {
      to: 'phone:+66812345678',
      presented: 'PARCEL',
      channel: 'sms',
      links: ['https://parcel.example.com/kh'],
      suspicion: suspected,
    });
    await house.settle();
    expect(await house.journal.books('th')).toEqual([]);
  });

  test('what another member tells us is merged whatever its order and repetition, and is never told on', async () => {
    const duty = await house.officer('dao', ['duty-officer']);
    const at = '2026-01-01T00:00:00.000Z';
    const body = (revision: number, count: number, key = thai) => ({
      id: '33333333-3333-8333-8333-333333333333',
      revision,
      key,
      priority: revision === 1 ? 'P2' : 'P1',
      reasons: [
        { kind: 'suspected-activity', code: 'suspected-activity.reported', params: {}, count, firstAt: at, lastAt: at },
      ],
    });
    const draft = (one: ReturnType<typeof body>) => ({
      book: 'kh+th',
      kind: 'alert',
      version: 1,
      author: { office: 'alerts', rule: 'tell-home' },
      handling: { tlp: 'AMBER' as const, conditions: [] },
      subject: one.key,
      body: one,
    });
    await cambodia.say(draft(body(3, 5)), draft(body(1, 2)), draft(body(3, 5)), draft(body(4, 7)));
    await cambodia.say(draft({ ...body(1, 1, khmer), id: '44444444-4444-8444-8444-444444444444' }));
    await cambodia.copyTo(house, 'kh+th');
    await house.settle();
    expect(await house.seen(duty)).toMatchObject([
      { subject: thai, count: 7, priority: 'P1', reasons: [{ member: 'kh', count: 7 }] },
    ]);
    expect(await house.journal.books('th')).toEqual([]);
  });
});

test('under a law that asks for approval an alert waits until an officer lets it out', async () => {
  await house.close();
  house = await openTestAlerts((rules) => {
    rules.sharing.exportApproval.types = ['account'];
  });
  const duty = await house.officer('dao', ['duty-officer']);
  const supervisor = await house.officer('sri', ['supervisor']);
  house.report('payment', payment(khmer));
  await house.settle();
  const [alert] = await house.seen(duty);
  expect(alert).toMatchObject({ waitsToLeave: true });
  expect(await house.journal.books('th')).toEqual([]);
  await expect(house.alerts().tell(duty, alert!.id)).rejects.toThrow('forbidden.permission');
  expect(await house.alerts().tell(supervisor, alert!.id)).toMatchObject({ waitsToLeave: false });
  const [entry] = await house.journal.read('kh+th', 0, 10);
  expect(entry!.statement!.envelope.author).toEqual({ office: 'national-centre', officer: 'sri' });
  await expect(house.alerts().tell(supervisor, alert!.id)).rejects.toThrow('conflict.nothing-to-tell');
});
