/** What the client takes from the world besides the network. Tests and the simulator give their own, on virtual time. */
export interface Runtime {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `durationMs`, or at once when `ended` aborts; it never rejects. */
  pause(durationMs: number, ended?: AbortSignal): Promise<void>;
  /** From 0 up to but without 1. */
  random(): number;
}

export const systemRuntime: Runtime = {
  now: () => Date.now(),
  random: () => Math.random(),
  pause(durationMs, ended) {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (ended?.aborted === true) return Promise.resolve();
    const end = (): void => {
      clearTimeout(timer);
      ended?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    ended?.addEventListener('abort', end, { once: true });
    return promise;
  },
};

/**
 * Ends the work's signal and stops waiting for it after `durationMs`, or when `ended` aborts; then it throws the signal's
 * reason. The network runs in real time, so this is real time whatever the runtime says.
 */
export async function within<T>(
  durationMs: number,
  ended: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  ended?.throwIfAborted();
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const abort = (reason: unknown): void => {
    controller.abort(reason);
    late.reject(controller.signal.reason as Error);
  };
  const end = (): void => abort(ended?.reason);
  const timer = setTimeout(() => abort(new DOMException('no answer in time', 'TimeoutError')), durationMs);
  ended?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
    ended?.removeEventListener('abort', end);
  }
}
