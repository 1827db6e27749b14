import { mix3, named } from '../chance/mix.ts';
import { instant } from '../chance/spelling.ts';
import type { Ground } from '../world/ground.ts';
import { isStopped, type Happening, type Label, type Step } from '../world/happening.ts';
import { inBaht, roundly } from '../world/nations.ts';
import { originOf } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import { receiverMark, type CaseBook } from './case-book.ts';
import type { Chain } from './chain.ts';
import { controlledAddress, controlledDevice, muleFor, type Loot } from './loot.ts';

const minuteMs = 60_000;
const sweepChannel = 65;
const sweepPeriodMs = 250;

interface Share {
  readonly book: CaseBook;
  readonly minor: number;
  readonly sinceMs: number;
  readonly after: Step;
  readonly done: (atMs: number) => void;
}

/** Small sums gather on one account, and leave it together the same day. */
export function potsOf(ground: Ground, records: Records, chain: Chain) {
  const pots = new Map<string, Share[]>();

  /** Everything that came together leaves at once: each case's part of it is told. */
  function sweep(own: CaseBook, shares: readonly Share[], loot: Loot, atMs: number): Happening | undefined {
    const kept = shares.filter(({ after }) => !isStopped(after));
    const { currency } = loot;
    const gathered = kept.reduce((sum, share) => sum + share.minor, 0);
    const bits = mix3(ground.bits, named(own.ring.name), loot.account + Math.floor(atMs / 1000));
    const next = muleFor(own, loot.nation, atMs, bits >>> 2);
    const minor = roundly(gathered, currency, (bits % 1024) / 1024);
    const step: Step = { after: undefined, stopped: false };
    const [first] = kept;
    for (const share of shares) if (share !== first) share.done(atMs);
    if (first === undefined || next.account === loot.account) {
      first?.done(atMs);
      return undefined;
    }
    const labels: Label[] = [];
    for (const share of kept) {
      labels.push(share.book.label('consolidation', 1, Math.min(share.minor, minor)));
      share.book.hop({
        at: instant(atMs),
        hop: 1,
        role: 'consolidation',
        from: ground.keyOf(loot.account),
        to: ground.keyOf(next.account),
        amount: String(share.minor),
        currency,
      });
    }
    const origin = originOf(sweepChannel + 1 + (bits % 65_536), Math.floor(atMs / sweepPeriodMs) % 4294967296);
    const marks = first.book.mark(receiverMark(ground, next, loot.nation));
    const deed = {
      atMs,
      origin,
      order: loot.account % 65_536,
      labels,
      marks,
      step,
      suspect: { typology: 'mule-account', chance: 0.15 },
    } as const;
    const device = controlledDevice(ground, own, { ...loot, tier: 'bought' }, atMs, bits);
    if (loot.tier !== undefined) own.reckoning.used(loot.account, loot.tier);
    own.reckoning.leftBehind(inBaht(gathered - minor, currency));
    const happening = records.payment({
      ...deed,
      from: loot.account,
      to: next.account,
      minor,
      currency,
      channel: 'mobile',
      device,
      ip: controlledAddress(ground, own, loot, atMs, bits),
    });
    // From here on the first case's story goes on, and every case's part is told with it.
    const owners = kept.map((share) => ({ book: share.book, part: share.minor / gathered }));
    chain(first.book, {
      atMs,
      owners,
      account: next.account,
      tier: next.tier,
      nation: loot.nation,
      minor,
      currency,
      hop: 2,
      after: step,
      sinceMs: kept.reduce((sum, share) => sum + share.sinceMs * (share.minor / gathered), 0),
    });
    first.done(atMs);
    return happening;
  }

  return (book: CaseBook, loot: Loot): void => {
    const name = `${loot.account}/${loot.currency}`;
    const known = pots.get(name);
    if (known !== undefined && known.length >= (book.caution?.sendersMax ?? Infinity)) return chain(book, loot);
    const { minor, sinceMs, after } = loot;
    const share: Share = { book, minor, sinceMs, after, done: book.wait() };
    if (known !== undefined) {
      known.push(share);
      return;
    }
    const shares = [share];
    pots.set(name, shares);
    const atMs = loot.atMs + Math.round(book.chance.between(30, 200) * minuteMs);
    book.plan(atMs, () => {
      pots.delete(name);
      return sweep(book, shares, loot, atMs);
    });
  };
}
