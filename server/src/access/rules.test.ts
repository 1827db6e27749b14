import { expect, test } from 'vitest';
import fc from 'fast-check';
import { minuteMs } from '../kernel/clock.ts';
import { permissionsByRole, type Permission, permissionsOf } from '@bronze-drum/protocol/roles';
import { rolesWith } from './permissions.ts';
import { approvalState, attempt, keyState, networkOf, wayOf, weaknessOf, type Attempts } from './rules.ts';

const rules = { idleMinutes: 60, absoluteHours: 12, stepUpMinutes: 10, lockAfterFailures: 3, lockMinutes: 15 };

test('a password is weak when it is short, says the officer’s id, or repeats a few characters', () => {
  expect(weaknessOf('elevenchars', 'malee')).toBe('short');
  expect(weaknessOf('twelve chars', 'malee')).toBeNull();
  expect(weaknessOf('Malee-Malee-1', 'malee')).toBe('officer');
  expect(weaknessOf('administrator', 'administrator')).toBe('officer');
  expect(weaknessOf('abababababababab', 'malee')).toBe('repeats');
  expect(weaknessOf('ฝนตกที่ริมแม่น้ำโขง', 'malee')).toBeNull();
  // Twelve characters, not twelve code units.
  expect(weaknessOf('🥁🐘🌾🛶🥁🐘🌾🛶🥁🐘🌾', 'malee')).toBe('short');
});

test('failures far apart never add up to a lock', () => {
  let before: Attempts | null = null;
  for (let tries = 0; tries < 20; tries += 1) {
    const after = attempt(before, rules, tries * 15 * minuteMs);
    expect(after).toMatchObject({ failures: 1, lockedUntilMs: null });
    before = after as Attempts;
  }
});

test('however attempts are spaced, no lock’s time sees more of them than the policy allows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 * minuteMs }), { maxLength: 60 }), (pausesMs) => {
      let before: Attempts | null = null;
      let nowMs = 0;
      const looked: number[] = [];
      for (const pauseMs of pausesMs) {
        nowMs += pauseMs;
        const after: Attempts | { lockedUntilMs: number } = attempt(before, rules, nowMs);
        if (!('failures' in after)) continue;
        looked.push(nowMs);
        before = after;
      }
      for (const atMs of looked) {
        const within = looked.filter((other) => other >= atMs && other < atMs + rules.lockMinutes * minuteMs);
        // A window may begin in the middle of one row of failures and end in the middle of the next.
        expect(within.length).toBeLessThan(rules.lockAfterFailures * 2);
      }
    }),
  );
});

test('attempts are counted by network: an IPv4 address, or the /64 of an IPv6 address', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
  expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
  expect(networkOf('2001:db8:0:1::1')).toBe('2001:db8:0:1::/64');
  expect(networkOf('2001:0db8:0000:0001:ffff:ffff:ffff:ffff')).toBe('2001:db8:0:1::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(networkOf("'; DROP TABLE")).toBe('unknown');
});

test('any text is some network, and never a long one', () => {
  fc.assert(fc.property(fc.string({ maxLength: 100 }), (text) => networkOf(text).length < 60));
});

test('a key is active until the instant at which it ends', () => {
  expect(keyState({ expiresAtMs: 10, revokedAtMs: null }, 9)).toBe('active');
  expect(keyState({ expiresAtMs: 10, revokedAtMs: null }, 10)).toBe('expired');
  expect(keyState({ expiresAtMs: 10, revokedAtMs: 9 }, 8)).toBe('active');
  expect(keyState({ expiresAtMs: 10, revokedAtMs: 9 }, 9)).toBe('revoked');
});

test('a proposal whose time is up has lapsed, before and after its clock is dealt with', () => {
  expect(approvalState({ state: 'open', decideByMs: 10 }, 9)).toBe('open');
  expect(approvalState({ state: 'open', decideByMs: 10 }, 10)).toBe('lapsed');
  expect(approvalState({ state: 'approved', decideByMs: 10 }, 11)).toBe('approved');
});

test('nothing that cannot be undone is done first and reviewed afterwards', () => {
  const act = { needsSecondPerson: true, isUndoable: true, isAlone: true };
  expect(wayOf(act, 'act-then-review')).toBe('perform-then-review');
  expect(wayOf({ ...act, isUndoable: false }, 'act-then-review')).toBe('refuse');
  expect(wayOf(act, 'refuse')).toBe('refuse');
  expect(wayOf({ ...act, isAlone: false }, 'refuse')).toBe('propose');
  expect(wayOf({ ...act, needsSecondPerson: false }, 'refuse')).toBe('perform');
});

test('a role that is stored but not known gives nothing', () => {
  expect([...permissionsOf(['__proto__', 'constructor', 'emperor'])]).toEqual([]);
});

test('no one role both lists and approves, or both administers and audits', () => {
  const both = (one: Permission, other: Permission) => rolesWith(one).filter((role) => rolesWith(other).includes(role));
  expect(both('registry.list', 'registry.approve')).toEqual([]);
  expect(both('access.manage', 'access.audit')).toEqual([]);
  expect(Object.keys(permissionsByRole)).toHaveLength(7);
});
