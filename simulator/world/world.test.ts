import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readRecord } from '@bronze-drum/protocol/activity/reading';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { arrivalsOf } from './arrivals.ts';
import type { Sent } from './happening.ts';
import { simulatedInstitutions } from './institutions.ts';
import { hoursOf, sentIn, testFromMs } from './test-world.ts';
import { openWorld, simulatedListings } from './world.ts';

const busy = { rate: 80, fraudShare: 0.05 };

function hashOf(happenings: Iterable<unknown>): string {
  const hash = createHash('sha256');
  for (const happening of happenings)
    hash.update(JSON.stringify(happening, (name, value) => (name === 'step' ? undefined : (value as unknown))));
  return hash.digest('hex');
}

describe('the simulated world', () => {
  test('is the same for the same seed, byte for byte, and another for another', () => {
    const one = hashOf(hoursOf(3, busy));
    expect(hashOf(hoursOf(3, busy))).toBe(one);
    expect(hashOf(hoursOf(3, { ...busy, seed: 8 }))).not.toBe(one);
  });

  test('goes on in order of time, and every record has an id that its institution gives once', () => {
    let [lastMs, disorder] = [testFromMs, 0];
    const ids = new Set<string>();
    let count = 0;
    for (const { atMs, sent } of hoursOf(12, busy)) {
      if (atMs < lastMs) disorder++;
      lastMs = atMs;
      for (const { member, institution, kind, record, reportedAtMs } of sent) {
        ids.add(`${member}/${institution}/${kind}/${record.id}`);
        count++;
        if (Date.parse(record.at) !== atMs || reportedAtMs <= atMs) disorder++;
      }
    }
    expect(disorder).toBe(0);
    expect(count).toBeGreaterThan(50_000);
    expect(ids.size).toBe(count);
  });

  test('every record is one that a server takes, in its canonical spelling', () => {
    const looked = new Set<string>();
    const sorted = (value: object): string =>
      JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const { kind, member, record } of sentIn(8, busy)) {
      const read = readRecord(kind, record, member.toUpperCase());
      // Fields may stand in another order.
      const isSame = !isRefusal(read) && sorted(read.record) === sorted(record);
      if (!isSame) expect({ read }).toEqual({ read: { record } });
      looked.add(kind);
    }
    expect(looked.size).toBe(5);
  });

  test('institutions report of their own customers, whom their prefixes name', () => {
    const serves = new Map(
      foundingMembers.flatMap((member) =>
        simulatedInstitutions(member).map(({ id, serves }) => [`${member}/${id}`, serves] as const),
      ),
    );
    let looked = 0;
    const strangers: string[] = [];
    for (const { kind, member, institution, record } of sentIn(2, busy)) {
      if (kind !== 'payment') continue;
      const { side, from, to } = record as Payment;
      const own = side === 'receiver' ? to! : (from ?? to!);
      if (serves.get(`${member}/${institution}`)?.some((prefix) => own.startsWith(prefix)) === true) looked++;
      else strangers.push(own);
    }
    expect(strangers).toEqual([]);
    expect(looked).toBeGreaterThan(2000);
    expect(simulatedInstitutions('th').map(({ kind }) => kind)).toEqual([
      'bank',
      'bank',
      'bank',
      'wallet',
      'crypto',
      'operator',
      'operator',
      'platform',
    ]);
  });

  test('both institutions of a payment know it by one reference, each with an id of its own', () => {
    const byReference = new Map<string, Sent[]>();
    for (const sent of sentIn(2, busy)) {
      const { reference } = sent.record as Payment;
      if (sent.kind === 'payment') byReference.set(reference!, [...(byReference.get(reference!) ?? []), sent]);
    }
    const pairs = [...byReference.values()].filter(({ length }) => length === 2);
    expect(pairs.length).toBeGreaterThan(500);
    expect([...byReference.values()].every(({ length }) => length <= 2)).toBe(true);
    for (const [one, other] of pairs) {
      expect((one!.record as Payment).amount).toEqual((other!.record as Payment).amount);
      expect([(one!.record as Payment).side, (other!.record as Payment).side]).toEqual(['sender', 'receiver']);
      expect(one!.record.id).not.toBe(other!.record.id);
    }
    expect(pairs.some(([one, other]) => one!.member !== other!.member)).toBe(true);
  });

  test('reports arrive in another order than things happen: most within seconds, a few after hours', () => {
    let [last, count, seconds, hours, disorder] = [0, 0, 0, 0, 0];
    for (const arrival of arrivalsOf(
      openWorld({ seed: 7, fromMs: testFromMs, ...busy }).happenings(),
      testFromMs + 4 * 3_600_000,
    )) {
      if (!('sent' in arrival)) continue;
      const { reportedAtMs, record } = arrival.sent;
      if (reportedAtMs < last) disorder++;
      last = reportedAtMs;
      count++;
      if (reportedAtMs - Date.parse(record.at) < 10_000) seconds++;
      if (reportedAtMs - Date.parse(record.at) > 3_600_000) hours++;
    }
    expect(disorder).toBe(0);
    expect(seconds / count).toBeGreaterThan(0.95);
    expect(hours / count).toBeGreaterThan(0.001);
  });

  test('has about as many records a minute as were asked for, of the members that take part alone', () => {
    let [all, thai] = [0, 0];
    const members = new Set<string>();
    for (const { member } of sentIn(24, { rate: 120, members: ['kh', 'th'] })) {
      all++;
      if (member === 'th') thai++;
      members.add(member);
    }
    expect(all / 1440 / 120).toBeGreaterThan(0.85);
    expect(all / 1440 / 120).toBeLessThan(1.15);
    expect([...members].sort()).toEqual(['kh', 'th']);
    expect(thai / all).toBeGreaterThan(0.6);
  });

  test('everyday life does not change when there are more frauds beside it', () => {
    const ordinary = (fraudShare: number) => {
      const ids = new Set<string>();
      for (const { kind, institution, record, labels } of sentIn(6, { rate: 120, fraudShare })) {
        if (labels.length === 0 && record.suspicion === undefined) ids.add(`${institution} ${kind} ${record.id}`);
      }
      return ids;
    };
    const [without, many] = [ordinary(0), ordinary(0.2)];
    const both = [...without].filter((id) => many.has(id)).length;
    expect(both / without.size).toBeGreaterThan(0.995);
    expect(both / many.size).toBeGreaterThan(0.995);
  });

  test('memory holds what is under way, not what has been', { timeout: 120_000 }, () => {
    const world = openWorld({ seed: 7, fromMs: testFromMs, rate: 30 });
    let day = 0;
    const open: number[] = [];
    for (const { atMs } of world.happenings()) {
      if (atMs < testFromMs + (day + 1) * 86_400_000) continue;
      open.push(world.openCases().length);
      if (++day === 8) break;
    }
    // As many frauds are open at the end as after the second day.
    expect(Math.max(...open.slice(2))).toBeLessThan(Math.max(20, open[1]! * 2.5));
  });

  test('what members know beforehand does not depend on the size of the world, and is met in it', () => {
    const known = new Map(
      foundingMembers.flatMap((member) => simulatedListings(member, 7).map(({ key }) => [key, member] as const)),
    );
    expect(known.size).toBe(6 * (2 + 24));
    for (const key of known.keys()) expect(parse(key)).toBe(key);
    const met = new Set<string>();
    for (const { kind, record } of sentIn(8, { rate: 60, fraudShare: 0.3, underway: 12 })) {
      const to = kind === 'payment' ? (record as Payment).to : undefined;
      if (to !== undefined && known.has(to)) met.add(to);
    }
    expect(met.size).toBeGreaterThan(3);
  });
});
