import type { AlertKind } from '@bronze-drum/protocol/alerts';
import { queryOf, readFields, type Wire } from './wire.ts';

type Told = 'alert' | 'digest' | 'order';

export interface NewEndpoint {
  /** https; without a user, a password or a fragment. */
  readonly url: string;
  /** Only these events; absent: all. */
  readonly types?: readonly Told[];
  /** Only alerts of these kinds; absent: all. */
  readonly kinds?: readonly AlertKind[];
  readonly description?: string;
  /** Whose it is, if an officer registers it. */
  readonly institution?: string;
}

export interface EndpointChange {
  readonly url?: string;
  readonly types?: readonly Told[] | null;
  readonly kinds?: readonly AlertKind[] | null;
  readonly description?: string;
  /** true begins anew, also after the server gave up; what waits is sent at once. */
  readonly active?: boolean;
}

/** Where the server sends webhooks. */
export interface Endpoint {
  readonly id: string;
  readonly institution: string;
  readonly url: string;
  readonly types: readonly Told[] | null;
  readonly kinds: readonly AlertKind[] | null;
  readonly description: string;
  readonly active: boolean;
  /** Why it is not active: by its owner, because it answered 410, or because nothing reached it for days. */
  readonly disabled?: 'owner' | 'gone' | 'failing';
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  readonly failingSince?: string;
  readonly deliveredAt?: string;
  readonly createdAt: string;
}

/** `secret` is what `verifyWebhook` takes; the server shows it only here. */
export type EndpointWithSecret = Endpoint & { readonly secret: string };

export interface EndpointPage {
  readonly webhooks: readonly Endpoint[];
  /** Absent on the last page. */
  readonly next?: string;
}

export type DeliveryState = 'waiting' | 'delivered' | 'dead';

export interface Delivery {
  /** The header `webhook-id` of every attempt. */
  readonly id: string;
  readonly type: Told | 'test';
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAt?: string;
  readonly endedAt?: string;
  readonly lastStatus?: number;
  readonly lastError?: string;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface Replayed {
  readonly replayed: number;
  /** There are more than are replayed at once: ask again, from `through` on. */
  readonly more: boolean;
  readonly through?: string;
}

interface Paging {
  readonly after?: string;
  /** At most 200; 50 by default. */
  readonly limit?: number;
}

/** The institution's own endpoints. Each call is tried once. */
export interface Endpoints {
  register(endpoint: NewEndpoint): Promise<EndpointWithSecret>;
  list(query?: Paging & { readonly institution?: string }): Promise<EndpointPage>;
  change(id: string, change: EndpointChange): Promise<Endpoint>;
  remove(id: string): Promise<void>;
  /** Gives a new secret; for a day the server signs with the old one too. */
  renewSecret(id: string): Promise<EndpointWithSecret>;
  /** Has an event of the type `test` sent. */
  test(id: string): Promise<Delivery>;
  deliveries(id: string, query?: Paging & { readonly state?: DeliveryState }): Promise<DeliveryPage>;
  /** Has these sent again, or all that were made since an instant. */
  replay(id: string, what: { readonly deliveries?: readonly string[]; readonly since?: string }): Promise<Replayed>;
}

export function openEndpoints(wire: Wire, ended: AbortSignal): Endpoints {
  const place = (id: string): string => `/v1/webhooks/${encodeURIComponent(id)}`;
  const call = (method: string, path: string, body?: unknown): Promise<unknown> =>
    wire.call(method, path, { ended, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return {
    register: async (endpoint) =>
      readFields<EndpointWithSecret>(await call('POST', '/v1/webhooks', endpoint), { id: isText, secret: isText }),
    list: async (query = {}) =>
      readFields<EndpointPage>(await call('GET', `/v1/webhooks${queryOf({ ...query })}`), { webhooks: Array.isArray }),
    change: async (id, change) => readFields<Endpoint>(await call('PATCH', place(id), change), { id: isText }),
    async remove(id) {
      await call('DELETE', place(id));
    },
    renewSecret: async (id) =>
      readFields<EndpointWithSecret>(await call('POST', `${place(id)}/secret`), { id: isText, secret: isText }),
    test: async (id) => readFields<Delivery>(await call('POST', `${place(id)}/test`), { id: isText }),
    deliveries: async (id, query = {}) =>
      readFields<DeliveryPage>(await call('GET', `${place(id)}/deliveries${queryOf({ ...query })}`), {
        deliveries: Array.isArray,
      }),
    replay: async (id, what) =>
      readFields<Replayed>(await call('POST', `${place(id)}/replay`, what), { replayed: Number.isSafeInteger }),
  };
}

const isText = (value: unknown): boolean => typeof value === 'string';
