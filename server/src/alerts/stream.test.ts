import { expect, test } from 'vitest';
import { openActivity, type Activity } from '../activity/activity.ts';
import { instantText, systemClock } from '../kernel/clock.ts';
import { openLive, type Live } from '../platform/live.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestNats } from '../platform/test-nats.ts';
import { openTestAlerts } from './test-alerts.ts';

test('what a bank reports is on an officer’s stream, and after a break goes on where it left off', async () => {
  let activity!: Activity;
  let live!: Live;
  const nats = await openTestNats();
  const house = await openTestAlerts(undefined, async ({ db, clock, clocks, policy, access, errors }) => {
    const telemetry = openTelemetry({ level: 'silent', member: 'th' });
    activity = await openActivity({ db, clock, clocks, policy, access, telemetry, nats });
    live = openLive({ clock: systemClock, telemetry, onError: (error) => errors.push(error) });
    return { activity, live };
  });
  const bank = await house.serve('bank-a', []);
  const dao = await house.officer('dao', ['duty-officer']);
  const report = (index: number) =>
    activity.report(bank, 'payment', [
      {
        id: `p${index}`,
        at: instantText(house.clock.now()),
        to: `account:TH:014:${String(index).padStart(10, '0')}`,
        amount: { value: '48000000', currency: 'THB' },
        channel: 'mobile',
        suspicion: { typology: 'mule-account', confirmed: true },
      },
    ]);
  const readUntil = async (lastEventId: string | undefined, subject: string, then: () => Promise<unknown>) => {
    const ended = new AbortController();
    let text = '';
    let began = false;
    for await (const piece of live.stream(dao, lastEventId, ended.signal)) {
      text += piece;
      if (!began) await then();
      began = true;
      if (text.includes(subject)) break;
    }
    ended.abort();
    return text;
  };
  const first = await readUntil(undefined, '0000000001', () => report(1));
  expect(first).toContain('event: alert');
  const id = first.match(/(?<=id: )\S+/g)!.at(-1)!;
  await report(2);
  await house.settle();
  const second = await readUntil(id, '0000000002', async () => undefined);
  expect(second).toContain('0000000002');
  const [data] = /(?<=data: )\{.*0000000002.*\}/.exec(second) ?? [];
  expect(JSON.parse(data!)).toEqual((await house.seen(dao, { subject: 'account:TH:014:0000000002' }))[0]);
  await activity.close();
  await nats?.close();
  await live.close();
  await house.close();
  house.refuseErrors();
});
