import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestAccess, type TestAccess } from './test-access.ts';

let t: TestAccess;
beforeAll(async () => {
  t = await openTestAccess();
});
afterAll(() => t.close());

const attempt = async (token: string, ip: string): Promise<string> => {
  try {
    await t.access.authenticate({ headers: { authorization: `Bearer ${token}` }, ip });
    return 'known';
  } catch (error) {
    return (error as Error).message;
  }
};

test('an address that tries unknown keys without end is slowed down, and others are not', async () => {
  const answers = new Set<string>();
  for (let at = 0; at < 1100; at += 1) answers.add(await attempt(`drums_${at}`, '192.0.2.66'));
  expect([...answers]).toEqual(['unauthenticated.unknown', 'too-many.requests']);
  const token = await t.enlist('ann', ['analyst']);
  expect(await attempt(token, '192.0.2.67')).toBe('known');
  t.clock.advance(60_000);
  expect(await attempt(token, '192.0.2.66')).toBe('known');
});

test('an officer’s calls are limited as well, known or not', async () => {
  const token = await t.enlist('bob', ['analyst']);
  const answers = new Set<string>();
  for (let at = 0; at < 1100; at += 1) answers.add(await attempt(token, '192.0.2.68'));
  expect([...answers]).toEqual(['known', 'too-many.requests']);
});
