import { foundingMembers, type MemberCode } from '@bronze-drum/protocol/members';
import { CommandError } from '../connection.ts';

/** One member's server of an alliance: where it answers. */
export interface Seat {
  readonly member: MemberCode;
  readonly name: string;
  readonly port: number;
  readonly address: string;
}

export interface Plan {
  readonly hubPort: number;
  readonly hubAddress: string;
  /** In the order of the founders. */
  readonly seats: readonly Seat[];
}

export const defaultBasePort = 4600;
const portMax = 65_535;

const names: Readonly<Record<string, string>> = {
  cn: 'China',
  kh: 'Cambodia',
  la: 'Laos',
  mm: 'Myanmar',
  th: 'Thailand',
  vn: 'Viet Nam',
};

/**
 * Who takes part, and where. A member's port does not depend on who else takes part: its address is written in the
 * others' directories.
 */
export function planOf(options: { readonly members?: string; readonly basePort?: string }): Plan {
  const basePort = options.basePort === undefined ? defaultBasePort : Number(options.basePort);
  if (!Number.isInteger(basePort) || basePort < 1 || basePort > portMax - foundingMembers.length) {
    throw new CommandError(
      `--base-port is a number up to ${portMax - foundingMembers.length}, not ${options.basePort}`,
    );
  }
  const chosen = options.members === undefined ? foundingMembers : readMembers(options.members);
  const seats = foundingMembers.flatMap((member, place) => {
    const port = basePort + 1 + place;
    return chosen.includes(member) ? [{ member, name: nameOf(member), port, address: localAddress(port) }] : [];
  });
  return { hubPort: basePort, hubAddress: localAddress(basePort), seats };
}

export const nameOf = (member: MemberCode): string => names[member] ?? member;

const localAddress = (port: number): string => `http://localhost:${port}`;

function readMembers(text: string): MemberCode[] {
  const members = text.split(',').map((member) => member.trim().toLowerCase());
  const stranger = members.find((member) => !foundingMembers.includes(member));
  if (stranger !== undefined)
    throw new CommandError(`--members names some of ${foundingMembers.join(',')}, with commas; not "${stranger}"`);
  return members;
}
