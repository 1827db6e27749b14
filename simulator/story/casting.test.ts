import { expect, test } from 'vitest';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { castOf, institutionOf, isOfStory } from './casting.ts';

test.each([1, 2, 37, 99_999])(
  'in telling %i every part has an identifier that parses to itself, and no two the same',
  (run) => {
    const { run: told, ...parts } = castOf(run);
    expect(told).toBe(String(run));
    for (const key of Object.values(parts)) expect(parse(key)).toBe(key);
    expect(new Set(Object.values(parts)).size).toBe(Object.keys(parts).length);
  },
);

test('each telling has accounts and numbers of its own', () => {
  const { run: _one, ...first } = castOf(1);
  const { run: _two, ...second } = castOf(2);
  for (const [part, key] of Object.entries(first)) expect(second[part]).not.toBe(key);
});

test.each([1, 2, 37, 99_999])('who is of telling %i is known by their account or number', (run) => {
  const { run: _run, wallet: _wallet, ...parts } = castOf(run);
  for (const key of Object.values(parts)) expect(isOfStory(key)).toBe(true);
  for (const key of ['', 'account:TH:901:1234567890', 'phone:+66812345678']) expect(isOfStory(key)).toBe(false);
});

test('a part is played by a simulated institution of that kind', () => {
  expect(institutionOf('th', 'bank 2')).toMatch(/^bank-/);
  expect(() => institutionOf('th', 'bank 9')).toThrow('th has no bank 9');
});
