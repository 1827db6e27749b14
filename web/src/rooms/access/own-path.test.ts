import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

test('a link that enters leads on within this desk', () => {
  expect(ownPath('/traces/1?tab=flow&to=x')).toBe('/traces/1?tab=flow&to=x');
  expect(ownPath('/alerts?subject=account%3ATH')).toBe('/alerts?subject=account%3ATH');
});

test('a link that enters leads nowhere else, and not back to itself', () => {
  for (const to of [
    undefined,
    '',
    'traces',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/enter?to=/',
    '/enter/institution',
    '/./enter',
  ])
    expect(ownPath(to)).toBe('/');
});
