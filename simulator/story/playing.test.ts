import { expect, test } from 'vitest';
import { cast, type Cast } from './cast.ts';
import { castOf } from './casting.ts';
import type { Deed } from './deeds.ts';
import { fakePolice } from './fake-police.ts';
import { openPlay } from './playing.ts';
import { reportedLate } from './reported-late.ts';
import type { SeenAlert, SeenHold, SeenOrder, Stage, StageInstitution, StageOfficer } from './stage.ts';
import { membersOf, type Story } from './story.ts';

const parts: Cast = { run: '1', mule: 'account:TH:902:1', shop: 'account:TH:903:9' };

/** A stage on which whatever is reported with a suspicion is an alert in Thailand, and nothing else happens. */
function openTestStage(virtual = false) {
  const alerts: SeenAlert[] = [];
  const said: string[] = [];
  let nowMs = 0;
  const holds: SeenHold[] = [];
  const orders: SeenOrder[] = [];
  const about = async (subject: string) => alerts.filter((alert) => alert.subject === subject);
  const stage: Stage = {
    members: ['th'],
    virtual,
    async isolate(member, isolated) {
      said.push(`${nowMs / 1000} ${member} ${isolated ? 'cut off' : 'back'}`);
    },
    institution: (_member, id): StageInstitution => ({
      ordersAbout: async () => orders,
      async answer(order, { outcome }) {
        const at = orders.findIndex((one) => one.id === order);
        orders[at] = { ...orders[at]!, state: outcome };
      },
      confirm: async () => undefined,
      appeal: async (hold) => void said.push(`${id} contests ${hold}`),
      screen: async (identifiers) => identifiers.map((identifier) => ({ identifier, advice: 'clear' })),
      async report(kind, record) {
        said.push(`${nowMs / 1000} ${id} ${kind} ${String(record['id'])}`);
        if (record['to'] === 'refuse') throw new Error('refused: malformed.schema');
        if (record['suspicion'] === undefined) return;
        const reasons = [{ kind: 'suspected-activity' }];
        alerts.push({ id: `a${alerts.length}`, subject: String(record['to']), state: 'new', reasons });
      },
      alertsAbout: about,
    }),
    officer: (): StageOfficer => ({
      ...({} as StageOfficer),
      reportVictim: async (report) => void said.push(JSON.stringify(report)),
      traceOf: async () => ({ id: 't', lost: { value: '0', currency: 'THB' } }),
      holdsOf: async () => holds,
      async orderHolds() {
        for (const [at, hold] of holds.entries()) {
          holds[at] = { ...hold, state: 'ordered' };
          orders.push({ id: hold.id, kind: 'hold-amount', state: 'issued' });
        }
      },
      list: async () => undefined,
      alertsAbout: about,
      async take(id) {
        const at = alerts.findIndex((alert) => alert.id === id);
        alerts[at] = { ...alerts[at]!, state: 'taken' };
      },
      listedBy: async () => [],
    }),
    now: () => nowMs,
    async pause(durationMs, ended) {
      if (ended?.aborted !== true) nowMs += durationMs;
    },
  };
  return { stage, said, holds, orders };
}

const pays = (id: string, at: number, to: string, suspicion?: object): Story['steps'][number] => ({
  id,
  at,
  says: id,
  does: {
    kind: 'report',
    by: { member: 'th', institution: 'bank 1' },
    activity: 'payment',
    record: { to, ...(suspicion !== undefined && { suspicion }) },
  },
  expects: [{ kind: 'alert', member: 'th', officer: 'duty-officer', subject: to, reason: 'suspected-activity' }],
});

const open = (steps: Story['steps'], stage: Stage) =>
  openPlay({
    story: { id: 'test', title: 'A test', steps },
    cast: parts,
    stage,
    institutionOf: (member, part) => `${member}-${part.replace(' ', '-')}`,
    withinMs: 1000,
  });

test('a step comes true, or is broken and says which expectation failed; the story goes on', async () => {
  const { stage } = openTestStage();
  const play = open([pays('told', 0, '{mule}', {}), pays('silent', 10, '{shop}')], stage);
  expect(await play.step()).toBe(true);
  expect(await play.step()).toBe(true);
  expect(await play.step()).toBe(false);
  const { state, steps } = play.view();
  expect(state).toBe('over');
  expect(steps.map((step) => step.state)).toEqual(['held', 'broken']);
  expect(steps[1]!.outcomes).toEqual([
    {
      expectation: 'duty-officer of th is alerted to shop (account:TH:903:9): suspected-activity',
      held: false,
      afterMs: 1000,
    },
  ]);
});

test('a deed that is refused breaks its step with the reason', async () => {
  const { stage } = openTestStage();
  const play = open([pays('bad', 0, 'refuse')], stage);
  await play.step();
  expect(play.view().steps[0]).toMatchObject({ state: 'broken', trouble: 'refused: malformed.schema' });
});

test('each step is played at its time, divided by the speed', async () => {
  const { stage, said } = openTestStage();
  const play = open([pays('a', -60, '{mule}', {}), pays('b', 0, '{mule}', {}), pays('c', 120, '{mule}', {})], stage);
  await play.run(60);
  expect(said).toEqual([
    '0 th-bank-1 payment story-1-a',
    '1 th-bank-1 payment story-1-b',
    '3 th-bank-1 payment story-1-c',
  ]);
  expect(play.view().state).toBe('over');
});

test('a paused story stops before its next step, and can be stepped and run on', async () => {
  const { stage } = openTestStage();
  const play = open([pays('a', 0, '{mule}', {}), pays('b', 1, '{mule}', {}), pays('c', 2, '{mule}', {})], stage);
  const running = play.run(1);
  play.pause();
  await running;
  const ahead = () => play.view().steps.filter(({ state }) => state === 'ahead').length;
  const left = ahead();
  expect(play.view().state).toBe('paused');
  await play.step();
  expect(ahead()).toBe(left - 1);
  await play.run(1);
  expect(ahead()).toBe(0);
});

test.each([fakePolice, reportedLate])(
  'every part that $id names is of the cast, an institution, or a step',
  (story) => {
    const steps = Object.fromEntries(story.steps.map(({ id }) => [`at-${id}`, '2026-01-01T00:00:00.000Z']));
    const names = { ...castOf(1), ...steps, now: '2026-01-01T00:00:00.000Z' };
    for (const text of JSON.stringify(story).match(/\{[a-z-]+\}/g)!) expect(cast(text, names)).not.toBe(text);
    expect(() => cast('{nobody}', names)).toThrow('no part named nobody');
  },
);

test.each([fakePolice, reportedLate])(
  'the steps of $id have names of their own and stand in the order of their time',
  ({ steps }) => {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
    const virtual = steps.map((step) => step.virtual === true);
    expect(virtual).toEqual(virtual.toSorted((a, b) => Number(a) - Number(b)));
  },
);

test('the story is played by all who act and all who are looked at', () => {
  expect(membersOf(fakePolice)).toEqual(['kh', 'la', 'mm', 'th', 'vn']);
});

const paid = (story: Story): ReadonlyMap<string, number> =>
  new Map(
    story.steps.flatMap(({ id, does }) =>
      does.kind === 'report' && does.activity === 'payment'
        ? [[id, Number((does.record['amount'] as { value: string }).value) / 100] as const]
        : [],
    ),
  );
const answered = ({ steps }: Story) =>
  steps.flatMap(({ does }) => (does.kind === 'answer-order' && does.order === 'hold-amount' ? [does] : []));
const baht = (minor: string | undefined): number => Number(minor ?? '0') / 100;

test('the 480,000 baht are all accounted for', () => {
  const of = (id: string): number => paid(fakePolice).get(id)!;
  expect(of('she-pays')).toBe(480_000);
  const onward = ['on-inside-thailand', 'to-cambodia', 'to-viet-nam', 'to-an-exchange'].map(of);
  expect(onward.reduce((sum, amount) => sum + amount, 0)).toBe(of('she-pays'));
  expect(of('the-noodle-shop')).toBeLessThan(of('on-inside-thailand'));
  const gone = answered(fakePolice).reduce((sum, { outcome }) => sum + baht(outcome.gone), 0);
  expect(gone + of('the-noodle-shop')).toBe(86_000);
  expect(of('she-pays') - gone - of('the-noodle-shop')).toBe(394_000);
});

test('told after nineteen hours, 12,000 of the 480,000 are left', () => {
  const of = (id: string): number => paid(reportedLate).get(id)!;
  expect(of('on-inside-thailand') - of('the-noodle-shop') - of('drawn-in-bangkok') - of('drawn-again')).toBe(12_000);
  const gone = answered(reportedLate).reduce((sum, { outcome }) => sum + baht(outcome.gone), 0);
  expect(gone + of('drawn-in-bangkok') + of('drawn-again')).toBe(468_000);
});

const does = (id: string, deed: Deed, rest: Partial<Story['steps'][number]> = {}): Story['steps'][number] => ({
  id,
  at: 0,
  says: id,
  does: deed,
  ...rest,
});
const bank = { member: 'th', institution: 'bank 1' };
const hold = (account: string): SeenHold => ({
  id: `h-${account.slice(-1)}`,
  account,
  state: 'proposed',
  ordered: { value: '600', currency: 'THB' },
  held: { value: '0', currency: 'THB' },
  stage: null,
  until: null,
});

test('holds are ordered in one act, and the bank’s answer is seen by whoever expects it', async () => {
  const { stage, holds } = openTestStage();
  holds.push(hold(parts['shop']!), hold(parts['mule']!));
  const play = open(
    [
      does(
        'order',
        { kind: 'order-holds', by: { member: 'th', officer: 'duty-officer' }, trace: '{mule}' },
        {
          expects: [
            {
              kind: 'held',
              member: 'th',
              trace: '{mule}',
              amount: { value: '1200', currency: 'THB' },
              states: ['ordered'],
            },
          ],
        },
      ),
      does(
        'answer',
        { kind: 'answer-order', by: bank, order: 'hold-amount', subject: '{shop}', outcome: { outcome: 'placed' } },
        { expects: [{ kind: 'order', by: bank, order: 'hold-amount', subject: '{shop}', states: ['placed'] }] },
      ),
      does('contest', { kind: 'appeal', by: bank, account: '{shop}', appellant: 'the shop', grounds: 'soup' }),
    ],
    stage,
  );
  while (await play.step());
  expect(play.view().steps.map(({ state, trouble }) => trouble ?? state)).toEqual(['held', 'held', 'held']);
});

test('a report names the instant at which the payment was played', async () => {
  const { stage, said } = openTestStage();
  const report = { payments: [{ at: '{at-pays}' }], at: '{now}' };
  const play = open(
    [
      pays('pays', 0, '{mule}', {}),
      does('tells', { kind: 'report-victim', by: { member: 'th', officer: 'duty-officer' }, report }, { at: 5 }),
    ],
    stage,
  );
  await play.run(1);
  expect(said.at(-1)).toBe('{"payments":[{"at":"1970-01-01T00:00:00.000Z"}],"at":"1970-01-01T00:00:05.000Z"}');
});

test('what takes weeks is played where time can be advanced; elsewhere the story ends before it and says so', async () => {
  const weeks = does('weeks', { kind: 'nothing' }, { at: 9_999_999, virtual: true });
  const story = { id: 'test', title: 'A test', steps: [pays('now', 0, '{mule}', {}), weeks], closing: 'It goes on' };
  const ways = [true, false].map(async (virtual) => {
    const { stage } = openTestStage(virtual);
    const play = openPlay({ story, cast: parts, stage, institutionOf: (member) => member, withinMs: 1000 });
    await play.run(1);
    return play.view().steps.map(({ says, state }) => [says, state]);
  });
  expect(await Promise.all(ways)).toEqual([
    [
      ['now', 'held'],
      ['weeks', 'held'],
    ],
    [
      ['now', 'held'],
      ['It goes on', 'held'],
    ],
  ]);
});

test('whoever is cut off in the story is joined again when it is left in the middle', async () => {
  const { stage, said } = openTestStage();
  const play = open([does('cut', { kind: 'cut-off', member: 'mm' }), pays('never', 5, '{mule}')], stage);
  await play.step();
  await play.close();
  expect(said).toEqual(['0 mm cut off', '0 mm back']);
});
