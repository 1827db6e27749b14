import { openSenders } from './line-senders.ts';
import { openTraffic } from './line-traffic.ts';
import { openVictims } from './line-victims.ts';
import type { Sight } from './sight.ts';
import { bytesOf, type Flat } from './state/arrays.ts';
import { openInterner } from './state/interner.ts';
import type { Ground, Watch } from './watch.ts';

export interface LineWatchSizes {
  /** How many numbers, devices and cells are known at once; each about 537, 218 and 138 bytes. */
  readonly numbers: number;
  readonly devices: number;
  readonly cells: number;
}

/** Who calls and writes to whom, from where, and what becomes of those who are called. */
export function openLineWatch(ground: Ground, sizes: LineWatchSizes): Watch {
  const numbers = openInterner(sizes.numbers, (slot) => {
    traffic.forget(slot);
    victims.forget(slot);
    senders.forget(slot);
  });
  const traffic = openTraffic({ ground, numbers, sizes });
  const victims = openVictims({ ground, numbers, size: sizes.numbers });
  const senders = openSenders({ ground, numbers, size: sizes.numbers });
  const arrays = (): readonly Flat[] => [numbers, traffic, victims, senders].flatMap((kept) => kept.arrays());

  return {
    on: ['payment', 'call', 'message', 'login', 'sim'],
    see(sight, found) {
      switch (sight.kind) {
        case 'payment':
          victims.payment(sight as Sight<'payment'>, found);
          break;
        case 'login':
          victims.login(sight as Sight<'login'>, found);
          break;
        case 'call':
          victims.call(sight as Sight<'call'>, found);
          traffic.call(sight as Sight<'call'>, found);
          break;
        case 'message':
          traffic.message(sight as Sight<'message'>, found);
          senders.message(sight as Sight<'message'>, found);
          break;
        case 'sim':
          victims.sim(sight as Sight<'sim'>, found);
          traffic.sim(sight as Sight<'sim'>);
          break;
      }
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
