import { Type, type Static } from 'typebox';
import { AlertReason, alertKinds, alertPriorities, alertReasonsMax } from './alerts.ts';
import { Order } from './orders.ts';
import { Instant } from './statements/envelope.ts';

/** An alert as an institution is told it: what concerns its own customers and watches, and nothing of anybody else's. */
export const InstitutionAlert = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: Type.Enum([...alertKinds]),
    subject: Type.String({ maxLength: 2300, description: 'The identifier’s key' }),
    priority: Type.Enum([...alertPriorities]),
    state: Type.String({ maxLength: 20 }),
    reasons: Type.Array(AlertReason, { maxItems: alertReasonsMax }),
    count: Type.Integer({ minimum: 1 }),
    firstAt: Instant,
    lastAt: Instant,
  },
  { additionalProperties: false },
);
export type InstitutionAlert = Static<typeof InstitutionAlert>;

const Digest = Type.Object(
  {
    from: Instant,
    to: Instant,
    alerts: Type.Array(InstitutionAlert, { maxItems: 100 }),
    more: Type.Integer({ minimum: 0, description: 'How many more there are than are listed here' }),
  },
  { additionalProperties: false },
);

/**
 * The body of a webhook. Its headers are those of Standard Webhooks 1.0: `webhook-id`, the same at every repetition,
 * `webhook-timestamp`, and `webhook-signature` (v1, HMAC-SHA256).
 */
export const WebhookEvent = Type.Union([
  Type.Object(
    { type: Type.Literal('alert'), timestamp: Instant, data: InstitutionAlert },
    { additionalProperties: false },
  ),
  Type.Object({ type: Type.Literal('digest'), timestamp: Instant, data: Digest }, { additionalProperties: false }),
  Type.Object({ type: Type.Literal('order'), timestamp: Instant, data: Order }, { additionalProperties: false }),
  Type.Object(
    { type: Type.Literal('test'), timestamp: Instant, data: Type.Object({}, { additionalProperties: false }) },
    { additionalProperties: false },
  ),
]);
export type WebhookEvent = Static<typeof WebhookEvent>;
