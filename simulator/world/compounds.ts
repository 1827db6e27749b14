import type { MemberCode } from '@bronze-drum/protocol/members';

/** Where rings work from. The places do not exist: they only lie, like the real ones, near borders. */
export interface Compound {
  readonly name: string;
  readonly member: MemberCode;
  /** Rounded to a tenth of a degree on purpose. */
  readonly latitude: number;
  readonly longitude: number;
}

export const compounds: readonly Compound[] = [
  { name: 'Heron Gardens', member: 'mm', latitude: 16.9, longitude: 98.4 },
  { name: 'Stone Lantern Park', member: 'mm', latitude: 15.5, longitude: 98.3 },
  { name: 'Old Ferry Yard', member: 'mm', latitude: 20.6, longitude: 99.7 },
  { name: 'White Sand Plaza', member: 'kh', latitude: 10.8, longitude: 103.4 },
  { name: 'Sugar Palm Tower', member: 'kh', latitude: 13.8, longitude: 102.7 },
  { name: 'Three Wells Resort', member: 'kh', latitude: 11.2, longitude: 106 },
  { name: 'Lotus Gate', member: 'kh', latitude: 14.3, longitude: 103.9 },
  { name: 'River Bend Zone', member: 'la', latitude: 20.5, longitude: 100.3 },
  { name: 'Teak Hill Court', member: 'la', latitude: 20.1, longitude: 100.6 },
  { name: 'Cloud Ridge', member: 'mm', latitude: 23.5, longitude: 98.9 },
];
