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
    // Between the end of a run and the beginning of the next one nothing runs, and yet no other may begin.
    if (next !== undefined) return next;
    if (running === undefined) return begin();
    next = running
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

/** Something that happens again and again, which somebody may have missed while doing something else. */
export interface Signal {
  raise(): void;
  /** How often it was raised so far; taken before looking, so that nothing is missed between the look and the wait. */
  count(): number;
  /** Resolves once it was raised more often than `count`, or after `durationMs` at the latest. */
  wait(count: number, durationMs: number): Promise<void>;
}

export function openSignal(): Signal {
  let raised = 0;
  let next = Promise.withResolvers<void>();
  return {
    raise() {
      raised += 1;
      next.resolve();
      next = Promise.withResolvers<void>();
    },
    count: () => raised,
    async wait(count, durationMs) {
      if (raised !== count) return;
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, durationMs);
      await Promise.race([next.promise, late.promise]);
      clearTimeout(timer);
    },
  };
}

export function pause(durationMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, durationMs);
  return promise;
}
