import { expect, test } from 'vitest';
import { linesMax, readLines, readSearch, standsOn } from './reading.ts';

const thai = { country: 'TH' };

test('each pasted line is read at once, and a line that names the same is told', () => {
  const read = readLines('081 234 5678\n\n+66 81-234-5678\nhttps://x.example/a', thai, {});
  expect(read.map(({ line, key, sameAs }) => [line, key, sameAs])).toEqual([
    [1, 'phone:+66812345678', undefined],
    [3, 'phone:+66812345678', 1],
    [4, expect.stringMatching(/^url:/), undefined],
  ]);
});

test('a line that can be read in several ways is offered, and counts once somebody chose', () => {
  const text = '0123456789';
  const [read] = readLines(text, thai, {});
  if (read?.key === undefined) expect(read?.refusal).toBeDefined();
  const [choice] = read?.choices ?? [];
  if (choice !== undefined) expect(readLines(text, thai, { [text]: choice })[0]?.key).toBe(choice);
  expect(readLines(text, thai, { [text]: 'phone:+1' })[0]?.key).not.toBe('phone:+1');
});

test('what cannot be read says why', () => {
  expect(readLines('???', thai, {})[0]?.refusal?.refused).toMatch(/^identifier\./);
});

test('more lines than a person lists by hand are not read', () => {
  const many = Array.from({ length: linesMax + 20 }, (_, at) => `host${at}.example`).join('\n');
  expect(readLines(many, thai, {})).toHaveLength(linesMax);
});

test('a search is for one identifier, or for the beginning of a key', () => {
  expect(readSearch('+66 81 234 5678', thai).key).toBe('phone:+66812345678');
  expect(readSearch('phone:+6681', thai).prefix).toBe('phone:+6681');
  expect(readSearch('+668', thai).prefix).toBe('phone:+668');
});

test('a link leads to its host', () => {
  expect(standsOn('url:pay.example.com/x?y=1')).toEqual(['domain:pay.example.com']);
  expect(standsOn('email:a@example.com')).toEqual(['domain:example.com']);
  expect(standsOn('account:TH:014:1')).toEqual([]);
});
