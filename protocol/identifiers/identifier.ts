import type { Refusal } from '../refusals.ts';

/** Every type of identifier that the nations exchange, in the order in which the type tables list them. */
export const identifierTypes = [
  'account',
  'phone',
  'ip',
  'domain',
  'url',
  'email',
  'wallet',
  'device',
  'sim',
  'handle',
  'company',
  'person',
] as const;

export type IdentifierType = (typeof identifierTypes)[number];

/** An identifier's one canonical string, `type:value`. Two spellings of one thing always give one key. */
export type Key = `${IdentifierType}:${string}`;

/** What the asker knows besides the text; it never overrides what the text itself says. */
export interface Hints {
  readonly type?: IdentifierType;
  /** ISO 3166-1 alpha-2, upper case: the country whose national spellings apply. */
  readonly country?: string;
  /** The bank's or scheme's code within that country, for accounts written as bare digits. */
  readonly bank?: string;
}

/** One type's file answers the same questions for its values. `value` is the key without its `type:` prefix. */
export interface IdentifierKind {
  readonly type: IdentifierType;
  /**
   * The canonical key of one spelling, or a refusal whose code begins with `identifier.`. Never throws.
   * Idempotent: parsing a key's own value gives the same key.
   */
  parse(text: string, hints?: Hints): Key | Refusal;
  /** The value with enough hidden that a bystander learns nothing, for logs, public answers and untrusted screens. */
  mask(value: string): string;
  /** The value as people of the trade write it, for screens and letters. */
  caption(value: string): string;
}
