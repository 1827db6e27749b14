import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRuntime } from '@bronze-drum/client/runtime';
import { castOf, institutionOf } from '@bronze-drum/simulator/story/casting';
import { fakePolice } from '@bronze-drum/simulator/story/fake-police';
import { openPlay } from '@bronze-drum/simulator/story/playing';
import { simulatedInstitutions } from '@bronze-drum/simulator/world/institutions';
import { openStage } from '../commands/alliance/story-stage.ts';
import { systemClock } from '../kernel/clock.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';

const members = ['kh', 'la', 'th', 'vn'];
const password = 'correct horse battery staple';
const quota = { perSecond: 10_000, burst: 100_000 };

let alliance: TestAlliance;
const keys = new Map<string, string>();

beforeAll(async () => {
  alliance = await openTestAlliance(members);
  await Promise.all(
    members.map(async (code) => {
      const { must } = alliance.of(code);
      for (const role of ['duty-officer', 'analyst', 'supervisor']) {
        const officer = { id: `${role}-1`, office: 'national-centre', name: role, roles: [role] };
        const issued = await must('POST', '/v1/officers', officer);
        await must('POST', '/v1/sessions/one-time', { code: issued.code, password });
      }
      for (const { id, name, kind, serves } of simulatedInstitutions(code)) {
        await must('POST', '/v1/institutions', { id, name, kind, serves, quota });
        keys.set(`${code}/${id}`, (await must('POST', `/v1/institutions/${id}/keys`, {})).key);
      }
    }),
  );
});
afterAll(async () => alliance?.close());

test('the story of the false police comes true on four servers, step by step, until she calls the hotline', async () => {
  const place = {
    members,
    addressOf: (member: string) => alliance.of(member).address,
    institutionKey: (member: string, id: string) => keys.get(`${member}/${id}`)!,
    signIn: (_member: string, role: string) => ({ officer: `${role}-1`, password }),
  };
  const stage = openStage(place, { clock: systemClock, pause: systemRuntime.pause });
  const play = openPlay({ story: fakePolice, cast: castOf(1), stage, institutionOf, withinMs: 15_000 });
  while (await play.step());
  const { steps } = play.view();
  const failed = steps.flatMap(({ id, outcomes, trouble }) => [
    ...outcomes.flatMap(({ expectation, held }) => (held ? [] : [`${id}: ${expectation}`])),
    ...(trouble === undefined ? [] : [`${id}: ${trouble}`]),
  ]);
  expect(failed).toEqual([]);
  expect(steps.map(({ state }) => state)).toEqual(steps.map(() => 'held'));
  await play.close();
  await stage.close();
});
