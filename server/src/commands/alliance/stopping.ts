import { secondMs, type Clock } from '../../kernel/clock.ts';

export interface Stopping {
  /** Settles when somebody asks for an end. */
  readonly asked: Promise<void>;
  /** Settles when they ask again because it takes too long. */
  readonly askedAgain: Promise<void>;
  isAsked(): boolean;
}

/** npm hands Ctrl-C on to a program that the terminal has told already: that is one Ctrl-C, not two. */
const sameAskMs = secondMs;

export function listenForStop(clock: Clock, source: Pick<NodeJS.Process, 'on'> = process): Stopping {
  const asked = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  let askedAtMs: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    source.on(signal, () => {
      if (askedAtMs === undefined) askedAtMs = clock.now();
      else if (clock.now() - askedAtMs > sameAskMs) again.resolve();
      asked.resolve();
    });
  }
  return { asked: asked.promise, askedAgain: again.promise, isAsked: () => askedAtMs !== undefined };
}
