import { describe, expect, test } from 'vitest';
import { languages } from '../languages.ts';
import { fieldsOf } from './values.ts';
import { instantText } from './instants.ts';
import { moneyText } from './money.ts';
import { keyText, written } from './written.ts';

describe('money', () => {
  test.each([
    ['48000000', 'THB', 'THB 480,000.00 (baht)'],
    ['480000', 'VND', 'VND 480,000 (dong)'],
    ['1', 'VND', 'VND 1 (dong)'],
    ['1', 'LAK', 'LAK 0.01 (kip)'],
    ['100000000', 'MMK', 'MMK 1,000,000.00 (kyat)'],
    ['15000', 'KHR', 'KHR 150.00 (riel)'],
    ['12345', 'CNY', 'CNY 123.45 (yuan)'],
    ['99', 'USD', 'USD 0.99 (US dollars)'],
    ['0', 'USD', 'USD 0.00 (US dollars)'],
    ['1234', 'KWD', 'KWD 1.234'],
    ['1234', 'JPY', 'JPY 1,234'],
    ['999999999999999999', 'THB', 'THB 9,999,999,999,999,999.99 (baht)'],
    // Nobody guesses where the point stands.
    ['1234', 'XYZ', 'XYZ 1234 (minor units)'],
  ])('%s minor units of %s', (value, currency, text) => {
    expect(moneyText({ value, currency }, 'en')).toBe(text);
  });

  test('has the same digits in every language', () => {
    for (const language of languages)
      expect(moneyText({ value: '123456789', currency: 'LAK' }, language)).toMatch(/^LAK 1,234,567\.89 \(.+\)$/);
    expect(moneyText({ value: '20000000', currency: 'THB' }, 'th')).toBe('THB 200,000.00 (บาท)');
  });
});

describe('an instant', () => {
  const at = '2026-11-22T18:05:09.120Z';
  test.each([
    ['en', 'UTC', 'November 22, 2026, 18:05:09 (UTC+00:00)'],
    ['en', 'Asia/Bangkok', 'November 23, 2026, 01:05:09 (UTC+07:00)'],
    ['th', 'Asia/Bangkok', '23 พฤศจิกายน พ.ศ. 2569 (ค.ศ. 2026), 01:05:09 (UTC+07:00)'],
    ['my', 'Asia/Yangon', '2026 နိုဝင်ဘာ 23, 00:35:09 (UTC+06:30)'],
    ['zh', 'Asia/Shanghai', '2026年11月23日, 02:05:09 (UTC+08:00)'],
    ['km', 'Asia/Phnom_Penh', '23 វិច្ឆិកា 2026, 01:05:09 (UTC+07:00)'],
    ['lo', 'Asia/Vientiane', '23 ພະຈິກ 2026, 01:05:09 (UTC+07:00)'],
    ['vi', 'Asia/Ho_Chi_Minh', '23 tháng 11, 2026, 01:05:09 (UTC+07:00)'],
  ] as const)('in %s in %s', (language, timeZone, text) => {
    expect(instantText(at, language, timeZone)).toBe(`${text} = ${at}`);
  });

  test('at the turn of the year the Thai year is that of the place', () => {
    expect(instantText('2026-12-31T17:00:00.000Z', 'th', 'Asia/Bangkok')).toContain('1 มกราคม พ.ศ. 2570 (ค.ศ. 2027)');
  });

  test('that is none stays as it is', () => {
    expect(instantText('2026-13-01T00:00:00.000Z', 'th', 'Asia/Bangkok')).toBe('2026-13-01T00:00:00.000Z');
  });
});

describe('an identifier', () => {
  test('is written as people of the trade write it', () => {
    expect(keyText('account:TH:014:1234567890', 'km')).toBe('TH 014 123-4-56789-0');
  });

  test('that is no key of ours stays as it is', () => {
    for (const text of ['handle:nobody:x', '0812345678', 'account:', 'person:zz'])
      expect(keyText(text, 'en')).toBe(text);
  });

  test('in another script is its key in English and both elsewhere', () => {
    const key = 'domain:xn--12c1fe0br.xn--o3cw4h';
    expect(keyText(key, 'en')).toBe(key);
    expect(keyText(key, 'th')).toContain(key);
  });
});

describe('what somebody wrote', () => {
  test('shows what could not be seen', () => {
    expect(written('a\u202eb\u0000c\r\nd\te')).toBe('a[U+202E]b[U+0000]c\nd\te');
    expect(written('\ud800x')).toBe('\ufffdx');
  });

  test('keeps the spaces without width between words of Khmer and Burmese', () => {
    expect(written('សួស្តី\u200bលោក')).toBe('សួស្តី\u200bលោក');
  });
});

test('a field that a newer release added is said by its name', () => {
  const lines = fieldsOf({}, { colour: 'red' }, 'th');
  expect(lines).toEqual([{ name: 'colour', label: 'colour', value: '"red"' }]);
});

test('free text says its language, and one that is not known is not claimed', () => {
  const form = { plan: { type: 'text', required: true } } as const;
  expect(fieldsOf(form, { plan: { language: 'th', text: 'แผน' } }, 'km')[0]).toMatchObject({
    language: 'th',
    value: 'แผน',
  });
  expect(fieldsOf(form, { plan: { language: 'xx"', text: 'x' } }, 'km')[0]).not.toHaveProperty('language');
});
