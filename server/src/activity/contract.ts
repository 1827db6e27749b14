import { Type, type Static } from 'typebox';
import { recordSchemas, type ActivityKind } from '@bronze-drum/protocol/activity/kinds';

export const linesMax = 10_000;
export const lineBytesMax = 64 * 1024;
export const bodyBytesMax = 16 * 1024 * 1024;

/** What each kind of activity is called in its path. */
export const activityPaths: Readonly<Record<ActivityKind, string>> = {
  payment: 'payments',
  call: 'calls',
  message: 'messages',
  login: 'logins',
  sim: 'sims',
};

const strict = { additionalProperties: false } as const;

const LineResult = Type.Object(
  {
    line: Type.Integer({ minimum: 1, description: 'In the body; of a pacs.008 message, which of its transactions' }),
    id: Type.Optional(Type.String({ description: 'The sender’s own, where it could be read' })),
    state: Type.Enum(['accepted', 'known', 'refused'], {
      description: 'Accepted and known records are durable; a known one was reported before',
    }),
    refused: Type.Optional(Type.String({ description: 'A refusal’s code' })),
    params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
  },
  strict,
);
export type LineResult = Static<typeof LineResult>;

export const ReportQuery = Type.Object(
  {
    results: Type.Optional(
      Type.Enum(['all', 'others'], { description: 'All lines, or by default those that are not newly accepted' }),
    ),
  },
  strict,
);

export const ReportAnswer = Type.Object(
  {
    accepted: Type.Integer({ minimum: 0 }),
    known: Type.Integer({ minimum: 0 }),
    refused: Type.Integer({ minimum: 0 }),
    results: Type.Array(LineResult, { description: 'In the order of the lines' }),
  },
  strict,
);
export type ReportAnswer = Static<typeof ReportAnswer>;

/** How a body of lines is published: each line is one record. */
export const bodyOf = (kind: ActivityKind) => {
  const ndjson = { 'application/x-ndjson': { schema: recordSchemas[kind] } };
  const xml = { 'application/xml': { schema: Type.String({ description: 'ISO 20022 pacs.008.001.10' }) } };
  return { content: kind === 'payment' ? { ...ndjson, ...xml } : ndjson };
};
