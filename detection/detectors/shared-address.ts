import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { SharingView, Users } from '../device-view.ts';
import { instantOf } from './money-facts.ts';
import { distinctOf, others, usersSince } from './sharing.ts';
import { above } from './strength.ts';

const minuteMs = 60_000;

const count = (standard: number, description: string) =>
  Type.Integer({ default: standard, minimum: 2, maximum: 256, description });

const Limits = Type.Object({
  accountsMin: count(10, 'Accounts used from one address. FATF: accounts that share addresses; the number is ours'),
  withinMinutes: Type.Number({ default: 60, minimum: 1, maximum: 1440, description: 'Within such a time' }),
  mobileAccountsMin: count(200, 'Where the network is mobile, whose customers share addresses (carrier NAT); ours'),
  hostingAccountsMin: count(6, 'Where the network is of a hosting company, a VPN or a satellite; ours'),
  accountsPerDeviceMin: Type.Number({
    default: 2,
    minimum: 1,
    maximum: 100,
    description: 'So many accounts for each device: at an office or a café everybody has his own; ours',
  }),
  accountsWithoutDevicesMin: count(60, 'Accounts, where institutions tell of no devices for most of them; ours'),
});

/** One address from which many accounts are used on few devices. */
export const sharedAddress = detector({
  name: 'shared-address',
  version: 1,
  on: ['payment', 'login'] as const,
  typology: 'infrastructure',
  urgency: 3,
  limits: Limits,
  facts: [
    'accounts',
    'devices',
    'institutions',
    'withinMinutes',
    'accountsMin',
    'network',
    'country',
    'firstAt',
    'lastAt',
  ],
  find(view: SharingView, limits: Static<typeof Limits>): Verdict | undefined {
    const kind = view.network?.kind;
    const least =
      kind === undefined
        ? limits.accountsMin
        : kind === 'mobile'
          ? limits.mobileAccountsMin
          : limits.hostingAccountsMin;
    const sinceMs = view.newestMs - limits.withinMinutes * minuteMs;
    if (view.known < least || view.count(sinceMs, least) < least) return undefined;
    const users = view.users();
    const accounts = usersSince(users, sinceMs);
    const told = deviceTold(users, accounts);
    const devices = distinctOf(users.device, accounts);
    const isCrowded =
      told * 2 >= accounts
        ? told >= devices * limits.accountsPerDeviceMin
        : accounts >= Math.max(least, limits.accountsWithoutDevicesMin);
    if (!isCrowded) return undefined;
    return {
      facts: {
        accounts,
        devices,
        institutions: distinctOf(users.keeper, accounts),
        withinMinutes: limits.withinMinutes,
        accountsMin: least,
        ...(kind !== undefined && { network: kind }),
        ...(view.network?.country !== undefined && { country: view.network.country }),
        firstAt: instantOf(users.atMs[accounts - 1]!),
        lastAt: instantOf(users.atMs[0]!),
      },
      counterparts: others(view, users, accounts, false),
      strength: above(accounts, least / 2),
    };
  },
});

function deviceTold({ device }: Users, upTo: number): number {
  let told = 0;
  for (let i = 0; i < upTo; i += 1) if (device[i] !== 0) told += 1;
  return told;
}
