import { counterpartsMax, type SharingView, type Users } from '../device-view.ts';

/** How many of the users were seen at `sinceMs` or later. */
export function usersSince({ atMs, count }: Users, sinceMs: number): number {
  let found = 0;
  while (found < count && atMs[found]! >= sinceMs) found += 1;
  return found;
}

/**
 * At the least so many people hold the newest `upTo` accounts: one person may have an account at every institution, and all with one
 * number. So people are counted by number, or within one institution, where an account without a number is one person's.
 */
export function peopleOf({ holder, keeper }: Users, upTo: number): number {
  let most = distinctHolders(holder, upTo);
  for (let i = 0; i < upTo; i += 1) {
    let here = 0;
    if (keeper.indexOf(keeper[i]!) < i) continue;
    for (let j = i; j < upTo; j += 1) {
      if (keeper[j] !== keeper[i]) continue;
      if (holder[j] === 0 || !isHeldBefore({ holder, keeper }, j)) here += 1;
    }
    most = Math.max(most, here);
  }
  return most;
}

function distinctHolders(holder: Float64Array, upTo: number): number {
  let distinct = 0;
  for (let i = 0; i < upTo; i += 1) if (holder[i] !== 0 && holder.indexOf(holder[i]!) === i) distinct += 1;
  return distinct;
}

/** Whether the same holder has an account of the same institution before it. */
function isHeldBefore({ holder, keeper }: Pick<Users, 'holder' | 'keeper'>, at: number): boolean {
  for (let i = 0; i < at; i += 1) if (holder[i] === holder[at] && keeper[i] === keeper[at]) return true;
  return false;
}

/** How many different numbers above 0 there are among the first `upTo`. */
export function distinctOf(numbers: Int32Array | Float64Array, upTo: number): number {
  let distinct = 0;
  for (let i = 0; i < upTo; i += 1) {
    let isFirst = numbers[i] !== 0;
    for (let j = 0; isFirst && j < i; j += 1) isFirst = numbers[j] !== numbers[i];
    if (isFirst) distinct += 1;
  }
  return distinct;
}

/** Who else uses what is shared, by key, and what is shared itself if the record's account is the subject. */
export function others({ keyOf, account, shared }: SharingView, users: Users, upTo: number, first: boolean): string[] {
  const keys: string[] = first && shared !== undefined ? [shared] : [];
  for (let i = 0; i < upTo && keys.length < counterpartsMax; i += 1) {
    const key = first && users.account[i] === account ? undefined : keyOf(users.account[i]!);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}
