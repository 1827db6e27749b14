import { describe, expect, test } from 'vitest';

import { account } from './account.ts';
import { testConformance } from '../vectors/conformance.ts';

describe('account', () => {
  testConformance(account, [
    undefined,
    { country: 'TH', bank: '014' },
    { country: 'KH' },
    { country: 'CN', bank: 'card' },
    { country: 'VN', bank: '970436' },
    { bank: 'promptpay' },
    { country: 'GB', bank: 'iban' },
    { country: 'LA', bank: 'emv-x' },
  ]);

  test('what the text says wins over what the asker knows', () => {
    expect(account.parse('TH:014:1234567890', { country: 'VN', bank: '970436' })).toBe('account:TH:014:1234567890');
    expect(account.parse('GB82WEST12345698765432', { country: 'VN', bank: '970436' })).toBe(
      'account:GB:iban:GB82WEST12345698765432',
    );
  });

  test('Thai accounts are shown as passbooks print them, and masked to the last two digits', () => {
    expect(account.caption('TH:014:1234567890')).toBe('TH 014 123-4-56789-0');
    expect(account.mask('TH:014:1234567890')).toBe('TH 014 ••••••90');
    expect(account.mask('KH:bakong:dara.example@aclb')).toBe('KH bakong ••••••@aclb');
  });
});
