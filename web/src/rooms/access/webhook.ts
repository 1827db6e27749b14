import type { Endpoint } from '@bronze-drum/client/endpoints';

export const webhooksPath = '/v1/webhooks';

/** What may be told to an address. */
export const webhookTypes = ['alert', 'digest', 'order'] as const satisfies Endpoint['types'];
