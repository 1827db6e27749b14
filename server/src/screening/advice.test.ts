import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { foundingMembers, type MemberCode } from '@bronze-drum/protocol/members';
import { tiers, type Tier } from '@bronze-drum/protocol/statements/listing';
import { parsePolicy, type PolicyRules } from '../kernel/policy.ts';
import type { ListedRow } from '../registry/registry.ts';
import { decide, readRules } from './advice.ts';
import { openListingTable } from './listing-table.ts';
import { matchesOf } from './match.ts';
import { listed, someDay, testSeed } from './test-listings.ts';

let screening: PolicyRules['screening'];
beforeAll(async () => {
  const text = await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8');
  screening = parsePolicy(text).at(someDay).screening;
});

const setOf = (names: readonly string[], chosen: readonly string[]) =>
  chosen.reduce((set, name) => set | (1 << names.indexOf(name)), 0);
const tierSet = (...chosen: Tier[]) => setOf(tiers, chosen);
const memberSet = (...chosen: MemberCode[]) => setOf(foundingMembers, chosen);

const phone = 'phone:+66812345678';

function decided(
  rows: readonly ListedRow[],
  asked: string,
  seesDiscreet = false,
  change: Partial<PolicyRules['screening']> = {},
) {
  const table = openListingTable(testSeed);
  for (const row of rows) table.apply({ put: row });
  return decide(readRules({ ...screening, ...change }), matchesOf(table, asked, someDay), seesDiscreet);
}

test('what nobody lists is advised nothing about', () => {
  expect(decided([], phone)).toBeUndefined();
});

test('the advice follows from the strongest evidence, under the member’s own policy', () => {
  const rows = [
    listed(phone, { tier: 'observed' }),
    listed(phone, { member: 'th', id: crypto.randomUUID(), tier: 'designated' }),
  ];
  expect(decided(rows, phone)).toMatchObject({
    advice: 'block',
    tiers: tierSet('designated', 'observed'),
    members: memberSet('th'),
  });
  expect(decided([rows[0]!], phone)).toMatchObject({ advice: 'watch' });
  expect(decided([rows[0]!], phone, false, { advice: { ...screening.advice, observed: 'challenge' } })).toMatchObject({
    advice: 'challenge',
  });
});

test('one type of identifier may have rules of its own', () => {
  expect(
    decided([listed('domain:example.com', { tier: 'institution-suspected' })], 'domain:example.com'),
  ).toMatchObject({ advice: 'block' });
  expect(decided([listed(phone, { tier: 'institution-suspected' })], phone)).toMatchObject({ advice: 'challenge' });
});

test('weak claims by two members raise the advice, two by one member do not', () => {
  const weak = { tier: 'observed' } as const;
  const corroborated = decided([listed(phone, weak), listed(phone, { ...weak, member: 'kh' })], phone);
  expect(corroborated).toMatchObject({ advice: 'hold', members: memberSet('kh', 'th'), tiers: tierSet('observed') });
  expect(decided([listed(phone, weak), listed(phone, { ...weak, id: crypto.randomUUID() })], phone)).toMatchObject({
    advice: 'watch',
  });
});

test('corroboration never weakens what is already stronger', () => {
  expect(
    decided([listed(phone, { tier: 'court' }), listed(phone, { member: 'kh', tier: 'observed' })], phone),
  ).toMatchObject({ advice: 'block' });
});

test('a number that was only presented is never advised against as if it had called, however many members saw it', () => {
  const presented = { presented: true, tier: 'court' } as const;
  const rows = [
    listed(phone, presented),
    listed(phone, { ...presented, member: 'kh' }),
    listed(phone, { ...presented, member: 'la' }),
  ];
  expect(decided(rows, phone)).toMatchObject({ advice: 'watch' });
});

test('a host, domain or range is never reason for more than the policy allows', () => {
  const rows = [
    listed('domain:example.com', { tier: 'court' }),
    listed('domain:example.com', { tier: 'court', member: 'vn' }),
  ];
  expect(decided(rows, 'url:www.example.com/x')).toMatchObject({
    advice: 'challenge',
    kind: 'domain',
    matchedKey: 'domain:example.com',
  });
  expect(decided(rows, 'domain:example.com')).toMatchObject({ advice: 'block', kind: 'exact' });
});

test('the match that decides is the one with the strongest advice, of equals the closest', () => {
  const url = 'url:www.example.com/x';
  const weak = listed(url, { tier: 'observed' });
  expect(decided([weak, listed('domain:example.com', { tier: 'court' })], url)).toMatchObject({
    advice: 'challenge',
    kind: 'exact',
    tiers: tierSet('court', 'observed'),
  });
  const rules = { ancestorAtMost: 'hold' } as const;
  expect(decided([weak, listed('domain:example.com', { tier: 'court' })], url, false, rules)).toMatchObject({
    advice: 'hold',
    kind: 'domain',
  });
});

test('a discreet listing changes nothing for an institution, alone or beside others', () => {
  const discreet = listed(phone, { member: 'kh', tier: 'court', discreet: true, typologies: ['trafficking'] });
  const open = listed(phone, { tier: 'observed' });
  expect(decided([discreet], phone)).toBeUndefined();
  expect(decided([discreet, open], phone)).toEqual(decided([open], phone));
  expect(decided([discreet, open], phone, true)).toMatchObject({
    advice: 'block',
    discreet: true,
    members: memberSet('kh', 'th'),
  });
});

test('the decision is the same whichever of equal listings was heard of first', () => {
  const rows = ['cn', 'kh', 'la'].map((member) => listed(phone, { member }));
  const decisions = [rows, rows.toReversed(), [rows[1]!, rows[2]!, rows[0]!]].map((order) => decided(order, phone));
  expect(decisions[1]?.listing).toEqual(decisions[0]?.listing);
  expect(decisions[2]?.listing).toEqual(decisions[0]?.listing);
});
