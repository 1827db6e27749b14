import { commitmentOf } from '@bronze-drum/protocol/commitments';
import { rightRules, type Rules } from './rules.ts';

export interface BrokenRule {
  readonly rules: Partial<Rules>;
  /** The invariants by which it may show. */
  readonly noticed: readonly string[];
  /** From which seed on to look, where it takes several faults at once to show. */
  readonly from?: number;
}

const prefix = 'a copy is a beginning of its author’s book';
const kept = 'what was acknowledged is there, once';
const same = 'who has read the same sees the same';
const cosigned = 'what a reader cosigned stays a beginning of the book';
const honest = 'no honest author is proved to have forked';
const stops = 'nothing stops';

/** Rules as somebody in a hurry might leave them. Each entry is one mistake, which the simulation must notice. */
export const brokenRules: Readonly<Record<string, BrokenRule>> = {
  'a page that leaves a gap is taken': {
    rules: {
      placePage: (size, page) => (page.from > size ? { take: 0 } : rightRules.placePage(size, page)),
      // The root would still tell, unless a later checkpoint is trusted as it is.
      continuesTo: (by, copy, checkpoint, proof) =>
        rightRules.continuesTo(by, copy, checkpoint, proof) || checkpoint.size > copy.size,
    },
    noticed: [prefix],
  },
  'the root of a page is not checked': { rules: { continuesTo: () => true }, noticed: [prefix] },
  'the last arrival wins, not the highest revision': {
    rules: { mergeViews: (a, b) => new Map([...a, ...b]) },
    noticed: [same, 'a withdrawal is applied everywhere'],
  },
  'everybody may read every book': {
    rules: { mayRead: () => true },
    noticed: ['nobody is told of a book outside its audience'],
  },
  'whoever is paused is told all the same': {
    rules: { isPaused: () => false },
    noticed: ['whoever is paused is told nothing'],
  },
  'a book that one may not read is refused in other words': {
    rules: { refusalOf: ({ exists }) => ({ type: 'refusal', code: exists ? 'forbidden.book' : 'not-found.book' }) },
    noticed: ['every refusal reads like that of a book that is not there'],
  },
  'a restored server signs before it has recovered': {
    rules: { maySign: () => true },
    noticed: [stops, cosigned, honest, kept, prefix],
  },
  'a restored server numbers again what it got back': { rules: { clearsPending: false }, noticed: [kept], from: 100 },
  'a reader remembers only what it cosigned': {
    rules: { remembers: ({ noted }) => noted },
    noticed: [stops, kept, prefix],
    from: 100,
  },
  'a reader stays in the stream after it has said what it remembers': {
    rules: { leavesStreamToRemember: false },
    noticed: [stops, same, prefix, cosigned],
    from: 400,
  },
  'it is acknowledged before it is durable': { rules: { acknowledges: 'received' }, noticed: [kept] },
  'a receipt is sent before the statements are stored and applied': {
    rules: { receipts: 'arrived' },
    noticed: ['a receipt says what is durable and applied'],
  },
  'the cursor is moved after the transaction': {
    rules: { cursor: 'afterwards' },
    noticed: ['nothing takes effect twice'],
  },
  'readers do not compare': { rules: { compares: false }, noticed: ['two histories are found out'] },
  'a fork is believed without proof': {
    rules: { provesFork: () => true, compareShown: forkAtOnce },
    noticed: [honest],
  },
  'a book stops at a statement that is held back': { rules: { heldStatement: 'stops' }, noticed: [stops] },
  'what is dated ahead is applied at once': {
    rules: {
      checkEntry: (of, entry, _, sha256) => rightRules.checkEntry(of, entry, Number.MAX_SAFE_INTEGER, sha256),
    },
    noticed: ['what is dated ahead waits for its time'],
  },
  'a body need not fit its commitment': { rules: { checkEntry: checkUnfitting }, noticed: [same] },
  'an erasure is not carried out': { rules: { erases: false }, noticed: ['what was erased is erased everywhere'] },
};

/** Looks at an entry as if its commitment were that of whatever was sent. */
function checkUnfitting(
  ...[of, entry, nowMs, sha256]: Parameters<Rules['checkEntry']>
): ReturnType<Rules['checkEntry']> {
  if (entry.salt === null || entry.bytes === null) return 'erased';
  const commitment = commitmentOf(sha256, entry.salt, entry.bytes);
  return rightRules.checkEntry(of, { ...entry, commitment }, nowMs, sha256);
}

/** Takes every checkpoint of another size for another history. */
async function forkAtOnce(...[of, copy, shown]: Parameters<Rules['compareShown']>): ReturnType<Rules['compareShown']> {
  if (shown.checkpoint.size === copy.checkpoint.size) return 'same';
  return { ...of, earlier: shown.note, later: copy.note, begins: '', proof: [] };
}
