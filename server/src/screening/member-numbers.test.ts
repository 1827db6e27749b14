import { expect, test } from 'vitest';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { memberNumber, memberOf, membersMax, membersOf } from './member-numbers.ts';

test('founders have the first numbers, later members the next, and there is room for as many as a set has bits', () => {
  expect(foundingMembers.map(memberNumber)).toEqual([0, 1, 2, 3, 4, 5]);
  const later = Array.from({ length: membersMax }, (_, at) => `a${String.fromCharCode(97 + (at % 26))}`.slice(0, 2));
  const more = [...new Set(later), 'zz'];
  const numbers = more.map(memberNumber);
  expect(numbers.filter((number) => number >= 0)).toHaveLength(membersMax - foundingMembers.length);
  expect(numbers.at(-1)).toBe(-1);
  expect(memberOf(memberNumber('aa'))).toBe('aa');
  const set = (1 << memberNumber('th')) | (1 << memberNumber('aa')) | (1 << (membersMax - 1));
  expect(membersOf(set)).toEqual(['aa', memberOf(membersMax - 1), 'th']);
});
