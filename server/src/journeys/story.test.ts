import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRuntime } from '@bronze-drum/client/runtime';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { castOf, institutionOf } from '@bronze-drum/simulator/story/casting';
import { fakePolice } from '@bronze-drum/simulator/story/fake-police';
import { openPlay, type PlayedStep } from '@bronze-drum/simulator/story/playing';
import { reportedLate } from '@bronze-drum/simulator/story/reported-late';
import type { Story } from '@bronze-drum/simulator/story/story';
import { simulatedInstitutions } from '@bronze-drum/simulator/world/institutions';
import type { Ask } from '../commands/alliance/officer-session.ts';
import { openStage, type StagePlace } from '../commands/alliance/story-stage.ts';
import { hourMs, minuteMs, secondMs, systemClock, type Clock } from '../kernel/clock.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';

const password = 'correct horse battery staple';
const quota = { perSecond: 10_000, burst: 100_000 };
const cast = ['duty-officer', 'analyst', 'liaison', 'supervisor', 'supervisor 2'];
const idOf = (role: string): string => (role.includes(' ') ? role.replace(' ', '-') : `${role}-1`);

interface TestStory {
  readonly alliance: TestAlliance;
  /** Plays a story to its end; what did not follow as it should, by step. */
  play(
    story: Story,
    run: number,
  ): Promise<{ readonly steps: readonly PlayedStep[]; readonly failed: readonly string[] }>;
  close(): Promise<void>;
}

/** So far in one go: deadlines on the way come in the order of their time, each soon after it. */
const strideMs = 6 * hourMs;
const restMs = 50;

/** Servers whose common clock goes as the system's does, and can be advanced; with the story's officers and institutions. */
async function openTestStory(members: readonly string[]): Promise<TestStory> {
  let aheadMs = 0;
  const clock: Clock = { now: () => systemClock.now() + aheadMs };
  const alliance = await openTestAlliance(members, clock);
  const keys = new Map<string, string>();
  await Promise.all(members.map((code) => settle(alliance, code, keys)));

  async function pause(durationMs: number, ended?: AbortSignal): Promise<void> {
    if (durationMs <= secondMs) return systemRuntime.pause(durationMs, ended);
    for (let leftMs = durationMs; leftMs > 0 && ended?.aborted !== true; leftMs -= strideMs) {
      aheadMs += Math.min(leftMs, strideMs);
      await systemRuntime.pause(restMs, ended);
    }
  }
  const place: StagePlace = {
    members,
    addressOf: (member) => alliance.of(member).address,
    institutionKey: (member, id) => keys.get(`${member}/${id}`)!,
    signIn: (_member, role) => ({ officer: idOf(role), password }),
    operator:
      (member): Ask =>
      (method, path, body) =>
        alliance.of(member).must(method, path, body),
  };
  const stage = openStage(place, { clock, pause, virtual: true });
  return {
    alliance,
    async play(story, run) {
      const play = openPlay({ story, cast: castOf(run), stage, institutionOf, withinMs: 15 * secondMs });
      await play.run(1);
      const { steps } = play.view();
      await play.close();
      const failed = steps.flatMap(({ id, outcomes, trouble }) => [
        ...outcomes.flatMap(({ expectation, held }) => (held ? [] : [`${id}: ${expectation}`])),
        ...(trouble === undefined ? [] : [`${id}: ${trouble}`]),
      ]);
      return { steps, failed };
    },
    async close() {
      await stage.close();
      await alliance.close();
    },
  };
}

async function settle(alliance: TestAlliance, code: string, keys: Map<string, string>): Promise<void> {
  const { must } = alliance.of(code);
  for (const role of cast) {
    const officer = { id: idOf(role), office: 'national-centre', name: role, roles: [role.split(' ')[0]] };
    const issued = await must('POST', '/v1/officers', officer);
    await must('POST', '/v1/sessions/one-time', { code: issued.code, password });
  }
  for (const { id, name, kind, serves } of simulatedInstitutions(code)) {
    await must('POST', '/v1/institutions', { id, name, kind, serves, quota });
    keys.set(`${code}/${id}`, (await must('POST', `/v1/institutions/${id}/keys`, {})).key);
  }
}

/** How long a story may take, on a machine that has other things to do. */
const storyMsMax = 10 * minuteMs;

let told: TestStory;

beforeAll(async () => {
  told = await openTestStory([...foundingMembers]);
}, storyMsMax);
afterAll(async () => told?.close());

test(
  'the story of the false police comes true on six servers, step by step, until 394,000 baht are back and 86,000 are lost',
  async () => {
    const { steps, failed } = await told.play(fakePolice, 1);
    expect(failed).toEqual([]);
    expect(steps.map(({ state }) => state)).toEqual(steps.map(() => 'held'));
  },
  storyMsMax,
);

test(
  'told nineteen hours later, 12,000 of the same 480,000 are held, and the rest is gone',
  async () => {
    const { steps, failed } = await told.play(reportedLate, 2);
    expect(failed).toEqual([]);
    expect(steps.map(({ state }) => state)).toEqual(steps.map(() => 'held'));
  },
  storyMsMax,
);
