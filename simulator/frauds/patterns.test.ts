import { beforeAll, describe, expect, test } from 'vitest';
import { simulatedNetworks } from '../world/networks.ts';
import { rangeContains } from '@bronze-drum/protocol/identifiers/ip';
import { simulatedListings } from '../world/world.ts';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { mostWithin, patternsFromMs, seen, type Seen } from './test-patterns.ts';

const minuteMs = 60_000;
const networkOf = (address: string) =>
  simulatedNetworks().find(({ prefix }) => rangeContains(prefix, address.slice(3)));
const above = (most: ReadonlyMap<string, number>, least: number): string[] =>
  [...most].filter(([, count]) => count >= least).map(([name]) => name);

/** As `npm start` opens it. */
describe('a world in the middle of things tells within two minutes', () => {
  let world: Seen;
  beforeAll(() => {
    world = seen(2, { rate: 120, fraudShare: 0.2, underway: 40 });
  });
  const payments = () => world.of('payment');

  test('no record of the time before that is older than a few hours, and not too many', () => {
    const before = world.sent.filter(({ record }) => Date.parse(record.at) < patternsFromMs);
    expect(before.length).toBeGreaterThan(1000);
    expect(before.length).toBeLessThan(4000);
    for (const { record, labels } of before) {
      expect(Date.parse(record.at)).toBeGreaterThanOrEqual(patternsFromMs - 181 * minuteMs);
      expect(labels.length).toBeGreaterThan(0);
    }
  });

  test('boxes that call from one cell, with one card in many telephones', () => {
    const calls = world.of('call').filter(({ isFraud, cell }) => isFraud && cell !== undefined);
    const busy = above(
      mostWithin(
        calls,
        6,
        (call) => call.originating,
        (call) => call.called,
      ),
      40,
    ).filter((number) => world.marks.get(number)?.role === 'sim-box');
    expect(busy.length).toBeGreaterThanOrEqual(3);
    for (const number of busy) {
      const own = calls.filter(({ originating }) => originating === number);
      expect(new Set(own.map(({ cell }) => cell)).size).toBe(1);
      expect(new Set(own.map(({ device }) => device)).size).toBeGreaterThanOrEqual(4);
    }
  });

  test('foreign numbers by the dozen at a compound, a cell that only writes, and one site to many people', () => {
    const abroad = world.of('call').filter(({ cell, sim, originating }) => {
      const nation = (originating ?? '').slice(0, 9);
      return (
        cell !== undefined &&
        sim !== undefined &&
        world.marks.get(originating!)?.role === 'staff-number' &&
        nation !== ''
      );
    });
    expect(
      above(
        mostWithin(
          abroad,
          1,
          (call) => call.cell,
          (call) => call.originating!,
        ),
        20,
      ).length,
    ).toBeGreaterThan(0);
    const written = world.of('message');
    const cells = above(
      mostWithin(
        written,
        3,
        (message) => message.cell,
        (message) => message.to,
      ),
      20,
    );
    const vans = cells.filter((cell) => world.marks.get(cell)?.role === 'lure-cell');
    expect(vans.length).toBeGreaterThan(0);
    expect(world.of('call').some(({ cell }) => vans.includes(cell ?? ''))).toBe(false);
    const sites = mostWithin(
      written,
      1,
      ({ links }) => links?.[0]?.split('/')[0],
      ({ to }) => to,
    );
    expect(above(sites, 50).length).toBeGreaterThan(0);
  });

  test('many accounts on one telephone and one address, and log-ins through networks that hide', () => {
    const logins = world.of('login');
    expect(
      above(
        mostWithin(
          logins,
          24,
          ({ device }) => device,
          ({ account }) => account,
        ),
        4,
      ).length,
    ).toBeGreaterThan(2);
    expect(
      above(
        mostWithin(
          logins,
          1,
          ({ ip }) => ip,
          ({ account }) => account,
        ),
        10,
      ).length,
    ).toBeGreaterThan(0);
    const hidden = logins.filter(({ ip }) => ip !== undefined && networkOf(ip)?.kind === 'satellite');
    expect(hidden.length).toBeGreaterThan(5);
  });

  test('payments by victims on the line, after a change of card, and with a remote tool', () => {
    const paid = payments().filter(({ side, phone }) => side !== 'receiver' && phone !== undefined);
    const soonAfter = (phone: string, at: string, minutes: number) =>
      paid.some((each) => {
        const lateMs = Date.parse(each.at) - Date.parse(at);
        return each.phone === phone && lateMs >= 0 && lateMs < minutes * minuteMs;
      });
    const known = new Set(foundingMembers.flatMap((member) => simulatedListings(member, 7).map(({ key }) => key)));
    const calls = world.of('call').filter(({ answered, presented, originating, international }) => {
      const isSpoofed = presented !== originating && international === true;
      return answered && (isSpoofed || known.has(originating!));
    });
    expect(calls.filter(({ called, at }) => soonAfter(called, at, 60)).length).toBeGreaterThan(0);
    const swaps = world.of('sim').filter(({ event }) => event === 'swap');
    expect(swaps.filter(({ phone, at }) => soonAfter(phone, at, 1440)).length).toBeGreaterThan(0);
    const remote = world.of('login').filter(({ remoteAccess }) => remoteAccess === true);
    expect(remote.filter(({ phone, at }) => phone !== undefined && soonAfter(phone, at, 60)).length).toBeGreaterThan(0);
  });

  test('money that gathers, comes back, stays below a limit, or goes through young accounts and companies', () => {
    const out = payments().filter(({ side }) => side !== 'receiver');
    const senders = mostWithin(
      payments(),
      24,
      ({ to }) => to,
      ({ from }) => from ?? '',
    );
    expect(above(senders, 8).filter((key) => world.marks.has(key)).length).toBeGreaterThan(0);
    const limits: Readonly<Record<string, number>> = { THB: 5_000_000, VND: 10_000_000 };
    const near = out.filter(({ amount, isFraud }) => {
      const part = Number(amount.value) / (limits[amount.currency] ?? Infinity);
      return isFraud && part > 0.85 && part < 1;
    });
    const just = new Map<string, number>();
    for (const { from } of near) just.set(from!, (just.get(from!) ?? 0) + 1);
    expect(Math.max(...just.values())).toBeGreaterThanOrEqual(3);
    const tiers = new Set([...world.marks.values()].map(({ tier }) => tier));
    for (const tier of ['fresh', 'corporate', 'bought', 'recruited'] as const) expect(tiers.has(tier)).toBe(true);
    const tests = out.filter(
      ({ isFraud, amount }) => isFraud && amount.currency === 'THB' && Number(amount.value) < 33_000,
    );
    expect(tests.length).toBeGreaterThan(0);
  });
});

describe('an ordinary day without frauds', () => {
  let world: Seen;
  beforeAll(() => {
    world = seen(14 * 60, { rate: 60, fraudShare: 0, fromMs: Date.UTC(2026, 0, 5) });
  });

  test('no telephone has more accounts than a family, although some families share one', () => {
    const users = mostWithin(
      world.of('payment'),
      24,
      ({ device }) => device,
      ({ from }) => from ?? '',
    );
    expect(above(users, 3).length).toBeGreaterThan(3);
    expect(above(users, 5)).toEqual([]);
  });

  test('couriers call all day, but on the move, and are called back', () => {
    const calls = world.of('call').filter(({ isFraud, cell }) => !isFraud && cell !== undefined);
    const busy = above(
      mostWithin(
        calls,
        6,
        ({ originating }) => originating,
        ({ called }) => called,
      ),
      30,
    );
    expect(busy.length).toBeGreaterThan(0);
    for (const number of busy)
      expect(
        new Set(calls.filter(({ originating }) => originating === number).map(({ cell }) => cell)).size,
      ).toBeGreaterThan(1);
  });

  test('visitors at a market are fewer than those who live there', () => {
    const lead: Readonly<Record<string, string>> = {
      cn: '+86',
      kh: '+855',
      la: '+856',
      mm: '+95',
      th: '+66',
      vn: '+84',
    };
    const isGuest = (member: string, number: string) => !number.startsWith(`phone:${lead[member]!}`);
    const calls = world.of('call').filter(({ isFraud, cell }) => !isFraud && cell !== undefined);
    const guests = new Map<string, [Set<string>, Set<string>]>();
    for (const { cell, member, originating } of calls) {
      const [abroad, home] = guests.get(cell!) ?? [new Set<string>(), new Set<string>()];
      (isGuest(member, originating!) ? abroad : home).add(originating!);
      guests.set(cell!, [abroad, home]);
    }
    const visited = [...guests.values()].filter(([abroad]) => abroad.size > 3);
    expect(visited.length).toBeGreaterThan(1);
    for (const [abroad, home] of visited) expect(abroad.size).toBeLessThan(home.size);
  });

  test('shops write to all their customers, with a link', () => {
    const written = mostWithin(
      world.of('message'),
      1,
      ({ links }) => links?.[0],
      ({ to }) => to,
    );
    expect(above(written, 50).length).toBeGreaterThan(0);
    expect(above(written, 150)).toEqual([]);
  });
});
