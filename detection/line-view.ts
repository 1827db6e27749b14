import type { Sim } from '@bronze-drum/protocol/activity/sim';
import type { Listed } from './state/accounts.ts';
import type { Found } from './watch.ts';

/** Of one number, so many acts are looked at. */
export const actsMax = 32;

/** A payment out of an account of whose holder a number is the registered one; `place` is where it lies in the ring. */
export interface PaidBy {
  readonly number: number;
  readonly phone: string;
  readonly place: number;
  readonly found: Found;
}

/** A call to a number, and a payment out of an account of whose holder it is the registered number. */
export interface CallPaymentView {
  callAtMs: number;
  callSeconds: number;
  /** Whether the number that the call came from is listed. */
  listed: Listed;
  /** It came from abroad, and showed a number of this country that is not its own. */
  isSpoofed: boolean;
  /** The key of the number that the call came from. Never the one that was shown. */
  caller: string | undefined;
  paidAtMs: number;
  dollars: number;
  minor: number;
  currency: string;
  from: string | undefined;
  to: string | undefined;
}

export const openCallPaymentView = (): CallPaymentView => ({
  callAtMs: 0,
  callSeconds: 0,
  listed: 0,
  isSpoofed: false,
  caller: undefined,
  paidAtMs: 0,
  dollars: 0,
  minor: 0,
  currency: '',
  from: undefined,
  to: undefined,
});

/** A card that was swapped or a number that was ported, and what its holder's account did. */
export interface SwapView {
  swapAtMs: number;
  event: Sim['event'];
  check: NonNullable<Sim['check']> | 'untold';
  act: 'payment' | 'login';
  actAtMs: number;
  /** Of a payment. */
  dollars: number;
  minor: number;
  currency: string;
  to: string | undefined;
}

export const openSwapView = (): SwapView => ({
  swapAtMs: 0,
  event: 'swap',
  check: 'untold',
  act: 'payment',
  actAtMs: 0,
  dollars: 0,
  minor: 0,
  currency: '',
  to: undefined,
});

/** A number that has just called. */
export interface CallerView {
  /** Not on a fixed line: the network knows its card or telephone. */
  isMobile: boolean;
  /** When the newest of its calls was. */
  newestMs: number;
  outgoing(sinceMs: number): number;
  incoming(sinceMs: number): number;
  /** At the least so many different numbers were called; and so many cells called from; it counts up to `most`. */
  callees(sinceMs: number, most: number): number;
  cells(sinceMs: number, most: number): number;
  /** How many more of its last calls showed one main number than any other. */
  votes: number;
  /** Its card, telephone and cell, where they are told. */
  sim: string | undefined;
  device: string | undefined;
  cell: string | undefined;
}

/** A device on which numbers change, or a number that changes devices, which has just called or written. */
export interface RotationView {
  by: 'device' | 'number';
  newestMs: number;
  /** How many numbers are remembered on the device (devices of the number), however long ago. */
  known: number;
  count(sinceMs: number, most: number): number;
  /** In how many cells the device (number) was. */
  cells(sinceMs: number, most: number): number;
  /** Calls and messages. */
  traffic(sinceMs: number): number;
  /** Of a device's numbers, how many showed one and the same other number last: lines of a company, with its main number. */
  desks(sinceMs: number): number;
  /** The key of the device, if it has one. */
  device: string | undefined;
  /** Keys of the other numbers (devices). */
  others(sinceMs: number): string[];
}

/** A cell in which a foreign number has just called or written. */
export interface SwarmView {
  newestMs: number;
  cell: string;
  /** What foreign numbers did here. */
  foreignActs(sinceMs: number): number;
  /** Different numbers here, and those of them that are foreign. */
  numbers(sinceMs: number): { readonly all: number; readonly foreign: number };
  /** What the number itself did in that time. */
  ownActs(sinceMs: number): number;
  others(sinceMs: number): string[];
}

/** A cell in which somebody has just received a message under a shown name, with a link. */
export interface StationView {
  cell: string;
  newestMs: number;
  /** When the cell was first seen, and since when anything is seen at all. */
  firstAtMs: number;
  beganMs: number;
  everyday: number;
  recipients(sinceMs: number, most: number): number;
  /** As the messages showed it. */
  shown: string;
}

/** Who sends links to one host. */
export interface SenderView {
  newestMs: number;
  /** Whether a number sends, or only a name is known. */
  isNumber: boolean;
  /** Whether one of its links or their host is listed. */
  isListed: boolean;
  host: string;
  recipientsKnown: number;
  recipients(sinceMs: number, most: number): number;
  link: string;
}
