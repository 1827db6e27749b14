import { Type, type Static } from 'typebox';
import { MemberCode } from '@bronze-drum/protocol/members';
import { Envelope } from '@bronze-drum/protocol/statements/envelope';

/** How many entries one answer holds at the most. */
export const entriesLimitMax = 5000;

const strict = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const BookName = Envelope.properties.book;
const Hash = Type.String({ description: 'SHA-256 in base64' });

const Whose = Type.Optional(
  Type.String({ ...MemberCode, description: 'Whose book: a copy that is kept here; this member’s own unless said' }),
);

export const BooksQuery = Type.Object({ member: Whose }, strict);

export const BookList = Type.Object(
  {
    member: MemberCode,
    members: Type.Array(MemberCode, { description: 'Whose books the caller may read here' }),
    books: Type.Array(
      Type.Object({
        name: BookName,
        size: Count,
        note: Type.Union([Type.String(), Type.Null()], {
          description: 'The newest checkpoint (C2SP tlog-checkpoint); null while the book is empty',
        }),
        verifyingKeys: Type.Array(
          Type.String({ description: 'C2SP signed-note: name+keyId+base64(algorithm ‖ public key)' }),
        ),
      }),
    ),
  },
  { title: 'BookList' },
);
export type BookList = Static<typeof BookList>;

export const OfBook = Type.Object({ member: Whose, book: BookName }, strict);

export const EntriesQuery = Type.Object(
  {
    member: Whose,
    book: BookName,
    from: Type.Integer({ ...Count, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: entriesLimitMax, default: 1000 }),
  },
  strict,
);

/** One line of the answer to `GET /federation/v1/entries`. */
export const EntryLine = Type.Object(
  {
    number: Count,
    commitment: Hash,
    salt: Type.Union([Type.String(), Type.Null()], { description: '16 bytes in base64; null once erased' }),
    bytes: Type.Union([Type.String(), Type.Null()], {
      description: 'The exact committed text in base64; null once erased',
    }),
  },
  { title: 'EntryLine' },
);

export const ProofQuery = Type.Object(
  { member: Whose, book: BookName, number: Count, size: Type.Integer({ ...Count, minimum: 1 }) },
  strict,
);
const Note = Type.String({ description: 'A signed checkpoint (C2SP tlog-checkpoint)' });
const VerifyingKey = Type.String({ description: 'C2SP signed-note: name+keyId+base64(algorithm ‖ public key)' });

/** Every book that is kept here: this member’s own, and the copies of others’. */
export const DeskBooks = Type.Object(
  {
    books: Type.Array(
      Type.Object(
        {
          author: MemberCode,
          book: BookName,
          size: Count,
          root: Hash,
          checkpoint: Type.Union([Note, Type.Null()], {
            description: 'The newest; of a copy perhaps of fewer entries',
          }),
          verifyingKeys: Type.Array(VerifyingKey),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: 'DeskBooks' },
);

export type DeskBooks = Static<typeof DeskBooks>;

export const DeskProofQuery = Type.Object({ author: MemberCode, book: BookName, number: Count }, strict);

/**
 * All that it takes to verify by oneself that an entry stands in a book: `leafHash` hashes the commitment, `path` leads from
 * it to the root of the checkpoint, which `verifyingKey` signed; the commitment is that of salt and text.
 */
export const DeskProof = Type.Object(
  {
    author: MemberCode,
    book: BookName,
    number: Count,
    commitment: Hash,
    leafHash: Hash,
    size: Type.Integer({ ...Count, minimum: 1, description: 'Of the checkpoint' }),
    path: Type.Array(Hash, { description: 'From the leaf upwards (RFC 6962)' }),
    checkpoint: Note,
    verifyingKey: VerifyingKey,
    entry: Type.Union(
      [
        Type.Object(
          {
            text: Type.String({
              description: 'The exact text of envelope and body; its UTF-8 bytes were committed to',
            }),
            salt: Type.String({ description: '16 bytes in base64' }),
          },
          strict,
        ),
        Type.Null(),
      ],
      { description: 'What was said; null with `absent`' },
    ),
    absent: Type.Optional(
      Type.Enum(['not-here', 'withheld'], {
        description: 'not-here: erased, or held back as it came; withheld: this officer may not read it',
      }),
    ),
  },
  { ...strict, title: 'DeskProof' },
);
export type DeskProof = Static<typeof DeskProof>;

export const ConsistencyQuery = Type.Object({ member: Whose, book: BookName, from: Count, to: Count }, strict);

export const Proof = Type.Object(
  { path: Type.Array(Hash, { description: 'From the leaf upwards (RFC 6962)' }) },
  { title: 'Proof' },
);
