import type { Role } from '../world/happening.ts';
import { inBaht, type Currency } from '../world/nations.ts';
import type { CaseBook } from './case-book.ts';
import type { Loot } from './loot.ts';
import type { Route } from './route.ts';

export interface Way {
  readonly role: Role;
  /** Of the whole. */
  readonly part: number;
  /** At most so much. */
  readonly minorMax?: number;
  readonly isHome?: boolean;
  readonly isShell?: boolean;
}

const hopsMax = 4;
/** Who keeps below what is looked for pays less, even if more is at hand. */
export function unremarkable({ caution }: CaseBook, minor: number, currency: Currency): number {
  const limit = limits[currency];
  if (caution === undefined || limit === undefined) return minor;
  const least = limit * caution.belowLimit;
  return minor >= least && minor < limit ? Math.floor(least * 0.98) : minor;
}

/** From here on a payment needs the customer’s face, or is told to the authority. */
const limits: Readonly<Partial<Record<Currency, number>>> = { THB: 5_000_000, VND: 10_000_000 };

const isStructured = ({ minor, currency }: Loot): boolean => minor > 3.3 * (limits[currency] ?? Infinity);

/** As the money reaches the first account. */
export function routeOf({ chance, caution, route }: CaseBook, loot: Loot, isDivided: boolean): Route {
  const draw = chance.next();
  if (route !== undefined) return route;
  if (caution !== undefined) return isDivided || draw < 0.7 ? 'spread' : 'motorcade';
  if (isStructured(loot) && draw < 0.45) return 'structured';
  if (isDivided) return draw > 0.75 ? 'gather' : 'spread';
  if (draw > 0.92) return 'cycle';
  if (draw > 0.7) return 'motorcade';
  return draw > 0.6 ? 'shells' : 'spread';
}

/** Of more than 50,000 baht, more than half are divided into five parts and more. */
export const isDividedInto = ({ chance }: CaseBook, baht: number): boolean => baht > 50_000 && chance.is(0.55);

/** Into how many parts, and where each goes. Each hop of a route has its own. */
export function waysOn(book: CaseBook, loot: Loot, route: Route, isDivided: boolean): Way[] {
  const { chance } = book;
  const baht = inBaht(loot.minor, loot.currency);
  const isFirst = loot.hop === 1;
  if (route === 'motorcade' && loot.hop < hopsMax) return [row];
  if (route === 'cycle' && loot.hop < hopsMax) return [row];
  if (route === 'gather' && loot.hop === 2) return [row];
  if (route === 'shells' && isFirst) return [{ ...row, isShell: true }];
  const count = countOf(book, loot, baht, isDivided);
  const draws = Array.from({ length: count }, () => chance.between(0.5, 1.5));
  const sum = draws.reduce((all, draw) => all + draw, 0);
  if (route === 'gather' && isFirst)
    return draws.map((draw): Way => ({ role: 'mule-hop', part: draw / sum, isHome: true }));
  const isLast = loot.hop >= hopsMax || baht < 800;
  const ways = draws.map((draw): Way => ({ role: roleOf(book, loot, isLast), part: draw / sum }));
  const limit = limits[loot.currency];
  if (route === 'structured' && isFirst && limit !== undefined) structure(book, loot, limit, ways);
  if (chance.is(0.06))
    ways.unshift({ role: 'innocent-purchase', part: Math.min(0.2, chance.between(60, 6_000) / Math.max(baht, 1)) });
  return ways;
}

const row: Way = { role: 'mule-hop', part: 1, isHome: true };

function countOf({ chance, caution }: CaseBook, { hop }: Loot, baht: number, isDivided: boolean): number {
  const several = isDivided ? 5 + chance.below(4) : hop === 1 ? 2 + chance.below(3) : 1 + chance.below(3);
  const count = baht < 3_000 ? 1 + chance.below(2) : several;
  return Math.min(count, caution?.receiversMax ?? count);
}

function roleOf({ chance }: CaseBook, loot: Loot, isLast: boolean): Role {
  if (loot.tier === 'corporate' && chance.is(0.9)) return 'crypto-exit';
  if (isLast) return chance.pick(['cash-out', 'cash-out', 'crypto-exit'] as const);
  return (['mule-hop', 'crypto-exit', 'cash-out'] as const)[
    chance.weighted(loot.hop === 1 ? [68, 16, 16] : [42, 30, 28])
  ]!;
}

/** As many parts as the limit asks for come first, each just below it; the others share what is left. */
function structure({ chance }: CaseBook, { minor }: Loot, limit: number, ways: Way[]): void {
  const parts = Math.min(12, Math.floor((minor * 0.93) / (limit * 0.995)));
  for (let at = 0; at < parts; at++) {
    const minorMax = Math.floor(limit * chance.between(0.88, 0.995));
    const way: Way = { role: 'mule-hop', part: minorMax / minor, minorMax, isHome: true };
    if (at < ways.length - 1) ways[at] = way;
    else ways.splice(at, 0, way);
  }
}
