import { Type, type Static } from 'typebox';
import { Handling } from '@bronze-drum/protocol/handling';
import { PageHeader } from '@bronze-drum/protocol/federation/pages';
import { bookPattern, MemberCode, PartyCode } from '@bronze-drum/protocol/members';
import { Author, Instant } from '@bronze-drum/protocol/statements/envelope';

const strict = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const BookName = Type.String({ pattern: bookPattern, maxLength: 64 });
const Note = Type.String({ minLength: 1, maxLength: 131_072 });
const Code = Type.String({ pattern: '^[a-z]+\\.[a-z-]+$', maxLength: 60 });

export const heldInReceiptMax = 200;
export const receiptsMax = 128;

export const StreamQuery = Type.Object(
  {
    from: Type.String({
      maxLength: 4000,
      default: '',
      description:
        'From which number of each book on, as book:number with commas; the other books from their beginning',
    }),
  },
  strict,
);

/** What a reader says of one book of the member to whom it says it. */
export const Receipt = Type.Object(
  {
    book: BookName,
    size: Type.Integer({ ...Count, description: 'How many statements it holds and has verified' }),
    applied: Type.Integer({ ...Count, description: 'Every one of its rooms has handled what is before this number' }),
    cosigned: Type.Optional(
      Type.String({
        ...Note,
        description: 'The newest checkpoint it verified, with its cosignature (C2SP tlog-cosignature v1)',
      }),
    ),
    held: Type.Array(Type.Object({ number: Count, code: Code }, strict), {
      maxItems: heldInReceiptMax,
      description: 'Statements that it holds back, the first ones',
    }),
  },
  strict,
);
export type Receipt = Static<typeof Receipt>;

export const Receipts = Type.Object({ at: Instant, receipts: Type.Array(Receipt, { maxItems: receiptsMax }) }, strict);
export type Receipts = Static<typeof Receipts>;

export const CosignedQuery = Type.Object(
  { member: Type.Optional(Type.String({ ...MemberCode, description: 'Only the books of this member' })) },
  strict,
);

const CosignedNote = Type.Object({
  member: MemberCode,
  book: BookName,
  note: Type.Union([Note, Type.Null()], { description: 'The newest checkpoint that is verified whole, cosigned' }),
  tail: Type.Optional(
    Type.Object(
      { size: Count, note: Note, proof: PageHeader.properties.proof },
      { description: 'To the author alone: how much more is here, as a beginning of which later checkpoint' },
    ),
  ),
});
export type CosignedNote = Static<typeof CosignedNote>;

export const ForkProof = Type.Object(
  {
    member: MemberCode,
    book: BookName,
    earlier: Note,
    later: Note,
    begins: Type.String({ maxLength: 44 }),
    proof: Type.Array(Type.String({ maxLength: 44 }), { maxItems: 128 }),
  },
  { title: 'ForkProof' },
);

export const Cosigned = Type.Object(
  {
    notes: Type.Array(CosignedNote, { maxItems: 4096 }),
    forks: Type.Array(ForkProof, { maxItems: 256, description: 'Proofs that an author showed two histories' }),
  },
  { title: 'Cosigned' },
);
export type Cosigned = Static<typeof Cosigned>;

const LagIn = Type.Object({
  book: BookName,
  size: Type.Integer({ ...Count, description: 'How many statements its author has shown' }),
  here: Type.Integer({ ...Count, description: 'How many of them are here' }),
  applied: Type.Integer({ ...Count, description: 'How many of them all rooms have handled' }),
  forked: Type.Boolean(),
});
const LagOut = Type.Object({
  book: BookName,
  size: Count,
  received: Count,
  applied: Count,
  held: Type.Array(Type.Object({ number: Count, code: Code })),
  receiptAt: Type.Union([Instant, Type.Null()]),
});

export const Links = Type.Object(
  {
    self: PartyCode,
    recovering: Type.Array(PartyCode, {
      description: 'After a restore: whose answer is awaited before this server signs again',
    }),
    links: Type.Array(
      Type.Object({
        party: PartyCode,
        state: Type.Enum(['connecting', 'live', 'unreachable', 'refused', 'paused', 'isolated']),
        reason: Type.Union([Code, Type.Null()], {
          description: 'The code of the refusal, or `link.…`: why there is no line',
        }),
        since: Instant,
        heardAt: Type.Union([Instant, Type.Null()]),
        skewMs: Type.Union([Type.Integer(), Type.Null()]),
        reads: Type.Array(LagIn, { description: 'Its books as they are here' }),
        read: Type.Array(LagOut, { description: 'Our books as it says that it has them' }),
      }),
    ),
  },
  { title: 'Links' },
);
export type Links = Static<typeof Links>;

export const QuarantineQuery = Type.Object(
  {
    state: Type.Enum(['held', 'released', 'rejected', 'erased'], { default: 'held' }),
    after: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);

export const Held = Type.Object(
  {
    id: Count,
    member: MemberCode,
    book: BookName,
    number: Count,
    code: Code,
    releasable: Type.Boolean(),
    state: Type.Enum(['held', 'released', 'rejected', 'erased']),
    heldAt: Instant,
    text: Type.Union([Type.String(), Type.Null()], { description: 'What was sent, as text if it is one' }),
    decidedAt: Type.Optional(Instant),
    decidedBy: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
  },
  { title: 'Held' },
);
export type Held = Static<typeof Held>;

export const HeldPage = Type.Object(
  { held: Type.Array(Held), next: Type.Optional(Type.String()) },
  { title: 'HeldPage' },
);
export const HeldId = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }, strict);
export const HeldDecision = Type.Object(
  { release: Type.Boolean(), reason: Type.String({ minLength: 1, maxLength: 500 }) },
  strict,
);

const LedgerFilter = {
  reader: Type.Optional(PartyCode),
  key: Type.Optional(Type.String({ minLength: 3, maxLength: 4096, description: 'An identifier in any spelling' })),
  kind: Type.Optional(
    Type.String({ pattern: '^[a-z][a-z-]{1,39}$', description: 'Only statements of this kind; none that were erased' }),
  ),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
};

const LedgerPlace = {
  after: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
};

export const LedgerQuery = Type.Object({ ...LedgerFilter, ...LedgerPlace }, strict);
export const LedgerExportQuery = Type.Object(LedgerFilter, strict);

export const LedgerLine = Type.Object(
  {
    at: Instant,
    reader: PartyCode,
    book: BookName,
    number: Count,
    kind: Type.Union([Type.String(), Type.Null()], { description: 'Null once the body was erased' }),
    subject: Type.Union([Type.String(), Type.Null()]),
    author: Type.Union([Author, Type.Null()]),
    handling: Type.Union([Handling, Type.Null()]),
    basis: Type.String({ description: 'The law under which this member’s policy shared at that time' }),
  },
  { title: 'LedgerLine' },
);
export type LedgerLine = Static<typeof LedgerLine>;

export const LedgerPage = Type.Object(
  { lines: Type.Array(LedgerLine), next: Type.Optional(Type.String()) },
  { title: 'LedgerPage' },
);

export const RefusalsQuery = Type.Object(
  { reader: Type.Optional(PartyCode), from: Type.Optional(Instant), to: Type.Optional(Instant), ...LedgerPlace },
  strict,
);
export type RefusalsQuery = Static<typeof RefusalsQuery>;

export const RefusalLine = Type.Object({
  party: PartyCode,
  code: Type.String(),
  minute: Instant,
  count: Count,
});
export type RefusalLine = Static<typeof RefusalLine>;

export const RefusalPage = Type.Object(
  { refusals: Type.Array(RefusalLine), next: Type.Optional(Type.String()) },
  { title: 'RefusalPage' },
);
export type RefusalPage = Static<typeof RefusalPage>;

export const ReceiptsQuery = Type.Object(
  { key: Type.String({ minLength: 3, maxLength: 4096, description: 'An identifier in any spelling' }) },
  strict,
);
export const StatementReceipts = Type.Object(
  {
    statements: Type.Array(
      Type.Object({
        book: BookName,
        number: Count,
        kind: Type.String(),
        at: Instant,
        readers: Type.Array(
          Type.Object({
            reader: PartyCode,
            state: Type.Enum(['not-received', 'received', 'applied', 'held']),
            code: Type.Optional(Code),
            receiptAt: Type.Union([Instant, Type.Null()]),
          }),
        ),
      }),
    ),
  },
  { title: 'StatementReceipts' },
);
export type StatementReceipts = Static<typeof StatementReceipts>;

export const Waiver = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, strict);
export const OfParty = Type.Object({ code: PartyCode }, strict);
