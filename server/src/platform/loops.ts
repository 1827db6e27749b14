export interface Loop {
  /** Asks for a run; many wakes during a run are one more run. */
  wake(): void;
  /** A run that begins after this call; its failure is the caller's to hear. */
  run(): Promise<void>;
  /** Waits for the run under way, and begins no more. */
  close(): Promise<void>;
}

export interface LoopOptions {
  /** Hears of every failure of a run that `wake` or the poll began. It is tried again after a second. */
  readonly onError: (error: unknown) => void;
  /** Also run by itself this often. */
  readonly pollMs?: number;
}

const retryMs = 1000;

/** Runs `step` whenever woken, one run at a time. */
export function openLoop(step: () => Promise<void>, options: LoopOptions): Loop {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  const begin = (): Promise<void> => {
    running = step().finally(() => {
      running = undefined;
    });
    return running;
  };
  const run = (): Promise<void> => {
    if (closed) return Promise.resolve();
    if (running === undefined) return begin();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return closed ? undefined : begin();
      });
    return next;
  };
  const wake = (): void => {
    run().catch((error: unknown) => {
      if (closed) return;
      options.onError(error);
      clearTimeout(retry);
      retry = setTimeout(wake, retryMs);
    });
  };
  const poll = options.pollMs === undefined ? undefined : setInterval(wake, options.pollMs);
  return {
    wake,
    run,
    async close() {
      closed = true;
      clearTimeout(retry);
      clearInterval(poll);
      await (next ?? running)?.catch(() => undefined);
    },
  };
}

/** Whether the work ends before the time is over. It is not stopped if it does not. */
export async function endsWithin(work: Promise<unknown>, durationMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), durationMs);
  const ended = await Promise.race([work.then(() => true), late.promise]);
  clearTimeout(timer);
  return ended;
}
