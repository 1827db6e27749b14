import { Type, type Static } from 'typebox';
import { Handling } from '../handling.ts';
import { bookPattern, MemberCode } from '../members.ts';

/** RFC 3339 in UTC with milliseconds: one spelling of every instant. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  description: 'RFC 3339 instant in UTC, with milliseconds',
});

/** A statement's place for good: a member's book and the number in it. */
export const StatementRef = Type.Object(
  {
    member: MemberCode,
    book: Type.String({ minLength: 1, maxLength: 64 }),
    number: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type StatementRef = Static<typeof StatementRef>;

/** Who made a statement: an office, and within it the officer's own number, never a name. */
export const Author = Type.Object(
  {
    office: Type.String({ minLength: 1, maxLength: 64 }),
    officer: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    institution: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    rule: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'The standing rule that acted by itself' }),
    ),
  },
  { additionalProperties: false },
);
export type Author = Static<typeof Author>;

/** How long a reader may keep the body. The shortest rule that applies wins. */
export const Retention = Type.Object({ until: Instant }, { additionalProperties: false });

/**
 * The envelope is frozen for good: a server that does not know a statement's kind still keeps, verifies and handles it
 * by these fields alone.
 */
export const Envelope = Type.Object(
  {
    member: MemberCode,
    book: Type.String({ pattern: bookPattern, maxLength: 64 }),
    kind: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }),
    version: Type.Integer({ minimum: 1, maximum: 1000 }),
    at: Instant,
    author: Author,
    audience: Type.Array(Type.String({ minLength: 2, maxLength: 32 }), {
      maxItems: 32,
      description: 'The terms of the book’s name; none for `domestic`',
    }),
    handling: Handling,
    retention: Type.Optional(Retention),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 2300 })),
    withdraws: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'The id of what this withdraws' }),
    ),
  },
  { additionalProperties: false },
);
export type Envelope = Static<typeof Envelope>;

/** What the bytes of a leaf hold. */
export interface Statement<Body = unknown> {
  readonly envelope: Envelope;
  readonly body: Body;
}
