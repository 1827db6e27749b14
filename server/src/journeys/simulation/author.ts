import { isRefusal } from '@bronze-drum/protocol/refusals';
import { readCosignature } from '@bronze-drum/protocol/cosignatures';
import type { ShownEntry } from '@bronze-drum/protocol/federation/checks';
import { readPositions } from '@bronze-drum/protocol/federation/pages';
import { openCheckpoint } from '@bronze-drum/protocol/federation/reading';
import { bookOn, booksOf, type BookState, type Leaf } from './disk.ts';
import { cosignerKey, checkpointKeys, keyDigest, signCheckpoint, verifier, verify } from './keys.ts';
import type { Message, ReceiptMessage } from './messages.ts';
import { beatOf, send, tell } from './network.ts';
import { applySoon } from './follower.ts';
import { mayFall } from './falling.ts';
import { isMisfit, leafOf, misfitBytes, otherLeaf, statementOf, type Saying } from './sayings.ts';
import { growTo, growthBy, proofBetween, rootNow } from './tree.ts';
import { clockOf, count, serverOf, soon, textOf, type Server, type World } from './world.ts';

export const generationOf = ({ disk }: Server, member: string): number => disk.generations.get(member) ?? 0;

/** Commits what a verb says; false if it is refused, because a restored server says nothing before it has recovered. */
export function say(world: World, author: Server, sayings: readonly Saying[]): boolean {
  if (!author.up || !world.rules.maySign({ recovering: author.disk.recovery !== null })) return false;
  const added = sayings.map((saying) => {
    const statement = statementOf(author.party, saying, clockOf(world, author));
    return { book: saying.book, leaf: leafOf(world.chance, statement) };
  });
  for (const { leaf } of added) world.truth.said.set(textOf(leaf.commitment), leaf.statement!);
  for (const saying of sayings) count(world, `said ${saying.kind}`);
  if (world.rules.acknowledges === 'received') {
    acknowledge(world, author, added);
    soon(world, author, world.chance.between(20, 3000), () => commit(world, author, added));
  } else commit(world, author, added);
  return true;
}

type Added = readonly { readonly book: string; readonly leaf: Leaf }[];

function commit(world: World, author: Server, added: Added): void {
  author.disk.pending.push(...added);
  numberSoon(world, author);
  mayFall(world, author, 'committed');
}

function acknowledge(world: World, { party }: Server, added: Added): void {
  for (const { book, leaf } of added) world.truth.acknowledged.set(textOf(leaf.commitment), { member: party, book });
}

/** The sequencer's next turn; several appends may share it. */
export function numberSoon(world: World, author: Server): void {
  soon(world, author, world.chance.between(5, 1500), () => number(world, author));
}

/** Numbers what is pending, signs each book and acknowledges, all in one commit; then the readers hear of it. */
function number(world: World, author: Server): void | Promise<void> {
  const { disk } = author;
  if (disk.pending.length === 0 || !world.rules.maySign({ recovering: disk.recovery !== null })) return;
  const added = disk.pending.splice(0);
  for (const { book, leaf } of added) {
    addLeaf(bookOn(disk, author.party, book), leaf);
    const twin = author.twins.get(book);
    if (twin !== undefined) addLeaf(twin, otherLeaf(world.chance, leaf));
  }
  signBooks(world, author);
  acknowledge(world, author, added);
  applySoon(world, author);
  return pushAll(world, author);
}

function addLeaf(state: BookState, leaf: Leaf): void {
  growTo(state.tree, growthBy(state.tree.frontier, [leaf.commitment]));
  state.leaves.push(leaf);
}

/** Signs every book that has grown. */
export function signBooks(world: World, author: Server): void {
  for (const [book, state] of booksOf(author.disk, author.party)) signBook(world, author, book, state);
  for (const [book, state] of author.twins) signBook(world, author, book, state);
}

function signBook(world: World, author: Server, book: string, state: BookState): void {
  const size = state.leaves.length;
  if (state.noted === size) return;
  const root = rootNow(state.tree);
  state.note = signCheckpoint(author.party, book, generationOf(author, author.party), size, root);
  state.noted = size;
  state.shown = null;
  world.truth.signed.add(`${author.party}/${book}/${size}/${textOf(root)}`);
  world.note(author.party, 'signed', book, size);
  count(world, 'signed');
}

/** A reader opens its stream, or a stranger asks what it guesses. */
export function onPositions(
  world: World,
  author: Server,
  reader: string,
  { session, positions: text }: Extract<Message, { type: 'positions' }>,
): void | Promise<void> {
  const { rules } = world;
  if (rules.isPaused(author.disk.paused, reader)) return send(world, author, reader, rules.refusalOf({ exists: true }));
  if (!rules.maySign({ recovering: author.disk.recovery !== null })) return tell(world, author, reader, beatOf(world));
  const positions = readPositions(text) ?? new Map<string, number>();
  const { isMember } = serverOf(world, reader);
  for (const book of positions.keys()) {
    const exists = author.disk.books.has(`${author.party}/${book}`);
    if (exists && rules.mayRead(book, reader, isMember)) continue;
    send(world, author, reader, rules.refusalOf({ exists }));
    break;
  }
  author.links.set(reader, { session, next: positions });
  return push(world, author, reader);
}

async function pushAll(world: World, author: Server): Promise<void> {
  for (const reader of author.links.keys()) await push(world, author, reader);
}

async function push(world: World, author: Server, reader: string): Promise<void> {
  const link = author.links.get(reader);
  if (link === undefined) return;
  const { isMember } = serverOf(world, reader);
  let pages = 0;
  for (const [book, own] of booksOf(author.disk, author.party)) {
    if (!world.rules.mayRead(book, reader, isMember)) continue;
    const state = author.second.has(reader) ? (author.twins.get(book) ?? own) : own;
    // So many of each book: one from which a reader takes nothing more must not stand before the others.
    for (let page = 0; page < world.plan.pagesAtOnce; page += 1) {
      const from = link.next.get(book) ?? 0;
      if (from >= state.noted && !lacksCheckpoint(author, reader, book, state)) break;
      const { header, entries } = await pageOf(world, author, book, state, from);
      link.next.set(book, from + header.count);
      tell(world, author, reader, { type: 'page', session: link.session, header, entries });
      pages += 1;
      if (header.count === 0) break;
    }
  }
  if (pages === 0) tell(world, author, reader, beatOf(world));
}

/**
 * A reader whose copy ended between two checkpoints when the author lost the later one: it has every entry, and waits
 * for a checkpoint of just these.
 */
function lacksCheckpoint({ disk }: Server, reader: string, book: string, state: BookState): boolean {
  const receipt = disk.receipts.get(`${reader}/${book}`);
  return receipt !== undefined && receipt.size === state.noted && receipt.noted < receipt.size;
}

async function pageOf(world: World, author: Server, book: string, state: BookState, from: number) {
  const leaves = state.leaves.slice(from, Math.min(from + world.plan.pageEntries, state.noted));
  const header = {
    book,
    from,
    count: leaves.length,
    note: state.note!,
    proof: await proofBetween(state.tree, from + leaves.length, state.noted),
  };
  return { header, entries: leaves.map((leaf) => entryOf(author, leaf)) };
}

function entryOf(author: Server, leaf: Leaf): ShownEntry {
  const { commitment, salt, bytes } = leaf;
  const misfit = author.nature === 'misfits' && isMisfit(leaf);
  return { commitment, salt, bytes: misfit ? misfitBytes(leaf) : bytes };
}

/** Keeps a reader's newest receipt, and says so: until then the reader sends it again. */
export function onReceipt(world: World, author: Server, reader: string, message: ReceiptMessage): void {
  const { book, size, applied, cosigned, atMs } = message;
  const { disk, party } = author;
  const state = disk.books.get(`${party}/${book}`);
  if (state === undefined || size > state.leaves.length || world.rules.isPaused(disk.paused, reader)) return;
  const known = disk.receipts.get(`${reader}/${book}`);
  const isKnown = known !== undefined && known.cosigned === cosigned;
  const noted = isKnown ? known.noted : cosigned === null ? 0 : cosignedSize(author, reader, book, cosigned);
  if (noted === undefined) return count(world, 'receipt not believed');
  if (known === undefined || atMs >= known.atMs) {
    disk.receipts.set(`${reader}/${book}`, { size, applied, cosigned, noted, atMs });
    count(world, 'receipt kept');
  }
  tell(world, author, reader, { type: 'taken', book, mark: `${size}:${applied}:${noted}`, sentMs: atMs });
}

function cosignedSize(author: Server, reader: string, book: string, note: string): number | undefined {
  const of = { member: author.party, book };
  const opened = openCheckpoint(verifier, of, note, checkpointKeys(of.member, book, generationOf(author, of.member)));
  if (isRefusal(opened)) return undefined;
  return readCosignature(note, [cosignerKey(reader)], verify, keyDigest) === undefined ? undefined : opened.size;
}
