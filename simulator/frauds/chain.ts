import { instant } from '../chance/spelling.ts';
import { tether } from '../daily/payments.ts';
import type { Ground } from '../world/ground.ts';
import { isStopped, type Role, type Step } from '../world/happening.ts';
import { addresses } from '../world/keys.ts';
import { fromBaht, inBaht, nations } from '../world/nations.ts';
import { holderOf, nationOfHolder } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import type { CaseBook } from './case-book.ts';
import {
  channelOf,
  controlledDevice,
  destination,
  labelsOf,
  markOf,
  moneyIn,
  suspicionOf,
  typed,
  type Loot,
} from './loot.ts';

export type Chain = (book: CaseBook, loot: Loot) => void;

const minuteMs = 60_000;
const hopsMax = 4;

/** From mule to mule, over the border, to an exchange, to cash. */
export function chainOf(ground: Ground, records: Records): Chain {
  /** One payment onward, and what follows from it. */
  function onward(book: CaseBook, loot: Loot, atMs: number, minor: number, role: Role): void {
    const { chance, ring } = book;
    const step: Step = { after: loot.after, stopped: false };
    const which = chance.below(1 << 30);
    const abroad = role === 'mule-hop' && loot.hop < 3 && chance.is(0.3);
    const nation = abroad ? nations[chance.weighted([10, 25, 12, 14, 20, 14])]! : loot.nation;
    const device = controlledDevice(ground, book, loot, atMs, which);
    const ip = chance.is(0.6) ? ring.address(atMs, which) : addresses.customer(loot.nation, which);
    const next = role === 'mule-hop' ? ring.mule(nation, atMs, which) : undefined;
    const to = destination(ground, role, loot, next?.account, which);
    if (to === loot.account) return;
    book.plan(atMs, () => {
      if (isStopped(step)) return undefined;
      const marks = to === undefined ? [] : book.mark(markOf(ground, role, to, next?.tier ?? loot.tier, nation));
      const channel = channelOf(role, to);
      const deed = {
        ...book.deed(atMs, role, suspicionOf[role] ?? 0.1, marks),
        labels: labelsOf(book, loot, role, minor),
        step,
      };
      const asset = channel === 'exchange' ? { asset: tether({ minor, currency: loot.currency }) } : {};
      const from = loot.account;
      const happening = records.payment({
        ...deed,
        from,
        ...(to !== undefined && { to }),
        minor,
        currency: loot.currency,
        channel,
        ...asset,
        ...(channel !== 'atm' && channel !== 'agent' && { device, ip }),
      });
      const toKey = to === undefined ? 'cash' : ground.keyOf(to);
      book.hop({
        at: instant(atMs),
        hop: loot.hop,
        role,
        from: ground.keyOf(from),
        to: toKey,
        amount: String(minor),
        currency: loot.currency,
      });
      if (next !== undefined || (role === 'crypto-exit' && to !== undefined)) {
        const own = nationOfHolder(holderOf(to!));
        const currency = own === loot.nation ? loot.currency : moneyIn(own);
        const received = currency === loot.currency ? minor : fromBaht(inBaht(minor, loot.currency), currency);
        const arrived: Loot = {
          atMs,
          account: to!,
          tier: next?.tier ?? loot.tier,
          nation: own,
          minor: received,
          currency,
          hop: loot.hop + 1,
          after: step,
          ...(loot.owners && { owners: loot.owners }),
        };
        if (next === undefined) leaveExchange(book, arrived);
        else chain(book, arrived);
      }
      return happening;
    });
  }

  function signIn(book: CaseBook, loot: Loot, atMs: number): void {
    const { chance, ring } = book;
    const which = chance.below(1 << 30);
    const device = controlledDevice(ground, book, loot, atMs, which);
    const newDevice = loot.tier !== 'recruited' && chance.is(0.3);
    const ip = chance.is(0.6) ? ring.address(atMs, which) : addresses.customer(loot.nation, which);
    book.plan(atMs, () => {
      if (isStopped(loot.after)) return undefined;
      const method = newDevice ? 'one-time-code' : 'password';
      const deed = book.deed(atMs, 'mule-login', newDevice ? 0.12 : 0.03);
      return records.login({
        ...deed,
        account: loot.account,
        outcome: 'ok',
        method,
        newDevice,
        remoteAccess: false,
        device,
        ip,
      });
    });
  }

  function chain(book: CaseBook, loot: Loot): void {
    const { chance } = book;
    const baht = inBaht(loot.minor, loot.currency);
    const isFirst = loot.hop === 1;
    // Half of the money is gone in three minutes.
    const isFast = chance.is(isFirst ? 0.63 : 0.5);
    let atMs = loot.atMs + Math.round((isFast ? chance.between(18, 70) : chance.between(240, 3_600)) * 1000);
    signIn(book, loot, Math.max(loot.atMs + 1000, atMs - 1000 * (6 + chance.below(20))));
    const parts = waysOn(book, loot, baht);
    let left = Math.floor(loot.minor * chance.between(0.95, 0.995));
    parts.forEach((part, at) => {
      const wished = at === parts.length - 1 ? left : Math.min(left, Math.floor(part.part * loot.minor * 0.97));
      const minor = wished > 0 ? typed(book, wished, loot.currency) : 0;
      if (minor > 0) onward(book, loot, atMs, minor, part.role);
      left -= minor;
      atMs += Math.round((isFast ? chance.between(7, 30) : chance.between(60, 600)) * 1000);
    });
  }

  function leaveExchange(book: CaseBook, loot: Loot): void {
    const { chance, ring } = book;
    const atMs = loot.atMs + Math.round(chance.around(5 * minuteMs, 1));
    const which = chance.below(1 << 20);
    const wallet = ring.wallet(atMs, which);
    const step: Step = { after: loot.after, stopped: false };
    const device = ring.device(loot.nation, atMs, which);
    book.plan(atMs, () => {
      if (isStopped(step)) return undefined;
      const marks = book.mark({ key: wallet, role: 'crypto-exit', nation: loot.nation });
      const { minor, currency } = loot;
      const deed = {
        ...book.deed(atMs, 'crypto-exit', 0.2, marks),
        labels: labelsOf(book, loot, 'crypto-exit', minor),
        step,
      };
      book.hop({
        at: instant(atMs),
        hop: loot.hop,
        role: 'crypto-exit',
        from: ground.keyOf(loot.account),
        to: wallet,
        amount: String(minor),
        currency,
      });
      const asset = tether({ minor, currency });
      return records.payment({
        ...deed,
        from: loot.account,
        toWallet: wallet,
        minor,
        currency,
        channel: 'exchange',
        asset,
        device,
        ip: ring.address(atMs, which),
      });
    });
  }

  return chain;
}

/** Into how many parts, and where each goes. */
function waysOn({ chance }: CaseBook, loot: Loot, baht: number): { role: Role; part: number }[] {
  const isLast = loot.hop >= hopsMax || baht < 800;
  const several =
    loot.hop === 1
      ? baht > 50_000 && chance.is(0.55)
        ? 5 + chance.below(4)
        : 2 + chance.below(3)
      : 1 + chance.below(3);
  const count = baht < 3_000 ? 1 + chance.below(2) : several;
  const draws = Array.from({ length: count }, () => chance.between(0.5, 1.5));
  const sum = draws.reduce((all, draw) => all + draw, 0);
  const ways: { role: Role; part: number }[] = draws.map((draw) => ({
    role: isLast
      ? chance.pick(['cash-out', 'cash-out', 'crypto-exit'] as const)
      : (['mule-hop', 'crypto-exit', 'cash-out'] as const)[
          chance.weighted(loot.hop === 1 ? [68, 16, 16] : [42, 30, 28])
        ]!,
    part: draw / sum,
  }));
  if (chance.is(0.06))
    ways.unshift({ role: 'innocent-purchase', part: Math.min(0.2, chance.between(60, 6_000) / Math.max(baht, 1)) });
  return ways;
}
