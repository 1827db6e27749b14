import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isRefusal } from '../refusals.ts';
import { crc16, looksLikeQr, parseQr } from './qr.ts';

const ascii = new TextEncoder();

function field(tag: string, value: string): string {
  return tag + String(value.length).padStart(2, '0') + value;
}

function sealed(body: string): string {
  return `${body}6304${crc16(ascii.encode(`${body}6304`))
    .toString(16)
    .toUpperCase()
    .padStart(4, '0')}`;
}

const thai = sealed(
  `000201010211${field('29', field('00', 'A000000677010111') + field('01', '0066812345678'))}53037645802TH`,
);

test('the CRC is the published one', () => {
  expect(crc16(ascii.encode('123456789'))).toBe(0x29b1);
});

test('a PromptPay code gives the phone behind it', () => {
  expect(parseQr(thai)).toBe('phone:+66812345678');
  expect(parseQr(` ${thai}\n`)).toBe('phone:+66812345678');
  expect(looksLikeQr(thai)).toBe(true);
  expect(looksLikeQr('+66812345678')).toBe(false);
});

test('the same tag is Cambodian or Thai by the name of its network, not by its number', () => {
  const khmer = sealed(`000201${field('29', field('00', 'dara.example@aclb'))}5802KH`);
  expect(parseQr(khmer)).toBe('account:KH:bakong:dara.example@aclb');
});

test('any changed character is noticed', () => {
  fc.assert(
    fc.property(fc.nat(thai.length - 1), fc.constantFrom(...'0123456789ABCXYZ'), (at, character) => {
      fc.pre(thai.charAt(at) !== character);
      expect(isRefusal(parseQr(thai.slice(0, at) + character + thai.slice(at + 1)))).toBe(true);
    }),
  );
});

test('lower-case CRCs and lengths counted in bytes are read, as they occur in the wild', () => {
  expect(parseQr(thai.slice(0, -4) + thai.slice(-4).toLowerCase())).toBe('phone:+66812345678');
  const name = 'ร้านตัวอย่าง';
  const bytes = ascii.encode(name).length;
  const body = `${thai.slice(0, -8)}59${bytes}${name}`;
  expect(parseQr(sealed(body))).toBe('phone:+66812345678');
});

test('a repeated or trailing field is refused, with a right CRC too', () => {
  const body = thai.slice(0, -8);
  expect(parseQr(sealed(`${body}5802TH`))).toEqual({ refused: 'identifier.qr.malformed' });
  expect(parseQr(`${thai}5902AB`)).toEqual({ refused: 'identifier.qr.malformed' });
});

test('fields of any content never throw', () => {
  const value = fc.string({ maxLength: 20 });
  const inner = fc.array(fc.tuple(fc.constantFrom('00', '01', '02', '03', '04'), value)).map((all) => {
    return [...new Map(all)]
      .map(([tag, text]) => field(tag, text))
      .join('')
      .slice(0, 99);
  });
  const network = fc.constantFrom('A000000677010111', 'A000000677010112', 'A000000727', 'A005266284662577', 'a@b', 'x');
  const template = fc
    .tuple(network, inner)
    .map(([name, rest]) => (field('00', name) + rest.replace(/^00.*/, '')).slice(0, 99));
  fc.assert(
    fc.property(
      fc.constantFrom('15', '26', '29', '30', '38', '51'),
      template,
      fc.constantFrom('TH', 'zz', 'LA'),
      (tag, text, country) => {
        const answer = parseQr(sealed(`000201${field(tag, text)}5802${country}`));
        if (!isRefusal(answer)) expect(answer).toMatch(/^(?:account|phone|person|company):/);
      },
    ),
    { numRuns: 2000 },
  );
});
