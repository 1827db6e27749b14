import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { email } from './email.ts';
import { testNetworkConformance } from '../vectors/network-conformance.ts';

describe('email', () => {
  testNetworkConformance(email, 'abZ019@.-_+"<>[] สกéÉİ\u0302\u0301Σςcom');

  test('case and defanging make no other mailbox', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        // Legal, but nobody's: it reads as a defanged dot.
        if (address.includes('{.}')) return;
        const key = email.parse(address);
        expect(key).toMatch(/^email:/);
        expect(email.parse(address.toUpperCase())).toBe(key);
        expect(email.parse(address.replace('@', '[at]').replaceAll('.', '[.]'))).toBe(key);
        expect(email.parse(`<${address}>`)).toBe(key);
      }),
    );
  });

  test('a mask tells neither the mailbox nor its host', () => {
    expect(email.mask('somchai.jaidee@example.co.th')).toBe('s•••@e•••.th');
  });
});
