import { generationOf, onPositions, onReceipt } from './author.ts';
import { onFork, onShown } from './comparing.ts';
import { repeatReceipts } from './follower.ts';
import { isKeyRecord, signKeyRecord, type KeyRecord } from './keys.ts';
import type { Message } from './messages.ts';
import { tell } from './network.ts';
import { onPage } from './reader.ts';
import { onAskRecalled, onRecall, onRecalled, onRemembered } from './recovery.ts';
import { count, type Server, type World } from './world.ts';

/** What a server does with what another says. */
export function receive(world: World, to: Server, from: string, message: Message): void | Promise<void> {
  if (world.rules.isPaused(to.disk.paused, from) && !['positions', 'recall'].includes(message.type)) return undefined;
  switch (message.type) {
    case 'positions':
      return onPositions(world, to, from, message);
    case 'page':
      return onPage(world, to, from, message);
    case 'receipt':
      return onReceipt(world, to, from, message);
    case 'taken':
      return onTaken(to, `${from}/${message.book}`, message);
    case 'shown':
      return onShown(world, to, from, message);
    case 'fork':
      return onFork(world, to, message);
    case 'ask-keys':
      return tellKeys(world, to, from);
    case 'keys':
      return onKeys(world, to, message.records);
    case 'recall':
      onRecall(world, to, from, message);
      return undefined;
    case 'remembered':
      return onRemembered(world, to, from, message);
    case 'ask-recalled':
      return onAskRecalled(world, to, from, message);
    case 'recalled':
      return onRecalled(world, to, message);
    case 'beat':
      return repeatReceipts(world, to, from);
    default:
      return count(world, 'refused');
  }
}

function onTaken(reader: Server, name: string, { mark, sentMs }: Extract<Message, { type: 'taken' }>): void {
  if (reader.receiptMs.get(name) === sentMs) reader.taken.set(name, mark);
}

export function tellKeys(world: World, member: Server, to: string): void {
  const { party } = member;
  const generation = generationOf(member, party);
  const records = Array.from({ length: generation }, (_, index) => signKeyRecord(party, index + 1));
  tell(world, member, to, { type: 'keys', records });
}

/** A key is believed when the one before it signed for it. */
function onKeys(world: World, reader: Server, records: readonly KeyRecord[]): void {
  for (const record of records) {
    if (record.generation !== generationOf(reader, record.member) + 1 || !isKeyRecord(record)) continue;
    reader.disk.generations.set(record.member, record.generation);
    count(world, 'key learnt');
  }
}
