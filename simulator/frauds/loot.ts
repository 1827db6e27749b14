import type { Ground } from '../world/ground.ts';
import type { Label, Role, Step } from '../world/happening.ts';
import { roundly, type Currency, type Nation } from '../world/nations.ts';
import { accountOf, holderOf, type Account } from '../world/people.ts';
import type { Tier } from '../world/underworld.ts';
import { receiverMark, type CaseBook } from './case-book.ts';

/** Stolen money that lies on an account. */
export interface Loot {
  readonly atMs: number;
  readonly account: Account;
  readonly tier: Tier | undefined;
  readonly nation: Nation;
  readonly minor: number;
  readonly currency: Currency;
  /** Of the next payment. */
  readonly hop: number;
  readonly after: Step;
  /** Whose it was, if several cases' came together. */
  readonly owners?: readonly Owner[];
}

interface Owner {
  readonly book: CaseBook;
  /** Of the whole. */
  readonly part: number;
}

export function labelsOf(book: CaseBook, { owners, hop }: Loot, role: Role, minor: number): Label[] {
  if (owners === undefined) return [book.label(role, hop, minor)];
  return owners.map((owner) => owner.book.label(role, hop, Math.floor(minor * owner.part)));
}

/** Cambodia’s banks keep dollars. */
export const moneyIn = (nation: Nation): Currency => (nation.member === 'kh' ? 'USD' : nation.currency);

export const suspicionOf: Readonly<Partial<Record<Role, number>>> = {
  'mule-hop': 0.22,
  'cash-out': 0.15,
  'crypto-exit': 0.2,
  'innocent-purchase': 0.01,
};

export function channelOf(role: Role, to: Account | undefined): 'mobile' | 'exchange' | 'atm' | 'agent' | 'qr' {
  if (role === 'crypto-exit') return 'exchange';
  if (role === 'innocent-purchase') return 'qr';
  if (role === 'cash-out') return to === undefined ? 'atm' : 'agent';
  return 'mobile';
}

export function markOf(ground: Ground, role: Role, to: Account, tier: Tier | undefined, nation: Nation) {
  const key = ground.keyOf(to);
  if (role === 'innocent-purchase') return { key, role: 'good-faith', nation } as const;
  if (role === 'cash-out') return { key, role: 'cash-out', nation } as const;
  return receiverMark(ground, { account: to, tier }, nation);
}

/** Where it goes; undefined is cash. */
export function destination(
  ground: Ground,
  role: Role,
  loot: Loot,
  mule: Account | undefined,
  which: number,
): Account | undefined {
  const people = ground.people[loot.nation.place]!;
  if (role === 'mule-hop') return mule;
  if (role === 'crypto-exit') return accountOf(holderOf(loot.account), 2);
  if (role === 'innocent-purchase') return accountOf(people.shop(which), 0);
  return which % 3 === 0 ? accountOf(people.agent(which), 0) : undefined;
}

/** Who lends an account mostly keeps the telephone; what was bought is used from the ring’s. */
export function controlledDevice(ground: Ground, { ring }: CaseBook, loot: Loot, atMs: number, which: number): number {
  const own = loot.tier === 'recruited' && which % 10 < 7;
  return own ? ground.device(holderOf(loot.account)) : ring.device(loot.nation, atMs, which);
}

/** So much or a little less, as somebody types it. */
export const typed = ({ chance }: CaseBook, minor: number, currency: Currency): number =>
  roundly(minor, currency, chance.next());
