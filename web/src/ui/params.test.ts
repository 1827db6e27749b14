import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatOf } from './format.ts';
import { paramWords, withoutGaps, type Params } from './params.ts';

const textsOf = (file: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../locales/en/${file}.json`, import.meta.url), 'utf8')) as Record<string, string>;
const files: Readonly<Record<string, Record<string, string>>> = {
  ui: textsOf('ui'),
  terms: textsOf('terms'),
  reasons: textsOf('reasons'),
};

const t = (key: string, values: Readonly<Record<string, string | number>> = {}): string => {
  const [file = '', name = ''] = key.split(':');
  const text = files[file]?.[name] ?? String(values['defaultValue'] ?? key);
  return text.replace(/\{\{(\w+)\}\}/g, (_, place: string) => String(values[place]));
};
const phrases: Readonly<Record<string, Record<string, string>>> = {
  members: { kh: 'Cambodia', th: 'Thailand' },
  tiers: { victim: 'said by a victim' },
  requestRefusals: { 'legal-basis': 'no legal basis' },
};
const said = (list: string, code: string): string => phrases[list]?.[code] ?? code;
const format = formatOf({ language: 'en', calendar: 'gregorian', timeZone: 'Asia/Bangkok' });
const words = paramWords({ t, said, format, language: 'en' });
const say = (params: Params, code?: string) => words.values(params, code);

test('an amount is said with the currency that bears its name, or else the one of the code', () => {
  expect(say({ inAmount: '4460000', inCurrency: 'THB', leastAmount: '500', currency: 'VND' })).toEqual({
    inAmount: 'THB\u00a044,600.00',
    leastAmount: 'VND\u00a0500',
  });
  expect(say({ amount: '12', currency: 'ZZZ' })).toEqual({ amount: 'ZZZ\u00a012' });
});

test('times, lengths, parts and dollars are said by what their names mean', () => {
  const at = '2026-11-22T16:03:57.673Z';
  expect(
    say({
      paidAt: at,
      since: 'long ago',
      minutes: 2.6,
      withinMinutes: 360,
      withinHours: 24,
      silentDays: 61,
      callSeconds: 45,
      retryAfterSeconds: 300,
      sharePercent: 69,
      chanceMin: 0.9,
      slowShareMin: 0.85,
      balanceDollars: 38_000,
      bytesMax: 1_048_576,
    }),
  ).toEqual({
    paidAt: 'Nov 22, 2026, 23:03:57',
    since: 'long ago',
    minutes: '2.6 minutes',
    withinMinutes: '6 hours',
    withinHours: '24 hours',
    silentDays: '61 days',
    callSeconds: '45 seconds',
    retryAfterSeconds: '5 minutes',
    sharePercent: '69%',
    chanceMin: '90%',
    slowShareMin: '85%',
    balanceDollars: 'about USD\u00a038,000',
    bytesMax: '1 MB',
  });
});

test('what is not known of a company, and numbers whose text has the unit, are said as they are meant', () => {
  expect(say({ registeredDays: -1, lateHoursMax: 72, daysMax: 30 })).toEqual({
    registeredDays: 'not known',
    lateHoursMax: '72',
    daysMax: '30',
  });
});

test('codes are words, and one that this release does not know stays as it is', () => {
  expect(
    say({
      advice: 'hold',
      tier: 'victim',
      lister: 'kh',
      network: 'satellite',
      refusal: 'legal-basis',
      permission: 'alerts.tell',
      book: 'kh+th',
      firstCountry: 'TH',
      thenCountry: 'FR',
      presented: true,
      match: 'by-moonlight',
      institution: 'bank-901',
    }),
  ).toEqual({
    advice: 'Hold',
    tier: 'said by a victim',
    lister: 'Cambodia',
    network: 'satellite',
    refusal: 'no legal basis',
    permission: 'Let an alert out to another member',
    book: 'Cambodia, Thailand',
    firstCountry: 'Thailand',
    thenCountry: 'France',
    presented: 'yes',
    match: 'by-moonlight',
    institution: 'bank-901',
  });
});

test('what moved a score is said once each, and an empty place leaves no gap in the sentence', () => {
  const values = say({ first: 'suspicion.recent.from.in.max', second: 'from.since.in', third: 'suspicion.recent.to' });
  expect(values['third']).toBe('');
  const sentence = `What counts most: ${values['first']}; ${values['second']}; ${values['third']}.`;
  expect(withoutGaps(sentence)).toBe(
    'What counts most: what was thought of the accounts around them; what the payer did before.',
  );
  expect(withoutGaps('首要：甲；；。')).toBe('首要：甲。');
});

test('how much is allowed depends on the refusal', () => {
  expect(say({ most: 500_000, currency: 'THB' }, 'funds.too-much')['most']).toBe('THB\u00a05,000.00');
  expect(say({ most: 90 }, 'funds.too-long')['most']).toBe('90');
  expect(say({ most: '2026-11-22T16:03:57.673Z' }, 'funds.deferred-too-long')['most']).toBe('Nov 22, 2026, 23:03:57');
  expect(say({ most: 1000 }, 'too-many.watches')['most']).toBe('1,000');
});

test('facts are named, and currencies and empty ones are left out', () => {
  expect(words.facts({ inAmount: '100', inCurrency: 'THB', third: '', newThing: 3 })).toEqual([
    { name: 'inAmount', label: 'Came in', text: 'THB\u00a01.00' },
    { name: 'newThing', label: 'newThing', text: '3' },
  ]);
});
