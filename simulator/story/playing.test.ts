import { expect, test } from 'vitest';
import { fakePolice } from './fake-police.ts';
import { openPlay } from './playing.ts';
import type { SeenAlert, Stage } from './stage.ts';
import { cast, type Cast, type Story } from './story.ts';

const parts: Cast = { run: '1', mule: 'account:TH:902:1', shop: 'account:TH:903:9' };

/** A stage on which whatever is reported with a suspicion is an alert in Thailand, and nothing else happens. */
function openTestStage() {
  const alerts: SeenAlert[] = [];
  const said: string[] = [];
  let nowMs = 0;
  const about = async (subject: string) => alerts.filter((alert) => alert.subject === subject);
  const stage: Stage = {
    members: ['th'],
    institution: (_member, id) => ({
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
    officer: () => ({
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
  return { stage, said };
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

test('every part that the story names is an identifier of the cast or an institution', () => {
  const named = new Set(JSON.stringify(fakePolice).match(/\{[a-z-]+\}/g));
  expect([...named].sort()).toEqual(
    [
      '{caller}',
      '{mule-kh}',
      '{mule-th}',
      '{mule-vn}',
      '{mule}',
      '{run}',
      '{shop}',
      '{station}',
      '{victim-phone}',
      '{victim}',
      '{wallet}',
    ].sort(),
  );
  expect(() => cast('{nobody}', parts)).toThrow('no part named nobody');
});

test('the 480,000 baht are all accounted for', () => {
  const amounts = fakePolice.steps.flatMap(({ id, does }) =>
    does.kind === 'report' && does.activity === 'payment'
      ? [[id, Number((does.record['amount'] as { value: string }).value) / 100] as const]
      : [],
  );
  const of = (id: string): number => amounts.find(([name]) => name === id)![1];
  expect(of('she-pays')).toBe(480_000);
  const onward = ['on-inside-thailand', 'to-cambodia', 'to-viet-nam', 'to-a-wallet'].map(of);
  expect(onward.reduce((sum, amount) => sum + amount, 0)).toBe(of('she-pays'));
  expect(of('the-noodle-shop')).toBeLessThan(of('on-inside-thailand'));
});
