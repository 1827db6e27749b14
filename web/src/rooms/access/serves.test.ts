import { expect, test } from 'vitest';
import { NewInstitution } from '../../../../server/src/access/contract.ts';
import { readServes } from './serves.ts';

test('what an institution serves is read a line at a time, each once', () => {
  expect(readServes(' account:TH:014: \n\nphone:+6681\nphone:+6681')).toEqual({
    serves: ['account:TH:014:', 'phone:+6681'],
    wrong: [],
  });
});

test.each(['account:TH', 'phone:081', '0812345678', 'account:th:014:', 'url:http://a'])(
  '%s is said to be wrong before it is sent',
  (line) => {
    expect(readServes(line)).toEqual({ serves: [], wrong: [line] });
    const { pattern } = NewInstitution.properties.serves.items as { pattern?: string };
    expect(new RegExp(pattern ?? '').test(line)).toBe(false);
  },
);
