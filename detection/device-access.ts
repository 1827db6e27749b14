import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { askerOf } from './asking.ts';
import { hostingAddress } from './detectors/hosting-address.ts';
import { impossibleTravel } from './detectors/impossible-travel.ts';
import { remoteAccess } from './detectors/remote-access.ts';
import { openAccessView, openTravelView, type Use } from './device-view.ts';
import { oddKinds, type Accesses } from './state/accesses.ts';
import { noHandle, type Handles } from './state/handles.ts';
import { nothing, type HappenedRing } from './state/happened.ts';
import { currencies, currencyNumber, dollarsPerMinor } from './state/money.ts';
import type { Ground, Network } from './watch.ts';

export interface AccessParts {
  readonly ground: Ground;
  readonly accesses: Accesses;
  /** Larger payments by account (a: to whom), for a log-in that is told after what followed it. */
  readonly payments: HappenedRing;
  readonly receivers: Handles;
}

/** How one account is used, and what is paid from it; joined by the account. */
export interface AccountUse {
  from(use: Use, network: Network | undefined): void;
  payment(use: Use, record: Payment, dollars: number): void;
  /** `isRemote`: a tool for remote control was running. */
  login(use: Use, isRemote: boolean): void;
  /** What a payment comes to, or 0 if it is too small for any detector here. */
  dollarsOf(payment: Payment): number;
}

/** How far back payments are looked at when a log-in is told late. */
const lateMsMax = 24 * 3_600_000;

export function openAccountUse({ ground, accesses, payments, receivers }: AccessParts): AccountUse {
  const ask = askerOf(ground);
  const access = openAccessView();
  const travel = openTravelView();
  const { payment: paid } = access;

  function askOfTravel({ account, device, ip, key, sight, found }: Use, country: string): void {
    const { atMs } = sight;
    if (!accesses.noteCountry(account, { country: countryNumber(country), atMs, device })) return;
    travel.country = country;
    travel.atMs = atMs;
    travel.device = device;
    travel.otherCountry = countryText(accesses.other.country);
    travel.otherAtMs = accesses.other.atMs;
    travel.otherDevice = accesses.other.device;
    travel.address = ip;
    ask(impossibleTravel, travel, { join: key, subject: key, found });
  }

  function fillAccess(account: number, ip: string | undefined): void {
    access.remoteAtMs = accesses.remoteAtMs[account]!;
    const isOdd = accesses.oddAtMs[account]! > accesses.plainAtMs[account]!;
    access.oddAtMs = isOdd ? accesses.oddAtMs[account]! : 0;
    access.oddSinceMs = accesses.oddSinceMs[account]!;
    access.oddRow = accesses.oddRow[account]!;
    access.oddKind = oddKinds[accesses.oddKind[account]! - 1] ?? 'hosting';
    access.address = ip;
  }

  function askOfAccess({ key, found }: Use): void {
    const about = { join: key, subject: key, found };
    ask(hostingAddress, access, about);
    ask(remoteAccess, access, about);
  }

  return {
    from(use, network) {
      const { account, sight, ip } = use;
      const kind = network?.kind;
      const isOdd = kind !== undefined && kind !== 'mobile';
      if (ip !== undefined && ground.listed(ip) > 0) accesses.noteOdd(account, oddKinds.indexOf('listed'), sight.atMs);
      else if (isOdd) accesses.noteOdd(account, oddKinds.indexOf(kind), sight.atMs);
      else accesses.notePlain(account, sight.atMs);
      // Where a hosting company or a satellite's station stands is not where its customer is.
      if (!isOdd && network?.country !== undefined) askOfTravel(use, network.country);
    },
    payment(use, record, dollars) {
      const { account, ip, sight } = use;
      fillAccess(account, ip);
      const to = record.to === undefined ? noHandle : receivers.take(record.to, sight.atMs);
      const minor = Number(record.amount.value);
      const code = currencyNumber(record.amount.currency);
      payments.add({ subject: account, atMs: sight.atMs, value: minor, code, a: to, b: noHandle });
      if (access.remoteAtMs === 0 && access.oddAtMs === 0) return;
      paid.atMs = sight.atMs;
      paid.dollars = dollars;
      paid.minor = minor;
      paid.currency = record.amount.currency;
      paid.to = record.to;
      askOfAccess(use);
    },
    login(use, isRemote) {
      const { account, ip, sight } = use;
      const { remoteAtMs } = accesses;
      if (isRemote && sight.atMs > remoteAtMs[account]!) remoteAtMs[account] = sight.atMs;
      fillAccess(account, ip);
      // It may be told late: then what was told before may have followed it.
      if (isRemote) access.remoteAtMs = sight.atMs;
      else if (access.oddAtMs !== sight.atMs) return;
      for (let place = payments.first(account); place !== nothing; place = payments.next(place)) {
        paid.atMs = payments.atMs(place);
        if (paid.atMs < sight.atMs) break;
        if (paid.atMs > sight.atMs + lateMsMax) continue;
        paid.minor = payments.value(place);
        paid.dollars = paid.minor * dollarsPerMinor[payments.code(place)]!;
        paid.currency = currencies[payments.code(place)]!;
        paid.to = receivers.keyOf(payments.a(place));
        askOfAccess(use);
      }
    },
    dollarsOf({ amount }) {
      const dollars = Number(amount.value) * dollarsPerMinor[currencyNumber(amount.currency)]!;
      const { dollarsMin } = ground.limitsOf(hostingAddress);
      return dollars >= dollarsMin || dollars >= ground.limitsOf(remoteAccess).dollarsMin ? dollars : 0;
    },
  };
}

const countryNumber = (country: string): number => country.charCodeAt(0) * 256 + country.charCodeAt(1);
const countryText = (number: number): string => String.fromCharCode(number >> 8, number & 255);
