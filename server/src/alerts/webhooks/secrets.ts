import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { oldSecretMs } from './rules.ts';

/** What an endpoint's secrets follow from. */
export interface Generations {
  readonly id: string;
  readonly generation: number;
  /** When the secret before this one was replaced; null if there was none. */
  readonly renewedAtMs: number | null;
}

/** The secret of an endpoint: it follows from the server's seed, so that a copy of the database holds none. */
export function secretOf(seed: string, { id, generation }: Pick<Generations, 'id' | 'generation'>): string {
  return `whsec_${createHmac('sha256', seed).update(`webhook ${id} ${generation}`).digest('base64')}`;
}

/** The headers of Standard Webhooks 1.0. For a day after a renewal the secret before signs as well. */
export function signedHeaders(
  seed: string,
  endpoint: Generations,
  delivery: { readonly id: string; readonly payload: string },
  nowMs: number,
): Readonly<Record<string, string>> {
  const { id, generation, renewedAtMs } = endpoint;
  const isRecent = renewedAtMs !== null && nowMs < renewedAtMs + oldSecretMs;
  const generations = isRecent ? [generation, generation - 1] : [generation];
  const signatures = generations.map((generation) =>
    new Webhook(secretOf(seed, { id, generation })).sign(delivery.id, new Date(nowMs), delivery.payload),
  );
  return {
    'webhook-id': delivery.id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
