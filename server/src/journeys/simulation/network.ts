import { isReader } from '@bronze-drum/protocol/members';
import { booksNamed, notFound, type Message, type PageMessage } from './messages.ts';
import { at, count, mustHold, serverOf, type Server, type World } from './world.ts';

export const pairOf = (a: string, b: string): string => (a < b ? `${a}~${b}` : `${b}~${a}`);

/** Says something to another server: it may be lost, doubled, late, altered or cut off. */
export function send(world: World, from: Server, to: string, message: Message): void {
  expectSayable(world, from, to, message);
  count(world, `message ${message.type}`);
  if (world.cuts.has(pairOf(from.party, to))) return count(world, 'cut off');
  const { faults } = world.plan;
  if (!world.calm && world.chance.hits(faults.loss)) return count(world, 'lost');
  const copies = !world.calm && world.chance.hits(faults.duplicate) ? 2 : 1;
  if (copies === 2) count(world, 'doubled');
  for (let copy = 0; copy < copies; copy += 1) deliver(world, from, to, message);
}

function deliver(world: World, from: Server, to: string, message: Message): void {
  const { faults } = world.plan;
  let delayMs = latencyMs(from.party, to);
  if (!world.calm && world.chance.hits(faults.delay)) {
    delayMs += world.chance.between(500, 40_000);
    count(world, 'delayed');
    if (message.type === 'page') world.halfDone(from.party);
  }
  const altered = message.type === 'page' && !world.calm && world.chance.hits(faults.alter);
  const sent = altered ? alterPage(world, message) : message;
  at(world, delayMs, () => {
    const receiver = serverOf(world, to);
    if (!receiver.up) return count(world, 'nobody there');
    world.note(to, '<', from.party, () => describe(sent));
    return world.receive(receiver, from.party, sent);
  });
}

/** The same for every message from one to another: a stream keeps its order unless a fault disturbs it. */
const latencyMs = (from: string, to: string): number => 10 + ((from.charCodeAt(0) * 7 + to.charCodeAt(0) * 13) % 60);

/** Somebody on the way puts in a leaf of its own, or renumbers the page. */
function alterPage(world: World, page: PageMessage): PageMessage {
  count(world, 'altered');
  if (world.chance.hits(0.3)) {
    const from = Math.max(0, page.header.from + world.chance.pick([-1, 1]));
    return { ...page, header: { ...page.header, from } };
  }
  const index = world.chance.below(page.entries.length);
  const forged = { commitment: world.chance.bytes(32), salt: null, bytes: null };
  return { ...page, entries: page.entries.with(index, forged) };
}

/** Nobody is told of a book outside its audience, and whoever is paused hears what a stranger would hear. */
function expectSayable(world: World, from: Server, to: string, message: Message): void {
  const told = () => `${from.party} said to ${to}: ${describe(message)}`;
  if (message.type === 'refusal') {
    const stranger = JSON.stringify(message) === JSON.stringify(notFound);
    return mustHold(stranger, 'every refusal reads like that of a book that is not there', told);
  }
  const isMember = serverOf(world, to).isMember;
  for (const { owner, book } of booksNamed(from.party, to, message))
    mustHold(owner === to || isReader(book, to, isMember), 'nobody is told of a book outside its audience', told);
  mustHold(!world.truth.paused.has(`${from.party}>${to}`), 'whoever is paused is told nothing', told);
}

function describe(message: Message): string {
  switch (message.type) {
    case 'page': {
      const { book, from, count } = message.header;
      return `page ${book} ${from}+${count} of ${message.header.note.split('\n')[1]} (${message.session})`;
    }
    case 'positions':
      return `positions ${message.positions} (${message.session})`;
    case 'receipt':
      return `receipt ${message.book} ${message.size}/${message.applied}`;
    case 'shown':
      return `shown ${message.member}/${message.book} ${message.note.split('\n')[1]}`;
    case 'fork':
      return `fork ${message.fork.member}/${message.fork.book}`;
    case 'remembered':
      return `remembered ${message.books.map(({ book, size }) => `${book}:${size}`).join(',')}`;
    case 'ask-recalled':
      return `ask-recalled ${message.book} ${message.from}`;
    case 'recalled':
      return `recalled ${message.header.book} ${message.header.from}+${message.header.count}`;
    case 'taken':
      return `taken ${message.book} ${message.mark}`;
    case 'refusal':
      return `refusal ${message.code}`;
    default:
      return message.type;
  }
}

/** The one way for a server to speak: never to whom it has paused. */
export function tell(world: World, from: Server, to: string, message: Message): void {
  if (!world.rules.isPaused(from.disk.paused, to)) send(world, from, to, message);
}

export const beatOf = (world: World): Message => ({
  type: 'beat',
  beat: { at: String(world.nowMs), directory: '' },
});
