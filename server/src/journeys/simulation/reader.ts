import type { ShownEntry } from '@bronze-drum/protocol/federation/checks';
import { writePositions } from '@bronze-drum/protocol/federation/pages';
import { openCheckpoint } from '@bronze-drum/protocol/federation/reading';
import { rootOfFrontier } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { generationOf } from './author.ts';
import { bookOn, booksOf, emptyBook, type BookState, type Leaf } from './disk.ts';
import { mayFall } from './falling.ts';
import { applySoon, sendReceipt } from './follower.ts';
import { checkpointKeys, cosign, hasher, sha256, verifier } from './keys.ts';
import type { PageMessage } from './messages.ts';
import { tell } from './network.ts';
import { growthBy, growTo } from './tree.ts';
import { clockOf, count, mustHold, serverOf, soon, textOf, type Server, type Staged, type World } from './world.ts';

/** Opens a new stream of an author's books: what comes by an older one is passed over from now on. */
export function listen(world: World, reader: Server, author: string): void {
  world.sessions += 1;
  const session = `s${world.sessions}`;
  reader.sessions.set(author, session);
  for (const [book] of booksOf(reader.disk, author)) reader.staged.delete(`${author}/${book}`);
  const positions = new Map(booksOf(reader.disk, author).map(([book, { leaves }]) => [book, leaves.length]));
  tell(world, reader, author, { type: 'positions', session, positions: writePositions(positions) });
}

/** Verifies a page, and stores it in a moment. */
export function onPage(world: World, reader: Server, author: string, { session, header, entries }: PageMessage): void {
  const { rules } = world;
  const name = `${author}/${header.book}`;
  if (reader.sessions.get(author) !== session) return count(world, 'page of a stream that was left');
  if (reader.disk.forks.has(name) || rules.isPaused(reader.disk.paused, author)) return;
  const staged = reader.staged.get(name) ?? [];
  const frontier =
    staged.at(-1)?.growth.frontier ?? reader.disk.books.get(name)?.tree.frontier ?? emptyBook().tree.frontier;
  const place = rules.placePage(frontier.size, header);
  const bare = header.count === 0 && header.from === frontier.size;
  if (place === 'known' && !bare) return count(world, 'page known');
  if (bare) count(world, 'checkpoint without entries');
  if (place === 'gap') {
    count(world, 'page gap');
    return listen(world, reader, author);
  }
  const of = { member: author, book: header.book };
  const opened = openCheckpoint(
    verifier,
    of,
    header.note,
    checkpointKeys(author, of.book, generationOf(reader, author)),
  );
  if (isRefusal(opened)) {
    count(world, 'page signed by an unknown key');
    return tell(world, reader, author, { type: 'ask-keys' });
  }
  const fresh = place === 'known' ? [] : entries.slice(place.take);
  const growth = growthBy(
    frontier,
    fresh.map((entry) => entry.commitment),
  );
  const copy = { size: growth.frontier.size, root: rootOfFrontier(hasher, growth.frontier) };
  if (!rules.continuesTo(verifier, copy, opened, header.proof)) return count(world, 'page refused');
  const page: Staged = {
    growth,
    entries: fresh,
    note: header.note,
    noted: opened.size,
    root: opened.root,
    proof: header.proof,
  };
  reader.staged.set(name, [...staged, page]);
  if (rules.receipts === 'arrived') sendReceipt(world, reader, name, { size: copy.size, applied: copy.size });
  soon(world, reader, world.chance.between(1, 400), () => storePages(world, reader, author, header.book));
}

/** One transaction: the entries, the tree and what proves it. */
function storePages(world: World, reader: Server, author: string, book: string): void {
  const name = `${author}/${book}`;
  const pages = reader.staged.get(name);
  if (pages === undefined || reader.disk.forks.has(name)) return;
  reader.staged.delete(name);
  const state = bookOn(reader.disk, author, book);
  for (const page of pages) storePage(world, reader, author, book, state, page);
  expectPrefix(world, author, book, state);
  world.note(reader.party, 'stored', name, state.leaves.length);
  count(world, 'pages stored', pages.length);
  applySoon(world, reader);
  mayFall(world, reader, 'stored');
}

function storePage(world: World, reader: Server, author: string, book: string, state: BookState, page: Staged): void {
  const { note, noted, proof, growth, entries } = page;
  const nowMs = clockOf(world, reader);
  for (const entry of entries) {
    const checked = world.rules.checkEntry({ member: author, book }, entry, nowMs, sha256);
    state.leaves.push(leafFrom(world, reader, `${author}/${book}/${state.leaves.length}`, entry, checked));
  }
  growTo(state.tree, growth);
  const exact = noted === state.leaves.length;
  if (exact) Object.assign(state, { note, noted, cosigned: cosign(reader.party, note, nowMs) });
  else {
    count(world, 'page short of its checkpoint');
    world.truth.shown.set(`${author}/${book}/${note}`, { name: `${author}/${book}`, size: noted, root: page.root });
    world.halfDone(author);
  }
  state.shown = exact ? null : { note, proof };
}

function leafFrom(
  world: World,
  reader: Server,
  ref: string,
  { commitment, salt, bytes }: ShownEntry,
  checked: ReturnType<World['rules']['checkEntry']>,
): Leaf {
  if (checked === 'erased') return { commitment, salt: null, bytes: null, statement: null };
  if ('held' in checked) {
    reader.disk.held.set(ref, checked.held);
    count(world, checked.held);
    // A body that does not fit is not kept in the copy: whoever reads the copy must find what the leaf commits to.
    if (checked.statement === null) return { commitment, salt: null, bytes: null, statement: null };
  }
  return { commitment, salt, bytes, statement: checked.statement };
}

function expectPrefix(world: World, author: string, book: string, state: BookState): void {
  const writer = serverOf(world, author);
  const own = writer.disk.books.get(`${author}/${book}`);
  if (writer.nature === 'forks' || own === undefined) return;
  const size = Math.min(own.leaves.length, state.leaves.length);
  for (let number = Math.max(0, size - 8); number < size; number += 1)
    mustHold(
      textOf(own.leaves[number]!.commitment) === textOf(state.leaves[number]!.commitment),
      'a copy is a beginning of its author’s book',
      () => `${author}/${book} differs at ${number}`,
    );
}
