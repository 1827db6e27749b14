import type { Login } from '@bronze-drum/protocol/activity/login';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { openAccountUse } from './device-access.ts';
import { openSharing } from './device-sharing.ts';
import type { Use } from './device-view.ts';
import { deviceJoin } from './joins.ts';
import type { Sight } from './sight.ts';
import { openAccesses } from './state/accesses.ts';
import { bytesOf, type Flat } from './state/arrays.ts';
import { openHandles } from './state/handles.ts';
import { openHappened } from './state/happened.ts';
import { openInterner } from './state/interner.ts';
import { nameOfText } from './state/recent.ts';
import { openRecentPairs } from './state/recent-pairs.ts';
import type { Found, Ground, Watch } from './watch.ts';

export interface DeviceWatchSizes {
  /** How many devices, addresses and accounts are known at once; each about 144, 144 and 316 bytes. */
  readonly devices: number;
  readonly addresses: number;
  readonly accounts: number;
}

/** From these the customer pays with something of his own: of a counter, a machine or a card nothing follows. */
const ownChannels: readonly Payment['channel'][] = ['mobile', 'web', 'qr', 'exchange'];
const none = -1;

/** On which devices and from which addresses accounts are used. */
export function openDeviceWatch(ground: Ground, sizes: DeviceWatchSizes): Watch {
  const { devices: d, addresses: a, accounts: b } = sizes;
  const accesses = openAccesses(b);
  const onDevices = openRecentPairs({ a: d, b, capacity: d + b });
  const atAddresses = openRecentPairs({ a, b, capacity: a + b });
  const paymentsMax = Math.max(256, b >> 2);
  const payments = openHappened({ subjects: b, capacity: paymentsMax });
  const receivers = openHandles(paymentsMax);
  const accounts = openInterner(b, (slot) => {
    onDevices.forgetB(slot);
    atAddresses.forgetB(slot);
    payments.forget(slot);
    accesses.forget(slot);
  });
  const devices = openInterner(d, onDevices.forgetA);
  const addresses = openInterner(a, atAddresses.forgetA);
  const kept = [accesses, onDevices, atAddresses, payments, receivers, accounts, devices, addresses];
  const arrays = (): readonly Flat[] => kept.flatMap((each) => each.arrays());
  const sharing = openSharing({ ground, accounts, accesses, onDevices, atAddresses });
  const accountUse = openAccountUse({ ground, accesses, payments, receivers });

  function useOf(sight: Sight<'payment' | 'login'>, key: string, found: Found): Use {
    const { atMs, institution, record } = sight;
    const { device, ip } = record;
    const account = accounts.take(key, atMs);
    if (accesses.keeper[account] === 0) accesses.keeper[account] = nameOfText(institution);
    if (record.phone !== undefined) accesses.holder[account] = nameOfText(record.phone);
    const deviceKey = device === undefined ? '' : deviceJoin(institution, device);
    return {
      sight,
      account,
      key,
      device: device === undefined ? none : devices.take(deviceKey, atMs),
      deviceKey,
      address: ip === undefined ? none : addresses.take(ip, atMs),
      ip,
      found,
    };
  }

  function seeUse(use: Use): void {
    if (use.device !== none) sharing.device(use);
    if (use.address === none) return;
    const network = ground.networkOf(use.ip!);
    accountUse.from(use, network);
    sharing.address(use, network);
  }

  function seePayment(sight: Sight<'payment'>, found: Found): void {
    const { record } = sight;
    const isReceiver = record.side === 'receiver';
    const key = isReceiver ? record.to : record.from;
    if (key === undefined || !isOwnUse(record)) return;
    const dollars = isReceiver ? 0 : accountUse.dollarsOf(record);
    if (dollars === 0 && record.device === undefined && record.ip === undefined) return;
    const use = useOf(sight, key, found);
    seeUse(use);
    if (dollars > 0) accountUse.payment(use, record, dollars);
  }

  function seeLogin(sight: Sight<'login'>, found: Found): void {
    const { record } = sight;
    if (!isTelling(record)) return;
    const use = useOf(sight, record.account, found);
    seeUse(use);
    accountUse.login(use, record.remoteAccess === true);
  }

  return {
    on: ['payment', 'login'],
    see(sight, found) {
      if (sight.kind === 'payment') seePayment(sight as Sight<'payment'>, found);
      else if (sight.kind === 'login') seeLogin(sight as Sight<'login'>, found);
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}

const isOwnUse = ({ channel, state }: Payment): boolean =>
  ownChannels.includes(channel) && state !== 'rejected' && state !== 'returned';

/** A log-in that failed says nothing of its account: anybody may have tried. */
const isTelling = ({ outcome, device, ip, remoteAccess }: Login): boolean =>
  outcome === 'ok' && (device !== undefined || ip !== undefined || remoteAccess === true);
