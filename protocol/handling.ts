import { Type, type Static } from 'typebox';
import { audienceOf, isMemberCode } from './members.ts';
import { refusal, type Refusal } from './refusals.ts';

/** Traffic Light Protocol 2.0 (FIRST, 2022): how far a statement may travel. */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

/**
 * Europol handling codes. H0: crime prevention and detection only; H1: not as evidence in court without permission;
 * H2: no onward sharing without permission; H3: other restrictions, written out.
 */
export const handlingConditions = ['H0', 'H1', 'H2', 'H3'] as const;

export const Handling = Type.Object(
  {
    tlp: Type.Enum([...tlpLabels]),
    conditions: Type.Array(Type.Enum([...handlingConditions]), { uniqueItems: true, maxItems: 4 }),
    restriction: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'What H3 restricts, in words' }),
    ),
  },
  { additionalProperties: false },
);
export type Handling = Static<typeof Handling>;

/** Labels and conditions under which a statement stays with the bodies that received it, and so with officers. */
export const closedLabels: readonly string[] = ['AMBER+STRICT', 'RED'];
export const closedConditions: readonly string[] = ['H3'];

/** Whether banks, operators and their like may be told. What H3 restricts is written for people, so nobody else is told. */
export function isOpenToInstitutions(handling: Handling): boolean {
  return !closedLabels.includes(handling.tlp) && !handling.conditions.some((one) => closedConditions.includes(one));
}

/** Types of identifier that lead to a person: neither the secretariat nor observers receive them. */
const personalTypes: readonly string[] = ['account', 'phone', 'email', 'handle', 'device', 'sim', 'person', 'wallet'];

/** Why its author may not say a statement about such an identifier in a book, or undefined if they may. */
export function mayLeave(handling: Handling, book: string, identifierType: string): Refusal | undefined {
  if (book === 'domestic') return undefined;
  const terms = audienceOf(book);
  // TLP RED is for the eyes of its recipients, by name: of two parties, each knows who the other is.
  if (handling.tlp === 'RED' && (terms.length !== 2 || terms.includes('alliance')))
    return refusal('handling.red-beyond-two');
  if (terms.every((term) => term === 'alliance' || isMemberCode(term))) return undefined;
  if (handling.tlp !== 'CLEAR' && handling.tlp !== 'GREEN') return refusal('handling.label-beyond-members');
  return personalTypes.includes(identifierType) ? refusal('handling.person-beyond-members') : undefined;
}

/** Whether whoever reads the one book reads the other as well. Nobody abroad reads `domestic`; its own member reads all. */
export function isWithin(book: string, other: string): boolean {
  const others = audienceOf(other);
  return audienceOf(book).every((term) => others.includes(term) || (isMemberCode(term) && others.includes('alliance')));
}

/** Whether a claim may be repeated only to those to whom its author said it. */
export function isBound(handling: Handling): boolean {
  return closedLabels.includes(handling.tlp) || handling.conditions.includes('H2');
}

/** Whether another's claim, said in one book, may be repeated by a reader of it in another. */
export function mayCorroborateTo(handling: Handling, fromBook: string, toBook: string): boolean {
  return !isBound(handling) || isWithin(toBook, fromBook);
}

/** Whether it may serve as evidence before a court without asking its author (H1). */
export function mayEvidence(handling: Handling): boolean {
  return !handling.conditions.includes('H1');
}
