import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { activityKinds, recordSchemas } from '@bronze-drum/protocol/activity/kinds';
import { dayMs, hourMs, instantText, minuteMs } from '../kernel/clock.ts';
import { Outage } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { ReportedRecord } from './activity.ts';
import { openTestActivity, payment, type TestActivity } from './test-activity.ts';

let t: TestActivity;
let bank: string;
beforeEach(async () => {
  t = await openTestActivity();
  bank = await t.institution('bank-a');
});
afterEach(() => t.close());

async function kept(): Promise<ReportedRecord[]> {
  const seen: ReportedRecord[] = [];
  const handle = async (_: Tx, records: readonly ReportedRecord[]) => void seen.push(...records);
  const following = t.activity().follow({ name: `reader-${Math.random()}`, handle });
  await following.caughtUp();
  await following.close();
  return seen;
}

const payments = (count: number, prefix = 'p') =>
  Array.from({ length: count }, (_, index) => payment(`${prefix}${index}`));

describe('reporting activity', () => {
  test('each line is answered in its place, and what is accepted can be followed with its keys', async () => {
    const lines = [payment('a'), { id: 'b' }, payment('c', { to: '0812345678' })];
    const { status, body } = await t.report(bank, 'payment', lines, { query: '?results=all' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 2, known: 0, refused: 1 });
    expect(body.results.map(({ line, id, state }) => [line, id, state])).toEqual([
      [1, 'a', 'accepted'],
      [2, 'b', 'refused'],
      [3, 'c', 'accepted'],
    ]);
    expect(body.results[1]).toMatchObject({ refused: 'malformed.schema', params: { field: '', rule: 'required' } });
    expect(await kept()).toMatchObject([
      { institution: 'bank-a', kind: 'payment', id: 'a', receivedAtMs: t.clock.now() },
      { id: 'c', record: { to: 'phone:+66812345678' }, keys: [{ role: 'from' }, { role: 'to' }] },
    ]);
  });

  test('every kind has its door, and the same id of another kind is another record', async () => {
    const at = instantText(t.clock.now());
    const records = {
      call: {
        id: 'x',
        at,
        presented: '191',
        originating: '+8562055551234',
        called: '0812345678',
        durationSeconds: 1,
        answered: true,
      },
      message: { id: 'x', at, presented: 'KBANK', to: '0812345678', channel: 'sms' },
      login: { id: 'x', at, account: 'TH:014:1234567890', outcome: 'ok' },
      sim: { id: 'x', at, event: 'swap', phone: '0812345678' },
      payment: payment('x'),
    };
    for (const kind of activityKinds)
      expect((await t.report(bank, kind, [records[kind]])).body).toEqual({
        accepted: 1,
        known: 0,
        refused: 0,
        results: [],
      });
    expect((await kept()).map(({ kind }) => kind)).toEqual(activityKinds);
  });

  test('the same batch again, at once, in another order or with itself counts once', async () => {
    const batch = payments(40);
    const answers = await Promise.all([
      t.report(bank, 'payment', batch),
      t.report(bank, 'payment', batch.toReversed()),
      t.report(bank, 'payment', [...batch, ...batch]),
    ]);
    const sum = (name: 'accepted' | 'known') => answers.reduce((total, { body }) => total + body[name], 0);
    expect([sum('accepted'), sum('known')]).toEqual([40, 120]);
    await t.reopen();
    expect((await t.report(bank, 'payment', batch)).body).toMatchObject({ accepted: 0, known: 40 });
    expect(await kept()).toHaveLength(40);
  });

  test('an id that comes again with other content is refused and counted; another spelling is the same content', async () => {
    await t.report(bank, 'payment', [payment('a')]);
    const again = await t.report(bank, 'payment', [
      payment('a', { from: 'TH:901:123-4-56789-0' }),
      payment('a', { amount: { value: '1', currency: 'THB' } }),
    ]);
    expect(again.body).toMatchObject({ accepted: 0, known: 1, refused: 1 });
    expect(again.body.results[1]).toEqual({
      line: 2,
      id: 'a',
      state: 'refused',
      refused: 'conflict.id-reused',
      params: { field: 'id' },
    });
    const metric = await t.telemetry.metrics.getSingleMetric('drum_activity_conflicts_total')!.get();
    expect(metric.values[0]).toMatchObject({ value: 1, labels: { kind: 'payment' } });
    const other = await t.institution('bank-b');
    expect((await t.report(other, 'payment', [payment('a', { channel: 'web' })])).body.accepted).toBe(1);
  });

  test('late and out of order is fine as far as policy goes; a clock that is ahead or a year off is told so', async () => {
    const nowMs = t.clock.now();
    const at = (offsetMs: number, id: string) => payment(id, { at: instantText(nowMs + offsetMs) });
    const { body } = await t.report(bank, 'payment', [
      at(-167 * hourMs, 'late'),
      at(0, 'now'),
      at(5 * minuteMs, 'ahead'),
      at(-169 * hourMs, 'too-late'),
      at(6 * minuteMs, 'too-far'),
      at(365 * dayMs, 'next-year'),
      at(-365 * dayMs, 'last-year'),
    ]);
    expect(body.accepted).toBe(3);
    expect(body.results.map(({ refused }) => refused)).toEqual([
      'activity.too-old',
      'activity.at-ahead',
      'activity.at-ahead',
      'activity.too-old',
    ]);
  });

  test('who is no institution, has no key, or sends another kind of body is refused before it is read', async () => {
    const officer = await t.enlist('duty', ['duty-officer']);
    expect((await t.report(officer, 'payment', payments(1))).code).toBe('forbidden.permission');
    expect((await t.report(undefined, 'payment', payments(1))).code).toBe('unauthenticated.missing');
    for (const [kind, type] of [
      ['payment', 'application/json'],
      ['payment', 'text/plain'],
      ['call', 'application/xml'],
    ] as const)
      expect(await t.report(bank, kind, '[]', { type })).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    expect((await t.report(bank, 'payment', '', { query: '?results=some' })).code).toBe('malformed.schema');
  });

  test('hostile lines are refused in their place, and the others are taken', async () => {
    const good = JSON.stringify(payment('good'));
    const lines = [
      '{',
      'null',
      '[]',
      '"x"',
      '1e999',
      '{"refused":"x"}',
      '{"__proto__":{"id":"x"}}',
      `{"constructor":1,${good.slice(1)}`,
      `{"id":"a\\u0000b"}`,
      'a\0b',
      '',
      '   ',
      '['.repeat(60_000),
      `{"id":"${'x'.repeat(70_000)}"}`,
      '\r',
      `${good}\r`,
    ];
    const text = Buffer.concat([Buffer.from(`\uFEFF${lines.join('\n')}\n`), Buffer.from([0xff, 0xfe, 0x0a])]);
    const { status, body } = await t.report(bank, 'payment', text);
    expect(status).toBe(200);
    expect(body.accepted).toBe(1);
    expect(body.results.map(({ line, refused }) => [line, refused])).toEqual([
      [1, 'malformed.json'],
      [2, 'malformed.schema'],
      [3, 'malformed.schema'],
      [4, 'malformed.schema'],
      [5, 'malformed.schema'],
      [6, 'malformed.schema'],
      [7, 'malformed.schema'],
      [8, 'malformed.schema'],
      [9, 'malformed.nul'],
      [10, 'malformed.nul'],
      [12, 'malformed.json'],
      [13, 'malformed.json'],
      [14, 'too-large.line'],
      [17, 'malformed.utf8'],
    ]);
  });

  test('more lines than may come at once are refused altogether', async () => {
    expect(await t.report(bank, 'payment', '\n'.repeat(10_001))).toMatchObject({
      status: 413,
      code: 'too-large.lines',
    });
    expect(await t.report(bank, 'payment', '')).toMatchObject({ status: 200, body: { accepted: 0, results: [] } });
    expect(await t.report(bank, 'payment', Buffer.alloc(16 * 1024 * 1024 + 1))).toMatchObject({ status: 413 });
  });

  test('whatever stands in a line, it is accepted or refused with a code', async () => {
    const at = instantText(t.clock.now());
    const line = fc
      .constantFrom(...activityKinds)
      .chain((kind) =>
        fc.tuple(
          fc.constant(kind),
          fc.record(
            Object.fromEntries(
              Object.keys(recordSchemas[kind].properties).map((name) => [
                name,
                fc.oneof(
                  fc.constantFrom<unknown>(
                    'a',
                    at,
                    '0812345678',
                    'account:TH:901:1234567890',
                    'mobile',
                    'ok',
                    'swap',
                    'sms',
                    true,
                    1,
                  ),
                  fc.constant({ value: '1', currency: 'THB' }),
                  fc.jsonValue(),
                  fc.string({ unit: 'binary' }),
                ),
              ]),
            ),
            { requiredKeys: [] },
          ),
        ),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        for (const kind of activityKinds) {
          const own = lines.flatMap(([of, value]) => (of === kind ? [value] : []));
          const { status, body } = await t.report(bank, kind, own, { query: '?results=all' });
          expect(status).toBe(200);
          expect(body.results).toHaveLength(own.length);
          for (const { state, refused } of body.results)
            expect(state === 'refused').toBe(/^(?:malformed|identifier|activity|conflict)\./.test(refused ?? ''));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('limits', () => {
  test('the day’s limit refuses a whole batch with the time until midnight, also after a restart', async () => {
    await t.close();
    t = await openTestActivity((rules) => Object.assign(rules, { recordsPerDayMax: 1000 }));
    bank = await t.institution('bank-a');
    expect((await t.report(bank, 'payment', payments(900))).body.accepted).toBe(900);
    expect((await t.report(bank, 'payment', payments(100))).body.known).toBe(100);
    await t.reopen();
    t.clock.advance(hourMs);
    const late = await t.report(bank, 'payment', payments(101, 'more'));
    expect(late).toMatchObject({
      status: 429,
      code: 'too-many.records-today',
      headers: { 'retry-after': String(23 * 3600) },
    });
    expect((await t.report(bank, 'payment', payments(100, 'more'))).body.accepted).toBe(100);
    t.clock.advance(23 * hourMs);
    expect((await t.report(bank, 'payment', payments(101, 'next'))).body.accepted).toBe(101);
    expect(await kept()).toHaveLength(1101);
  });

  test('an institution that floods with ever new accounts is bounded, and another goes on', async () => {
    const hostile = await t.institution('hostile', { perSecond: 1000, burst: 20_000 });
    const flood = (round: number) =>
      t.report(
        hostile,
        'payment',
        Array.from({ length: 10_000 }, (_, index) =>
          payment(`h${round}-${index}`, { to: `account:TH:902:${String(1_000_000_000 + round * 10_000 + index)}` }),
        ),
      );
    const floods = [0, 1, 2, 3, 4].map(flood);
    const own = await Promise.all([0, 1, 2].map((round) => t.report(bank, 'payment', payments(200, `own${round}-`))));
    expect(own.map(({ body }) => body.accepted)).toEqual([200, 200, 200]);
    const answers = await Promise.all(floods);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    for (const { status, headers } of answers)
      if (status !== 200) expect([status, Number(headers['retry-after']) > 0]).toEqual([429, true]);
    expect(await kept()).toHaveLength(20_600);
  });

  test('while the store is down nothing is acknowledged, and the same batch goes through once it is back', async () => {
    const state = { isDown: false };
    await t.reopen({ ...t.db, tx: (work) => (state.isDown ? Promise.reject(new Outage('down', 2)) : t.db.tx(work)) });
    state.isDown = true;
    expect(await t.report(bank, 'payment', payments(10))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    });
    state.isDown = false;
    expect((await t.report(bank, 'payment', payments(10))).body.accepted).toBe(10);
  });
});

test('what may no longer be kept is dropped by the day', async () => {
  await t.report(bank, 'payment', payments(3, 'old'));
  t.clock.advance(2160 * hourMs + 2 * dayMs);
  await t.report(bank, 'payment', [payment('new', { at: instantText(t.clock.now()) })]);
  await t.clocks.run();
  expect((await kept()).map(({ id }) => id)).toEqual(['new']);
});
