import { expect, test } from 'vitest';
import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { rangeContains } from '@bronze-drum/protocol/identifiers/ip';
import { networksText, simulatedNetworks, type SimulatedNetwork } from './networks.ts';
import { sentIn } from './test-world.ts';

const networks = simulatedNetworks();
const holding = (key: string): SimulatedNetwork[] =>
  networks.filter(({ prefix }) => rangeContains(prefix, key.slice(3)));

test('every address in the world is in one network of its plan, and people are where they live or roam', () => {
  const kinds = new Map<string, number>();
  const strangers: string[] = [];
  for (const { member, record } of sentIn(6, { rate: 80, fraudShare: 0.05 })) {
    const { ip: address } = record as ActivityRecords['login'];
    if (address === undefined) continue;
    const [network, other] = holding(address);
    if (network === undefined || other !== undefined) strangers.push(address);
    const isHome = network?.country === member.toUpperCase();
    const name = `${network?.kind ?? 'fixed'} ${isHome ? 'at home' : 'elsewhere'}`;
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  expect(strangers).toEqual([]);
  const all = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  expect((kinds.get('fixed at home')! + kinds.get('mobile at home')!) / all).toBeGreaterThan(0.93);
  for (const kind of ['vpn elsewhere', 'hosting elsewhere', 'satellite elsewhere'])
    expect([kind, kinds.get(kind)]).toEqual([kind, expect.any(Number)]);
  expect(kinds.get('fixed elsewhere') ?? 0).toBe(0);
});

test('the plan is written as a file with a heading and a line for each network', () => {
  const lines = networksText().split('\n');
  expect(lines[0]).toBe('prefix,country,kind');
  expect(lines).toContain('198.18.32.0/20,CN,mobile');
  expect(lines).toContain('192.0.2.0/24,,satellite');
  expect(lines.length).toBe(simulatedNetworks().length + 2);
});
