import { futureMsMax } from '@bronze-drum/protocol/federation/checks';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import { listedChange, viewOf } from '../../registry/registry.ts';
import { nameOf, type Leaf } from './disk.ts';
import { mayFall } from './falling.ts';
import { sha256 } from './keys.ts';
import { tell } from './network.ts';
import { rootAt } from './tree.ts';
import { clockOf, count, mustHold, soon, textOf, type Server, type World } from './world.ts';

export function applySoon(world: World, server: Server): void {
  soon(world, server, world.chance.between(1, 600), () => applyNew(world, server));
}

/** The rooms read on: what they do and how far they have read is one transaction. */
function applyNew(world: World, server: Server): void {
  const { disk } = server;
  const touched: string[] = [];
  for (const [name, { leaves }] of disk.books) {
    const from = disk.cursors.get(name) ?? 0;
    const to = world.rules.heldStatement === 'stops' ? firstHeld(server, name, from, leaves.length) : leaves.length;
    if (from === to) continue;
    for (let number = from; number < to; number += 1)
      if (!disk.held.has(`${name}/${number}`)) takeEffect(world, server, name, number);
    touched.push(name);
    world.note(server.party, 'applied', name, to);
    if (world.rules.cursor === 'same-transaction') disk.cursors.set(name, to);
    else soon(world, server, world.chance.between(1, 1000), () => void disk.cursors.set(name, to));
  }
  if (touched.length === 0) return;
  soon(world, server, world.chance.between(1, 100), () => sendReceipts(world, server, touched));
  mayFall(world, server, 'applied');
}

function firstHeld({ disk }: Server, name: string, from: number, to: number): number {
  for (let number = from; number < to; number += 1) if (disk.held.has(`${name}/${number}`)) return number;
  return to;
}

/** What one statement does here. */
function takeEffect(world: World, server: Server, name: string, number: number): void {
  const { disk } = server;
  const { member, book } = nameOf(name);
  const leaf = disk.books.get(name)!.leaves[number]!;
  if (leaf.statement === null) return count(world, 'erased before it was read');
  const ref = `${name}/${number}`;
  const times = (disk.effects.get(ref) ?? 0) + 1;
  disk.effects.set(ref, times);
  mustHold(times === 1, 'nothing takes effect twice', () => `${ref} at ${server.party}`);
  const { at, kind } = leaf.statement.envelope;
  if (member !== server.party)
    mustHold(
      Date.parse(at) <= clockOf(world, server) + futureMsMax,
      'what is dated ahead waits for its time',
      () => `${ref} of ${at} at ${server.party}`,
    );
  if (kind === 'erasure') eraseBody(world, server, name, (leaf.statement.body as ErasureBody).number);
  const change = listedChange(entryOf(member, book, number, leaf));
  if (change === undefined) return;
  disk.view = world.rules.mergeViews(disk.view, viewOf(change));
  if (member === server.party && 'put' in change) disk.placed.set(change.put.id, book);
}

const entryOf = (member: string, book: string, number: number, { commitment, salt, statement }: Leaf) => ({
  member,
  book,
  number,
  commitment,
  salt,
  bytes: null,
  statement,
});

function eraseBody(world: World, server: Server, name: string, number: number): void {
  const state = server.disk.books.get(name)!;
  const leaf = state.leaves[number];
  if (leaf === undefined || !world.rules.erases) return;
  state.leaves[number] = { commitment: leaf.commitment, salt: null, bytes: null, statement: null };
  server.disk.held.delete(`${name}/${number}`);
  const twin = server.twins.get(nameOf(name).book);
  const other = twin?.leaves[number];
  if (other !== undefined) twin!.leaves[number] = { ...other, salt: null, bytes: null, statement: null };
  count(world, 'erased');
}

/** Looks again at what waits for its time. */
export function releaseHeld(world: World, server: Server): void {
  const { disk } = server;
  const nowMs = clockOf(world, server);
  const due: [string, number][] = [];
  for (const [ref, code] of disk.held) {
    if (code !== 'quarantine.future') continue;
    const slash = ref.lastIndexOf('/');
    const [name, number] = [ref.slice(0, slash), Number(ref.slice(slash + 1))];
    const checked = world.rules.checkEntry(nameOf(name), disk.books.get(name)!.leaves[number]!, nowMs, sha256);
    if (checked !== 'erased' && 'text' in checked) due.push([name, number]);
  }
  for (const [name, number] of due) {
    // One of those before may have erased it.
    if (!disk.held.delete(`${name}/${number}`)) continue;
    count(world, 'released when its time came');
    if (number < (disk.cursors.get(name) ?? 0)) takeEffect(world, server, name, number);
    else applySoon(world, server);
  }
}

async function sendReceipts(world: World, server: Server, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { disk } = server;
    const [state, applied] = [disk.books.get(name)!, disk.cursors.get(name) ?? 0];
    if (nameOf(name).member === server.party) continue;
    if (state.noted > 0) {
      const root = await rootAt(state.tree, state.noted);
      const seen = { name, size: state.noted, root };
      world.truth.cosigned.set(`${name}/${state.noted}/${textOf(root)}`, seen);
    }
    sendReceipt(world, server, name, { size: state.leaves.length, applied });
  }
}

/** What this server holds and has applied of a book, with its cosignature. */
export function sendReceipt(
  world: World,
  server: Server,
  name: string,
  { size, applied }: { readonly size: number; readonly applied: number },
): void {
  const { member, book } = nameOf(name);
  const { disk } = server;
  const state = disk.books.get(name);
  mustHold(
    (state?.leaves.length ?? 0) >= size && (disk.cursors.get(name) ?? 0) >= applied,
    'a receipt says what is durable and applied',
    () => `${server.party} of ${name}: ${size}, ${applied}`,
  );
  const atMs = clockOf(world, server);
  const cosigned = state?.cosigned ?? null;
  server.receiptMs.set(name, atMs);
  tell(world, server, member, { type: 'receipt', book, size, applied, cosigned, atMs });
}

/** Sends the receipts that their author has not taken yet. */
export function repeatReceipts(world: World, server: Server, author: string): void | Promise<void> {
  const names: string[] = [];
  for (const [name, { leaves, noted }] of server.disk.books) {
    const { member } = nameOf(name);
    const mark = `${leaves.length}:${server.disk.cursors.get(name) ?? 0}:${noted}`;
    if (member === author && server.taken.get(name) !== mark) names.push(name);
  }
  return names.length === 0 ? undefined : sendReceipts(world, server, names);
}
