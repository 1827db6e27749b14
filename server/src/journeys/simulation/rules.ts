import { checkEntry } from '@bronze-drum/protocol/federation/checks';
import { compareShown, continuesTo, placePage, provesFork } from '@bronze-drum/protocol/federation/reading';
import { isReader } from '@bronze-drum/protocol/members';
import { mergeViews } from '../../registry/registry.ts';
import { notFound, type Message } from './messages.ts';

/** By what the simulated servers act. A test breaks one, and the simulation must notice. */
export interface Rules {
  readonly placePage: typeof placePage;
  readonly continuesTo: typeof continuesTo;
  readonly checkEntry: typeof checkEntry;
  readonly compareShown: typeof compareShown;
  readonly provesFork: typeof provesFork;
  readonly mergeViews: typeof mergeViews;
  readonly mayRead: (book: string, party: string, isMember: boolean) => boolean;
  readonly isPaused: (paused: ReadonlySet<string>, party: string) => boolean;
  readonly refusalOf: (book: { readonly exists: boolean }) => Message;
  readonly maySign: (server: { readonly recovering: boolean }) => boolean;
  /** Before it says what it remembers, a reader leaves the author's stream and drops what it has not stored. */
  readonly leavesStreamToRemember: boolean;
  /** What a reader says it holds: all its leaves, also those beyond the last checkpoint that it cosigned. */
  readonly remembers: (copy: { readonly size: number; readonly noted: number }) => number;
  readonly acknowledges: 'signed' | 'received';
  readonly receipts: 'applied' | 'arrived';
  readonly cursor: 'same-transaction' | 'afterwards';
  readonly compares: boolean;
  readonly heldStatement: 'passed-over' | 'stops';
  readonly erases: boolean;
  /** A restored server takes what comes back out of what was still pending in the backup. */
  readonly clearsPending: boolean;
}

export const rightRules: Rules = {
  placePage,
  continuesTo,
  checkEntry,
  compareShown,
  provesFork,
  mergeViews,
  mayRead: isReader,
  isPaused: (paused, party) => paused.has(party),
  refusalOf: () => notFound,
  maySign: ({ recovering }) => !recovering,
  leavesStreamToRemember: true,
  remembers: ({ size }) => size,
  acknowledges: 'signed',
  receipts: 'applied',
  cursor: 'same-transaction',
  compares: true,
  heldStatement: 'passed-over',
  erases: true,
  clearsPending: true,
};
