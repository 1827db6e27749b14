import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { Account, Exit, Holding } from './account-money.ts';
import type { PaymentIndex } from './payment-index.ts';
import type { TracedPlace, TraceLimits } from './trace-terms.ts';

interface TracedPlacesOptions {
  readonly index: PaymentIndex;
  readonly limits: TraceLimits;
  readonly stolenCurrency: string;
}

/** What became of each place, once nothing more happens. */
export function tracedPlaces({ index, limits, stolenCurrency }: TracedPlacesOptions) {
  const { [stolenCurrency]: smallest = 1n } = limits.smallest;
  return { placeOf, exitPlace };

  function placeOf(account: Account, { name, currency, pool, hop, reached, resting, firstAtMs }: Holding): TracedPlace {
    const remains = pool.stolen() + resting.stolen;
    const balance = pool.toldBalance();
    const end = placeEnd(account, remains);
    return {
      name,
      key: account.key,
      currency: index.currencyCode(currency),
      stolenCurrency,
      hop,
      reached,
      remains,
      local: pool.local() + resting.local,
      ...(balance === undefined ? {} : { balance }),
      end,
      ...(end === 'abroad' && account.member !== undefined ? { member: account.member } : {}),
      firstAtMs,
    };
  }

  function placeEnd(account: Account, remains: bigint): PlaceEnd {
    if (account.end !== undefined) return account.end;
    if (remains === 0n) return 'passed-on';
    if (account.hasTooLittle && remains < smallest) return 'too-small';
    if (!account.isFollowed) {
      if (account.hop < limits.hopsMax) return 'too-small';
      if (account.hasPaidOn) return 'too-far';
    }
    if (account.outs !== undefined && account.out < account.outs.count) return 'too-late';
    return limits.reports(account.key) ? 'open' : 'unknown';
  }

  function exitPlace({ name, end, currency, hop, taint, firstAtMs }: Exit): TracedPlace {
    const { stolen: remains, local } = taint;
    const code = index.currencyCode(currency);
    return { name, key: null, currency: code, stolenCurrency, hop, reached: remains, remains, local, end, firstAtMs };
  }
}

export const byArrival = (a: TracedPlace, b: TracedPlace): number =>
  a.firstAtMs - b.firstAtMs || a.hop - b.hop || (a.name < b.name ? -1 : 1);
