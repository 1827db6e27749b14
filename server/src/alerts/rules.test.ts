import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alertKinds } from '@bronze-drum/protocol/alerts';
import { parsePolicy } from '../kernel/policy.ts';
import { reasonCodes } from './contract.ts';
import { officers, type Finding } from './record.ts';
import { draftsOf, nextWord, restsOnListing } from './rules.ts';

const policy = parsePolicy(readFileSync(new URL('../../../policies/th.json', import.meta.url), 'utf8'));
const rules = policy.at(Date.UTC(2026, 0, 1)).alerts;
const everybody = {
  ...rules,
  routes: Object.fromEntries(
    Object.entries(rules.routes).map(([kind, route]) => [kind, { ...route, institutions: true, members: true }]),
  ) as typeof rules.routes,
};

const finding: fc.Arbitrary<Finding> = fc.record({
  kind: fc.constantFrom(...alertKinds),
  subject: fc.constantFrom('account:TH:014:1', 'phone:+66812345678'),
  code: fc.constantFrom(...Object.keys(reasonCodes)),
  params: fc.record({ institution: fc.constantFrom('bank-a', 'bank-b'), advice: fc.constantFrom('hold', 'block') }),
  rank: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
  atMs: fc.integer({ min: 0, max: 1000 }),
  discreet: fc.boolean(),
  tellable: fc.boolean(),
});

test('whatever policy says, an institution is told nothing that is discreet, and not who reported it', () => {
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 40 }), (findings) => {
      const drafts = [...draftsOf(findings, everybody, () => ['bank-x', 'bank-y']).values()];
      const told = drafts.filter(({ recipient }) => recipient !== officers);
      const open = findings.filter(({ discreet }) => !discreet).length;
      for (const { discreet, reasons } of told) {
        expect(discreet).toBe(false);
        for (const reason of reasons.values()) expect(reason.params).not.toHaveProperty('institution');
      }
      expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(2 * open);
      const own = drafts.filter(({ recipient }) => recipient === officers);
      expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(findings.length);
    }),
  );
});

test('who is outside hears at once of what is worse or new, and of more of the same every five minutes', () => {
  const reason = {
    kind: 'watch',
    code: 'a',
    params: {},
    tellable: true,
    rank: 2,
    count: 1,
    firstAtMs: 0,
    lastAtMs: 0,
  } as const;
  const first = nextWord(null, [reason], 0) as { now: Parameters<typeof nextWord>[0] };
  expect(first.now).toMatchObject({ revision: 1, rank: 2, codes: ['a'], count: 1 });
  expect(nextWord(first.now, [reason], 1000)).toBeNull();
  expect(nextWord(first.now, [{ ...reason, count: 2 }], 1000)).toEqual({ atMs: 300_000 });
  expect(nextWord(first.now, [{ ...reason, count: 2 }], 300_000)).toMatchObject({ now: { revision: 2, count: 2 } });
  expect(nextWord(first.now, [{ ...reason, rank: 1 }], 1000)).toMatchObject({ now: { rank: 1 } });
  expect(nextWord(first.now, [reason, { ...reason, code: 'b' }], 1000)).toMatchObject({ now: { codes: ['a', 'b'] } });
});

test('what rests on a listing is told to no other member, whichever fact says so', () => {
  expect(restsOnListing('listed-counterpart', {})).toBe(true);
  expect(restsOnListing('call-then-payment', { callerListed: 'confirmed' })).toBe(true);
  expect(restsOnListing('call-then-payment', { callerListed: 'suspected' })).toBe(true);
  expect(restsOnListing('call-then-payment', { callerListed: 'no', spoofed: true })).toBe(false);
  expect(restsOnListing('bulk-sender', { linkListed: true })).toBe(true);
  expect(restsOnListing('bulk-sender', { linkListed: false })).toBe(false);
  expect(restsOnListing('hosting-address', { network: 'listed' })).toBe(true);
  expect(restsOnListing('pass-through', {})).toBe(false);
});
