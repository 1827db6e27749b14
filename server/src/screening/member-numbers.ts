import { foundingMembers, type MemberCode } from '@bronze-drum/protocol/members';

/** As many as fit into a set of bits. */
export const membersMax = 32;

const names: MemberCode[] = [...foundingMembers];
const numbers = new Map(names.map((name, number) => [name, number]));

/**
 * The number of a member in this process, by which sets of members are bits: the founders' first, then as they are heard
 * of. -1 when there is no room for another.
 */
export function memberNumber(member: MemberCode): number {
  const known = numbers.get(member);
  if (known !== undefined) return known;
  if (names.length === membersMax) return -1;
  numbers.set(member, names.length);
  return names.push(member) - 1;
}

export const memberOf = (number: number): MemberCode => names[number]!;

/** The members of a set, in alphabetical order. */
export const membersOf = (set: number): MemberCode[] => names.filter((_, number) => (set & (1 << number)) !== 0).sort();
