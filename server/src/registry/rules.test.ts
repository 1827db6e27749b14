import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tiers } from '@bronze-drum/protocol/statements/listing';
import { dayMs, hourMs } from '../kernel/clock.ts';
import { parsePolicy } from '../kernel/policy.ts';
import type { ListedChange } from './listed.ts';
import {
  bookOf,
  expiryMs,
  listingBar,
  mergeViews,
  summarise,
  typologyNames,
  typologySet,
  viewOf,
  type View,
} from './rules.ts';

const policy = parsePolicy(readFileSync(new URL('../../../policies/th.json', import.meta.url), 'utf8'));
const now = Date.UTC(2026, 5, 1);
const rules = policy.at(now);

const change = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    member: fc.constantFrom('th', 'kh', 'vn'),
    revision: fc.integer({ min: 1, max: 4 }),
    end: fc.boolean(),
    tier: fc.constantFrom(...tiers),
    typologies: fc.uniqueArray(fc.constantFrom('phishing', 'mule-account', 'sim-box'), { minLength: 1 }),
    sinceDays: fc.integer({ min: -5, max: 5 }),
    lastsDays: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ end, sinceDays, lastsDays, ...row }): ListedChange => {
    const key = 'ip:192.0.2.1';
    if (end) return { end: { id: row.id, member: row.member, revision: row.revision, key } };
    const sinceMs = now + sinceDays * dayMs;
    return { put: { ...row, key, presented: false, discreet: false, sinceMs, untilMs: sinceMs + lastsDays * dayMs } };
  });
const view = fc
  .array(change, { maxLength: 8 })
  .map((changes) => changes.map(viewOf).reduce<View>(mergeViews, new Map()));
const plain = (merged: View) => [...merged].sort(([a], [b]) => (a < b ? -1 : 1));

describe('the merged view', () => {
  test('is the same in whatever order the statements came, and however often', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (changes, noise) => {
        const ordered = changes.map(viewOf).reduce<View>(mergeViews, new Map());
        const shuffled = [...changes, ...changes.slice(0, 3)]
          .map((one) => ({ one, at: noise.next().value! }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => viewOf(one))
          .reduce<View>(mergeViews, new Map());
        expect(plain(shuffled)).toEqual(plain(ordered));
        expect(summarise(shuffled, now)).toEqual(summarise(ordered, now));
      }),
    );
  });

  test('joins commutatively, associatively and idempotently, and nothing joined changes nothing', () => {
    fc.assert(
      fc.property(view, view, view, (a, b, c) => {
        expect(plain(mergeViews(a, b))).toEqual(plain(mergeViews(b, a)));
        expect(plain(mergeViews(mergeViews(a, b), c))).toEqual(plain(mergeViews(a, mergeViews(b, c))));
        expect(plain(mergeViews(a, a))).toEqual(plain(a));
        expect(plain(mergeViews(a, new Map()))).toEqual(plain(a));
      }),
    );
  });

  test('is as strong as its strongest listing in force, and names every member that lists', () => {
    const put = (member: string, tier: (typeof tiers)[number], untilMs: number) =>
      viewOf({
        put: {
          id: member,
          member,
          revision: 1,
          key: 'k',
          tier,
          typologies: ['phishing'],
          presented: false,
          discreet: false,
          sinceMs: now - dayMs,
          untilMs,
        },
      });
    const merged = [
      put('th', 'observed', now + dayMs),
      put('vn', 'victim', now + hourMs),
      put('kh', 'court', now),
    ].reduce(mergeViews, new Map());
    expect(summarise(merged, now)).toMatchObject({ tier: 'victim', members: ['th', 'vn'] });
    expect(summarise(merged, now + hourMs)).toMatchObject({ tier: 'observed', members: ['th'] });
    expect(summarise(merged, now + dayMs)).toBeNull();
  });
});

describe('what may not be listed', () => {
  const bar = (key: string, book = 'alliance') => listingBar(rules, key, book)?.refused;

  test('a person’s document never leaves the country', () => {
    expect(bar('person:TH:passport:AA1234567')).toBe('registry.person-stays-home');
    expect(bar('person:TH:passport:AA1234567', 'domestic')).toBeUndefined();
  });

  test('allow-listed identifiers, their subdomains, and ranges that hold one are refused', () => {
    expect(bar('domain:mots.go.th')).toBe('registry.allow-listed');
    expect(bar('domain:mots-go.th')).toBeUndefined();
    expect(bar('ip:8.8.8.8')).toBe('registry.allow-listed');
    expect(bar('ip:8.8.8.0/24')).toBe('registry.allow-listed');
    expect(bar('ip:8.8.9.0/24')).toBeUndefined();
  });

  test('neither are links to allow-listed hosts, nor their mail', () => {
    for (const key of [
      'url:www.mots.go.th/pay',
      'url:go.th/',
      'email:info@mots.go.th',
      'url:8.8.8.8/x',
      'url:bot.or.th:8443/',
    ])
      expect([key, bar(key)]).toEqual([key, 'registry.allow-listed']);
    for (const key of ['url:mots-go.th/', 'email:go.th@example.com', 'url:example.com/www.go.th'])
      expect([key, bar(key)]).toEqual([key, undefined]);
  });

  test('addresses of nobody in particular and ranges too wide to be fair are refused, examples are not', () => {
    expect(bar('ip:192.168.1.1')).toBe('registry.reserved-address');
    expect(bar('ip:45.0.0.0/8')).toBe('registry.range-too-wide');
    expect(bar('ip:203.0.113.7')).toBeUndefined();
  });
});

test('a listing never lasts longer than its tier may, and shorter if its author wishes', () => {
  const latest = now + rules.listings.expiryHours.victim * hourMs;
  expect(expiryMs(rules, 'victim', now, undefined)).toBe(latest);
  expect(expiryMs(rules, 'victim', now, latest + dayMs)).toBe(latest);
  expect(expiryMs(rules, 'victim', now, now + hourMs)).toBe(now + hourMs);
});

test('a book is named by its readers in one order', () => {
  expect(bookOf('th', ['vn', 'kh'])).toBe('kh+th+vn');
  expect(bookOf('th', ['th'])).toBe('domestic');
  expect(bookOf('th', 'alliance')).toBe('alliance');
});

test('a set of typologies survives as bits', () => {
  fc.assert(
    fc.property(fc.subarray([...typologyNames(-1)]), (names) => {
      expect(typologyNames(typologySet(names))).toEqual(names);
    }),
  );
});
