import { mix } from '../chance/mix.ts';
import { nations, type Nation } from './nations.ts';

/** A part of the world's address plan, as a registry of networks would say it; `country` and `kind` where there is one. */
export interface SimulatedNetwork {
  readonly prefix: string;
  readonly country?: string;
  readonly kind?: 'hosting' | 'vpn' | 'mobile' | 'satellite';
}

/**
 * Addresses of the benchmark and documentation ranges alone (RFC 2544, 5737, 3849), so that they are nobody's. Each nation has a
 * /18 of 198.18.0.0/15: half for homes, a quarter for mobile customers, a quarter for offices; and homes of large worlds an IPv6 /36.
 */
const blockSize = 16_384;
const homes = 8192;
const mobiles = 4096;
const quarters = ['0', '64', '128', '192'] as const;
const hostedIn = ['SG', 'HK', 'US', 'NL'] as const;
const privateIn = ['SG', 'JP', 'US', 'HK'] as const;

const within = (nation: Nation, place: number): string => {
  const at = nation.place * blockSize + place;
  return `198.${18 + (at >>> 16)}.${(at >>> 8) & 255}.${at & 255}`;
};
const sixth = (nation: Nation): number => (nation.place + 1) * 4096;

export const addresses = {
  /** Of a household, one of so many in the nation. */
  home(nation: Nation, bits: number, households: number): string {
    const place = bits % Math.max(homes, households);
    if (place < homes) return `ip:${within(nation, place)}`;
    const rest = mix(place, nation.place);
    return `ip:2001:db8:${(sixth(nation) + (rest >>> 20)).toString(16)}:${((rest & 0xffff) | 1).toString(16)}::1`;
  },
  /** Many mobile customers share one. */
  mobile: (nation: Nation, bits: number, shared: number): string =>
    `ip:${within(nation, homes + (bits % Math.min(mobiles, shared)))}`,
  office: (nation: Nation, bits: number): string =>
    `ip:${within(nation, homes + mobiles + (bits % (blockSize - homes - mobiles)))}`,
  hosting: (bits: number): string => `ip:203.0.113.${bits % 256}`,
  vpn: (bits: number): string => `ip:198.51.100.${bits % 256}`,
  /** Over a satellite: an address of one of its ground stations. */
  satellite: (bits: number): string => `ip:192.0.2.${bits % 256}`,
} as const;

/** The whole plan. An address that is not in it belongs to nobody in the world. */
export function simulatedNetworks(): SimulatedNetwork[] {
  const ofNations = nations.flatMap((nation): SimulatedNetwork[] => {
    const { country } = nation;
    return [
      { prefix: `${within(nation, 0)}/19`, country },
      { prefix: `${within(nation, homes)}/20`, country, kind: 'mobile' },
      { prefix: `${within(nation, homes + mobiles)}/20`, country },
      { prefix: `2001:db8:${sixth(nation).toString(16)}::/36`, country },
    ];
  });
  const hosting = quarters.map((last, at) => ({
    prefix: `203.0.113.${last}/26`,
    country: hostedIn[at]!,
    kind: 'hosting' as const,
  }));
  const vpn = quarters.map((last, at) => ({
    prefix: `198.51.100.${last}/26`,
    country: privateIn[at]!,
    kind: 'vpn' as const,
  }));
  return [...ofNations, ...hosting, ...vpn, { prefix: '192.0.2.0/24', kind: 'satellite' }];
}

/** The same as a file `prefix,country,kind`. */
export const networksText = (): string =>
  [
    'prefix,country,kind',
    ...simulatedNetworks().map(({ prefix, country = '', kind = '' }) => `${prefix},${country},${kind}`),
    '',
  ].join('\n');
