import { Type, type Static } from 'typebox';
import { Instant } from './envelope.ts';

/** SHA-256 in lower-case hexadecimal. */
export const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** How a request, report, order or answer names an exhibit: by what it is, so that the receiver can check what it gets. */
export const ExhibitRef = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    sha256: Digest,
    bytes: Type.Integer({ minimum: 1 }),
    mediaType: Type.String({ pattern: '^[a-z]+/[a-z0-9.+-]{1,80}$' }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);
export type ExhibitRef = Static<typeof ExhibitRef>;
export const exhibitsMax = 20;

/**
 * Kind `exhibit`, version 1: that an exhibit was taken in and sealed (domestic book), or given to the readers of a book.
 * `custody` is the digest of the last entry of its custody chain at that moment, so that the chain cannot be rewritten.
 */
export const ExhibitBody = Type.Object(
  {
    exhibit: ExhibitRef,
    act: Type.Enum(['sealed', 'disclosed']),
    custody: Digest,
    collectedAt: Instant,
  },
  { additionalProperties: false },
);
export type ExhibitBody = Static<typeof ExhibitBody>;
