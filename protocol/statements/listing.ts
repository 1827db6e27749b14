import { Type, type Static } from 'typebox';
import { MemberCode } from '../members.ts';
import { Instant } from './envelope.ts';

/** Strength of evidence, strongest first. */
export const tiers = [
  'court',
  'designated',
  'complaint',
  'victim',
  'institution-confirmed',
  'institution-suspected',
  'observed',
] as const;
export type Tier = (typeof tiers)[number];

/** Named patterns of fraud. The order is part of the contract: replicas carry a set of typologies as bits. */
export const typologies = [
  'unspecified',
  'mule-account',
  'investment-scam',
  'romance-scam',
  'job-scam',
  'loan-scam',
  'purchase-scam',
  'impersonation-official',
  'impersonation-bank',
  'impersonation-relative',
  'phishing',
  'malware',
  'remote-access',
  'sim-box',
  'sim-swap',
  'spoofed-call',
  'fake-base-station',
  'bulk-message',
  'crypto-laundering',
  'cash-out',
  'illegal-gambling',
  'trafficking',
  'extortion',
  'infrastructure',
] as const;
export type Typology = (typeof typologies)[number];

/** The offences that the members' cooperation covers; a listing names the one that its author believes was committed. */
export const offences = [
  'telecom-online-fraud',
  'money-laundering',
  'illegal-gambling',
  'computer-crime',
  'identity-crime',
  'extortion',
  'trafficking-in-persons',
  'sanctions-evasion',
] as const;
export type Offence = (typeof offences)[number];

/** Europol 4x4 grading: the source's reliability and the information's accuracy. */
export const sourceGrades = ['A', 'B', 'C', 'X'] as const;
export const informationGrades = [1, 2, 3, 4] as const;

export const Grading = Type.Object(
  { source: Type.Enum([...sourceGrades]), information: Type.Enum([...informationGrades]) },
  { additionalProperties: false },
);
export type Grading = Static<typeof Grading>;

/** `originating` is the number that really called; a `presented` one may belong to the person who was spoofed. */
export const sightings = ['originating', 'presented'] as const;

/** A listing's id: a UUID in its one lower-case spelling. */
const ListingId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/** Kind `listing`, version 1: an attributed claim about an identifier; the same id again is a new state of the claim. */
export const ListingBody = Type.Object(
  {
    id: ListingId,
    revision: Type.Integer({ minimum: 1 }),
    key: Type.String({ minLength: 3, maxLength: 2300 }),
    tier: Type.Enum([...tiers]),
    typologies: Type.Array(Type.Enum([...typologies]), { minItems: 1, maxItems: 8, uniqueItems: true }),
    offence: Type.Enum([...offences]),
    grading: Grading,
    grounds: Type.String({ minLength: 1, maxLength: 2000 }),
    source: Type.Optional(
      Type.String({ minLength: 1, maxLength: 120, description: 'The feed or register it came from' }),
    ),
    sighting: Type.Optional(Type.Enum([...sightings])),
    since: Instant,
    until: Instant,
    discreet: Type.Boolean(),
    corroborates: Type.Optional(
      Type.Object(
        { member: MemberCode, id: ListingId },
        { additionalProperties: false, description: 'The listing that this one repeats on its author’s own word' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ListingBody = Static<typeof ListingBody>;

/**
 * Why a listing ended before its time. `released` follows an appeal and may not be listed again on the same source;
 * `narrowed`: its author goes on saying it to fewer readers.
 */
export const withdrawalReasons = [
  'mistaken',
  'resolved',
  'superseded',
  'subscriber-changed',
  'released',
  'allow-listed',
  'narrowed',
] as const;

/** Kind `listing-withdrawal`, version 1. The envelope's `withdraws` repeats the listing's id. */
export const ListingWithdrawalBody = Type.Object(
  {
    id: ListingId,
    revision: Type.Integer({ minimum: 2 }),
    key: Type.String({ minLength: 3, maxLength: 2300 }),
    reason: Type.Enum([...withdrawalReasons]),
    grounds: Type.String({ minLength: 1, maxLength: 2000 }),
  },
  { additionalProperties: false },
);
export type ListingWithdrawalBody = Static<typeof ListingWithdrawalBody>;
