import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import { say } from './author.ts';
import { booksOf } from './disk.ts';
import { listing, withdrawal, type Saying } from './sayings.ts';
import { clockOf, count, membersOf, type Server, type World } from './world.ts';

/** A listing of one's own that stands. */
interface Own {
  readonly id: string;
  readonly key: string;
  readonly revision: number;
  readonly book: string;
}

/** An office does something: says something new, or something about what was said. */
export function act(world: World): void {
  const author = world.chance.pick(membersOf(world));
  if (!author.up) return;
  const own = isQuiet(author) ? ownListings(author) : [];
  const doing = world.chance.below(100);
  if (own.length === 0 || doing < 40) return listNew(world, author);
  const one = world.chance.pick(own);
  if (doing < 58) revise(world, author, one);
  else if (doing < 72) withdraw(world, author, one);
  else if (doing < 82) widen(world, author, one);
  else if (doing < 92) narrow(world, author, one);
  // What follows an erased listing must say what became of it, and a body that does not fit says nothing.
  else if (author.nature !== 'misfits') erase(world, author);
}

/** Whether the rooms know of everything that was said here, so that what they say next has the right revision. */
function isQuiet({ disk, party }: Server): boolean {
  return (
    disk.pending.length === 0 &&
    booksOf(disk, party).every(([book, { leaves }]) => disk.cursors.get(`${party}/${book}`) === leaves.length)
  );
}

function ownListings({ disk, party }: Server): Own[] {
  const own: Own[] = [];
  for (const [name, { row, revision }] of disk.view) {
    if (row === null || row.member !== party) continue;
    const id = name.slice(party.length + 1);
    own.push({ id, key: row.key, revision, book: disk.placed.get(id)! });
  }
  return own;
}

function listNew(world: World, author: Server): void {
  const { chance } = world;
  const books = world.plan.books.get(author.party)!;
  const sayings = Array.from({ length: chance.hits(0.25) ? chance.between(2, 7) : 1 }, (_, index): Saying => {
    const serial = (world.counts.get('said listing') ?? 0) + index;
    const key = `ip:45.66.${serial >> 8}.${serial & 255}`;
    const body = listing(chance, author.party, key, 1, clockOf(world, author));
    return { book: chance.pick(books), kind: 'listing', body, ...aheadOf(world) };
  });
  say(world, author, sayings);
}

function aheadOf(world: World): { aheadMs?: number } {
  if (!world.chance.hits(world.plan.faults.ahead)) return {};
  count(world, 'dated ahead');
  return { aheadMs: world.chance.between(330, 540) * 1000 };
}

const again = (world: World, author: Server, { key, revision }: Own, book: string): Saying => ({
  book,
  kind: 'listing',
  body: listing(world.chance, author.party, key, revision, clockOf(world, author)),
  ...aheadOf(world),
});

function revise(world: World, author: Server, own: Own): void {
  say(world, author, [again(world, author, { ...own, revision: own.revision + 1 }, own.book)]);
}

function withdraw(world: World, author: Server, { id, key, revision, book }: Own): void {
  say(world, author, [{ book, kind: 'listing-withdrawal', body: withdrawal(id, key, revision + 1) }]);
}

const isPair = (book: string): boolean => book !== 'domestic' && !book.startsWith('alliance');

function widen(world: World, author: Server, own: Own): void {
  if (own.book.startsWith('alliance')) return revise(world, author, own);
  if (say(world, author, [again(world, author, { ...own, revision: own.revision + 1 }, 'alliance')]))
    count(world, 'widened');
}

/** What should have been said to fewer: withdrawn and erased where all read it, and said anew to the few. */
function narrow(world: World, author: Server, own: Own): void {
  const { id, key, revision } = own;
  const pair = world.plan.books.get(author.party)!.find(isPair);
  if (own.book !== 'alliance' || pair === undefined) return withdraw(world, author, own);
  const ended: Saying = { book: 'alliance', kind: 'listing-withdrawal', body: withdrawal(id, key, revision + 1) };
  const erased = erasable(author, 'alliance')
    .filter(({ body }) => body.id === id)
    .map(({ number }) => erasure('alliance', number));
  const anew = again(world, author, { ...own, revision: revision + 2 }, pair);
  if (say(world, author, world.chance.shuffle([ended, anew]).concat(erased))) count(world, 'narrowed');
}

/** Erases the body of a listing that no longer says what stands: the law's time for it is over. */
function erase(world: World, author: Server): void {
  const { disk, party } = author;
  const old = booksOf(disk, party).flatMap(([book]) =>
    erasable(author, book)
      .filter(({ body }) => disk.view.get(`${party}/${body.id}`)!.revision > body.revision)
      .map(({ number }) => ({ book, number, body: disk.books.get(`${party}/${book}`)!.leaves[number] })),
  );
  if (old.length === 0) return;
  const { book, number } = world.chance.pick(old);
  say(world, author, [erasure(book, number)]);
}

const erasure = (book: string, number: number): Saying => ({
  book,
  kind: 'erasure',
  body: { number, basis: 'simulated' },
});

function erasable({ disk, party }: Server, book: string): { number: number; body: ListingBody }[] {
  const found: { number: number; body: ListingBody }[] = [];
  for (const [number, { statement }] of (disk.books.get(`${party}/${book}`)?.leaves ?? []).entries())
    if (statement?.envelope.kind === 'listing') found.push({ number, body: statement.body as ListingBody });
  return found;
}
