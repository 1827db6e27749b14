import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinsOf } from './joins.ts';
import {
  account,
  inTwoParts,
  baht,
  imei,
  openTestDevices,
  phone,
  type TestWatch,
  type TestWorld,
} from './test-watch.ts';

const world: TestWorld = {
  networks: {
    'ip:198.18.0.1': { country: 'TH' },
    'ip:198.18.0.2': { country: 'CN' },
    'ip:203.0.113.1': { country: 'SG', kind: 'hosting' },
  },
  size: 64,
};
const ips = Object.keys(world.networks!);

const act = fc.record({
  who: fc.nat(12),
  device: fc.nat(4),
  ip: fc.nat(2),
  minute: fc.integer({ min: 0, max: 3000 }),
  what: fc.constantFrom('login', 'remote', 'payment'),
  bank: fc.constantFrom('bank-a', 'bank-b'),
});
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

function play(watch: Pick<TestWatch, 'see'>, { who, device, ip, minute, what, bank }: Act): void {
  const common = { device: device === 4 ? 'pseudonym' : imei(device), ip: ips[ip]!, phone: phone(who) };
  if (what === 'payment')
    watch.see(
      'payment',
      minute,
      { from: account(who), to: account(99), amount: baht(9_000), channel: 'web', ...common },
      bank,
    );
  else
    watch.see(
      'login',
      minute,
      { account: account(who), outcome: 'ok', remoteAccess: what === 'remote', ...common },
      bank,
    );
}

describe('the watch over devices', () => {
  test('goes on after it was written down and read back as if nothing had happened', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 120 }), fc.nat(120), (acts, cut) => {
        const whole = openTestDevices(world);
        const first = openTestDevices(world);
        for (const each of acts.slice(0, cut)) play(first, each);
        const second = first.moved();
        for (const each of acts.slice(cut)) play(second, each);
        for (const each of acts) play(whole, each);
        expect([...first.found, ...second.found]).toEqual(whole.found);
      }),
      { numRuns: 60 },
    );
  });

  test('forgets who was not seen for longest, and remembers the others', () => {
    const watch = openTestDevices({ size: 16 });
    for (let who = 0; who < 3000; who += 1)
      watch.see('login', who, { account: account(who), outcome: 'ok', device: imei(who), ip: `ip:10.0.${who >> 8}.9` });
    const bytes = watch.watch.bytes();
    expect(watch.found).toEqual([]);
    for (let who = 0; who < 4; who += 1)
      watch.see('login', 3000 + who, { account: account(who), outcome: 'ok', device: imei(7) });
    expect(watch.subjects('shared-device').toSorted()).toEqual([0, 1, 2, 3].map((who) => account(who)));
    expect(watch.watch.bytes()).toBe(bytes);
  });

  test('two processes that share the records find together what one finds', () => {
    const names = (found: TestWatch['found']) =>
      found.map(({ detector, subject, facts }) => JSON.stringify([detector, subject, facts])).toSorted();
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 200 }), (acts) => {
        const whole = openTestDevices(world);
        const parts = inTwoParts(openTestDevices, world);
        for (const each of acts) {
          play(whole, each);
          play(parts, each);
        }
        expect(names(parts.found())).toEqual(names(whole.found));
      }),
      { numRuns: 60 },
    );
  });

  test('a device by an institution’s own name joins records that share no identifier', () => {
    const record = { id: '1', at: '', account: account(1), outcome: 'ok' as const, device: 'pseudonym' };
    expect(joinsOf({ kind: 'login', institution: 'bank-a', record })).toEqual(['device-of:bank-a/pseudonym']);
    expect(joinsOf({ kind: 'login', institution: 'bank-a', record: { ...record, device: imei(1) } })).toEqual([]);
  });
});
