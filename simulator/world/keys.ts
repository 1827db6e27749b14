import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { luhnDigit } from '@bronze-drum/protocol/identifiers/luhn';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { permutationOf } from '../chance/permutation.ts';
import { mix, mix3, named } from '../chance/mix.ts';
import type { Nation } from './nations.ts';
import { nations } from './nations.ts';

/**
 * How things of the world are written. Every number comes from a permutation of the place of its thing, whatever the thing is
 * used for: a mule's account, a victim's and a shop's cannot be told apart by their numbers.
 */
export interface Keys {
  account(nation: Nation, institution: number, place: number): string;
  mobile(nation: Nation, place: number): string;
  /** The operator (0 or 1) whose number it is. */
  operatorOf(nation: Nation, place: number): number;
  fixed(nation: Nation, place: number): string;
  device(place: number): string;
  card(nation: Nation, operator: number, place: number): string;
  cell(nation: Nation, operator: number, town: number): string;
  handle(nation: Nation, place: number): string;
  wallet(bits: number): string;
  domain(bits: number): string;
}

const modelCount = 512;
const handleCount = 36 ** 6;

export function keysOf(bits: number): Keys {
  const perNation = nations.map((nation) => {
    const own = mix(bits, named(nation.member));
    const leads = nation.mobile.flat();
    return {
      leads,
      account: permutationOf(10 ** 10, mix(own, 1)),
      mobile: permutationOf(leads.length * 10 ** nation.mobileDigits, mix(own, 2)),
      // A first digit of 2 to 9: subscribers' numbers begin with no 0 or 1.
      fixed: permutationOf(8 * 10 ** (nation.fixed[1] - 1), mix(own, 3)),
      card: permutationOf(10 ** 10, mix(own, 4)),
      handle: permutationOf(handleCount, mix(own, 5)),
    };
  });
  const device = permutationOf(modelCount * 10 ** 6, mix(bits, named('device')));
  const of = (nation: Nation) => perNation[nation.place]!;
  const mobileLead = (nation: Nation, number: number): number => Math.floor(number / 10 ** nation.mobileDigits);

  return {
    account(nation, institution, place) {
      const number = of(nation).account(place);
      return `account:${nation.country}:${nation.codes[institution]}:${nation.accountLead}${digits(number, 10)}`;
    },
    mobile(nation, place) {
      const { leads, mobile } = of(nation);
      const number = mobile(place);
      const rest = digits(number % 10 ** nation.mobileDigits, nation.mobileDigits);
      return `phone:+${nation.callingCode}${leads[mobileLead(nation, number)]}${rest}`;
    },
    operatorOf(nation, place) {
      const { leads, mobile } = of(nation);
      return mobileLead(nation, mobile(place)) < leads.length / 2 ? 0 : 1;
    },
    fixed(nation, place) {
      const [lead, length] = nation.fixed;
      const number = of(nation).fixed(place) + 2 * 10 ** (length - 1);
      return `phone:+${nation.callingCode}${lead}${number}`;
    },
    device(place) {
      const number = device(place);
      const model = 350_000 + (mix(bits, Math.floor(number / 10 ** 6)) % 20_000);
      const serial = `${model}${digits(Math.floor(number / 10 ** 6) % 100, 2)}${digits(number % 10 ** 6, 6)}`;
      return `device:${serial}${luhnDigit(serial)}`;
    },
    card(nation, operator, place) {
      const length = nation.issuer === '86' ? 13 : 14 - nation.issuer.length;
      const body = `89${nation.issuer}${operator === 0 ? '91' : '92'}${digits(of(nation).card(place), length)}`;
      return `sim:iccid:${body}${luhnDigit(body)}`;
    },
    cell(nation, operator, town) {
      const place = mix3(bits, nation.place, town);
      return `${nation.mcc}-${operator === 0 ? '91' : '92'}-${1000 + (place % 9000)}-${10_000 + ((place >>> 13) % 50_000)}`;
    },
    handle(nation, place) {
      const name = of(nation).handle(place).toString(36).padStart(6, '0');
      return `handle:${nation.platform}:u${name}x`;
    },
    wallet(place) {
      const hash = [1, 2, 3, 4, 5].map((part) => mix3(bits, place, part).toString(16).padStart(8, '0')).join('');
      return keyOf(place % 5 === 0 ? `wallet:eth:0x${hash}` : `wallet:tron:41${hash}`);
    },
    domain: (place) => `${word(mix(bits, place))}${word(mix(bits, place ^ 0x5bd1e995))}.example`,
  };
}

const tens = Array.from({ length: 16 }, (_, at) => 10 ** at);
/** For up to 15 digits. */
const digits = (number: number, length: number): string => String(tens[length]! + number).slice(1);

/** Checksums of wallets are the protocol's business. */
function keyOf(spelling: string): string {
  const key = parse(spelling);
  if (isRefusal(key)) throw new RangeError(`${spelling}: ${key.refused}`);
  return key;
}

const syllables = 'ba do ki lu me na po ra si to va wi za chu den fal gor han jin mol nex pal rin sol tek'.split(' ');

function word(bits: number): string {
  const [a, b] = [bits % syllables.length, Math.floor(bits / syllables.length) % syllables.length];
  return `${syllables[a]}${syllables[b]}`;
}
