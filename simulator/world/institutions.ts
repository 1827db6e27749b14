import type { MemberCode } from '@bronze-drum/protocol/members';
import { mix, named } from '../chance/mix.ts';
import { nationOf, nations, type Nation } from './nations.ts';

export type InstitutionKind = 'bank' | 'wallet' | 'crypto' | 'operator' | 'platform';

export interface SimulatedInstitution {
  readonly id: string;
  readonly name: string;
  readonly kind: InstitutionKind;
  /** How the keys of its own customers begin. */
  readonly serves: readonly string[];
}

/** Places in a nation's list of institutions. */
const silentPlace = 1;
export const walletPlace = 3;
export const exchangePlace = 4;
export const operatorPlace = 5;
export const platformPlace = 7;

/** The institutions of a member in the simulated world: three banks, a wallet, an exchange, two operators, a platform. */
export function simulatedInstitutions(member: MemberCode): SimulatedInstitution[] {
  const nation = nationOf(member);
  const keepers = nation.codes.map((code, place): SimulatedInstitution => {
    const kind = place < walletPlace ? 'bank' : place === walletPlace ? 'wallet' : 'crypto';
    const number = place < walletPlace ? 901 + place : kind === 'wallet' ? 911 : 921;
    return one(nation, kind, number, [`account:${nation.country}:${code}:`]);
  });
  const operators = nation.mobile.map((leads, place) =>
    one(
      nation,
      'operator',
      931 + place,
      leads.map((lead) => `phone:+${nation.callingCode}${lead}`),
    ),
  );
  return [...keepers, ...operators, one(nation, 'platform', 951, [])];
}

function one(nation: Nation, kind: InstitutionKind, number: number, serves: string[]): SimulatedInstitution {
  const said = kind === 'crypto' ? 'exchange' : kind;
  return { id: `${said}-${number}`, name: `Simulated ${said} ${number} of ${nation.name}`, kind, serves };
}

/** An institution that reports. */
export interface Reporter {
  readonly nation: Nation;
  readonly id: string;
  readonly kind: InstitutionKind;
  /** Tells everything, or only what it suspects. */
  readonly everything: boolean;
  /** Whether it tells devices, addresses and its customers’ telephone numbers. */
  readonly tellsDevices: boolean;
  /** What it tells of its customers: all that it knows, since when they have an account, or nothing. */
  readonly tellsCustomers: 'all' | 'opening' | 'nothing';
  readonly bits: number;
}

/** By nation and place. `bits` are the world's. */
export function reportersOf(bits: number): readonly (readonly Reporter[])[] {
  return nations.map((nation) =>
    simulatedInstitutions(nation.member).map(({ id, kind }, place) => ({
      nation,
      id,
      kind,
      everything: !nation.reticent.includes(place),
      tellsDevices: place !== silentPlace,
      tellsCustomers: place === 0 ? 'all' : place === silentPlace ? 'nothing' : 'opening',
      bits: mix(bits, named(`${nation.member}/${id}`)),
    })),
  );
}
