import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  account,
  inTwoParts,
  baht,
  imei,
  openTestLines,
  phone,
  phoneAbroad,
  type TestWatch,
  type TestWorld,
} from './test-watch.ts';
import { cellJoin, hostJoin, joinsOf, senderJoin } from './joins.ts';

const world: TestWorld = {
  listed: { [phone(0)]: 2, 'url:bad.example/1': 1 },
  size: 64,
  // Low limits, so that chance finds everything.
  limits: {
    'sim-box': { outgoingMin: 10, calleesMin: 2, incomingMax: 1, mainNumberShare: 1 },
    'number-rotation': { trafficMin: 2, numbersMin: 3, devicesMin: 3 },
    'roaming-swarm': { numbersMin: 2, actsPerNumberMin: 1 },
    // Since when a process watches is its own affair.
    'fake-base-station': { recipientsMin: 2, learningHours: -99, everydayMax: 100, hoursMax: 24 },
    'bulk-sender': { recipientsMin: 2, unlistedRecipientsMin: 3 },
  },
};
const cells = ['520-1-1-1', '414-1-1-2'];

const act = fc.record({
  what: fc.constantFrom('call', 'call', 'call', 'message', 'payment', 'login', 'sim'),
  who: fc.nat(2),
  to: fc.nat(12),
  minute: fc.integer({ min: 0, max: 400 }),
  device: fc.nat(3),
  cell: fc.nat(1),
  isForeign: fc.boolean(),
});
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

function play(watch: Pick<TestWatch, 'see'>, { what, who, to, minute, device, cell, isForeign }: Act): void {
  const from = isForeign ? phoneAbroad(who) : phone(who);
  const radio = { device: device === 0 ? 'own name' : imei(device), cell: cells[cell]! };
  if (what === 'call')
    watch.see('call', minute, {
      originating: from,
      presented: phone(70 + (to % 2)),
      called: phone(20 + to),
      durationSeconds: 90,
      answered: true,
      international: isForeign,
      ...radio,
    });
  else if (what === 'message')
    watch.see('message', minute, {
      ...(device === 1 ? { presented: 'KBANK' } : { originating: from, presented: 'KBANK' }),
      to: phone(20 + to),
      channel: 'sms',
      links: [`url:bad.example/${who}`],
      ...radio,
    });
  else if (what === 'payment')
    watch.see('payment', minute, {
      from: account(to),
      to: account(who),
      amount: baht(9_000),
      channel: 'mobile',
      phone: phone(20 + to),
    });
  else if (what === 'login')
    watch.see('login', minute, { account: account(to), outcome: 'ok', newDevice: true, phone: phone(20 + to) });
  else watch.see('sim', minute, { event: 'swap', phone: phone(20 + to), check: 'none', cell: cells[cell]! });
}

describe('the watch over lines', () => {
  test('goes on after it was written down and read back as if nothing had happened', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 300, size: 'max' }), fc.nat(200), (acts, cut) => {
        const whole = openTestLines(world);
        const first = openTestLines(world);
        for (const each of acts.slice(0, cut)) play(first, each);
        const second = first.moved();
        for (const each of acts.slice(cut)) play(second, each);
        for (const each of acts) play(whole, each);
        expect([...first.found, ...second.found]).toEqual(whole.found);
        for (const { detector } of whole.found) kinds.add(detector);
      }),
      { numRuns: 60 },
    );
    expect([...kinds].toSorted()).toEqual([
      'bulk-sender',
      'call-then-payment',
      'fake-base-station',
      'number-rotation',
      'roaming-swarm',
      'sim-box',
      'sim-swap-then-payment',
    ]);
  });

  test('a number that was only shown is never told of, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 200 }), (acts) => {
        const watch = openTestLines(world);
        for (const each of acts) play(watch, each);
        const told = watch.found.flatMap(({ subject, counterparts }) => [subject, ...counterparts]);
        expect(told.filter((key) => key === phone(70) || key === phone(71))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('calls and payments, cards and payments are found in whatever order they are told', () => {
    const some = fc.array(fc.record({ what: fc.constantFrom('call', 'payment', 'sim'), minute: fc.nat(200) }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(some, fc.nat(), (acts, seed) => {
        const all = acts.map((each) => ({ ...each, who: 0, to: 1, device: 1, cell: 0, isForeign: false }));
        const shuffled = all
          .map((each, at) => ({ each, rank: Math.imul(at + 1, seed | 1) >>> 0 }))
          .toSorted((one, other) => one.rank - other.rank);
        const [first, second] = [openTestLines(world), openTestLines(world)];
        for (const each of all) play(first, each);
        for (const { each } of shuffled) play(second, each);
        const plain = ({ found }: TestWatch) =>
          found
            .filter(({ detector }) => detector.endsWith('payment'))
            .map((each) => JSON.stringify(each))
            .toSorted();
        expect(plain(second)).toEqual(plain(first));
      }),
      { numRuns: 100 },
    );
  });

  test('is bounded: what was not seen for longest is forgotten, and bytes stay the same', () => {
    const watch = openTestLines({ size: 32 });
    const bytes = watch.watch.bytes();
    for (let at = 0; at < 5000; at += 1)
      watch.see('call', at / 10, {
        originating: phone(at),
        called: phone(at + 7919),
        durationSeconds: 9,
        answered: true,
        device: imei(at),
        cell: `520-1-${at % 999}-1`,
      });
    for (let at = 0; at < 70; at += 1)
      watch.see('call', 500 + at, {
        originating: phone(1),
        called: phone(9000 + (at % 45)),
        durationSeconds: 9,
        answered: true,
        device: imei(1),
        cell: cells[0]!,
      });
    expect(watch.watch.bytes()).toBe(bytes);
    expect(watch.subjects('number-rotation')).toEqual([]);
  });

  test('two processes that share the records find together what one finds', () => {
    const names = (found: TestWatch['found']) =>
      found.map(({ detector, subject, facts }) => JSON.stringify([detector, subject, facts])).toSorted();
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 200 }), (acts) => {
        const whole = openTestLines(world);
        const parts = inTwoParts(openTestLines, world);
        for (const each of acts) {
          play(whole, each);
          play(parts, each);
        }
        expect(names(parts.found())).toEqual(names(whole.found));
      }),
      { numRuns: 60 },
    );
  });

  test('what joins records besides identifiers is known: cells, shown names, own names of devices', () => {
    const message = { id: '1', at: '', to: phone(1), channel: 'sms' as const };
    const joins = (record: object) => joinsOf({ kind: 'message', institution: 'operator', record: record as never });
    expect(joins({ ...message, presented: 'KBANK', cell: cells[0] })).toEqual(['cell:520-1-1-1', 'shown:KBANK']);
    expect(joins({ ...message, originating: phone(2), presented: 'KBANK', device: imei(1) })).toEqual([]);
    expect(cellJoin('1-2-3')).toBe('cell:1-2-3');
    expect(senderJoin({ originating: phone(2), presented: 'KBANK' })).toBe(phone(2));
    expect([hostJoin('url:a.example:8080/x'), hostJoin('url:198.18.0.1/x'), hostJoin('domain:a.example')]).toEqual([
      'domain:a.example',
      'ip:198.18.0.1',
      'domain:a.example',
    ]);
  });
});
