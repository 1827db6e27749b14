import { readCosignature } from '@bronze-drum/protocol/cosignatures';
import { openCheckpoint, type Fork } from '@bronze-drum/protocol/federation/reading';
import { isReader } from '@bronze-drum/protocol/members';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { generationOf } from './author.ts';
import type { BookState } from './disk.ts';
import { checkpointKeys, cosignerKey, keyDigest, verifier, verify } from './keys.ts';
import type { Message } from './messages.ts';
import { tell } from './network.ts';
import { pathBetween, rootAt, rootNow } from './tree.ts';
import { count, mustHold, othersOf, serverOf, textOf, type Server, type World } from './world.ts';

/** Shows another reader of a book which checkpoint this one cosigned. */
export function show(world: World, server: Server, to: string, member: string, book: string): void {
  const state = server.disk.books.get(`${member}/${book}`);
  if (!world.rules.compares || state === undefined || state.cosigned === null) return;
  if (world.truth.paused.has(`${member}>${to}`)) count(world, 'shown to one whom the author has paused');
  tell(world, server, to, { type: 'shown', member, book, note: state.cosigned });
}

export async function onShown(
  world: World,
  server: Server,
  from: string,
  { member, book, note }: Extract<Message, { type: 'shown' }>,
): Promise<void> {
  const name = `${member}/${book}`;
  const state = server.disk.books.get(name);
  if (!world.rules.compares || state === undefined || state.noted === 0 || server.disk.forks.has(name)) return;
  const of = { member, book };
  const opened = openCheckpoint(verifier, of, note, checkpointKeys(member, book, generationOf(server, member)));
  if (isRefusal(opened)) return tell(world, server, member, { type: 'ask-keys' });
  if (readCosignature(note, [cosignerKey(from)], verify, keyDigest) === undefined) return count(world, 'not cosigned');
  const compared = await world.rules.compareShown(of, await copyOf(state), { checkpoint: opened, note });
  count(world, `compared: ${typeof compared === 'string' ? compared : 'fork'}`);
  if (compared === 'later') show(world, server, from, member, book);
  if (typeof compared !== 'string') keepFork(world, server, compared);
}

async function copyOf({ tree, note, noted }: BookState) {
  const root = noted === tree.frontier.size ? rootNow(tree) : await rootAt(tree, noted);
  return {
    checkpoint: { size: noted, root },
    note: note!,
    root: (size: number) => rootAt(tree, size),
    consistency: (from: number, to: number) => pathBetween(tree, from, to),
  };
}

/** What was found here is told to every other reader of the book. */
function keepFork(world: World, server: Server, fork: Fork): void {
  if (!believes(world, server, fork)) return count(world, 'fork not proved');
  for (const { party, isMember } of othersOf(world, server))
    if (isReader(fork.book, party, isMember) && party !== fork.member)
      tell(world, server, party, { type: 'fork', fork });
}

export function onFork(world: World, server: Server, { fork }: Extract<Message, { type: 'fork' }>): void {
  if (server.disk.forks.has(`${fork.member}/${fork.book}`)) return;
  if (!believes(world, server, fork)) tell(world, server, fork.member, { type: 'ask-keys' });
}

/** Keeps a fork that is proved, and takes nothing more from the book. */
function believes(world: World, server: Server, fork: Fork): boolean {
  const keys = checkpointKeys(fork.member, fork.book, generationOf(server, fork.member));
  if (!world.rules.provesFork(verifier, fork, keys)) return false;
  const { nature } = serverOf(world, fork.member);
  mustHold(
    nature === 'forks',
    'no honest author is proved to have forked',
    () => `${server.party} says so of ${fork.member}/${fork.book}: ${lineOf(fork.earlier)}, ${lineOf(fork.later)}`,
  );
  server.disk.forks.set(`${fork.member}/${fork.book}`, fork);
  count(world, 'fork proved');
  world.note(server.party, 'keeps a fork of', fork.member, fork.book);
  return true;
}

const lineOf = (note: string): string => note.split('\n').slice(0, 3).join(' ');

/** Two cosigned histories of one book that cannot both be beginnings of one. */
export async function disagree(a: BookState, b: BookState): Promise<boolean> {
  const size = Math.min(a.noted, b.noted);
  return size > 0 && textOf(await rootAt(a.tree, size)) !== textOf(await rootAt(b.tree, size));
}
