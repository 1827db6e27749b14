import { tether } from '../daily/payments.ts';
import type { Ground } from '../world/ground.ts';
import { isStopped, type Step } from '../world/happening.ts';
import { fromBaht, inBaht, nations } from '../world/nations.ts';
import { holderOf, nationOfHolder, type Account } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import type { Mule } from '../world/underworld.ts';
import type { CaseBook } from './case-book.ts';
import { handlingOf } from './handling.ts';
import { hopOf, leavingOf } from './leaving.ts';
import {
  channelOf,
  controlledAddress,
  controlledDevice,
  destination,
  labelsOf,
  markOf,
  moneyIn,
  muleFor,
  suspicionOf,
  typed,
  type Loot,
} from './loot.ts';
import type { Route } from './route.ts';
import { isDividedInto, routeOf, unremarkable, waysOn, type Way } from './routes.ts';

export type Chain = (book: CaseBook, loot: Loot) => void;

/** From mule to mule, over the border, to an exchange, to cash. */
export function chainOf(ground: Ground, records: Records): Chain {
  const leaveExchange = leavingOf(ground, records);
  const { test, signIn } = handlingOf(ground, records);

  /** One payment onward, and what follows from it. */
  function onward(book: CaseBook, loot: Loot, atMs: number, minor: number, way: Way): void {
    const { role } = way;
    const { chance } = book;
    const step: Step = { after: loot.after, stopped: false };
    const which = chance.below(1 << 30);
    // The cautious cross borders as coins only.
    const mayLeave = way.isHome !== true && book.caution === undefined;
    const isAbroad = role === 'mule-hop' && loot.hop < 3 && mayLeave && chance.is(0.3);
    const nation = isAbroad ? nations[chance.weighted([10, 25, 12, 14, 20, 14])]! : loot.nation;
    const device = controlledDevice(ground, book, loot, atMs, which);
    const ip = controlledAddress(ground, book, loot, atMs, which);
    const next = role === 'mule-hop' ? nextMule(book, loot, way, nation, atMs, which) : undefined;
    const to = destination(ground, role, loot, next?.account, which);
    if (to === loot.account) return;
    if (next !== undefined && loot.route === 'motorcade' && book.caution === undefined && chance.is(0.35))
      test(book, loot, atMs - Math.round(chance.between(9, 14) * 1000), next, which);
    book.plan(atMs, () => {
      if (isStopped(step)) return undefined;
      const marks = to === undefined ? [] : book.mark(markOf(ground, role, to, next?.tier ?? loot.tier, nation));
      const channel = channelOf(role, to);
      const deed = {
        ...book.deed(atMs, role, suspicionOf[role] ?? 0.1, marks),
        labels: labelsOf(book, loot, role, minor),
        step,
      };
      const { account: from, currency } = loot;
      const happening = records.payment({
        ...deed,
        from,
        ...(to !== undefined && { to }),
        minor,
        currency,
        channel,
        ...(channel === 'exchange' && { asset: tether({ minor, currency }) }),
        ...(channel !== 'atm' && channel !== 'agent' && { device, ip }),
      });
      hopOf(ground, book, loot, { atMs, minor, role, to: to === undefined ? 'cash' : ground.keyOf(to) });
      if (role === 'cash-out') book.reckoning.wentOut(inBaht(minor, currency), atMs - loot.sinceMs);
      if (next !== undefined) chain(book, { ...arrived(loot, to!, minor, atMs, step), tier: next.tier });
      else if (role === 'crypto-exit') leaveExchange(book, arrived(loot, to!, minor, atMs, step));
      return happening;
    });
  }

  function nextMule(
    book: CaseBook,
    loot: Loot,
    way: Way,
    nation: typeof loot.nation,
    atMs: number,
    which: number,
  ): Mule {
    if (way.isShell === true) return book.ring.shell(nation, atMs, which);
    const isMet = (loot.route === 'cycle' && loot.hop === 3) || (loot.route === 'gather' && loot.hop === 2);
    return isMet && loot.meeting !== undefined ? loot.meeting : muleFor(book, nation, atMs, which);
  }

  function chain(book: CaseBook, given: Loot): void {
    const { chance, caution } = book;
    if (given.tier !== undefined) book.reckoning.used(given.account, given.tier);
    const isDivided = given.hop === 1 && isDividedInto(book, inBaht(given.minor, given.currency));
    const route: Route = given.route ?? routeOf(book, given, isDivided);
    const loot: Loot = { ...given, route, ...(given.hop === 1 && { meeting: meetingOf(book, given, route) }) };
    // Half of the money is gone in three minutes.
    const isFast = chance.is(loot.hop === 1 ? 0.63 : 0.5) && caution === undefined;
    const waitedMs = Math.round((isFast ? chance.between(18, 70) : chance.between(240, 3_600)) * 1000);
    let atMs = loot.atMs + waitedMs + Math.round(caution?.restMs ?? 0);
    signIn(book, loot, Math.max(loot.atMs + 1000, atMs - 1000 * (6 + chance.below(20))));
    const ways = waysOn(book, loot, route, isDivided);
    let left = Math.floor(loot.minor * chance.between(0.95, 0.995));
    let sent = 0;
    ways.forEach((way, at) => {
      const share = at === ways.length - 1 ? left : Math.min(left, Math.floor(way.part * loot.minor * 0.97));
      const wished = unremarkable(book, Math.min(share, way.minorMax ?? share), loot.currency);
      const minor = wished > 0 ? typed(book, wished, loot.currency) : 0;
      if (minor > 0) onward(book, loot, atMs + restOf(book, loot, way, minor), minor, way);
      left -= minor;
      sent += minor;
      atMs += Math.round((isFast ? chance.between(7, 30) : chance.between(60, 600)) * 1000);
    });
    book.reckoning.leftBehind(inBaht(loot.minor - sent, loot.currency));
  }

  /** Before it becomes coins a cautious ring lets it lie, unless it is little. */
  function restOf({ caution }: CaseBook, { currency }: Loot, { role }: Way, minor: number): number {
    if (caution === undefined || role !== 'crypto-exit' || inBaht(minor, currency) < caution.exitBaht) return 0;
    return Math.round(caution.exitAfterMs);
  }

  /** Where a route that meets again does: in a row it began there. */
  function meetingOf(book: CaseBook, loot: Loot, route: Route): Mule {
    if (route === 'cycle')
      return { holder: holderOf(loot.account), account: loot.account, tier: loot.tier ?? 'recruited' };
    return muleFor(book, loot.nation, loot.atMs, book.chance.below(1 << 30));
  }

  return chain;
}

/** What has come to the next account, in its nation's money. */
function arrived(loot: Loot, account: Account, minor: number, atMs: number, after: Step): Loot {
  const nation = nationOfHolder(holderOf(account));
  const currency = nation === loot.nation ? loot.currency : moneyIn(nation);
  const received = currency === loot.currency ? minor : fromBaht(inBaht(minor, loot.currency), currency);
  return { ...loot, atMs, account, nation, minor: received, currency, hop: loot.hop + 1, after };
}
