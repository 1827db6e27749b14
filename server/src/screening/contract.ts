import { Type, type Static } from 'typebox';
import { identifierTypes, type Hints } from '@bronze-drum/protocol/identifiers/identifier';
import { MemberCode } from '@bronze-drum/protocol/members';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import { advices } from '../kernel/policy.ts';
import { matchKinds } from './match.ts';

export const identifiersMax = 10_000;
export const identifierLengthMax = 4096;
const hintLengthMax = 64;
/** Room for as many identifiers as one call may have, of 1,600 bytes each. */
export const bodyBytesMax = 16 * 1024 * 1024;

const strict = { additionalProperties: false } as const;
const Text = Type.String({
  minLength: 1,
  maxLength: identifierLengthMax,
  description: 'In any usual spelling, or a key',
});

const ScreenItem = Type.Object(
  {
    identifier: Text,
    type: Type.Optional(Type.Enum([...identifierTypes])),
    country: Type.Optional(
      Type.String({ maxLength: hintLengthMax, description: 'ISO 3166-1 alpha-2: whose national spellings apply' }),
    ),
    bank: Type.Optional(
      Type.String({ maxLength: hintLengthMax, description: 'The bank of an account written as bare digits' }),
    ),
  },
  strict,
);
export type ScreenItem = { readonly identifier: string } & Hints;

export const ScreenRequest = Type.Object(
  {
    identifiers: Type.Array(Type.Union([Text, ScreenItem]), {
      minItems: 1,
      maxItems: identifiersMax,
      description: 'An item that cannot be read is refused in its place, and the others are answered.',
    }),
  },
  strict,
);

const Screened = Type.Object(
  {
    identifier: Type.String({ description: 'The identifier’s key: the same for all its spellings' }),
    advice: Type.Enum([...advices], { description: 'What this member’s policy recommends' }),
    tiers: Type.Array(Type.Enum([...tiers]), { description: 'How strong the evidence is, strongest first' }),
    typologies: Type.Array(Type.Enum([...typologies])),
    members: Type.Array(MemberCode, { description: 'Who lists it' }),
    match: Type.Optional(
      Type.Object(
        {
          kind: Type.Enum([...matchKinds], {
            description:
              'Whether the identifier itself is listed, or its host, a domain above it, or a range around it',
          }),
          key: Type.Optional(Type.String({ description: 'What is listed, unless it is the identifier itself' })),
        },
        strict,
      ),
    ),
    since: Type.Optional(Instant),
    until: Type.Optional({ ...Instant, description: 'When the listing that decided ends, unless it is renewed' }),
    reference: Type.Optional(Type.String({ description: 'What to cite in a question or an appeal' })),
    discreet: Type.Optional(
      Type.Boolean({ description: 'Told to officers alone: institutions do not see all of this' }),
    ),
  },
  strict,
);
const NotScreened = Type.Object(
  {
    refused: Type.String({ description: 'A refusal’s code' }),
    params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
  },
  strict,
);

export const ScreenResponse = Type.Object(
  {
    now: { ...Instant, description: 'The instant for which this is true' },
    results: Type.Array(Type.Union([Screened, NotScreened]), { description: 'In the order of the identifiers' }),
  },
  strict,
);
export type ScreenResponse = Static<typeof ScreenResponse>;
