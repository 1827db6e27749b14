import { mix } from '../chance/mix.ts';
import type { Ground } from '../world/ground.ts';
import type { Label, Role, Step } from '../world/happening.ts';
import { roundly, type Currency, type Nation } from '../world/nations.ts';
import { accountOf, holderOf, type Account, type Tier } from '../world/people.ts';
import { addresses } from '../world/networks.ts';
import type { Mule } from '../world/underworld.ts';
import { receiverMark, type CaseBook } from './case-book.ts';
import type { Route } from './route.ts';

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
  /** When the victim paid. */
  readonly sinceMs: number;
  /** From the first account on, and where it meets again. */
  readonly route?: Route;
  readonly meeting?: Mule;
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
export function controlledDevice(
  ground: Ground,
  { ring, caution }: CaseBook,
  loot: Pick<Loot, 'account' | 'tier' | 'nation'>,
  atMs: number,
  which: number,
): number {
  if (caution !== undefined) return ring.ownDevice(loot.nation, loot.account);
  const own = loot.tier === 'recruited' && which % 10 < 7;
  return own ? ground.screen(loot.account) : ring.device(loot.nation, atMs, which);
}

/** From the compound, or from where the account’s owner lives; the cautious hire a connection in a home for each account. */
export function controlledAddress(
  ground: Ground,
  { ring, caution, chance }: CaseBook,
  loot: Pick<Loot, 'account' | 'nation'>,
  atMs: number,
  which: number,
): string {
  const isHome = !chance.is(0.6);
  if (caution !== undefined) return addresses.home(loot.nation, mix(loot.account, 23), 0);
  return isHome ? ground.home(holderOf(loot.account)) : ring.address(atMs, which);
}

/** Whom the ring has for it. */
export const muleFor = ({ ring, caution }: CaseBook, nation: Nation, atMs: number, which: number): Mule =>
  caution === undefined ? ring.mule(nation, atMs, which) : ring.unusedMule(nation, which);

/** So much or a little less, as somebody types it. */
export const typed = ({ chance }: CaseBook, minor: number, currency: Currency): number =>
  roundly(minor, currency, chance.next());
