import { Type, type Static } from 'typebox';
import type { Refusal } from '@bronze-drum/protocol/refusals';
import { statusOf } from '../kernel/refusals.ts';

/** RFC 9457. `code` and `params` are what software and translations build on; `title` is English for people. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:bronze-drum:refusal:<code>' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String(),
    params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
    requestId: Type.String(),
  },
  { $id: 'Problem', title: 'Problem' },
);
export type Problem = Static<typeof Problem>;

export function problemOf(answer: Refusal, requestId: string): Problem {
  return {
    type: `urn:bronze-drum:refusal:${answer.refused}`,
    title: answer.refused.replaceAll(/[.-]/g, ' '),
    status: statusOf(answer.refused),
    code: answer.refused,
    ...(answer.params && { params: { ...answer.params } }),
    requestId,
  };
}
