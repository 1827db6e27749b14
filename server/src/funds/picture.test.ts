import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdStates, placeEnds, type TracePlace } from '@bronze-drum/protocol/statements/trace-report';
import type { HoldView } from './holds.ts';
import {
  countHolds,
  heldOf,
  membersReached,
  placesToSay,
  tallyAbroad,
  tallyOf,
  tallyWhole,
  type Followed,
  type FollowedPlace,
  type Tally,
} from './picture.ts';

const total = ({ held, seized, returned, open, lost }: Tally): bigint => held + seized + returned + open + lost;
const minor = fc.bigInt({ min: 0n, max: 10n ** 12n });
const hold = fc.record({ state: fc.constantFrom(...holdStates), heldMinor: minor });
const baht = (value: bigint) => ({ value: String(value), currency: 'THB' });

const placeSaid = fc
  .record({ remains: minor, end: fc.constantFrom(...placeEnds), hold: fc.option(hold, { nil: undefined }) })
  .map(({ remains, end, hold: one }): TracePlace => ({
    place: '00000000-0000-8000-8000-000000000001',
    hop: 2,
    reached: baht(remains),
    remains: baht(remains),
    end,
    to: [],
    ...(one && { hold: { state: one.state, amount: baht(one.heldMinor) } }),
  }));
const report = (places: TracePlace[]) => ({ request: '', trace: '', revision: 1, places, more: 0, open: true });

const place = (id: string, over: Partial<FollowedPlace>): FollowedPlace => ({
  place: id,
  key: `account:TH:004:${id}`,
  member: 'th',
  hop: 1,
  reached: '0',
  remains: '0',
  local: { value: '0', currency: 'THB' },
  balance: null,
  end: 'open',
  atMs: 0,
  payer: null,
  payment: null,
  ...over,
});
const holdView = (over: Partial<HoldView>): HoldView => ({
  id: 'h',
  trace: 't',
  place: 'a',
  key: 'account:TH:004:a',
  institution: 'bank',
  state: 'held',
  taint: baht(0n),
  stolen: baht(0n),
  ordered: null,
  held: baht(0n),
  gone: baht(0n),
  refusal: null,
  stage: null,
  untilMs: null,
  request: null,
  orderedAtMs: null,
  heldAtMs: null,
  ...over,
});

describe('what became of the money', () => {
  test('each unit at a place is counted once, whatever its hold says', () => {
    fc.assert(
      fc.property(minor, fc.constantFrom(...placeEnds), fc.option(hold, { nil: undefined }), (remains, end, one) => {
        const tally = tallyOf(remains, end, one);
        expect(total(tally)).toBe(remains);
        for (const part of Object.values(tally) as bigint[]) expect(part >= 0n).toBe(true);
      }),
    );
  });

  test('what another member reports never comes to more or less than was sent there', () => {
    fc.assert(
      fc.property(minor, fc.array(placeSaid, { maxLength: 6 }), (sent, places) => {
        const tally = tallyAbroad(sent, report(places), 'in-work');
        expect(total(tally)).toBe(sent);
        for (const part of Object.values(tally) as bigint[]) expect(part >= 0n).toBe(true);
      }),
    );
  });

  test('the picture of the false police adds up: 394,000 saved, 86,000 lost', () => {
    const followed: Followed = {
      places: [
        place('mule', { end: 'passed-on' }),
        place('mule-th', { remains: '19400000', hop: 2 }),
        place('shop', { remains: '600000', end: 'merchant', hop: 3 }),
        place('kh', { remains: '15000000', end: 'abroad', member: 'kh' }),
        place('vn', { remains: '9000000', end: 'abroad', member: 'vn' }),
        place('wallet', { remains: '4000000', end: 'exchange' }),
      ],
      edges: [],
    };
    const seized = {
      state: 'returned',
      taint: baht(19400000n),
      stolen: baht(19400000n),
      held: baht(19400000n),
    } as const;
    const holds = new Map([
      ['mule-th', holdView({ place: 'mule-th', ...seized })],
      ['shop', holdView({ place: 'shop', state: 'released', held: baht(0n) })],
      ['wallet', holdView({ place: 'wallet', state: 'gone' })],
    ]);
    const said = (end: TracePlace['end'], remains: bigint, state?: 'returned'): TracePlace => ({
      place: '00000000-0000-8000-8000-000000000001',
      hop: 2,
      reached: baht(remains),
      remains: baht(remains),
      end,
      to: [],
      ...(state && { hold: { state, amount: baht(remains) } }),
    });
    const abroad = new Map([
      ['kh', { state: 'answered', report: report([said('open', 11000000n, 'returned'), said('cash', 4000000n)]) }],
      ['vn', { state: 'answered', report: report([said('open', 9000000n, 'returned')]) }],
    ]);
    expect(tallyWhole(followed, holds, abroad)).toEqual({
      held: 0n,
      seized: 0n,
      returned: 39400000n,
      open: 0n,
      lost: 8600000n,
    });
    expect(membersReached('th', followed, [])).toEqual(['th', 'kh', 'vn']);
  });

  test('where nobody was asked, or the asked member refused, the money there is lost; while it works, it is open', () => {
    expect(tallyAbroad(5n, null, 'refused').lost).toBe(5n);
    expect(tallyAbroad(5n, null, 'none').lost).toBe(5n);
    expect(tallyAbroad(5n, null, 'received').open).toBe(5n);
  });

  test('a hold in another currency counts as the share of the theft that it is, rounded down', () => {
    const taint = { value: '300', currency: 'USD' };
    const held = { value: '100', currency: 'USD' };
    expect(heldOf(holdView({ taint, held, stolen: baht(1000n) }))).toBe(333n);
  });
});

describe('what the member that asked is told', () => {
  const followed: Followed = {
    places: [
      place('a', { reached: '900', remains: '0', end: 'passed-on' }),
      place('b', { reached: '500', remains: '500' }),
      place('c', { reached: '400', remains: '400', end: 'abroad', member: 'la' }),
    ],
    edges: [],
  };
  const fromLaos = report([
    { place: 'd', key: 'account:LA:001:1', hop: 3, reached: baht(400n), remains: baht(400n), end: 'open', to: [] },
  ]);

  test('what waits for approval goes without its key, and a third member’s accounts are never named', () => {
    const parts = { currency: 'THB', mayName: (key: string) => key.endsWith(':a'), most: 10 };
    const { places, more } = placesToSay(followed, new Map(), new Map([['la', fromLaos]]), parts);
    expect(more).toBe(0);
    expect(places.flatMap(({ key }) => (key === undefined ? [] : [key]))).toEqual(['account:TH:004:a']);
    expect(places.find(({ place: id }) => id === 'd')).toMatchObject({ member: 'la' });
    // Told of by Laos itself, it does not stand twice.
    expect(places.find(({ place: id }) => id === 'c')?.remains.value).toBe('0');
    expect(places.reduce((sum, { remains }) => sum + Number(remains.value), 0)).toBe(900);
  });

  test('of more than fit the largest go, and it is said how many are missing', () => {
    const parts = { currency: 'THB', mayName: () => true, most: 2 };
    const { places, more } = placesToSay(followed, new Map(), new Map(), parts);
    expect(places.map(({ place: id }) => id)).toEqual(['a', 'b']);
    expect(more).toBe(1);
  });

  test('holds are counted here and abroad', () => {
    expect(countHolds([holdView({}), holdView({ state: 'refused' })], [fromLaos, null])).toEqual({
      held: 1,
      refused: 1,
    });
  });
});
