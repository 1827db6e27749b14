import { cash, type PaymentIndex } from './payment-index.ts';

export interface BackLimits {
  /** Who holds the theft's money, and whoever is known to have been robbed. */
  isKnown(key: string): boolean;
  readonly payersMax: number;
}

/** Of an account that very many paid, the latest payments are looked at. */
const looksMax = 100_000;

/** Who paid into an account where stolen money came: perhaps robbed as well. */
export interface Payer {
  readonly key: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly payments: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/**
 * The payers into an account within a time, both ends included, who are not known yet: of each currency who paid most first.
 */
export function followBack(
  index: PaymentIndex,
  key: string,
  fromMs: number,
  untilMs: number,
  { isKnown, payersMax }: BackLimits,
): Payer[] {
  const slot = index.slotOf(key);
  if (slot === -1) return [];
  const ins = index.into(slot);
  const end = ins.firstFrom(untilMs + 1);
  const payers = new Map<string, Payer>();
  for (let at = Math.max(ins.firstFrom(fromMs), end - looksMax); at < end; at += 1) {
    const place = ins.placeAt(at);
    const other = ins.otherAt(at);
    // What came back is not what somebody paid.
    if (other === cash || index.returnOf(place) !== -1 || index.isReturned(place)) continue;
    const payer = index.keyOf(other);
    if (isKnown(payer)) continue;
    const currency = index.currencyCode(index.creditedCurrency(place));
    const name = `${currency} ${payer}`;
    const known = payers.get(name);
    const atMs = index.arrivesAtMs(place);
    payers.set(name, {
      key: payer,
      currency,
      amount: (known?.amount ?? 0n) + index.credited(place),
      payments: (known?.payments ?? 0) + 1,
      firstAtMs: known?.firstAtMs ?? atMs,
      lastAtMs: atMs,
    });
  }
  return [...payers.values()].sort(byAmount).slice(0, payersMax);
}

function byAmount(a: Payer, b: Payer): number {
  if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
  if (a.amount !== b.amount) return a.amount > b.amount ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
