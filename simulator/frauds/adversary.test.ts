import { beforeAll, describe, expect, test } from 'vitest';
import type { CaseSummary } from '../world/happening.ts';
import { testFromMs } from '../world/test-world.ts';
import { openWorld, simulatedListings, type World } from '../world/world.ts';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { cautionOf, knownLimits } from './caution.ts';
import { mostWithin } from './test-patterns.ts';

const minuteMs = 60_000;

/** A record of a fraud, as far as it is looked at. */
interface Told {
  readonly kind: string;
  readonly roles: readonly string[];
  readonly record: {
    readonly at: string;
    readonly from?: string;
    readonly to?: string;
    readonly account?: string;
    readonly device?: string;
    readonly originating?: string;
    readonly presented?: string;
    readonly cell?: string;
  };
}

interface Run {
  readonly world: World;
  readonly cases: readonly CaseSummary[];
  readonly fraud: readonly Told[];
}

function tell(choice: object, hours = 24): Run {
  const world = openWorld({ seed: 7, fromMs: testFromMs, rate: 60, fraudShare: 0.15, ...choice });
  const cases: CaseSummary[] = [];
  const fraud: Told[] = [];
  for (const { atMs, sent, ended } of world.happenings()) {
    if (atMs > testFromMs + hours * 60 * minuteMs) break;
    if (ended !== undefined && Date.parse(ended.paidAt) > testFromMs) cases.push(ended);
    for (const { kind, labels, record } of sent)
      if (labels.length > 0) fraud.push({ kind, roles: labels.map(({ role }) => role), record });
  }
  return { world, cases, fraud };
}

describe('rings that know what is looked for', () => {
  let plain: Run;
  let wary: Run;
  beforeAll(() => {
    plain = tell({});
    wary = tell({ adversary: knownLimits });
  });

  const waits = (cases: readonly CaseSummary[]): number[] =>
    cases.flatMap(({ hops }) =>
      hops.flatMap((hop) => {
        const paid = hops.findLast(({ to, at }) => to === hop.from && at <= hop.at);
        return paid === undefined ? [] : [Date.parse(hop.at) - Date.parse(paid.at)];
      }),
    );

  test('let money rest for longer than is looked at', () => {
    expect(Math.min(...waits(plain.cases))).toBeLessThan(minuteMs);
    const passed = waits(
      wary.cases.map((each) => ({ ...each, hops: each.hops.filter(({ role }) => role === 'mule-hop') })),
    );
    // They rest for so long that in this world few come to their second hop.
    expect(passed.length).toBeGreaterThan(3);
    expect(Math.min(...passed)).toBeGreaterThan(6 * 60 * minuteMs);
  });

  test('use an account for one thing, a telephone for few accounts, and nothing that is listed', () => {
    const known = new Set(foundingMembers.flatMap((member) => simulatedListings(member, 7).map(({ key }) => key)));
    const keys = (told: Run) => told.fraud.flatMap(({ record }) => [record.from, record.to, record.originating]);
    expect(keys(plain).some((key) => known.has(key ?? ''))).toBe(true);
    expect(keys(wary).some((key) => known.has(key ?? ''))).toBe(false);
    const mules = wary.fraud.filter(({ roles }) => roles.includes('mule-hop') || roles.includes('mule-login'));
    const sharing = mostWithin(
      mules.map(({ record }) => record),
      24,
      ({ device }) => device,
      ({ account, from }) => account ?? from ?? '',
    );
    expect(Math.max(...sharing.values())).toBeLessThan(4);
  });

  test('keep boxes, cells and messages below what is counted', () => {
    const ofKind = (kind: string) => wary.fraud.filter((each) => each.kind === kind).map(({ record }) => record);
    const calls = mostWithin(
      ofKind('call'),
      6,
      ({ originating }) => originating,
      (record) => record.at,
    );
    expect(Math.max(...calls.values())).toBeLessThan(60);
    const messages = ofKind('message').filter((record) => record.presented !== undefined);
    const cells = mostWithin(
      messages,
      3,
      ({ cell }) => cell,
      ({ to }) => to ?? '',
    );
    expect(Math.max(...cells.values())).toBeLessThan(20);
  });

  test('pay for it with more accounts, more time, and victims who think again', () => {
    const [one, other] = [plain.world.totals(), wary.world.totals()];
    expect(one.stolenBaht).toBeGreaterThan(1_000_000);
    expect(other.accounts).toBeGreaterThan(one.accounts * 2);
    expect(other.minutesUntilOut).toBeGreaterThan(one.minutesUntilOut * 3);
    expect(other.outWithinHour).toBeLessThan(one.outWithinHour);
    expect(other.costShare).toBeGreaterThan(one.costShare);
    expect(other.thoughtAgainBaht).toBeGreaterThan(0);
    expect(one.thoughtAgainBaht).toBe(0);
    const mules = ({ cases }: Run) => cases.reduce((sum, each) => sum + each.mules, 0) / cases.length;
    expect(mules(plain)).toBeGreaterThan(1);
  });

  test('money does not multiply: what got out and what stayed behind was stolen', () => {
    for (const { world } of [plain, wary]) {
      const { stolenBaht, outBaht, leftBehindBaht } = world.totals();
      expect(outBaht + leftBehindBaht).toBeLessThanOrEqual(stolenBaht * 1.001);
    }
  });

  test('are the same for the same limits', () => {
    const [one, other] = [tell({ adversary: knownLimits }, 2), tell({ adversary: knownLimits }, 2)];
    expect(one.world.totals()).toEqual(other.world.totals());
    expect(one.fraud.map(({ record }) => record)).toEqual(other.fraud.map(({ record }) => record));
  });
});

test('what is not known is not avoided, and what is, by a little', () => {
  const nothing = cautionOf({});
  expect(nothing.restMs).toBe(0);
  expect(nothing.receiversMax).toBeGreaterThan(100);
  const some = cautionOf({ 'pass-through': { withinMinutes: 100 }, 'fan-out': { receiversMin: 3 } });
  expect(some.restMs).toBeCloseTo(103 * minuteMs, 0);
  expect(some.receiversMax).toBe(2);
});
