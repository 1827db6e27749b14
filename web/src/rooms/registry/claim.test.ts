import { expect, test } from 'vitest';
import {
  audienceInput,
  claimBody,
  consequencesOf,
  dayAt,
  emptyClaim,
  endOfDay,
  objectionsTo,
  reachOf,
  type ClaimDraft,
} from './claim.ts';

const place = {
  member: 'th',
  types: ['phone'],
  nameOf: (members: readonly string[]) => members.join(' and '),
  dayOf: (day: string) => day,
};
const claim: ClaimDraft = {
  ...emptyClaim,
  tier: 'victim',
  typologies: ['spoofed-call'],
  grounds: 'Three victims named it',
  sighting: 'originating',
};
const codes = (draft: ClaimDraft): string[] => consequencesOf(draft, place).map(({ code }) => code);

test('what will follow is said before it is saved: who reads it, whether institutions do, court, end', () => {
  const said = consequencesOf(
    { ...claim, reach: 'some', members: ['la'], conditions: ['H1'], tlp: 'AMBER+STRICT', until: '2027-03-03' },
    place,
  );
  expect(said).toContainEqual({ code: 'some', values: { members: 'th and la' } });
  expect(said).toContainEqual({ code: 'until', values: { day: '2027-03-03' } });
  expect(said.map(({ code }) => code)).toEqual(expect.arrayContaining(['closed', 'no-court', 'no-onward', 'export']));
});

test('a discreet listing is shown to no institution, and a second person is announced', () => {
  expect(codes({ ...claim, discreet: true })).toEqual(expect.arrayContaining(['discreet', 'second-person']));
  expect(codes({ ...claim, discreet: true })).not.toContain('institutions');
});

test('what stays at home needs no approval to leave', () => {
  expect(codes({ ...claim, reach: 'domestic' })).not.toContain('export');
});

test('nothing stands in the way of a claim that is filled in', () => {
  expect(objectionsTo(claim, place)).toEqual([]);
});

test.each([
  [{ sighting: '' }, 'sighting'],
  [{ tlp: 'RED' }, 'red-one'],
  [{ reach: 'some' as const }, 'members'],
  [{ conditions: ['H3'] }, 'restriction'],
  [{ grounds: '  ' }, 'grounds'],
])('what the server would refuse is said before: %j', (change, code) => {
  expect(objectionsTo({ ...claim, ...change }, place)).toContainEqual({ code });
});

test('a claim is sent in the words of the contract, without what was left empty', () => {
  const body = claimBody({ ...claim, until: '2027-03-03' }, (day) => endOfDay(day, 'Asia/Bangkok'));
  expect(body).toEqual({
    tier: 'victim',
    typologies: ['spoofed-call'],
    offence: 'telecom-online-fraud',
    grading: { source: 'B', information: 3 },
    grounds: 'Three victims named it',
    audience: 'alliance',
    handling: { tlp: 'AMBER', conditions: [] },
    sighting: 'originating',
    until: '2027-03-03T16:59:00.000Z',
  });
});

test('a book’s name and the choice of an audience say the same', () => {
  expect(reachOf('kh+th', 'th')).toEqual({ reach: 'some', members: ['kh'] });
  expect(audienceInput(reachOf('kh+th', 'th'))).toEqual(['kh']);
  expect(audienceInput(reachOf('domestic', 'th'))).toBe('domestic');
});

test('a day ends where the officer is', () => {
  expect(endOfDay('2026-12-31', 'Asia/Yangon')).toBe('2026-12-31T17:29:00.000Z');
  expect(dayAt(Date.parse('2026-12-31T17:29:59.500Z'), 'Asia/Yangon')).toBe('2026-12-31');
  expect(dayAt(Date.parse('2026-12-31T17:30:00.000Z'), 'Asia/Yangon')).toBe('2027-01-01');
});
