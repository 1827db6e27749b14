import { Type, type Static } from 'typebox';
import { AlertReason, alertPriorities, alertReasonsMax } from '../alerts.ts';

/**
 * Kind `alert`, version 1: told to the member where an account or a number lives, by standing rule, that it was met in a
 * fraud elsewhere. Of one alert the highest revision stands. It names no person, institution or customer of its author.
 */
export const AlertBody = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    revision: Type.Integer({ minimum: 1 }),
    key: Type.String({ minLength: 3, maxLength: 2300, description: 'An account or a phone number' }),
    priority: Type.Enum([...alertPriorities]),
    reasons: Type.Array(AlertReason, { minItems: 1, maxItems: alertReasonsMax }),
  },
  { additionalProperties: false },
);
export type AlertBody = Static<typeof AlertBody>;
