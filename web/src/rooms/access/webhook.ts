/** What the server tells of webhooks: its contract stands within its room. Instants are RFC 3339. */
export const webhooksPath = '/v1/webhooks';

export const webhookTypes = ['alert', 'digest', 'order'] as const;
type WebhookType = (typeof webhookTypes)[number];

export interface Webhook {
  readonly id: string;
  readonly institution: string;
  readonly url: string;
  /** Null: all. */
  readonly types: readonly WebhookType[] | null;
  readonly kinds: readonly string[] | null;
  readonly description: string;
  readonly active: boolean;
  readonly disabled?: 'owner' | 'gone' | 'failing';
  readonly failures: number;
  readonly failingSince?: string;
  readonly deliveredAt?: string;
  readonly createdAt: string;
}

export interface WebhookPage {
  readonly webhooks: readonly Webhook[];
  readonly next?: string;
}

export type WebhookWithSecret = Webhook & { readonly secret: string };

export interface Delivery {
  readonly id: string;
  readonly type: WebhookType | 'test';
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAt?: string;
  readonly endedAt?: string;
  readonly lastStatus?: number;
  readonly lastError?: string;
}
