import { describe, expect, test } from 'vitest';
import {
  isOpenToInstitutions,
  isWithin,
  mayCorroborateTo,
  mayEvidence,
  mayLeave,
  tlpLabels,
  type Handling,
} from './handling.ts';

const of = (tlp: Handling['tlp'], ...conditions: Handling['conditions']): Handling => ({ tlp, conditions });

test('institutions are told what is neither under AMBER+STRICT or RED nor under a restriction written for people', () => {
  expect(tlpLabels.filter((tlp) => isOpenToInstitutions(of(tlp)))).toEqual(['CLEAR', 'GREEN', 'AMBER']);
  expect(isOpenToInstitutions(of('AMBER', 'H1', 'H2'))).toBe(true);
  expect(isOpenToInstitutions(of('CLEAR', 'H0', 'H3'))).toBe(false);
});

describe('what leaves the country', () => {
  test.each([
    ['RED', 'kh+th', 'account', undefined],
    ['RED', 'kh+th+vn', 'account', 'handling.red-beyond-two'],
    ['RED', 'alliance', 'account', 'handling.red-beyond-two'],
    ['RED', 'alliance+lmlecc', 'ip', 'handling.red-beyond-two'],
    ['RED', 'lmlecc+th', 'ip', 'handling.label-beyond-members'],
    ['RED', 'domestic', 'person', undefined],
    ['AMBER+STRICT', 'alliance', 'phone', undefined],
    ['AMBER', 'alliance', 'phone', undefined],
    ['AMBER', 'alliance+lmlecc', 'ip', 'handling.label-beyond-members'],
    ['GREEN', 'alliance+lmlecc', 'ip', undefined],
    ['CLEAR', 'alliance+interpol', 'domain', undefined],
    ['GREEN', 'alliance+interpol', 'url', undefined],
    ['CLEAR', 'alliance+interpol', 'company', undefined],
    ...['account', 'phone', 'email', 'handle', 'device', 'sim', 'person', 'wallet'].map(
      (type) => ['CLEAR', 'th+unodc', type, 'handling.person-beyond-members'] as const,
    ),
  ] as const)('TLP %s to %s, %s: %s', (tlp, book, type, refused) => {
    expect(mayLeave(of(tlp), book, type)?.refused).toBe(refused);
  });
});

test('a book is within another when whoever reads it reads the other as well', () => {
  const books = ['domestic', 'kh+th', 'kh+th+vn', 'alliance', 'alliance+lmlecc'];
  for (const [at, narrow] of books.entries())
    for (const [other, wide] of books.entries())
      expect([narrow, wide, isWithin(narrow, wide)]).toEqual([narrow, wide, at <= other]);
  expect(isWithin('kh+lmlecc+th', 'alliance')).toBe(false);
  expect(isWithin('kh+th', 'la+th')).toBe(false);
});

test('a claim that may not be shared onward is repeated only to those who have it', () => {
  for (const bound of [of('AMBER', 'H2'), of('AMBER+STRICT'), of('RED')]) {
    expect(mayCorroborateTo(bound, 'kh+th', 'kh+th')).toBe(true);
    expect(mayCorroborateTo(bound, 'kh+th', 'domestic')).toBe(true);
    expect(mayCorroborateTo(bound, 'kh+th', 'alliance')).toBe(false);
    expect(mayCorroborateTo(bound, 'kh+th', 'th+vn')).toBe(false);
  }
  expect(mayCorroborateTo(of('AMBER', 'H1'), 'kh+th', 'alliance')).toBe(true);
});

test('under H1 nothing is evidence', () => {
  expect([mayEvidence(of('AMBER')), mayEvidence(of('CLEAR', 'H1'))]).toEqual([true, false]);
});
