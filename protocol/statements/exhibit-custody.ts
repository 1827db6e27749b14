import { Type, type Static } from 'typebox';
import { Digest } from './exhibit.ts';

/**
 * Kind `exhibit-custody`, version 1, in the domestic book alone: that the custody chain of an exhibit has grown by its entry
 * `number`, whose digest is `custody`. Who rewrites the chain afterwards contradicts the journal.
 */
export const ExhibitCustodyBody = Type.Object(
  {
    exhibit: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    number: Type.Integer({ minimum: 2, maximum: Number.MAX_SAFE_INTEGER }),
    act: Type.String({ pattern: '^[a-z-]{1,40}$' }),
    custody: Digest,
  },
  { additionalProperties: false },
);
export type ExhibitCustodyBody = Static<typeof ExhibitCustodyBody>;
