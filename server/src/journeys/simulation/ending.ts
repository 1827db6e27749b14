import { provesFork } from '@bronze-drum/protocol/federation/reading';
import { isReader } from '@bronze-drum/protocol/members';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import type { ListingWithdrawalBody } from '@bronze-drum/protocol/statements/listing';
import { listedChange, mergeViews, viewOf, type View } from '../../registry/registry.ts';
import { generationOf } from './author.ts';
import { disagree } from './comparing.ts';
import { nameOf, type BookState } from './disk.ts';
import { checkpointKeys, verifier } from './keys.ts';
import { isMisfit } from './sayings.ts';
import { rootAt, rootNow } from './tree.ts';
import { count, mustHold, serverOf, textOf, type Server, type World } from './world.ts';

/**
 * Every book of every member with one of its readers, as it is told to that reader; but for those of which the reader
 * has proved that two histories are told.
 */
function* readings(world: World) {
  for (const author of world.servers.values())
    for (const [name, own] of author.disk.books) {
      const { member, book } = nameOf(name);
      if (member !== author.party) continue;
      for (const reader of world.servers.values()) {
        if (reader === author || !isReader(book, reader.party, reader.isMember) || reader.disk.forks.has(name))
          continue;
        const told = author.second.has(reader.party) ? (author.twins.get(book) ?? own) : own;
        yield { author, reader, name, book, own: told };
      }
    }
}

/** What is still under way, or undefined once nothing is. */
export function unsettled(world: World): string | undefined {
  for (const { party, up, disk } of world.servers.values()) {
    if (!up || disk.recovery !== null || disk.pending.length > 0) return `${party} is not up and recovered`;
    for (const [name, { leaves }] of disk.books)
      if ((disk.cursors.get(name) ?? 0) !== leaves.length) return `${party} has not applied ${name}`;
    for (const [ref, code] of disk.held) if (code === 'quarantine.future') return `${party} holds ${ref} back`;
  }
  for (const { author, reader, name, book, own } of readings(world)) {
    const copy = reader.disk.books.get(name);
    const size = own.leaves.length;
    if (size > 0 && (copy?.leaves.length !== size || copy.noted !== size)) return `${reader.party} lacks of ${name}`;
    const receipt = author.disk.receipts.get(`${reader.party}/${book}`);
    if (size > 0 && (receipt?.applied !== size || receipt.size !== size || receipt.noted !== size))
      return `${author.party} has no receipt of ${reader.party} for ${book}`;
  }
  return undefined;
}

/** What must hold once everything has arrived. */
export async function checkEnd(world: World): Promise<void> {
  checkAcknowledged(world);
  checkAudiences(world);
  for (const reading of readings(world)) checkCopy(world, reading);
  for (const server of world.servers.values()) if (server.nature === 'honest') checkView(world, server);
  await checkCosigned(world);
  await checkForks(world);
}

function checkAcknowledged(world: World): void {
  const numbered = new Map<string, number>();
  for (const { disk, party } of world.servers.values())
    for (const [name, { leaves }] of disk.books)
      if (nameOf(name).member === party)
        for (const { commitment } of leaves)
          numbered.set(textOf(commitment), (numbered.get(textOf(commitment)) ?? 0) + 1);
  for (const [commitment, { member, book }] of world.truth.acknowledged) {
    const times = numbered.get(commitment) ?? 0;
    const holds = times === 1 || (times === 0 && world.truth.excused.has(commitment));
    mustHold(holds, 'what was acknowledged is there, once', () => `${member}/${book} has it ${times} times`);
  }
}

function checkAudiences(world: World): void {
  for (const { disk, party, isMember } of world.servers.values())
    for (const name of disk.books.keys()) {
      const { member, book } = nameOf(name);
      const may = member === party || isReader(book, party, isMember);
      mustHold(may, 'nobody holds a book outside its audience', () => `${party} holds ${name}`);
    }
}

function checkCopy(world: World, { reader, name, own }: { reader: Server; name: string; own: BookState }): void {
  const copy = reader.disk.books.get(name);
  if (copy === undefined) return;
  const where = () => `${reader.party} of ${name}`;
  mustHold(
    copy.leaves.every(
      ({ commitment }, number) =>
        textOf(commitment) === (own.leaves[number] === undefined ? '' : textOf(own.leaves[number].commitment)),
    ),
    'a copy is a beginning of its author’s book',
    where,
  );
  mustHold(
    world.truth.signed.has(`${name}/${copy.noted}/${textOf(rootNow(copy.tree))}`),
    'the root of a copy was signed by its author',
    where,
  );
  for (const { statement } of own.leaves) {
    if (statement?.envelope.kind === 'erasure') {
      const { number } = statement.body as ErasureBody;
      mustHold(copy.leaves[number]!.bytes === null, 'what was erased is erased everywhere', where);
    }
    if (statement?.envelope.kind !== 'listing-withdrawal') continue;
    const { id, revision } = statement.body as ListingWithdrawalBody;
    const known = reader.disk.view.get(`${nameOf(name).member}/${id}`);
    mustHold((known?.revision ?? 0) >= revision, 'a withdrawal is applied everywhere', where);
  }
}

/** The view that the statements come to which a server may read. */
function checkView(world: World, server: Server): void {
  const isForked = (member: string): boolean => serverOf(world, member).nature === 'forks';
  let expected: View = new Map();
  for (const author of world.servers.values()) {
    if (isForked(author.party)) continue;
    for (const [name, { leaves }] of author.disk.books) {
      const { member, book } = nameOf(name);
      if (member !== author.party || (author !== server && !isReader(book, server.party, server.isMember))) continue;
      for (const leaf of leaves) {
        const statement = world.truth.said.get(textOf(leaf.commitment))!;
        if (author.nature === 'misfits' && isMisfit({ ...leaf, statement })) continue;
        const change = listedChange({ ...leaf, member, book, number: 0, bytes: null, statement });
        if (change !== undefined) expected = mergeViews(expected, viewOf(change));
      }
    }
  }
  const seen = [...server.disk.view].filter(([name]) => !isForked(nameOf(name).member));
  const differs = firstDifference(digestOf(expected), digestOf(seen));
  mustHold(differs === undefined, 'who has read the same sees the same', () => `${server.party}: ${differs}`);
}

const digestOf = (view: Iterable<readonly [string, unknown]>): Set<string> =>
  new Set([...view].map(([name, state]) => `${name} ${JSON.stringify(state)}`));

function firstDifference(expected: ReadonlySet<string>, seen: ReadonlySet<string>): string | undefined {
  const [lacks] = expected.difference(seen);
  const [more] = seen.difference(expected);
  return lacks === undefined && more === undefined ? undefined : `expected ${lacks}, saw ${more}`;
}

async function checkCosigned(world: World): Promise<void> {
  for (const seen of world.truth.cosigned.values())
    mustHold(
      await stands(world, seen),
      'what a reader cosigned stays a beginning of the book',
      () => `${seen.name} at ${seen.size}`,
    );
  // Nobody may take such a checkpoint for evidence: what it covers was lost with the disk, though its author is honest.
  for (const seen of world.truth.shown.values())
    if (!(await stands(world, seen))) count(world, 'shown, never cosigned, and contradicted after a restore');
}

async function stands(
  world: World,
  { name, size, root }: { readonly name: string; readonly size: number; readonly root: Uint8Array },
): Promise<boolean> {
  const author = serverOf(world, nameOf(name).member);
  const own = author.disk.books.get(name);
  if (author.nature === 'forks' || own === undefined) return author.nature === 'forks';
  return size <= own.leaves.length && textOf(await rootAt(own.tree, size)) === textOf(root);
}

async function checkForks(world: World): Promise<void> {
  for (const author of world.servers.values())
    for (const book of author.twins.keys()) {
      const name = `${author.party}/${book}`;
      const readers = [...world.servers.values()].filter((reader) => reader !== author && reader.disk.books.has(name));
      const forks = readers.flatMap(({ disk }) => disk.forks.get(name) ?? []);
      const keys = checkpointKeys(author.party, book, generationOf(author, author.party));
      for (const fork of forks)
        mustHold(provesFork(verifier, fork, keys), 'whoever holds the keys can verify a fork', () => name);
      for (const [index, a] of readers.entries())
        for (const b of readers.slice(index + 1)) {
          const differ = await disagree(a.disk.books.get(name)!, b.disk.books.get(name)!);
          mustHold(!differ || forks.length > 0, 'two histories are found out', () => `${name}: ${a.party}, ${b.party}`);
        }
    }
}
