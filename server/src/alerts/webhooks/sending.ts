import { errors } from 'undici';
import { secondMs, type Clock } from '../../kernel/clock.ts';
import { ForbiddenAddress, openOutgoing } from '../../platform/outgoing.ts';
import { outcomeOf, type Outcome } from './rules.ts';
import { signedHeaders, type Generations } from './secrets.ts';

export interface Sending {
  /** One attempt. An answer is one, whatever it says; undefined if we stopped it ourselves: it may have arrived. */
  send(endpoint: Generations & { readonly url: string }, message: Message): Promise<Outcome | undefined>;
  /** Stops what is under way. */
  close(): Promise<void>;
}

interface Message {
  readonly id: string;
  readonly payload: string;
}

const limits = {
  attemptMs: 10 * secondMs,
  connectMs: 5 * secondMs,
  answerBytes: 64 * 1024,
  connections: 2,
} as const;

/** Sends signed messages to addresses that institutions named. No redirect is followed. */
export function openSending(parts: { clock: Clock; secretSeed: string; mayReachPrivate: boolean }): Sending {
  const { clock, secretSeed, mayReachPrivate } = parts;
  const agent = openOutgoing(mayReachPrivate, {
    connectMs: limits.connectMs,
    idleMs: limits.attemptMs,
    connections: limits.connections,
  });
  const closing = new AbortController();
  return {
    async send(endpoint, message) {
      const { origin, pathname, search } = new URL(endpoint.url);
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limits.attemptMs)]);
      try {
        const { statusCode, headers, body } = await agent.request({
          origin,
          path: `${pathname}${search}`,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'user-agent': 'bronze-drum',
            ...signedHeaders(secretSeed, endpoint, message, clock.now()),
          },
          body: message.payload,
          signal,
        });
        // What it says matters to nobody; it is read so that the connection can be used again.
        body.dump({ limit: limits.answerBytes, signal }).catch(() => undefined);
        const retryAfter = headers['retry-after'];
        return outcomeOf(statusCode, typeof retryAfter === 'string' ? retryAfter : undefined, clock.now());
      } catch (error) {
        if (closing.signal.aborted) return undefined;
        return { status: null, error: signal.aborted ? 'timeout' : faultOf(error), retryAfterMs: 0 };
      }
    },
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}

const timeouts = [errors.ConnectTimeoutError, errors.HeadersTimeoutError, errors.BodyTimeoutError];

function faultOf(error: unknown): string {
  for (let fault = error; fault instanceof Error; fault = fault.cause) {
    if (fault instanceof ForbiddenAddress) return 'address';
    if (timeouts.some((kind) => fault instanceof kind)) return 'timeout';
  }
  return 'connection';
}
