import type { MemberCode } from '@bronze-drum/protocol/members';

export type Currency = 'CNY' | 'KHR' | 'LAK' | 'MMK' | 'THB' | 'VND' | 'USD';

/** How many minor units one baht buys, in round figures that never change here, and to what people round. */
export const currencies: Readonly<Record<Currency, { readonly perBaht: number; readonly grain: number }>> = {
  CNY: { perBaht: 22, grain: 10 },
  KHR: { perBaht: 12_300, grain: 10_000 },
  LAK: { perBaht: 65_000, grain: 100_000 },
  MMK: { perBaht: 6_300, grain: 10_000 },
  THB: { perBaht: 100, grain: 100 },
  VND: { perBaht: 740, grain: 1_000 },
  USD: { perBaht: 3, grain: 5 },
};

/** A nation as the simulator needs it. Codes of institutions and ranges of numbers are invented. */
export interface Nation {
  readonly place: number;
  readonly member: MemberCode;
  readonly country: string;
  readonly name: string;
  readonly zoneMinutes: number;
  readonly currency: Currency;
  /** Three banks, a wallet, an exchange: the codes in their customers' account keys. */
  readonly codes: readonly [string, string, string, string, string];
  /** Before the ten digits of an account number. */
  readonly accountLead: string;
  readonly callingCode: string;
  /** The beginnings of each operator's mobile numbers; as many of the one as of the other. */
  readonly mobile: readonly [readonly string[], readonly string[]];
  readonly mobileDigits: number;
  /** Of agencies' and companies' fixed lines: what they begin with, and how many digits follow. */
  readonly fixed: readonly [lead: string, digits: number];
  readonly mcc: string;
  /** The issuer part of ICCIDs, after 89. */
  readonly issuer: string;
  /** Whose accounts the platform's customers chat with. */
  readonly platform: string;
  /** Of the records, if all six take part. */
  readonly share: number;
  /** Monthly, in baht. */
  readonly income: number;
  /** Losses compared with those in Thailand. */
  readonly lossLevel: number;
  /** Of victims, by the fraud reports of the region. */
  readonly targeted: number;
  /** Where those who work here have their families: by member code. */
  readonly familiesAbroad: readonly MemberCode[];
  /** Who reports nothing but what it suspects: places in the list of institutions. */
  readonly reticent: readonly number[];
}

export const nations: readonly Nation[] = [
  {
    place: 0,
    member: 'cn',
    country: 'CN',
    name: 'China',
    zoneMinutes: 480,
    currency: 'CNY',
    codes: ['901000000010', '902000000020', '903000000030', '911000000040', '921000000050'],
    accountLead: '880011',
    callingCode: '86',
    mobile: [
      ['138', '139', '150'],
      ['186', '155', '176'],
    ],
    mobileDigits: 8,
    fixed: ['10', 8],
    mcc: '460',
    issuer: '86',
    platform: 'wechat',
    share: 0.22,
    income: 32_000,
    lossLevel: 2,
    targeted: 0.24,
    familiesAbroad: [],
    reticent: [],
  },
  {
    place: 1,
    member: 'kh',
    country: 'KH',
    name: 'Cambodia',
    zoneMinutes: 420,
    currency: 'KHR',
    codes: ['SIMAKHPP', 'SIMBKHPP', 'SIMCKHPP', 'SIMWKHPP', 'SIMXKHPP'],
    accountLead: '',
    callingCode: '855',
    mobile: [
      ['96', '71'],
      ['16', '86'],
    ],
    mobileDigits: 7,
    fixed: ['23', 6],
    mcc: '456',
    issuer: '855',
    platform: 'telegram',
    share: 0.12,
    income: 10_000,
    lossLevel: 0.7,
    targeted: 0.09,
    familiesAbroad: ['vn'],
    reticent: [2, 6],
  },
  {
    place: 2,
    member: 'la',
    country: 'LA',
    name: 'Laos',
    zoneMinutes: 420,
    currency: 'LAK',
    codes: ['SIMALALA', 'SIMBLALA', 'SIMCLALA', 'SIMWLALA', 'SIMXLALA'],
    accountLead: '10',
    callingCode: '856',
    mobile: [
      ['2052', '2055', '2058'],
      ['2022', '2077', '2028'],
    ],
    mobileDigits: 6,
    fixed: ['21', 6],
    mcc: '457',
    issuer: '856',
    platform: 'whatsapp',
    share: 0.1,
    income: 6_500,
    lossLevel: 0.5,
    targeted: 0.06,
    familiesAbroad: ['vn', 'cn'],
    reticent: [2],
  },
  {
    place: 3,
    member: 'mm',
    country: 'MM',
    name: 'Myanmar',
    zoneMinutes: 390,
    currency: 'MMK',
    codes: ['SIMAMMMY', 'SIMBMMMY', 'SIMCMMMY', 'SIMWMMMY', 'SIMXMMMY'],
    accountLead: '20',
    callingCode: '95',
    mobile: [
      ['979', '977', '976'],
      ['996', '997', '995'],
    ],
    mobileDigits: 7,
    fixed: ['1', 7],
    mcc: '414',
    issuer: '95',
    platform: 'viber',
    share: 0.12,
    income: 5_000,
    lossLevel: 0.45,
    targeted: 0.08,
    familiesAbroad: [],
    reticent: [2, 6],
  },
  {
    place: 4,
    member: 'th',
    country: 'TH',
    name: 'Thailand',
    zoneMinutes: 420,
    currency: 'THB',
    codes: ['901', '902', '903', '911', '921'],
    accountLead: '',
    callingCode: '66',
    mobile: [
      ['81', '89', '92'],
      ['86', '95', '64'],
    ],
    mobileDigits: 7,
    fixed: ['2', 7],
    mcc: '520',
    issuer: '66',
    platform: 'line',
    share: 0.24,
    income: 18_000,
    lossLevel: 1,
    targeted: 0.31,
    familiesAbroad: ['mm', 'mm', 'kh', 'la'],
    reticent: [],
  },
  {
    place: 5,
    member: 'vn',
    country: 'VN',
    name: 'Viet Nam',
    zoneMinutes: 420,
    currency: 'VND',
    codes: ['909901', '909902', '909903', '909911', '909921'],
    accountLead: '19',
    callingCode: '84',
    mobile: [
      ['96', '97', '33'],
      ['90', '70', '93'],
    ],
    mobileDigits: 7,
    fixed: ['24', 8],
    mcc: '452',
    issuer: '84',
    platform: 'zalo',
    share: 0.2,
    income: 11_000,
    lossLevel: 0.8,
    targeted: 0.22,
    familiesAbroad: ['kh', 'la'],
    reticent: [],
  },
];

export function nationOf(member: MemberCode): Nation {
  const nation = nations.find((each) => each.member === member);
  if (nation === undefined) throw new RangeError(`No simulated nation ${member}`);
  return nation;
}

/** So many baht in another currency's minor units, rounded as people round; never nothing. */
export function fromBaht(baht: number, currency: Currency): number {
  const { perBaht, grain } = currencies[currency];
  return Math.max(grain, Math.round((baht * perBaht) / grain) * grain);
}

/** As somebody types it: to the last minor unit, or to a round figure not above it; `draw` from 0 to 1 says which. Never nothing. */
export function roundly(minor: number, currency: Currency, draw: number): number {
  const { grain } = currencies[currency];
  const step = draw < 0.22 ? 1 : draw < 0.6 ? grain : draw < 0.85 ? grain * 10 : grain * 100;
  return Math.floor(minor / step) * step || Math.floor(minor / grain) * grain || Math.max(1, Math.floor(minor));
}

export const inBaht = (minor: number, currency: Currency): number => minor / currencies[currency].perBaht;
