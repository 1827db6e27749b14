import { expect, test } from 'vitest';
import { under } from './replaying.ts';

test('what is wished takes the place of what is in force, setting by setting', () => {
  const inForce = {
    quietMinutes: 60,
    detectors: { 'fan-in': { mode: 'shadow', limits: { sendersMin: 8, withinHours: 24 } }, cycle: { mode: 'off' } },
  } as const;
  const rules = { detectors: { 'fan-in': { limits: { sendersMin: 12 } }, 'fan-out': { mode: 'off' } } } as const;
  expect(under(inForce, { rules, hours: 1 })).toEqual({
    quietMinutes: 60,
    detectors: {
      'fan-in': { mode: 'shadow', limits: { sendersMin: 12, withinHours: 24 } },
      cycle: { mode: 'off' },
      'fan-out': { mode: 'off', limits: {} },
    },
  });
  expect(under(inForce, { rules: { quietMinutes: 5 }, hours: 1 }).quietMinutes).toBe(5);
});
