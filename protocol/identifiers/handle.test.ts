import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { handle } from './handle.ts';
import { testNetworkConformance } from '../vectors/network-conformance.ts';

describe('handle', () => {
  testNetworkConformance(handle, 'telgraminfbokx:@+~./_-0123ชAbZ?=#');

  test('a name, in any case and with or without its @, is the account that the link leads to', () => {
    const name = fc.stringMatching(/^[a-z][a-z\d_]{4,14}$/);
    const platforms = fc.constantFrom(
      ['telegram', 'https://t.me/'] as const,
      ['x', 'https://x.com/'],
      ['tiktok', 'https://www.tiktok.com/@'],
      ['instagram', 'https://instagram.com/'],
    );
    const taken = new Set([
      'share',
      'proxy',
      'login',
      'boost',
      'invoice',
      'search',
      'intent',
      'hashtag',
      'explore',
      'settings',
      'signup',
      'reels',
      'legal',
    ]);
    fc.assert(
      fc.property(name, platforms, (account, [platform, link]) => {
        if (taken.has(account)) return;
        const key = `handle:${platform}:${account}`;
        for (const text of [
          `${platform}:${account}`,
          `${platform.toUpperCase()}: @${account.toUpperCase()}`,
          link + account,
        ]) {
          expect(handle.parse(text)).toBe(key);
        }
      }),
    );
  });

  test('a mask tells no name', () => {
    expect(handle.mask('telegram:some_name')).toBe('telegram:s•••');
    expect(handle.mask('line:@shop')).toBe('line:@s•••');
  });

  test('a caption is what people of the trade write', () => {
    expect(
      ['telegram:some_name', 'line:somchai99', 'line:@shop', 'x:name', 'facebook:100063512345678'].map((value) =>
        handle.caption(value),
      ),
    ).toEqual(['Telegram @some_name', 'LINE somchai99', 'LINE @shop', 'X @name', 'Facebook 100063512345678']);
  });
});
