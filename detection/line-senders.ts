import { askerOf } from './asking.ts';
import { bulkSender } from './detectors/bulk-sender.ts';
import { hostJoin, senderJoin } from './joins.ts';
import type { SenderView } from './line-view.ts';
import type { Sight } from './sight.ts';
import type { Flat, Kept } from './state/arrays.ts';
import { openInterner, type Interner } from './state/interner.ts';
import { openRecentPairs } from './state/recent-pairs.ts';
import type { Found, Ground } from './watch.ts';

/** Who sends links, by the host to which they lead, and to whom. Joined by the sender: its number, or the name that it shows. */
export interface Senders extends Kept {
  message(sight: Sight<'message'>, found: Found): void;
  forget(recipient: number): void;
}

export interface SendersParts {
  readonly ground: Ground;
  /** Recipients: numbers, addresses and handles. */
  readonly numbers: Interner;
  readonly size: number;
}

/** Of a message; who hides a listed link among many others is found by the next detector. */
const linksMax = 3;

export function openSenders({ ground, numbers, size }: SendersParts): Senders {
  const ask = askerOf(ground);
  const slots = Math.max(256, size >> 3);
  const recipients = openRecentPairs({ a: slots, b: size, capacity: Math.max(1024, size >> 1) });
  /** Whether a listed link of it was seen. */
  const isListed = new Uint8Array(slots);
  /** A sender and a host. */
  const senders = openInterner(slots, (slot) => {
    recipients.forgetA(slot);
    isListed[slot] = 0;
  });
  let slot = 0;
  const view: SenderView = {
    newestMs: 0,
    isNumber: false,
    isListed: false,
    host: '',
    link: '',
    recipientsKnown: 0,
    recipients: (sinceMs, most) => recipients.countOfA(slot, sinceMs, most),
  };

  function seeLink({ record, atMs }: Sight<'message'>, link: string, found: Found): void {
    const sender = senderJoin(record);
    const host = hostJoin(link);
    slot = senders.take(`${sender}|${host}`, atMs);
    const isLinkListed = ground.listed(link) > 0 || (host !== link && ground.listed(host) > 0);
    if (isLinkListed) isListed[slot] = 1;
    recipients.touch(slot, numbers.take(record.to, atMs), atMs);
    view.newestMs = recipients.atMs(recipients.firstOfA(slot));
    view.isNumber = record.originating?.startsWith('phone:') === true;
    view.isListed = isListed[slot] === 1;
    view.host = host;
    view.link = link;
    view.recipientsKnown = recipients.knownOfA(slot);
    // A shown name belongs to somebody who may know nothing of it: then the link is what is told of.
    const subject = record.originating ?? (isLinkListed ? link : undefined);
    if (subject !== undefined) ask(bulkSender, view, { join: sender, subject, found });
  }

  const arrays = (): readonly Flat[] => [isListed, ...recipients.arrays(), ...senders.arrays()];
  return {
    message(sight, found) {
      const { links } = sight.record;
      if (links === undefined) return;
      for (let at = 0; at < links.length && at < linksMax; at += 1) seeLink(sight, links[at]!, found);
    },
    forget: recipients.forgetB,
    arrays,
  };
}
