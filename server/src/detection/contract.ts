import { Type, type Static } from 'typebox';
import { detectors } from '@bronze-drum/detection/catalogue';
import { DetectionRules, detectorModes } from '@bronze-drum/detection/rules';
import { Instant } from '@bronze-drum/protocol/statements/envelope';
import { typologies } from '@bronze-drum/protocol/statements/listing';

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const DetectorName = Type.Enum(detectors.map(({ name }) => name));
const Count = Type.Integer({ minimum: 0 });
const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

/** The codes of the reasons that alerts give for findings, with the names of their facts: `detection.` and the detector. */
export const findingCode = (detector: string): `detection.${string}` => `detection.${detector}`;

export const Finding = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-z.]{3,32}$' }),
    detector: DetectorName,
    version: Type.Integer({ minimum: 1, description: 'A change of what a detector finds is a new version' }),
    mode: Type.Enum(['on', 'shadow'], { description: '`shadow`: nobody was alerted' }),
    typology: Type.Enum([...typologies]),
    urgency: Type.Integer({ minimum: 1, maximum: 4 }),
    subject: Type.String({ description: 'The identifier’s key' }),
    at: { ...Instant, description: 'When the record happened that showed it' },
    found: Instant,
    facts: Type.Record(Type.String(), Value, {
      description: 'Amounts in minor units with their currency, instants, counts, and the limits that were applied',
    }),
    counterparts: Type.Array(Type.String(), { maxItems: 8 }),
    strength: Type.Number({ minimum: 0, maximum: 1, description: 'How far beyond the limits' }),
    institution: Type.String({ description: 'Who reported the record' }),
    score: Type.Optional(
      Type.Object(
        {
          chance: Type.Number({ minimum: 0, maximum: 1, description: 'That the payment is illicit, calibrated' }),
          account: Type.Number({ minimum: 0, maximum: 1, description: 'That a payment of the receiver of late is' }),
          reasons: Type.Array(
            Type.Object({
              code: Type.String(),
              value: Type.Union([Type.Number(), Type.Null()]),
              contribution: Type.Number({ description: 'How far it moved the log of the odds' }),
            }),
            { maxItems: 6 },
          ),
        },
        { description: 'Of the payment that showed it, where payments are scored' },
      ),
    ),
  },
  { title: 'Finding' },
);
export type Finding = Static<typeof Finding>;

export const FindingQuery = Type.Object(
  {
    subject: Type.Optional(Type.String({ minLength: 3, maxLength: 2300 })),
    detector: Type.Optional(DetectorName),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
);
export type FindingQuery = Static<typeof FindingQuery>;
export const FindingPage = Type.Object(
  {
    findings: Type.Array(Finding, { maxItems: 200 }),
    next: Type.Optional(Type.Integer({ description: 'Absent on the last page' })),
  },
  { title: 'FindingPage' },
);
export type FindingPage = Static<typeof FindingPage>;
export const FindingId = Type.Object({ id: Finding.properties.id }, strict);

export const driftStates = ['unknown', 'steady', 'rising', 'falling'] as const;

export const DetectorState = Type.Object(
  {
    name: DetectorName,
    version: Type.Integer(),
    typology: Type.Enum([...typologies]),
    urgency: Type.Integer({ minimum: 1, maximum: 4 }),
    mode: Type.Enum([...detectorModes]),
    limits: Type.Record(Type.String(), Type.Unknown(), { description: 'Those in force now' }),
    facts: Type.Array(Type.String()),
    findings: Type.Object({ day: Count, week: Count }, { description: 'Made in the last 24 hours and seven days' }),
    judged: Type.Object(
      {
        right: Count,
        wrong: Count,
        precision: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
      },
      { description: 'What officers made of its alerts in the last 90 days; precision is null until ten were judged' },
    ),
    drift: Type.Object(
      {
        state: Type.Enum([...driftStates]),
        ratio: Type.Union([Type.Number(), Type.Null()]),
      },
      { description: 'Findings a record in the last day against the fortnight before' },
    ),
  },
  { title: 'DetectorState' },
);
export type DetectorState = Static<typeof DetectorState>;
export const DetectorStates = Type.Object(
  {
    detectors: Type.Array(DetectorState),
    records: Type.Object({ day: Count, week: Count }),
    state: Type.Object({
      accounts: Count,
      payments: Count,
      bytes: Count,
    }),
  },
  { title: 'DetectorStates' },
);
export type DetectorStates = Static<typeof DetectorStates>;

/** What somebody would like to change, tried on what was stored. */
export const ReplayWish = Type.Object(
  {
    rules: Type.Partial(DetectionRules, {
      additionalProperties: false,
      description: 'As in the policy; what is not named stays as it is in force',
    }),
    hours: Type.Integer({ minimum: 1, maximum: 24 * 31, description: 'How far back' }),
  },
  strict,
);
export type ReplayWish = Static<typeof ReplayWish>;

const Changed = Type.Object({
  detector: DetectorName,
  before: { ...Count, description: 'Subjects found under the rules in force' },
  after: { ...Count, description: 'Subjects found under the wish' },
  gained: Count,
  lost: Count,
  examples: Type.Object({
    gained: Type.Array(Type.String(), { maxItems: 10 }),
    lost: Type.Array(Type.String(), { maxItems: 10 }),
  }),
});

export const Replay = Type.Object(
  {
    id: Uuid,
    asked: Instant,
    officer: Type.String(),
    // Not by its own schema: what writes an answer would fill in every limit that the wish left as it is.
    wish: Type.Unsafe<ReplayWish>(
      Type.Object({ rules: Type.Unknown(), hours: Type.Integer() }, { description: 'As it was asked' }),
    ),
    state: Type.Enum(['running', 'done', 'stopped'], { description: '`stopped`: the server ended before it did' }),
    records: { ...Count, description: 'Looked at so far' },
    result: Type.Union([
      Type.Object({
        alerts: Type.Object({
          before: Count,
          after: Count,
          gained: Count,
          lost: Count,
        }),
        detectors: Type.Array(Changed, { description: 'Those in which something changed' }),
      }),
      Type.Null(),
    ]),
  },
  { title: 'Replay' },
);
export type Replay = Static<typeof Replay>;
export const ReplayId = Type.Object({ id: Uuid }, strict);
export const Replays = Type.Object({ replays: Type.Array(Replay, { maxItems: 50 }) }, { title: 'Replays' });
export type Replays = Static<typeof Replays>;
