import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../kernel/clock.ts';
import { openTestMember, listingDraft } from '../registry/test-registry.ts';
import { codesOf, openTestAlerts, type TestAlerts } from './test-alerts.ts';

const thai = 'account:TH:014:1234567890';
const suspicion = { typology: 'mule-account', confirmed: false } as const;
const payment = (to: string, confirmed = false) => ({
  from: 'account:TH:004:9876543210',
  to,
  amount: { value: '48000000', currency: 'THB' },
  channel: 'mobile',
  suspicion: { ...suspicion, confirmed },
});
const account = (index: number): string => `account:TH:014:${String(index).padStart(10, '0')}`;

let house: TestAlerts;
beforeEach(async () => {
  house = await openTestAlerts();
});
afterEach(async () => {
  await house.close();
  house.refuseErrors();
});

describe('how officers handle alerts', () => {
  test('of two who take an alert at once the second hears who has it', async () => {
    const [dao, nid] = [await house.officer('dao', ['duty-officer']), await house.officer('nid', ['duty-officer'])];
    house.hit({});
    await house.settle();
    const [alert] = await house.seen(dao);
    const takes = await Promise.allSettled([dao, nid].map((one) => house.alerts().act(one, alert!.id, { take: true })));
    expect(takes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = takes.find((take) => take.status === 'rejected')!.reason as { refusal: object };
    const [now] = await house.seen(dao);
    expect(refused.refusal).toEqual({ refused: 'conflict.taken', params: { owner: now!.owner } });
    expect(await house.seen(dao, { mine: true })).toHaveLength(now!.owner === 'dao' ? 1 : 0);
  });

  test('an alert goes from hand to hand, is closed with its outcome, and may be opened again within a day', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    const nid = await house.officer('nid', ['duty-officer']);
    house.hit({});
    await house.settle();
    const { id } = (await house.seen(dao))[0]!;
    const { act } = house.alerts();
    await act(dao, id, { take: true });
    await expect(act(nid, id, { close: { outcome: 'acted' } })).rejects.toThrow('conflict.taken');
    await act(dao, id, { release: true });
    await act(nid, id, { take: true });
    expect(await act(nid, id, { close: { outcome: 'acted', note: 'held' } })).toMatchObject({
      outcome: 'acted',
      note: 'held',
    });
    await expect(act(nid, id, { take: true })).rejects.toThrow('conflict.closed');
    expect(await act(nid, id, { reopen: true })).toMatchObject({ state: 'taken', owner: 'nid', outcome: null });
    await act(nid, id, { close: { outcome: 'unfounded' } });
    house.hit({});
    await house.settle();
    const [anew] = await house.seen(dao);
    expect(anew).toMatchObject({ previous: id, count: 1, state: 'new' });
    await expect(act(nid, id, { reopen: true })).rejects.toThrow('conflict.opened-anew');
    await act(dao, anew!.id, { close: { outcome: 'duplicate' } });
    house.clock.advance(dayMs + 1);
    await expect(act(dao, anew!.id, { reopen: true })).rejects.toThrow('gone.reopen');
    const { history } = await house.alerts().get(nid, id);
    expect(history.map(({ actor, what }) => `${actor} ${what}`)).toEqual([
      'officer:dao taken',
      'officer:dao released',
      'officer:nid taken',
      'officer:nid closed',
      'officer:nid reopened',
      'officer:nid closed',
    ]);
  });

  test('an alert is handed to whoever may see it and act on it, and to nobody else', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    await house.officer('nid', ['duty-officer']);
    await house.officer('lek', ['liaison']);
    await house.officer('aud', ['auditor']);
    house.hit({});
    await house.settle();
    const { id } = (await house.seen(dao))[0]!;
    const { act, takers, get } = house.alerts();
    expect((await takers(dao, id)).officers.map((taker) => taker.id)).toEqual(['administrator', 'dao', 'nid']);
    for (const officer of ['lek', 'aud', 'nobody'])
      await expect(act(dao, id, { hand: { officer } })).rejects.toThrow('alerts.cannot-take');
    expect(await act(dao, id, { hand: { officer: 'nid', note: 'The payer calls back.' } })).toMatchObject({
      state: 'taken',
      owner: 'nid',
    });
    await expect(act(dao, id, { hand: { officer: 'dao' } })).rejects.toThrow('conflict.taken');
    expect((await get(dao, id)).history.at(-1)).toMatchObject({
      actor: 'officer:dao',
      what: 'handed',
      details: { to: 'nid', note: 'The payer calls back.' },
    });
  });

  test('what came of an alert stands in its history, also when it is closed; nobody notes it who may not see it', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    const ana = await house.officer('ana', ['analyst']);
    house.hit({});
    await house.settle();
    const { id } = (await house.seen(dao))[0]!;
    const { act, follow, ledTo, get } = house.alerts();
    await act(dao, id, { close: { outcome: 'acted' } });
    expect(await follow(dao, id, [thai])).toMatchObject({ state: 'closed' });
    await house.db.tx((tx) => ledTo(tx, dao, [id], ['trace:1']));
    await expect(house.db.tx((tx) => ledTo(tx, ana, [id], ['trace:2']))).rejects.toThrow('not-found.alert');
    const led = (await get(dao, id)).history.filter(({ what }) => what === 'led-to');
    expect(led.map(({ details }) => details['to'])).toEqual([[thai], ['trace:1']]);
  });

  test('the counts are those of the list, whatever is done to alerts', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    const ana = await house.officer('ana', ['analyst']);
    house.hit(...[1, 2, 3, 4, 5, 6].map((index) => ({ key: account(index) })));
    await house.settle();
    const ids = (await house.seen(dao)).map(({ id }) => id);
    const { act, counts } = house.alerts();
    await act(dao, ids[0]!, { take: true });
    await act(dao, ids[1]!, { snooze: { minutes: 30 } });
    await act(dao, ids[2]!, { close: { outcome: 'acted' } });
    await act(dao, ids[3]!, { close: { outcome: 'unfounded' } });
    await act(dao, ids[3]!, { reopen: true });
    await house.db.query('DELETE FROM alerts.alerts WHERE id = $1', [ids[4]]);
    const told = (await counts(dao)).counts.map(({ state, count }) => [state, count]);
    expect(told).toEqual([
      ['new', 2],
      ['snoozed', 1],
      ['taken', 1],
    ]);
    expect((await house.seen(dao)).map(({ state }) => state).sort()).toEqual(['new', 'new', 'snoozed', 'taken']);
    expect((await counts(ana)).counts).toEqual([]);
  });

  test('over HTTP: reads need a purpose and are recorded, and many are closed at once', async () => {
    const token = await house.enlist('dao', ['duty-officer']);
    house.hit({ key: account(1) }, { key: account(2) }, { key: account(3) });
    await house.settle();
    const nameless = await house.call('GET', '/v1/alerts', token, undefined, { 'drum-purpose': '' });
    expect([nameless.status, (await house.call('GET', '/v1/alerts?limit=2', token)).status]).toEqual([400, 200]);
    const page = (await house.call('GET', '/v1/alerts?limit=2', token)).body as {
      alerts: { id: string }[];
      next: string;
    };
    const rest = (await house.call('GET', `/v1/alerts?limit=2&after=${page.next}`, token)).body as typeof page;
    const ids = [...page.alerts, ...rest.alerts].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const stranger = '00000000-0000-4000-8000-000000000000';
    const body = { ids: [...ids, stranger], act: { close: { outcome: 'unfounded' } } };
    const bulk = await house.call('POST', '/v1/alerts/bulk', token, body);
    const { results } = bulk.body as { results: { alert?: { state: string }; refused?: string }[] };
    expect(results.map(({ alert, refused }) => alert?.state ?? refused)).toEqual([
      'closed',
      'closed',
      'closed',
      'not-found.alert',
    ]);
    expect((await house.call('GET', '/v1/alerts/counts', token)).body).toEqual({ counts: [] });
    const { reads } = await house.access.audit.reads(await house.officer('aud', ['auditor']), { limit: 50 });
    // Three lists and the bulk; counting is no reading of anybody's data, and the nameless one was refused.
    expect(reads.filter(({ what, actor }) => what === 'alerts' && actor === 'officer:dao')).toHaveLength(4);
    const one = await house.call('GET', `/v1/alerts/${ids[0]}`, token);
    expect([one.status, (one.body['alert'] as { outcome: string }).outcome]).toEqual([200, 'unfounded']);
    expect((await house.call('POST', `/v1/alerts/${ids[0]}/snooze`, token, { minutes: 5 })).code).toBe(
      'conflict.closed',
    );
  });

  test('each sees what their roles are told; a supervisor sees everything', async () => {
    const [dao, ann, sri, op] = [
      await house.officer('dao', ['duty-officer']),
      await house.officer('ann', ['analyst']),
      await house.officer('sri', ['supervisor']),
      await house.officer('opa', ['operator']),
    ];
    house.hit({});
    house.troubles.push({ party: 'mm', code: 'fork', sinceMs: 0, count: 1 });
    await house.settle();
    await house.settle();
    const kinds = async (one: typeof dao) => (await house.seen(one)).map(({ kind }) => kind).sort();
    expect(await kinds(dao)).toEqual(['screening-hit']);
    expect(await kinds(ann)).toEqual([]);
    expect(await kinds(op)).toEqual(['federation']);
    expect(await kinds(sri)).toEqual(['federation', 'screening-hit']);
    expect([dao, ann, sri, op].map((one) => house.told(one).length)).toEqual([1, 0, 2, 1]);
    expect(await house.seen(sri, { for: 'me' })).toEqual([]);
  });
});

describe('what time does', () => {
  test('what is urgent and nobody takes goes to the next, also while the server was down', async () => {
    const sri = await house.officer('sri', ['supervisor']);
    house.hit({}, { key: account(2) });
    await house.settle();
    const [first] = await house.seen(sri, { subject: thai });
    await house.alerts().act(sri, first!.id, { take: true });
    await house.reopen();
    house.clock.advance(3 * hourMs);
    await house.settle();
    const [other] = await house.seen(sri, { subject: account(2) });
    expect(other).toMatchObject({ escalated: 1, roles: ['duty-officer', 'supervisor'] });
    expect(await house.seen(sri, { subject: thai })).toMatchObject([{ escalated: 0 }]);
    expect(house.published.at(-1)!.item).toMatchObject({ record: { escalated: 1 } });
  });

  test('a snoozed alert grows silently, wakes at its time, and at once if it becomes more urgent', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    house.hit({ advice: 'challenge' });
    await house.settle();
    const { id } = (await house.seen(dao))[0]!;
    await house.alerts().act(dao, id, { snooze: { minutes: 30 } });
    const before = house.published.length;
    house.hit({ advice: 'challenge' });
    await house.settle();
    expect(house.published).toHaveLength(before);
    expect(await house.seen(dao)).toMatchObject([{ state: 'snoozed', count: 2 }]);
    house.clock.advance(31 * minuteMs);
    await house.settle();
    expect(await house.seen(dao)).toMatchObject([{ state: 'new', snoozedUntil: null }]);
    await house.alerts().act(dao, id, { snooze: { minutes: 30 } });
    house.hit({ advice: 'block' });
    await house.settle();
    expect(await house.seen(dao)).toMatchObject([{ state: 'new', priority: 'P1' }]);
    await expect(house.alerts().act(dao, id, { snooze: { until: '2025-01-01T00:00:00.000Z' } })).rejects.toThrow(
      'alerts.snooze',
    );
  });

  test('what is for information comes in one digest, and to an institution by webhook', async () => {
    const laos = await openTestMember('la', house.clock.now());
    const ann = await house.officer('ann', ['analyst']);
    const dao = await house.officer('dao', ['duty-officer']);
    const bank = await house.serve('bank-scb', ['account:TH:014:']);
    await house.alerts().watches.add(bank, { pattern: 'domain:scam.example.com', delivery: 'digest' });
    await house.db.tx((tx) => house.journal.append(tx, [listingDraft('phone:+66812345678')]));
    await laos.say(listingDraft('phone:+66812345678', { id: '11111111-1111-8111-8111-111111111111' }));
    await laos.say(listingDraft('domain:pay.scam.example.com', { id: '22222222-2222-8222-8222-222222222222' }));
    await laos.copyTo(house);
    await house.settle();
    expect(house.told(ann)).toEqual([]);
    expect(await house.seen(ann)).toMatchObject([{ kind: 'corroboration' }]);
    house.clock.advance(16 * minuteMs);
    await house.settle();
    expect(house.told(ann).map(({ event, data }) => [event, (JSON.parse(data) as { counts: object }).counts])).toEqual([
      ['digest', { P3: 1 }],
    ]);
    expect(house.told(dao)).toEqual([]);
    expect(house.webhooks.map(({ institution, event }) => [institution, event.type])).toEqual([['bank-scb', 'digest']]);
    const [event] = house.webhooks;
    expect(event!.event.data).toMatchObject({ alerts: [{ subject: 'domain:pay.scam.example.com' }], more: 0 });
    house.clock.advance(16 * minuteMs);
    await house.settle();
    expect(house.webhooks).toHaveLength(1);
    expect((await house.topic.read(0, 100)).map(({ number }) => number)).toEqual(
      (await house.topic.read(0, 100)).map(({ number }) => number).sort((a, b) => a - b),
    );
    await laos.close();
  });

  test('closed alerts go when the policy’s time is over, and what nobody closed lapses', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    house.hit({}, { key: account(2) });
    await house.settle();
    const [first] = await house.seen(dao);
    await house.alerts().act(dao, first!.id, { close: { outcome: 'acted' } });
    house.clock.advance(91 * dayMs);
    await house.settle();
    await house.settle();
    const left = await house.db.query('SELECT outcome FROM alerts.alerts');
    expect(left).toEqual([{ outcome: 'lapsed' }]);
  });
});

describe('watches', () => {
  test('an officer hears of a key, a beginning, a range and a domain, in listings, questions and activity', async () => {
    const laos = await openTestMember('la', house.clock.now());
    const lek = await house.officer('lek', ['liaison']);
    const { watches } = house.alerts();
    for (const pattern of ['phone:+8562055*', 'ip:198.51.100.0/24', 'domain:example.org', '+66 81 234 5678'])
      await watches.add(lek, { pattern });
    expect((await watches.list(lek, { limit: 10 })).watches.map(({ pattern }) => pattern)).toContain(
      'phone:+66812345678',
    );
    await laos.say(listingDraft('phone:+8562055512345'));
    await laos.copyTo(house);
    house.hit({ key: 'url:pay.example.org/login', advice: 'watch' });
    const login = { account: 'account:TH:014:1234567890', outcome: 'ok', ip: '198.51.100.7' };
    house.report('login', login);
    await house.settle();
    const seen = await house.seen(lek);
    expect(seen.map((alert) => `${alert.subject} ${codesOf(alert).join()}`).sort()).toEqual([
      'ip:198.51.100.7 watch.activity',
      'phone:+8562055512345 watch.listing',
      'url:pay.example.org/login watch.hit',
    ]);
    for (const { id } of (await watches.list(lek, { limit: 10 })).watches) await watches.remove(lek, id);
    house.report('login', { ...login, ip: '198.51.100.8' });
    await house.reopen();
    await house.settle();
    expect(await house.seen(lek)).toHaveLength(3);
    await laos.close();
  });

  test('an institution hears nothing of others’ activity, nor of questions about others’ customers', async () => {
    const bank = await house.serve('bank-scb', ['account:TH:014:']);
    const { watches } = house.alerts();
    await watches.add(bank, { pattern: 'account:TH:*' });
    house.report('payment', { ...payment(thai), suspicion: undefined }, 'bank-b');
    house.hit({ key: 'account:TH:004:1112223334', institution: 'bank-b', advice: 'watch' });
    await house.settle();
    expect(await house.seen(bank)).toEqual([]);
    house.hit({ key: thai, institution: 'bank-b', advice: 'watch' });
    house.report('payment', { ...payment('account:TH:004:1112223334'), suspicion: undefined }, 'bank-scb');
    await house.settle();
    const seen = await house.seen(bank);
    expect(seen.map(({ subject }) => subject).sort()).toEqual([
      'account:TH:004:1112223334',
      'account:TH:004:9876543210',
      thai,
    ]);
    expect(JSON.stringify(seen)).not.toContain('bank-b');
  });

  test('a watch on everything, or beyond a year, is refused, and nobody ends another’s', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    const nid = await house.officer('nid', ['duty-officer']);
    const { watches } = house.alerts();
    await expect(watches.add(dao, { pattern: 'phone:*' })).rejects.toThrow('alerts.watch-too-wide');
    await expect(watches.add(dao, { pattern: 'nonsense*' })).rejects.toThrow('alerts.watch-pattern');
    await expect(watches.add(dao, { pattern: thai, until: '2030-01-01T00:00:00.000Z' })).rejects.toThrow('watch-until');
    const { id } = await watches.add(dao, { pattern: thai });
    await expect(watches.remove(nid, id)).rejects.toThrow('not-found.watch');
  });
});

describe('many findings', () => {
  test('a key with half a character stops nobody', async () => {
    const sri = await house.officer('sri', ['supervisor']);
    house.hit({ key: 'handle:telegram:a\ud800', matched: 'handle:telegram:a\ud800' }, {});
    await house.settle();
    const [first, second] = await house.seen(sri);
    expect([first!.subject, second!.subject].sort()).toEqual([thai, 'handle:telegram:a\ufffd']);
    const closed = await house.alerts().act(sri, first!.id, { close: { outcome: 'acted', note: 'x\ud800' } });
    expect(closed.note).toBe('x\ufffd');
  });

  test('a server that is killed before its commit neither loses nor doubles', async () => {
    const dao = await house.officer('dao', ['duty-officer']);
    for (let index = 0; index < 1500; index += 1) house.report('payment', payment(account(index % 7)));
    house.failNext();
    await expect(house.settle()).rejects.toThrow('killed before');
    await house.reopen();
    await house.settle();
    await house.reopen();
    await house.settle();
    const seen = await house.seen(dao);
    expect(seen).toHaveLength(7);
    expect(seen.reduce((sum, { count }) => sum + count, 0)).toBe(1500);
  });

  test('one reporter who names thousands becomes one alert, and others go on', async () => {
    const sri = await house.officer('sri', ['supervisor']);
    for (let index = 0; index < 20_000; index += 1) house.report('payment', payment(account(index)), 'bank-evil');
    house.report('payment', payment(account(99_999)), 'bank-b');
    await house.settle();
    const [{ count }] = (await house.db.query<{ count: number }>('SELECT count(*) FROM alerts.alerts')) as [
      { count: number },
    ];
    expect(count).toBe(602);
    expect(await house.seen(sri, { subject: 'institution:bank-evil' })).toMatchObject([
      { priority: 'P2', count: 19_400, reasons: [{ code: 'suspected-activity.flood' }] },
    ]);
    expect(await house.seen(sri, { subject: account(99_999) })).toHaveLength(1);
    const changes = house.published.map(({ number }) => number);
    expect(changes).toEqual(changes.toSorted((a, b) => a - b));
    expect((await house.topic.read(0, 1000)).length).toBe(602);
  });

  test('whatever their order and batches, the same findings give the same alerts', async () => {
    const sri = await house.officer('sri', ['supervisor']);
    const wish = fc.record({
      to: fc.integer({ min: 0, max: 2 }),
      institution: fc.integer({ min: 0, max: 40 }),
      confirmed: fc.boolean(),
      advice: fc.constantFrom('challenge' as const, 'hold' as const, undefined),
    });
    let round = 0;
    const gather = async (
      wishes: readonly (typeof wish extends fc.Arbitrary<infer W> ? W : never)[],
      batch: number,
    ) => {
      round += 1;
      const base = round * 10;
      for (const [at, { to, institution, confirmed, advice }] of wishes.entries()) {
        if (at > 0 && at % batch === 0) await house.settle();
        const subject = account(base + to);
        if (advice === undefined) house.report('payment', payment(subject, confirmed), `bank-${institution}`);
        else house.hit({ key: subject, advice, institution: `bank-${institution}` });
      }
      await house.settle();
      return Promise.all(
        [0, 1, 2].map(async (to) => {
          const [alert] = await house.seen(sri, { subject: account(base + to) });
          if (alert === undefined) return null;
          const { kind, priority, count, reasons, roles } = alert;
          return { kind, priority, count, roles, reasons };
        }),
      );
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 80 }),
        fc.infiniteStream(fc.nat()),
        async (wishes, keys) => {
          const order = wishes.map((one) => ({ one, key: keys.next().value! })).sort((a, b) => a.key - b.key);
          const first = await gather(wishes, 1000);
          expect(
            await gather(
              order.map(({ one }) => one),
              13,
            ),
          ).toEqual(first);
        },
      ),
      { numRuns: 12 },
    );
  });
});
