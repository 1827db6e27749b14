import { expect, test } from 'vitest';
import type { Trace } from '../../../../server/src/funds/contract.ts';
import { claimsOfReports } from './return-claims.ts';

const report = (id: string, payments: readonly [from: string, value: string][]): Trace['reports'][number] => ({
  id,
  channel: 'hotline',
  reportedBy: 'officer:duty-1',
  at: '2026-11-22T00:00:00Z',
  receivedAt: '2026-11-22T00:00:00Z',
  typology: 'investment-scam',
  debitConfirmed: false,
  payments: payments.map(([from, value]) => ({
    from,
    amount: { value, currency: 'THB' },
    at: '2026-11-22T00:00:00Z',
  })),
  contacts: [],
  exhibits: [],
});

test('the payments of one report from one account are one claim, though two traces name the report', () => {
  const first = report('r1', [
    ['account:TH:014:1', '48000000'],
    ['account:TH:014:1', '50'],
  ]);
  const claims = claimsOfReports([
    { reports: [first] },
    { reports: [first, report('r2', [['account:TH:014:2', '100']])] },
  ]);
  expect(claims).toMatchObject([
    { account: 'account:TH:014:1', amount: '480,000.50', currency: 'THB', report: 'r1' },
    { account: 'account:TH:014:2', amount: '1.00', currency: 'THB', report: 'r2' },
  ]);
});

test('where nobody said which account the money left, the officer enters it', () => {
  const { from: _from, ...payment } = report('r', [['', '100']]).payments[0]!;
  expect(claimsOfReports([{ reports: [{ ...report('r', []), payments: [payment] }] }])[0]!.account).toBe('');
});
