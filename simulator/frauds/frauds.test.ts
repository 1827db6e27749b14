import { beforeAll, describe, expect, test } from 'vitest';
import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { CaseSummary, Happening, Mark, Sent, VictimReport } from '../world/happening.ts';
import { hoursOf, testFromMs } from '../world/test-world.ts';
import { frauds } from './cases.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const since = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

describe('frauds', () => {
  const cases: CaseSummary[] = [];
  const reports: VictimReport[] = [];
  const marks: Mark[] = [];

  beforeAll(() => {
    for (const { ended, report, marks: told = [] } of hoursOf(4 * 24, { rate: 50, members: ['th'], fraudShare: 0.5 })) {
      if (ended !== undefined && Date.parse(ended.paidAt) >= testFromMs) cases.push(ended);
      if (report !== undefined) reports.push(report);
      marks.push(...told);
    }
  });

  const part = (of: readonly CaseSummary[], has: (each: CaseSummary) => boolean): number =>
    of.filter(has).length / of.length;
  const loss = (of: readonly CaseSummary[]): number => of.reduce((sum, { lossBaht }) => sum + lossBaht, 0);
  const paymentsOf = ({ hops }: CaseSummary) => hops.filter(({ hop }) => hop === 0);

  test('six of ten are online sales, and every kind is met', () => {
    expect(cases.length).toBeGreaterThan(1000);
    expect(part(cases, ({ fraud }) => fraud === 'online-sales')).toBeCloseTo(0.624, 1);
    for (const { name } of frauds) expect(cases.some(({ fraud }) => fraud === name)).toBe(true);
  });

  test('cases of more than 50,000 baht are 22 of a hundred, and 76 of a hundred baht', () => {
    const large = cases.filter(({ lossBaht }) => lossBaht > 50_000);
    expect(Math.abs(large.length / cases.length - 0.22)).toBeLessThan(0.03);
    expect(Math.abs(loss(large) / loss(cases) - 0.76)).toBeLessThan(0.05);
  });

  test('half of the money has left the first account in three minutes', () => {
    let [lost, gone] = [0, 0];
    for (const each of cases) {
      const payments = paymentsOf(each);
      lost += payments.reduce((sum, { amount }) => sum + Number(amount), 0);
      for (const { hop, role, from, at, amount } of each.hops) {
        if (hop !== 1 || role === 'consolidation') continue;
        const paid = payments.findLast((payment) => payment.to === from && payment.at <= at);
        if (paid !== undefined && since(paid.at, at) <= 3 * minuteMs) gone += Number(amount);
      }
    }
    expect(Math.abs(gone / lost - 0.5)).toBeLessThan(0.06);
  });

  test('most victims report after 19 to 25 hours, some within the hour, some never', () => {
    const told = cases.filter(({ reportedAt }) => reportedAt !== null);
    const delay = (each: CaseSummary): number => since(paymentsOf(each).at(-1)!.at, each.reportedAt!);
    expect(part(told, (each) => delay(each) >= 19 * hourMs && delay(each) <= 25 * hourMs)).toBeGreaterThan(0.55);
    expect(part(told, (each) => delay(each) < hourMs)).toBeGreaterThan(0.1);
    expect(told.length / cases.length).toBeLessThan(0.95);
    expect(reports.every(({ payments }) => payments.length > 0)).toBe(true);
  });

  test('stolen money is divided among many accounts, crosses borders, becomes coins and cash, and reaches honest people', () => {
    const hops = cases.flatMap(({ hops }) => hops);
    const onward = cases.filter(
      ({ lossBaht, hops }) => lossBaht > 50_000 && hops.filter(({ hop }) => hop === 1).length >= 5,
    );
    expect(onward.length / cases.filter(({ lossBaht }) => lossBaht > 50_000).length).toBeGreaterThan(0.5);
    for (const role of ['mule-hop', 'consolidation', 'innocent-purchase', 'crypto-exit', 'cash-out'])
      expect(hops.some((hop) => hop.role === role)).toBe(true);
    expect(hops.some(({ from, to }) => from.startsWith('account:TH') && to.startsWith('account:KH'))).toBe(true);
    expect(hops.some(({ to }) => to.startsWith('wallet:tron:'))).toBe(true);
    expect(new Set(marks.map(({ tier }) => tier))).toEqual(
      new Set([undefined, 'recruited', 'bought', 'fresh', 'corporate']),
    );
    for (const role of ['victim', 'good-faith', 'sim-box', 'lure-number', 'crypto-exit', 'cash-out'])
      expect(marks.some((mark) => mark.role === role)).toBe(true);
  });

  test('nobody passes on more than was stolen', () => {
    for (const { hops, loss: lost, currency } of cases) {
      const first = hops
        .filter(({ hop, role }) => hop === 1 && role !== 'consolidation')
        .reduce((sum, { amount }) => sum + Number(amount), 0);
      expect(first).toBeLessThanOrEqual(Number(lost));
      expect(hops.filter(({ hop }) => hop <= 1).every((hop) => hop.currency === currency)).toBe(true);
    }
  });
});

describe('what records tell of frauds', () => {
  const day: Happening[] = [];
  const sent: Sent[] = [];

  beforeAll(() => {
    for (const happening of hoursOf(20, { rate: 200, fraudShare: 0.04 })) {
      day.push(happening);
      sent.push(...happening.sent);
    }
  });

  test('nothing but their content: not their ids, their fields, or how round their amounts are', () => {
    const fields = new Map<string, Set<string>>();
    const ids: [boolean, string][] = [];
    const ends = { fraud: [0, 0], ordinary: [0, 0] };
    for (const { kind, record, labels } of sent) {
      const isFraud = labels.length > 0;
      const shape = `${kind}: ${Object.keys(record)
        .filter((field) => field !== 'suspicion')
        .join(',')}`;
      fields.set(shape, (fields.get(shape) ?? new Set()).add(isFraud ? 'fraud' : 'ordinary'));
      if (kind === 'payment') {
        ids.push([isFraud, record.id]);
        const of = isFraud ? ends.fraud : ends.ordinary;
        of[0]!++;
        if ((record as ActivityRecords['payment']).amount.value.endsWith('00')) of[1]!++;
      }
    }
    for (const [shape, seen] of fields) expect([shape, seen.has('ordinary')]).toEqual([shape, true]);
    // Where the ids of the one stand among those of the other: in the middle.
    for (const cut of [7, 14]) {
      const sorted = ids
        .map(([isFraud, id]) => [isFraud, id.slice(cut)] as const)
        .sort(([, a], [, b]) => (a < b ? -1 : 1));
      const places = sorted.flatMap(([isFraud], place) => (isFraud ? [place / sorted.length] : []));
      expect(places.reduce((sum, place) => sum + place, 0) / places.length).toBeCloseTo(0.5, 1);
    }
    expect(ends.fraud[1]! / ends.fraud[0]! - ends.ordinary[1]! / ends.ordinary[0]!).toBeLessThan(0.15);
    expect(ends.fraud[1]! / ends.fraud[0]! - ends.ordinary[1]! / ends.ordinary[0]!).toBeGreaterThan(-0.15);
  });

  test('an account’s number does not say whether a mule has it', () => {
    const mules = new Set<string>();
    const others = new Set<string>();
    for (const { marks = [], sent } of day) {
      for (const { role, key, member } of marks) if (role === 'mule' && member === 'th') mules.add(key.slice(-10));
      for (const { record } of sent)
        if ('from' in record && record.from?.startsWith('account:TH')) others.add(record.from.slice(-10));
    }
    const mean = (numbers: Iterable<string>) => {
      const all = [...numbers].map((number) => Number(number) / 1e10);
      return all.reduce((sum, each) => sum + each, 0) / all.length;
    };
    expect(mules.size).toBeGreaterThan(40);
    expect(Math.abs(mean(mules) - mean(others))).toBeLessThan(0.12);
  });

  test('a number that is shown and not the caller’s belongs to an agency or company, and is never called a fraud’s', () => {
    const shown = new Set<string>();
    const marked = new Set<string>();
    for (const { marks = [], sent } of day) {
      for (const { key } of marks) marked.add(key);
      for (const { kind, record } of sent) {
        if (kind !== 'call') continue;
        const { presented, originating } = record as ActivityRecords['call'];
        if (presented !== originating) shown.add(presented!);
      }
    }
    expect(shown.size).toBeGreaterThan(50);
    for (const number of shown) expect(marked.has(number)).toBe(false);
  });

  test('a SIM box stays in one cell, calls far more than it is called, and changes its device numbers', () => {
    const calls = { box: [] as Sent[], lines: new Map<string, Set<string>>() };
    const outgoing = new Map<string, number>();
    for (const one of sent) {
      if (one.kind !== 'call') continue;
      const { originating, presented, cell, device } = one.record as ActivityRecords['call'];
      // Another number is shown from beyond the border, not by a box.
      if (presented !== originating) continue;
      outgoing.set(originating!, (outgoing.get(originating!) ?? 0) + 1);
      if (one.labels.some(({ role, case: fraud }) => role === 'lure-call' && fraud === undefined)) {
        calls.box.push(one);
        const seen = calls.lines.get(originating!) ?? new Set();
        calls.lines.set(originating!, seen.add(`cell ${cell}`).add(device!));
      }
    }
    const usual = [...outgoing.values()].sort((a, b) => a - b)[outgoing.size >> 1]!;
    const busiest = [...calls.lines].filter(([line]) => outgoing.get(line)! > 10);
    expect(busiest.length).toBeGreaterThan(3);
    for (const [line, seen] of busiest) {
      expect(outgoing.get(line)).toBeGreaterThan(usual * 4);
      expect([...seen].filter((each) => each.startsWith('cell')).length).toBe(1);
      expect([...seen].filter((each) => each.startsWith('device')).length).toBeGreaterThan(1);
    }
  });

  test('a share of records is suspected: some of frauds, few of others by mistake', () => {
    const count = { fraud: 0, found: 0, ordinary: 0, mistaken: 0 };
    for (const { record, labels, kind } of sent) {
      const suspected = record.suspicion !== undefined;
      if (kind !== 'payment') continue;
      if (labels.length > 0) {
        count.fraud++;
        if (suspected) count.found++;
      } else {
        count.ordinary++;
        if (suspected) count.mistaken++;
      }
    }
    expect(count.found / count.fraud).toBeGreaterThan(0.08);
    expect(count.found / count.fraud).toBeLessThan(0.4);
    expect(count.mistaken / count.ordinary).toBeLessThan(0.002);
    expect(count.mistaken).toBeGreaterThan(0);
  });
});
