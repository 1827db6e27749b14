import type { Runtime } from './runtime.ts';
import { isPassing, type ClientOutage, type ClientRefused, type Trouble } from './trouble.ts';

const firstDelayMs = 200;
const delayMsMax = 30_000;

/**
 * How long to wait after so many failures in a row: doubling, with half of it left to chance, so that a thousand clients do
 * not come back at the same instant. What the server asks for (`Retry-After`) is the least.
 */
export function delayMs(failures: number, error: { readonly retryAfterSeconds?: number }, random: number): number {
  const doubled = Math.min(firstDelayMs * 2 ** Math.min(failures - 1, 20), delayMsMax);
  const jittered = doubled / 2 + (doubled / 2) * random;
  const asked = error.retryAfterSeconds;
  return Math.ceil(asked === undefined ? jittered : Math.max(asked * 1000 + jittered * 0.1, jittered));
}

export interface Retrying {
  readonly what: string;
  readonly runtime: Runtime;
  readonly ended: AbortSignal;
  tell(trouble: Trouble): void;
  /** Whether to go on after this; by default for ever. */
  readonly isWorthIt?: (error: ClientRefused | ClientOutage, nextMs: number) => boolean;
}

/** Tries until there is an answer. Throws a refusal that will not pass, and the reason of `ended` once that aborts. */
export async function untilAnswered<T>(attempt: () => Promise<T>, how: Retrying): Promise<T> {
  for (let failures = 1; ; failures++) {
    how.ended.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      how.ended.throwIfAborted();
      if (!isPassing(error)) throw error;
      const nextMs = delayMs(failures, error, how.runtime.random());
      if (how.isWorthIt?.(error, nextMs) === false) throw error;
      how.tell({ what: how.what, error, failures, nextMs });
      await pauseUnless(how.runtime, nextMs, how.ended);
    }
  }
}

/** Resolves at once when `ended` aborts, even if the runtime does not look at it. */
export async function pauseUnless(runtime: Runtime, durationMs: number, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return;
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  ended.addEventListener('abort', end, { once: true });
  await Promise.race([runtime.pause(durationMs, ended), over.promise]);
  ended.removeEventListener('abort', end);
}
