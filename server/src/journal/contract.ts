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
export const ConsistencyQuery = Type.Object({ member: Whose, book: BookName, from: Count, to: Count }, strict);

export const Proof = Type.Object(
  { path: Type.Array(Hash, { description: 'From the leaf upwards (RFC 6962)' }) },
  { title: 'Proof' },
);
