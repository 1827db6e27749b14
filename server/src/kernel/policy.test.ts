import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { instantMs } from './clock.ts';
import { needsExportApproval, needsSecondPerson, parsePolicy, type PolicyRules } from './policy.ts';

const folder = new URL('../../../policies/', import.meta.url);
const textOf = (member: string) => readFileSync(new URL(`${member}.json`, folder), 'utf8');
const now = Date.UTC(2026, 10, 22);
const rulesOf = (member: string) => parsePolicy(textOf(member)).at(now);

/** Thailand's policy as text, with its newest rules changed. */
function changed(change: (rules: Record<string, unknown>) => void): string {
  const file = JSON.parse(textOf('th')) as { rules: Record<string, unknown>[] };
  change(file.rules.at(-1)!);
  return JSON.stringify(file);
}

/** What each member's law lets out only with approval. */
const approved: Readonly<Record<string, readonly string[]>> = {
  cn: ['account', 'phone', 'email', 'wallet', 'device', 'sim', 'handle', 'person'],
  kh: [],
  la: ['account', 'wallet', 'sim', 'person'],
  mm: [],
  th: [],
  vn: [],
};

const emergency: Readonly<Record<string, readonly string[]>> = {
  cn: ['phone:+86110', 'phone:+86119', 'phone:+86120', 'phone:+8696110'],
  kh: ['phone:+855117', 'phone:+855118', 'phone:+855119'],
  la: ['phone:+856190', 'phone:+856191', 'phone:+856195'],
  mm: ['phone:+95199', 'phone:+95191', 'phone:+95192'],
  th: ['phone:+66191', 'phone:+661441', 'phone:+661669'],
  vn: ['phone:+84113', 'phone:+84114', 'phone:+84115'],
};

const government: Readonly<Record<string, string>> = {
  cn: 'gov.cn',
  kh: 'gov.kh',
  la: 'gov.la',
  mm: 'gov.mm',
  th: 'go.th',
  vn: 'gov.vn',
};

describe('the members’ policies', () => {
  test('there is one for each founding member, and no other', () => {
    expect(readdirSync(folder).sort()).toEqual(foundingMembers.map((member) => `${member}.json`));
  });

  test.each(foundingMembers)('%s: the policy names its member and a time zone that exists', (member) => {
    const policy = parsePolicy(textOf(member));
    expect(policy.member).toBe(member);
    expect(() => new Intl.DateTimeFormat('en', { timeZone: policy.timeZone })).not.toThrow();
  });

  test('each keeps the time of its own country', () => {
    const zones = foundingMembers.map((member) => parsePolicy(textOf(member)).timeZone);
    expect(new Set(zones).size).toBe(foundingMembers.length);
    const offsets = zones.map((timeZone) => {
      const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now);
      return parts.find((part) => part.type === 'timeZoneName')?.value;
    });
    expect(offsets).toEqual(['GMT+08:00', 'GMT+07:00', 'GMT+07:00', 'GMT+06:30', 'GMT+07:00', 'GMT+07:00']);
  });

  test.each(foundingMembers)('%s: the rules of today rest on a law that is in force', (member) => {
    const rules = rulesOf(member);
    expect(instantMs(rules.effectiveFrom)).toBeLessThanOrEqual(now);
    expect(rules.legalBasis).toMatch(/Law|Decree/);
  });

  test.each(foundingMembers)('%s: those who help in an emergency and the government cannot be listed', (member) => {
    const host = government[member]!;
    expect(rulesOf(member).listings.allowList).toEqual(
      expect.arrayContaining([...emergency[member]!, `domain:${host}`, `domain:*.${host}`]),
    );
  });

  test.each(foundingMembers)('%s: exactly what its law protects waits for approval to leave', (member) => {
    const rules = rulesOf(member);
    const waiting = identifierTypes.filter((type) => needsExportApproval(rules, type, 'alliance'));
    expect(waiting).toEqual(approved[member]);
  });

  test('China’s approval rests on the law that asks for it', () => {
    const { basis } = rulesOf('cn').sharing.exportApproval;
    expect(basis).toMatch(/Personal Information Protection Law.*Art\. 41/);
    expect(basis).toMatch(/Data Security Law.*Art\. 36/);
  });

  test('where a service may have one officer on duty, the act is done and then reviewed', () => {
    const alone = Object.fromEntries(foundingMembers.map((each) => [each, rulesOf(each).secondPerson.whenAlone]));
    expect(alone).toMatchObject({ kh: 'act-then-review', la: 'act-then-review', mm: 'act-then-review' });
  });

  test.each(foundingMembers)('%s: officers are warned before an appeal lapses', (member) => {
    const { warnBeforeHours, decideWithinHours } = rulesOf(member).appeals;
    expect(warnBeforeHours).toBeLessThan(decideWithinHours);
  });
});

describe('approval before export', () => {
  const cn = rulesOf('cn');

  test('is asked for whoever abroad would read it', () => {
    for (const book of ['alliance', 'cn+th', 'alliance+lmlecc'])
      expect(needsExportApproval(cn, 'phone', book)).toBe(true);
  });

  test('is not asked for what stays at home', () => {
    for (const type of identifierTypes) expect(needsExportApproval(cn, type, 'domestic')).toBe(false);
  });

  test('is not asked for what names nobody, nor for a type that the policy does not know', () => {
    for (const type of ['ip', 'domain', 'url', 'company', 'vessel', ''])
      expect(needsExportApproval(cn, type, 'alliance')).toBe(false);
  });
});

describe('a policy that cannot be read whole is not read at all', () => {
  const faults: [string, (rules: Record<string, unknown>) => void][] = [
    ['without sharing rules', (rules) => delete rules['sharing']],
    ['with an unknown rule', (rules) => (rules['generosity'] = true)],
    ['with a type of identifier that is none', (rules) => (approval(rules).types = ['vessel'])],
    ['with a type named twice', (rules) => (approval(rules).types = ['phone', 'phone'])],
    ['without the law behind its sharing', (rules) => (approval(rules).basis = '')],
    ['without time to decide', (rules) => (approval(rules).decideWithinHours = 0)],
  ];
  const approval = (rules: Record<string, unknown>) =>
    (rules as { sharing: { exportApproval: Record<string, unknown> } }).sharing.exportApproval;

  test.each(faults)('%s', (_, fault) => {
    expect(() => parsePolicy(changed(fault))).toThrow(/^the policy is not valid at /);
  });
});

test('rules are in force from their date until the next ones', () => {
  const file = JSON.parse(textOf('cn')) as { rules: PolicyRules[] };
  const [first] = file.rules;
  const next = structuredClone(first!);
  next.effectiveFrom = '2030-01-01T00:00:00.000Z';
  next.sharing.exportApproval.types = ['person'];
  const policy = parsePolicy(JSON.stringify({ ...file, rules: [next, first] }));
  const turn = Date.UTC(2030, 0, 1);
  expect(needsExportApproval(policy.at(turn - 1), 'phone', 'alliance')).toBe(true);
  expect(needsExportApproval(policy.at(turn), 'phone', 'alliance')).toBe(false);
});

test('a plain verb covers all its variants, a variant only itself', () => {
  const th = rulesOf('th');
  const rules = { ...th, secondPerson: { ...th.secondPerson, acts: ['registry.import', 'registry.list:court'] } };
  expect(needsSecondPerson(rules, 'registry.import:observed')).toBe(true);
  expect(needsSecondPerson(rules, 'registry.list:court')).toBe(true);
  expect(needsSecondPerson(rules, 'registry.list:observed')).toBe(false);
});
