import { commitmentOf } from '@bronze-drum/protocol/commitments';
import { openCheckpoint } from '@bronze-drum/protocol/federation/reading';
import { awaited, richest } from '@bronze-drum/protocol/federation/recovering';
import { equalHashes, rootOfFrontier } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import type { ShownEntry } from '@bronze-drum/protocol/federation/checks';
import { generationOf, numberSoon, signBooks } from './author.ts';
import { bookOn, booksOf, type Leaf } from './disk.ts';
import { applySoon } from './follower.ts';
import { checkpointKeys, hasher, sha256, verifier } from './keys.ts';
import type { Message } from './messages.ts';
import { send, tell } from './network.ts';
import { growthBy, growTo, proofBetween } from './tree.ts';
import { count, othersOf, textOf, type Server, type World } from './world.ts';

/** The next step of a restored server: ask everybody, fetch what is richest, and only then sign. */
export function recover(world: World, author: Server): void {
  const { recovery } = author.disk;
  if (recovery === null) return;
  // Who reads which book may have changed since the backup: whoever takes part is asked.
  const everybody = othersOf(world, author).map(({ party }) => party);
  const missing = awaited(everybody, recovery.settled);
  for (const reader of missing) tell(world, author, reader, { type: 'recall', question: recovery.question });
  if (missing.length > 0) return;
  const lacking = [...recovery.remembered.keys()].filter((book) => askBack(world, author, book));
  if (lacking.length === 0) finish(world, author);
}

/** Asks for what one book lacks; false if it lacks nothing. */
function askBack(world: World, author: Server, book: string): boolean {
  const from = bookOn(author.disk, author.party, book).leaves.length;
  const best = richest(from, author.disk.recovery!.remembered.get(book) ?? []);
  if (best !== undefined) tell(world, author, best.reader, { type: 'ask-recalled', book, from });
  return best !== undefined;
}

function finish(world: World, author: Server): void {
  author.disk.recovery = null;
  signBooks(world, author);
  count(world, 'recovered');
  world.note(author.party, 'recovered');
  applySoon(world, author);
  numberSoon(world, author);
}

/** A reader says how much it holds. What the author had sent it before and is still on its way must not come after this. */
export function onRecall(
  world: World,
  reader: Server,
  author: string,
  { question }: Extract<Message, { type: 'recall' }>,
): void {
  const { rules } = world;
  if (rules.isPaused(reader.disk.paused, author)) return send(world, reader, author, rules.refusalOf({ exists: true }));
  const held = booksOf(reader.disk, author);
  // It has forgotten the receipts that it took since the backup.
  for (const [book] of held) for (const known of [reader.taken, reader.receiptMs]) known.delete(`${author}/${book}`);
  if (rules.leavesStreamToRemember) {
    reader.sessions.delete(author);
    for (const name of reader.staged.keys()) if (name.startsWith(`${author}/`)) reader.staged.delete(name);
  }
  const books = held.map(([book, { leaves, noted }]) => ({
    book,
    size: rules.remembers({ size: leaves.length, noted }),
  }));
  tell(world, reader, author, { type: 'remembered', question, books });
}

export function onRemembered(
  world: World,
  author: Server,
  reader: string,
  { question, books }: Extract<Message, { type: 'remembered' }>,
): void {
  const { recovery } = author.disk;
  if (recovery === null || recovery.question !== question || recovery.settled.has(reader)) return;
  recovery.settled.add(reader);
  for (const { book, size } of books)
    recovery.remembered.set(book, [...(recovery.remembered.get(book) ?? []), { reader, size }]);
  recover(world, author);
}

/** Gives an author its own book back, proved by a checkpoint that it signed. */
export async function onAskRecalled(
  world: World,
  reader: Server,
  author: string,
  { book, from }: Extract<Message, { type: 'ask-recalled' }>,
): Promise<void> {
  const state = reader.disk.books.get(`${author}/${book}`);
  if (state === undefined || from >= state.leaves.length || world.rules.isPaused(reader.disk.paused, author)) return;
  const { shown, leaves, tree } = state;
  const cosigned = from < state.noted;
  if (!cosigned) count(world, 'recalled beyond a cosigned checkpoint');
  const to = cosigned ? Math.min(from + world.plan.pageEntries, state.noted) : leaves.length;
  const header = {
    book,
    from,
    count: to - from,
    note: cosigned ? state.note! : shown!.note,
    proof: cosigned ? await proofBetween(tree, to, state.noted) : [...shown!.proof],
  };
  tell(world, reader, author, { type: 'recalled', header, entries: leaves.slice(from, to) });
}

/** Takes back what a reader gave: the same checks as for a copy, by one's own keys. */
export function onRecalled(
  world: World,
  author: Server,
  { header, entries }: Extract<Message, { type: 'recalled' }>,
): void {
  const { disk, party } = author;
  if (disk.recovery === null) return;
  const state = bookOn(disk, party, header.book);
  const place = world.rules.placePage(state.leaves.length, header);
  if (place === 'known' || place === 'gap') return;
  const keys = checkpointKeys(party, header.book, generationOf(author, party));
  const opened = openCheckpoint(verifier, { member: party, book: header.book }, header.note, keys);
  if (isRefusal(opened)) return count(world, 'recalled page refused');
  const fresh = entries.slice(place.take);
  const growth = growthBy(
    state.tree.frontier,
    fresh.map((entry) => entry.commitment),
  );
  const grown = { size: growth.frontier.size, root: rootOfFrontier(hasher, growth.frontier) };
  if (!world.rules.continuesTo(verifier, grown, opened, header.proof)) return count(world, 'recalled page refused');
  growTo(state.tree, growth);
  for (const entry of fresh) state.leaves.push(leafBack(entry));
  if (opened.size === grown.size) Object.assign(state, { note: header.note, noted: grown.size });
  if (world.rules.clearsPending) dropPending(author, fresh);
  count(world, 'recalled', fresh.length);
  world.note(party, 'recalled', header.book, grown.size);
  applySoon(world, author);
  if (!askBack(world, author, header.book)) recover(world, author);
}

function leafBack({ commitment, salt, bytes }: ShownEntry): Leaf {
  const fits = salt !== null && bytes !== null && equalHashes(commitmentOf(sha256, salt, bytes), commitment);
  if (!fits) return { commitment, salt: null, bytes: null, statement: null };
  return { commitment, salt, bytes, statement: JSON.parse(Buffer.from(bytes).toString()) as Statement };
}

/** What was pending in the backup may have been numbered after it. */
function dropPending({ disk }: Server, back: readonly ShownEntry[]): void {
  const known = new Set(back.map((entry) => textOf(entry.commitment)));
  const rest = disk.pending.filter(({ leaf }) => !known.has(textOf(leaf.commitment)));
  disk.pending.splice(0, Infinity, ...rest);
}
