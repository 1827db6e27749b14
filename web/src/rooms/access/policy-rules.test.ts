import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences, meaningOfKeys, meaningOfValue } from './policy-rules.ts';

const texts = JSON.parse(readFileSync(join(import.meta.dirname, '../../locales/en/access.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
const folder = join(import.meta.dirname, '../../../../policies');

const rules = {
  effectiveFrom: '2026-01-01T00:00:00Z',
  screening: { advice: { court: 'block', victim: 'hold' } },
  secondPerson: { acts: ['funds.seize'], decideWithinHours: 24 },
};

test('what changes is told value by value, lists whole, and the day itself is no change', () => {
  const after = {
    effectiveFrom: '2027-01-01T00:00:00Z',
    screening: { advice: { court: 'block', victim: 'block' } },
    secondPerson: { acts: ['funds.seize', 'funds.return'], decideWithinHours: 24 },
    retention: { readLogHours: 8760 },
  };
  expect(differences(rules, after)).toEqual([
    { path: ['screening', 'advice', 'victim'], before: 'hold', after: 'block' },
    { path: ['secondPerson', 'acts'], before: ['funds.seize'], after: ['funds.seize', 'funds.return'] },
    { path: ['retention'], before: undefined, after: { readLogHours: 8760 } },
  ]);
  expect(differences(rules, { ...rules, effectiveFrom: '2030-01-01T00:00:00Z' })).toEqual([]);
});

test('names and values of the policy are told for what they are', () => {
  expect(meaningOfKeys(['screening', 'byType'])).toBe('identifier-type');
  expect(meaningOfKeys(['screening', 'byType', 'phone'])).toBe('tier');
  expect(meaningOfKeys(['detection', 'detectors', 'sim-box', 'limits'])).toBe('limit');
  expect(meaningOfValue(['screening', 'advice', 'court'])).toBe('advice');
  expect(meaningOfValue(['listings', 'expiryHours', 'court'])).toBe('hours');
  expect(meaningOfValue(['orders', 'kinds', 'hold-amount', 'answerWithinMinutes'])).toBe('minutes');
  expect(meaningOfValue(['funds', 'trace', 'method'])).toBe('method');
  expect(meaningOfValue(['funds', 'returns', 'method'])).toBe('return-method');
});

/** Every name of a field that a policy of the six uses. */
function fieldsIn(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => fieldsIn(one, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [
    ...(meaningOfKeys(path) === 'field' ? [name] : []),
    ...fieldsIn(one, [...path, name]),
  ]);
}

test('every field of the policies of the six has a name in words', () => {
  const files = readdirSync(folder).filter((name) => /^[a-z]{2}\.json$/.test(name));
  expect(files.length).toBeGreaterThanOrEqual(6);
  const fields = files.flatMap((name) => {
    const policy = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { rules: unknown[] };
    return policy.rules.flatMap((one) => fieldsIn(one));
  });
  expect([...new Set(fields)].filter((name) => !(`rule.${name}` in texts))).toEqual([]);
});
