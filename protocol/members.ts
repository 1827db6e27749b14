import { Type } from 'typebox';

/** The six that founded the cooperation, by ISO 3166-1 alpha-2 in lower case, in alphabetical order. */
export const foundingMembers: readonly string[] = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];

/**
 * Who takes part, by code. A member has the two letters of its country; the secretariat and observers have three to
 * sixteen letters. Who they are, the directory says: the protocol does not end with the founders.
 */
export type PartyCode = string;
export const PartyCode = Type.String({
  pattern: '^(?!alliance$|domestic$)[a-z]{2,16}$',
  description: 'A member (two letters), the secretariat or an observer',
});

/** Whose statements there are. */
export const MemberCode = Type.String({ pattern: '^[a-z]{2}$', description: 'ISO 3166-1 alpha-2 in lower case' });
export type MemberCode = string;

export function isPartyCode(text: string): text is PartyCode {
  return /^[a-z]{2,16}$/.test(text) && text !== 'alliance' && text !== 'domestic';
}

export function isMemberCode(text: string): text is MemberCode {
  return /^[a-z]{2}$/.test(text);
}

/**
 * A book's name says its audience: `domestic` (nobody abroad), or terms in alphabetical order joined by `+`. The term
 * `alliance` stands for every member whenever they joined; the others are parties: `alliance`, `kh+th`, `alliance+lmlecc`.
 */
export const bookPattern = '^(domestic|alliance|[a-z]{2,16}(\\+[a-z]{2,16})+)$';

/** The terms of a book's audience, as the envelope carries them; none for `domestic`. */
export function audienceOf(book: string): string[] {
  return book === 'domestic' ? [] : book.split('+');
}

/** The book for an audience: its terms once each, in order. A member's own code is added unless `alliance` covers it. */
export function bookFor(member: MemberCode, audience: readonly string[]): string {
  const terms = new Set(audience);
  if (!terms.has('alliance')) terms.add(member);
  else for (const term of audience) if (isMemberCode(term)) terms.delete(term);
  const sorted = [...terms].sort();
  return sorted.length === 1 && sorted[0] === member ? 'domestic' : sorted.join('+');
}

/** Whether a party is in a book's audience. `isMember` is the directory's word about it. */
export function isReader(book: string, party: PartyCode, isMember: boolean): boolean {
  const terms = audienceOf(book);
  return terms.includes(party) || (isMember && terms.includes('alliance'));
}
