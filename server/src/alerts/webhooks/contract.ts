import { Type, type Static } from 'typebox';
import { alertKinds } from '@bronze-drum/protocol/alerts';
import { Instant } from '@bronze-drum/protocol/statements/envelope';

const eventTypes = ['alert', 'digest', 'order'] as const;
const webhookTypes = [...eventTypes, 'test'] as const;
const deliveryStates = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

const InstitutionId = Type.String({ minLength: 1, maxLength: 64 });
const Url = Type.String({
  minLength: 8,
  maxLength: 2000,
  description: 'https; without a user, a password or a fragment. It may not lead into a private network.',
});
const Types = Type.Array(Type.Enum([...eventTypes]), { minItems: 1, maxItems: eventTypes.length, uniqueItems: true });
const Kinds = Type.Array(Type.Enum([...alertKinds]), { minItems: 1, maxItems: alertKinds.length, uniqueItems: true });
const Description = Type.String({ maxLength: 500 });

export const NewWebhook = Type.Object(
  {
    url: Url,
    types: Type.Optional({ ...Types, description: 'Only these events; absent: all' }),
    kinds: Type.Optional({ ...Kinds, description: 'Only alerts of these kinds; absent: all' }),
    description: Type.Optional(Description),
    institution: Type.Optional({ ...InstitutionId, description: 'Whose it is, if an officer registers it' }),
  },
  { additionalProperties: false },
);
export type NewWebhook = Static<typeof NewWebhook>;

export const WebhookChange = Type.Object(
  {
    url: Type.Optional(Url),
    types: Type.Optional(Type.Union([Types, Type.Null()])),
    kinds: Type.Optional(Type.Union([Kinds, Type.Null()])),
    description: Type.Optional(Description),
    active: Type.Optional(
      Type.Boolean({ description: 'true begins anew, also after the server gave up; what waits is sent at once' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type WebhookChange = Static<typeof WebhookChange>;

export const Webhook = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    institution: InstitutionId,
    url: Type.String(),
    types: Type.Union([Types, Type.Null()]),
    kinds: Type.Union([Kinds, Type.Null()]),
    description: Type.String(),
    active: Type.Boolean(),
    disabled: Type.Optional(
      Type.Enum(['owner', 'gone', 'failing'], {
        description:
          'Why it is not active: by its owner, because it answered 410, or because nothing reached it for days',
      }),
    ),
    failures: Type.Integer({ minimum: 0, description: 'Attempts that failed since the last one that did not' }),
    failingSince: Type.Optional(Instant),
    deliveredAt: Type.Optional(Instant),
    createdAt: Instant,
  },
  { title: 'Webhook' },
);
export type Webhook = Static<typeof Webhook>;

const secret = Type.String({
  pattern: '^whsec_[A-Za-z0-9+/]{43}=$',
  description: 'Signs what is sent to this endpoint (Standard Webhooks). It is shown only here.',
});
export const WebhookWithSecret = Type.Intersect([Webhook, Type.Object({ secret })]);
export type WebhookWithSecret = Static<typeof WebhookWithSecret>;

const after = Type.Optional(Type.String({ maxLength: 200, description: 'The last page’s `next`' }));
const limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 });

export const WebhookQuery = Type.Object(
  { institution: Type.Optional(InstitutionId), after, limit },
  { additionalProperties: false },
);
export type WebhookQuery = Static<typeof WebhookQuery>;
export const WebhookPage = Type.Object({ webhooks: Type.Array(Webhook), next: Type.Optional(Type.String()) });
export type WebhookPage = Static<typeof WebhookPage>;
export const WebhookParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });

export const Delivery = Type.Object(
  {
    id: Type.String({ description: 'The header webhook-id of every attempt' }),
    type: Type.Enum([...webhookTypes]),
    state: Type.Enum([...deliveryStates]),
    attempts: Type.Integer({ minimum: 0 }),
    createdAt: Instant,
    nextAt: Type.Optional(Instant),
    endedAt: Type.Optional(Instant),
    lastStatus: Type.Optional(Type.Integer()),
    lastError: Type.Optional(
      Type.String({
        description: 'status, redirect, gone, timeout, connection, address; or given up untried: overflow, disabled',
      }),
    ),
  },
  { title: 'Delivery' },
);
export type Delivery = Static<typeof Delivery>;

export const DeliveryQuery = Type.Object(
  { state: Type.Optional(Type.Enum([...deliveryStates])), after, limit },
  { additionalProperties: false },
);
export type DeliveryQuery = Static<typeof DeliveryQuery>;
export const DeliveryPage = Type.Object({ deliveries: Type.Array(Delivery), next: Type.Optional(Type.String()) });
export type DeliveryPage = Static<typeof DeliveryPage>;

export const Replay = Type.Object(
  {
    deliveries: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 1000, uniqueItems: true }),
    ),
    since: Type.Optional({ ...Instant, description: 'All that were made from then on, delivered or dead' }),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type Replay = Static<typeof Replay>;
export const Replayed = Type.Object({
  replayed: Type.Integer({ minimum: 0 }),
  more: Type.Boolean({ description: 'There are more than are replayed at once: ask again, from `through` on' }),
  through: Type.Optional({ ...Instant, description: 'When the last one of them was made' }),
});
export type Replayed = Static<typeof Replayed>;
