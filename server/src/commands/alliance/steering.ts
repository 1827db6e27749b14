import { foundingMembers } from '@bronze-drum/protocol/members';
import { CommandError, connect } from '../connection.ts';
import { print, printTable } from '../officer.ts';
import { readDemo } from './demo.ts';
import { readMarker } from './marker.ts';
import { nameOf } from './plan.ts';
import { standingOf, type Standing } from './standing.ts';

/** Cuts a member off from its neighbours, or heals that, at its own server and by its own operator. */
export async function isolate(data: string, member: string, isolated: boolean): Promise<void> {
  if (!foundingMembers.includes(member)) {
    throw new CommandError(`there is no member ${member}; there are ${foundingMembers.join(', ')}`);
  }
  const { call } = await connect({ data, member });
  const reason = `demonstration: drum alliance ${isolated ? 'cut' : 'heal'} ${member}`;
  await call('POST', '/v1/directory/isolation', { isolated, reason });
  const name = `${nameOf(member)} (${member})`;
  if (isolated) {
    print(`${name} is cut off: it hears no neighbour, and none hears it. Its own institutions are answered as before.`);
    print(`See it with: npx drum alliance status. Heal it with: npx drum alliance heal ${member}`);
  } else {
    print(`${name} is back: it and its neighbours catch up by themselves. See it with: npx drum alliance status`);
  }
}

/** Who is up, whom they hear, and how far behind they are. */
export async function showStatus(data: string): Promise<void> {
  const { members } = await readMarker(data);
  if (members.length === 0) throw new CommandError(`no alliance was started in ${data}. Start one with: npm start`);
  const demo = await readDemo(data);
  const rows = members.map(async (member) => {
    const address = demo?.members[member]?.url ?? '';
    return [member, address, ...columnsOf(await standingOf(data, member, address))];
  });
  printTable(['MEMBER', 'ADDRESS', 'STATE', 'HEARS', 'BEHIND'], await Promise.all(rows));
}

export function columnsOf({ ready, hears }: Standing): [state: string, hears: string, behind: string] {
  if (!ready) return ['down', '', ''];
  if (hears === undefined) return ['up', 'unknown', ''];
  const behind = `${hears.behind} statement${hears.behind === 1 ? '' : 's'}`;
  return [hears.isCutOff ? 'cut off' : 'up', `${hears.live} of ${hears.of}`, behind];
}
