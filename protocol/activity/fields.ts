import { Type, type Static } from 'typebox';
import { Instant } from '../statements/envelope.ts';
import { typologies } from '../statements/listing.ts';

/** What every record of activity has in common. Nothing here names a person, and no record carries what was said or written. */

export const strict = { additionalProperties: false } as const;

/** In any usual spelling, or a key; the record is kept with the key. */
export const identifierText = (description: string) => Type.String({ minLength: 1, maxLength: 512, description });

/** Money: a whole number of the currency's minor units (ISO 4217), above zero. */
export const Amount = Type.Object(
  {
    value: Type.String({ pattern: '^[1-9][0-9]{0,17}$', description: 'Minor units: 480,000 baht are "48000000"' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217; never implied by the country' }),
  },
  strict,
);
export type Amount = Static<typeof Amount>;

/** Why an institution holds a record to be part of a fraud. Who reports everything leaves it out of what looks ordinary. */
export const Suspicion = Type.Object(
  {
    typology: Type.Enum([...typologies]),
    confirmed: Type.Boolean({ description: 'The institution has examined it, and does not merely suspect it' }),
  },
  strict,
);
export type Suspicion = Static<typeof Suspicion>;

export const common = {
  id: Type.String({
    pattern: '^[\\x21-\\x7e]{1,64}$',
    description:
      'The sender’s own, of this kind, for good: the same record again is acknowledged again and counts once',
  }),
  at: { ...Instant, description: 'When it happened' },
  suspicion: Type.Optional(Suspicion),
} as const;

/** As it was shown to somebody: perhaps a number, perhaps a name, perhaps nonsense. It is a key only where it is a number. */
export const presented = Type.Optional(
  Type.String({
    pattern: '^[^\\x00-\\x1f\\x7f]{1,64}$',
    description: 'The number or name that was shown; possibly spoofed, and kept as it is if it is no number',
  }),
);

export const device = Type.Optional(
  Type.String({
    pattern: '^[^\\x00-\\x1f\\x7f]{1,128}$',
    description: 'IMEI, or else the institution’s own pseudonym of the device',
  }),
);
export const ip = Type.Optional(identifierText('The address that the customer came from'));
export const cell = Type.Optional(
  Type.String({
    pattern: '^\\d{3}-\\d{2,3}-[0-9A-Fa-f]{1,9}(-[0-9A-Fa-f]{1,9})?$',
    description: 'MCC-MNC-LAC-CI (3GPP TS 23.003), or MCC-MNC-ECI or NCI',
  }),
);

/** The number at which the reporter reaches its own customer, so that a call and a payment under way can be seen as one. */
export const customerPhone = Type.Optional(identifierText('The number registered for the reporter’s own customer'));

const Day = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });

/** What the reporter knows of its own customer, and nobody else can: never a name, never the number of a document. */
export const Customer = Type.Object(
  {
    kind: Type.Optional(Type.Enum(['person', 'company'])),
    opened: Type.Optional({ ...Day, description: 'The day on which the account was opened' }),
    registered: Type.Optional({ ...Day, description: 'Of a company: the day on which it was registered' }),
    capital: Type.Optional(
      Type.Object(Amount.properties, { ...strict, description: 'Of a company: its registered capital' }),
    ),
    controller: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,64}$',
        description: 'The reporter’s own pseudonym of the person who controls the account',
      }),
    ),
  },
  strict,
);
