/** The six members of the cooperation, by ISO 3166-1 alpha-2 in lower case, in alphabetical order. */
export const memberCodes = ['cn', 'kh', 'la', 'mm', 'th', 'vn'] as const;

export type MemberCode = (typeof memberCodes)[number];

export function isMemberCode(text: string): text is MemberCode {
  return (memberCodes as readonly string[]).includes(text);
}
