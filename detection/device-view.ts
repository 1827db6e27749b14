import type { Sight } from './sight.ts';
import type { Found, Network } from './watch.ts';

/** What a record says of how an account was used; devices and addresses are slots, -1 where not told. */
export interface Use {
  readonly sight: Sight<'payment' | 'login'>;
  readonly account: number;
  readonly key: string;
  readonly device: number;
  /** What joins the records of the device. */
  readonly deviceKey: string;
  readonly address: number;
  readonly ip: string | undefined;
  readonly found: Found;
}

/** Accounts that were used on one device or from one address, the newest first; only the first `count` of each array count. */
export interface Users {
  count: number;
  readonly atMs: Float64Array;
  readonly account: Int32Array;
  /** Names of the holder's registered number and of the institution; 0 where not told. */
  readonly holder: Float64Array;
  readonly keeper: Float64Array;
  /** The slot of the device on which it was last used from here + 1, or 0. */
  readonly device: Int32Array;
}

export const usersMax = 256;

export const openUsers = (): Users => ({
  count: 0,
  atMs: new Float64Array(usersMax),
  account: new Int32Array(usersMax),
  holder: new Float64Array(usersMax),
  keeper: new Float64Array(usersMax),
  device: new Int32Array(usersMax),
});

/** One device or one address, and who uses it. Filled anew for each record. */
export interface SharingView {
  /** The account of the record: it is one of the users. */
  account: number;
  /** When it was last used by anybody. */
  newestMs: number;
  /** How many accounts are remembered here, however long ago they were used. */
  known: number;
  /** Of an address. */
  network: Network | undefined;
  /** How many were used at `sinceMs` or later; it counts up to `most`. */
  count(sinceMs: number, most: number): number;
  /** Read when first asked for. */
  users(): Users;
  keyOf(account: number): string | undefined;
  /** The key of the device, if it has one, or of the address. */
  shared: string | undefined;
}

/** A payment out of an account. */
export interface Outgoing {
  atMs: number;
  dollars: number;
  minor: number;
  currency: string;
  to: string | undefined;
}

const openOutgoing = (): Outgoing => ({ atMs: 0, dollars: 0, minor: 0, currency: '', to: undefined });

/** How an account was signed in to or used, and a payment out of it. */
export interface AccessView {
  readonly payment: Outgoing;
  /** When it was signed in to under remote control; 0 if it never was. */
  remoteAtMs: number;
  /** The last use from a hosting, VPN, satellite or listed address; 0 if there was none since its last ordinary use. */
  oddAtMs: number;
  /** Since when there are such uses, and how many followed each other without an ordinary one between. */
  oddSinceMs: number;
  oddRow: number;
  oddKind: 'hosting' | 'vpn' | 'satellite' | 'listed';
  /** The address of the record, where it has one. */
  address: string | undefined;
}

export const openAccessView = (): AccessView => ({
  payment: openOutgoing(),
  remoteAtMs: 0,
  oddAtMs: 0,
  oddSinceMs: 0,
  oddRow: 0,
  oddKind: 'hosting',
  address: undefined,
});

/** Two uses of one account from two countries (ISO 3166-1 alpha-2); devices are slots, -1 if not told. */
export interface TravelView {
  country: string;
  atMs: number;
  device: number;
  otherCountry: string;
  otherAtMs: number;
  otherDevice: number;
  address: string | undefined;
}

export const openTravelView = (): TravelView => ({
  country: '',
  atMs: 0,
  device: -1,
  otherCountry: '',
  otherAtMs: 0,
  otherDevice: -1,
  address: undefined,
});

/** A verdict never names more. */
export const counterpartsMax = 8;
