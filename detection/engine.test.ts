import { beforeAll, describe, expect, test } from 'vitest';
import { readRecord } from '@bronze-drum/protocol/activity/reading';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { sentIn } from '../simulator/world/test-world.ts';
import { networksText } from '../simulator/world/networks.ts';
import { openEngine, type Engine, type EngineParts, type Finding } from './engine.ts';
import { evaluate } from './evaluate/evaluation.ts';
import { makeDataSet } from './evaluate/test-data-set.ts';
import type { ScoreModel } from './model/score-model.ts';
import { readNetworks } from './networks.ts';
import { defaultRules } from './rules.ts';
import type { Sight } from './sight.ts';
import { openOwnVerdicts } from './verdicts.ts';

const networks = readNetworks(networksText());
if (isRefusal(networks)) throw new Error(networks.refused);
const sizes = { accounts: 4096, payments: 16_384, devices: 4096, addresses: 4096, numbers: 4096, cells: 256 };

const open = (change: Partial<EngineParts> = {}): Engine =>
  openEngine({
    rules: defaultRules,
    sizes,
    country: 'TH',
    listed: (key) => (key.endsWith('7') ? 1 : 0),
    networkOf: networks.networkOf,
    owns: () => true,
    ...change,
  });

/** What one nation's institutions report in some hours of the simulated world. */
let sights: Sight[] = [];
let model: ScoreModel;

beforeAll(async () => {
  sights = [...sentIn(5, { members: ['th'], rate: 60, fraudShare: 0.2 })]
    .filter(({ member }) => member === 'th')
    .flatMap(({ kind, institution, record }, index) => {
      const read = readRecord(kind, record, 'TH');
      if (isRefusal(read)) throw new Error(read.refused);
      return [{ number: index + 1, kind, institution, id: record.id, atMs: read.atMs, record: read.record }];
    });
  const data = makeDataSet({ people: 40, days: 50, seed: 5 });
  const own = { accounts: data.accounts, payments: 4096 };
  const learnt = await evaluate(data, {
    seed: 1,
    say: () => undefined,
    boosting: { trees: 20 },
    further: () => [openOwnVerdicts(own)],
  });
  model = learnt.model;
}, 120_000);

const seeAll = (engine: Engine, some: readonly Sight[]): Finding[] => some.flatMap((sight) => engine.see(sight));

describe('the engine', () => {
  test('finds in the simulated world what several detectors look for, each finding once', () => {
    const findings = seeAll(open(), sights);
    expect(new Set(findings.map(({ detector }) => detector)).size).toBeGreaterThan(7);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
    for (const { facts, counterparts, strength } of findings) {
      expect(Object.keys(facts).length).toBeLessThanOrEqual(12);
      expect(counterparts.length).toBeLessThanOrEqual(8);
      expect(strength).toBeGreaterThanOrEqual(0);
      expect(strength).toBeLessThanOrEqual(1);
    }
  });

  test.each([false, true])('after a snapshot it goes on as if nothing had been (with a score: %s)', (isScored) => {
    const parts = isScored ? { model } : {};
    const whole = open(parts);
    const half = Math.floor(sights.length / 2);
    seeAll(whole, sights.slice(0, half));
    const other = open(parts);
    expect(other.restore(whole.snapshot())).toBe(true);
    expect(other.size()).toEqual(whole.size());
    expect(seeAll(other, sights.slice(half))).toEqual(seeAll(whole, sights.slice(half)));
    expect(Buffer.compare(other.snapshot(), whole.snapshot())).toBe(0);
  });

  test('a snapshot of an engine that knows no score is of no use to one that does', () => {
    const plain = open();
    seeAll(plain, sights.slice(0, 100));
    const scored = open({ model });
    expect(scored.restore(plain.snapshot())).toBe(false);
    expect(scored.size()).toEqual({ accounts: 0, payments: 0 });
  });

  test('what comes later changes nothing that was found before, whatever its order', () => {
    const cut = Math.floor(sights.length * 0.6);
    const early = seeAll(open({ model }), sights.slice(0, cut));
    const shuffled = sights.slice(cut).toReversed();
    const engine = open({ model });
    const found = [...seeAll(engine, sights.slice(0, cut)), ...seeAll(engine, shuffled)];
    expect(found.slice(0, early.length)).toEqual(early);
  });

  test('the same records again find nothing new', () => {
    const engine = open();
    const payments = sights.filter(({ kind }) => kind === 'payment');
    seeAll(engine, payments);
    const before = engine.size();
    expect(seeAll(engine, payments.slice(-200))).toEqual([]);
    expect(engine.size()).toEqual(before);
  });

  test('it stays within what it was given, however many accounts come', () => {
    const small = { ...sizes, accounts: 64, payments: 128, devices: 32, addresses: 32, numbers: 32, cells: 8 };
    const engine = open({ sizes: small, model });
    const bytes = engine.bytes();
    seeAll(engine, sights);
    expect(engine.bytes()).toBe(bytes);
    expect(engine.size().accounts).toBeLessThanOrEqual(64);
  });
});

describe('the score', () => {
  test('says of a finding how suspicious its payment is, and why', () => {
    const findings = seeAll(open({ model }), sights).filter(({ score }) => score !== undefined);
    expect(findings.length).toBeGreaterThan(20);
    for (const { score } of findings) {
      expect(score!.chance).toBeGreaterThanOrEqual(0);
      expect(score!.account).toBeGreaterThanOrEqual(Math.min(score!.chance, 0.999) - 1e-9);
      expect(score!.account).toBeLessThanOrEqual(1);
      expect(score!.reasons.length).toBeLessThanOrEqual(6);
    }
  });

  test('finds by itself from the chance on that the member has set', () => {
    const at = (chanceMin: number) => {
      const rules = { quietMinutes: 60, detectors: { score: { limits: { chanceMin } } } };
      return seeAll(open({ model, rules }), sights).filter(({ detector }) => detector === 'score');
    };
    const found = at(0.2);
    expect(found.length).toBeGreaterThan(0);
    for (const { facts, score } of found) {
      expect(score!.chance).toBeGreaterThanOrEqual(0.2);
      expect(facts['first']).toBe(score!.reasons[0]!.code);
    }
    expect(at(1).length).toBeLessThan(found.length);
    expect(seeAll(open(), sights).some(({ detector }) => detector === 'score')).toBe(false);
  });
});

describe('processes that share the work', () => {
  test('find of chains over both of them what one finds alone', () => {
    const owner = (key: string): number => [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 2;
    const payments = sights.filter(({ kind }) => kind === 'payment') as Sight<'payment'>[];
    const chains = (findings: readonly Finding[]) =>
      new Set(findings.filter(({ detector }) => detector === 'layered-chain').map(({ subject }) => subject));
    const alone = chains(seeAll(open(), payments));
    const halves = [0, 1].map((half) => open({ owns: (key) => owner(key) === half }));
    const found: Finding[] = [];
    for (const sight of payments) {
      const reached = new Set(
        [sight.record.from, sight.record.to].flatMap((key) => (key === undefined ? [] : [owner(key)])),
      );
      const told: [number, Parameters<Engine['seeBehind']>[0]][] = [];
      for (const half of reached) {
        found.push(...halves[half]!.see(sight));
        const hops = halves[half]!.behind();
        if (hops.length > 0) told.push([1 - half, hops]);
      }
      for (const [half, hops] of told) found.push(...halves[half]!.seeBehind(hops, sight));
    }
    const together = chains(found);
    expect(alone.size).toBeGreaterThan(5);
    expect([...alone].filter((subject) => !together.has(subject)).length / alone.size).toBeLessThan(0.1);
  });
});
