import { mix } from '../chance/mix.ts';
import { addresses } from '../world/networks.ts';
import { accountOf } from '../world/people.ts';
import type { CaseParts } from './case-book.ts';

/** On what, and from where, a ring uses a victim’s account: its own; the cautious hire a connection next door. */
export function thiefOf(
  { ring, people, victim, number, caution }: CaseParts,
  atMs: number,
): { device: number; ip: string } {
  const { nation } = people;
  if (caution === undefined)
    return { device: ring.device(nation, atMs, number), ip: ring.foreignAddress(nation, atMs, number) };
  return {
    device: ring.ownDevice(nation, accountOf(victim, 0)),
    ip: addresses.home(nation, mix(victim, number), 0),
  };
}
