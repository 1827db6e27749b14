import { join } from 'node:path';
import { minuteMs, secondMs, type Clock } from '../../kernel/clock.ts';
import { endsWithin, pause } from '../../platform/loops.ts';
import { stopOrphan } from '../../platform/embedded-postgres.ts';
import { lastLines, logPath, startMember, type Launch, type MemberProcess } from './member-process.ts';
import type { Seat } from './plan.ts';

/** A member's server that is kept running. */
export interface KeptServer {
  readonly seat: Seat;
  /** Whether it became ready; false once it was given up before. */
  readonly ready: Promise<boolean>;
  /** Settles when it has been given up, or stopped. */
  readonly over: Promise<void>;
  /** Asks it to stop once, and kills it when it does not in time. */
  stop(): Promise<void>;
  kill(): void;
}

export interface KeepingParts {
  readonly launch: Launch;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

const restartsMax = 3;
const backoffMs = 1000;
/** After so long a life a server is not the one that kept dying. */
const steadyMs = 10 * minuteMs;
const stopMsMax = 12 * secondMs;

/** Starts a member's server, and again when it ends unasked: at most three times in a row, each after a longer pause. */
export function keepServer(seat: Seat, { launch, clock, say }: KeepingParts): KeptServer {
  const folder = join(launch.data, seat.member);
  const first = Promise.withResolvers<boolean>();
  const asked = Promise.withResolvers<void>();
  let isStopping = false;
  let running: MemberProcess | undefined;

  async function keep(): Promise<void> {
    for (let restarts = 0; ; restarts += 1) {
      const startedAtMs = clock.now();
      const started = await startMember(seat, launch);
      running = started;
      if (isStopping) started.signal('SIGTERM');
      void isUp(started, restarts > 0);
      const how = await started.ended;
      if (isStopping) return;
      if (clock.now() - startedAtMs > steadyMs) restarts = 0;
      await tell(how);
      if (restarts === restartsMax) return giveUp();
      const waitMs = backoffMs * 2 ** restarts;
      say(`${seat.member}  starts again in ${waitMs / secondMs} s`);
      await Promise.race([pause(waitMs), asked.promise]);
      if (isStopping) return;
    }
  }

  async function isUp(started: MemberProcess, isAgain: boolean): Promise<void> {
    await started.ready;
    first.resolve(true);
    if (isAgain) say(`${seat.member}  is up again`);
  }

  async function tell(how: string): Promise<void> {
    const lines = await lastLines(launch.data, seat.member);
    const path = logPath(launch.data, seat.member);
    const said = lines.length === 0 ? `Nothing is in ${path}` : `The last lines of ${path}:`;
    say(`${seat.member}  ended unasked, ${how}. ${said}`);
    for (const line of lines) say(`      ${line}`);
  }

  function giveUp(): void {
    say(`${seat.member}  is not started again: it ended ${restartsMax + 1} times. The others go on`);
  }

  const over = keep()
    .catch((error: unknown) => say(`${seat.member}  could not be started: ${(error as Error).message}`))
    .then(() => stopOrphan(folder))
    .finally(() => first.resolve(false));
  return {
    seat,
    ready: first.promise,
    over,
    async stop() {
      isStopping = true;
      asked.resolve();
      running?.signal('SIGTERM');
      if (await endsWithin(over, stopMsMax)) return;
      say(`${seat.member}  did not stop in time and is killed; what it acknowledged is safe`);
      running?.signal('SIGKILL');
      await over;
    },
    kill: () => running?.signal('SIGKILL'),
  };
}
