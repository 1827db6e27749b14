import { afterAll, beforeAll, expect, test } from 'vitest';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { fakePolice } from '@bronze-drum/simulator/story/fake-police';
import { reportedLate } from '@bronze-drum/simulator/story/reported-late';
import { openTestStory, storyMsMax, type TestStory } from './test-story.ts';

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
