import { describe, expect, test } from 'vitest';
import { reportToHoldMs, storyOf } from './trace-story.ts';
import { at } from './test-flow.ts';

const thb = { value: '100', currency: 'THB' };
const trace = {
  origins: [{ place: 'a', from: null, amount: thb, at: at(0), reference: null }],
  crossings: [{ from: 'th', to: 'kh', amount: thb, at: at(20) }],
  reportedAt: at(60),
  openedAt: at(61),
  firstHoldAt: at(90),
  reports: [],
};

describe('the story of a trace', () => {
  test('goes from the theft to the hold, with the time between', () => {
    const told = storyOf(trace, [{ orderedAt: at(70) }, { orderedAt: at(65) }, {}]);
    expect(told.map(({ moment }) => moment)).toEqual(['stolen', 'abroad', 'reported', 'opened', 'ordered', 'held']);
    expect(told.map(({ afterMs }) => afterMs / 1000)).toEqual([0, 20, 40, 1, 4, 25]);
  });

  test('what went abroad several times first went when its first payment did', () => {
    const crossings = [{ ...trace.crossings[0]!, firstAt: at(10) }];
    const told = storyOf({ ...trace, crossings }, []);
    expect(told.find(({ moment }) => moment === 'abroad')).toMatchObject({ at: at(10), afterMs: 10_000 });
  });

  test('leaves out what has not happened', () => {
    const told = storyOf({ ...trace, crossings: [], firstHoldAt: null }, []);
    expect(told.map(({ moment }) => moment)).toEqual(['stolen', 'reported', 'opened']);
    expect(reportToHoldMs({ ...trace, firstHoldAt: null })).toBeUndefined();
  });

  test('counts from the victim’s report to the first hold, and never less than nothing', () => {
    expect(reportToHoldMs(trace)).toBe(30_000);
    expect(reportToHoldMs({ ...trace, reportedAt: at(95) })).toBe(0);
  });
});
