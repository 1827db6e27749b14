import { askerOf } from './asking.ts';
import { sharedAddress } from './detectors/shared-address.ts';
import { sharedDevice } from './detectors/shared-device.ts';
import { counterpartsMax, openUsers, usersMax, type SharingView, type Use } from './device-view.ts';
import type { Accesses } from './state/accesses.ts';
import type { Interner } from './state/interner.ts';
import { noPair, type RecentPairs } from './state/recent-pairs.ts';
import type { Ground, Network } from './watch.ts';

export interface SharingParts {
  readonly ground: Ground;
  readonly accounts: Interner;
  readonly accesses: Accesses;
  /** Device and account; address and account, marked with the device + 1. */
  readonly onDevices: RecentPairs;
  readonly atAddresses: RecentPairs;
}

/** Who uses the same device, joined by it, and the same address, joined by that. */
export interface Sharing {
  device(use: Use): void;
  address(use: Use, network: Network | undefined): void;
}

/** From so many accounts on an address is busy. */
const busyMin = 64;

export function openSharing({ ground, accounts, accesses, onDevices, atAddresses }: SharingParts): Sharing {
  const ask = askerOf(ground);
  const users = openUsers();
  let isFilled = false;
  let pairs = onDevices;
  let slot = 0;
  const view: SharingView = {
    account: -1,
    newestMs: 0,
    known: 0,
    network: undefined,
    shared: undefined,
    count: (sinceMs, most) => pairs.countOfA(slot, sinceMs, most),
    users() {
      if (!isFilled) fillUsers();
      return users;
    },
    keyOf: accounts.keyOf,
  };

  function fillUsers(): void {
    let count = 0;
    for (let pair = pairs.firstOfA(slot); pair !== noPair && count < usersMax; pair = pairs.nextOfA(pair)) {
      const account = pairs.b(pair);
      users.atMs[count] = pairs.atMs(pair);
      users.account[count] = account;
      users.holder[count] = accesses.holder[account]!;
      users.keeper[count] = accesses.keeper[account]!;
      users.device[count] = pairs.mark(pair);
      count += 1;
    }
    users.count = count;
    isFilled = true;
  }

  /** True if the account was not known there. */
  function share(where: RecentPairs, place: number, { account, device, sight }: Use): boolean {
    const isNew = where.touch(place, account, sight.atMs, device + 1);
    pairs = where;
    slot = place;
    isFilled = false;
    view.account = account;
    view.known = where.knownOfA(place);
    view.newestMs = where.atMs(where.firstOfA(place));
    return isNew;
  }

  return {
    device(use) {
      const { account, device, deviceKey, key, found } = use;
      const isNew = share(onDevices, device, use);
      view.shared = deviceKey.startsWith('device:') ? deviceKey : undefined;
      view.network = undefined;
      const about = { join: deviceKey, subject: key, found };
      if (ask(sharedDevice, view, about) === undefined || !isNew) return;
      // With one more account, those that were used here before are seen anew.
      for (let i = 0; i < Math.min(users.count, counterpartsMax + 1); i += 1) {
        const other = users.account[i]!;
        const subject = other === account ? undefined : accounts.keyOf(other);
        if (subject === undefined) continue;
        view.account = other;
        ask(sharedDevice, view, { ...about, subject });
      }
    },
    address(use, network) {
      const isNew = share(atAddresses, use.address, use);
      // Of a busy address, whoever comes again tells nothing new.
      if (!isNew && view.known >= busyMin) return;
      view.shared = use.ip;
      view.network = network;
      ask(sharedAddress, view, { join: use.ip!, subject: use.ip!, found: use.found });
    },
  };
}
