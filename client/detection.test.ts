import { describe, expect, test } from 'vitest';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { openDetection } from './detection.ts';
import { ClientRefused } from './trouble.ts';

const payment = (id: string, minute: number, change: Partial<Payment>): Payment => ({
  id,
  at: new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString(),
  amount: { value: '48000000', currency: 'THB' },
  channel: 'mobile',
  ...change,
});
const [victim, mule, next] = ['2000000001', '1000000001', '3000000001'].map((number) => `account:TH:901:${number}`) as [
  string,
  string,
  string,
];
const open = () => openDetection({ institution: 'bank-a', country: 'TH', sizes: { accounts: 1024, payments: 4096 } });

describe('detection inside an institution’s walls', () => {
  test('of two payments only the one that shows the pattern is to be reported, with what it is held to be', () => {
    const detection = open();
    expect(detection.see('payment', payment('in', 0, { from: victim, to: mule }))).toEqual({ findings: [] });
    const out = payment('out', 4, { from: mule, to: next, amount: { value: '47500000', currency: 'THB' } });
    const { findings, suspected } = detection.see('payment', out);
    expect(findings).toMatchObject([{ detector: 'pass-through', subject: mule, facts: { minutes: 4 } }]);
    expect(suspected).toEqual({ ...out, suspicion: { typology: 'mule-account', confirmed: false } });
  });

  test('it goes on after a restart with what it knew', () => {
    const before = open();
    before.see('payment', payment('in', 0, { from: victim, to: mule }));
    const after = open();
    expect(after.restore(before.snapshot())).toBe(true);
    const out = payment('out', 4, { from: mule, to: next });
    expect(after.see('payment', out).findings).toMatchObject([{ detector: 'pass-through' }]);
    expect(after.restore(before.snapshot().subarray(1))).toBe(false);
    expect(after.see('payment', { ...out, id: 'again' }).findings).toEqual([]);
  });

  test('what the server would refuse is refused here, and so are rules that name no limit', () => {
    expect(() => open().see('payment', payment('in', 0, {}))).toThrow(ClientRefused);
    const rules = { detectors: { 'fan-in': { limits: { nonsense: 1 } } }, quietMinutes: 60 };
    expect(() => openDetection({ institution: 'bank-a', country: 'TH', rules })).toThrow(ClientRefused);
  });
});
