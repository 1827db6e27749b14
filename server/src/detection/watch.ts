import { endsWithin, openLoop } from '../platform/loops.ts';
import type { Activity } from '../activity/activity.ts';
import { takeLease, type LeaseParts } from './lease.ts';
import { openMetrics } from './metrics.ts';
import { openSnapshots } from './snapshots.ts';
import { openWatching, type Watching, type WatchingParts } from './watching.ts';

export type WatchedActivity = Pick<Activity, 'follow' | 'read' | 'readUpTo' | 'partitionOf' | 'partitions'>;

export interface WatchParts
  extends Omit<WatchingParts, 'snapshots' | 'lease' | 'onLost'>, Pick<LeaseParts, 'partitions' | 'watcher'> {
  readonly folder: string;
  /** Resolves once what is listed is known. */
  readonly ready: () => Promise<void>;
}

/** Watches some partitions for as long as nobody else does. */
export interface Watch {
  start(): void;
  /** Resolves once everything that was reported before this call was looked at. */
  caughtUp(): Promise<void>;
  /** Whether it watches now. */
  isWatching(): boolean;
  state(): { accounts: number; payments: number; bytes: number };
  close(): Promise<void>;
}

const closeMsMax = 8000;

export function openWatch(parts: WatchParts): Watch {
  const { db, partitions, watcher, telemetry } = parts;
  const metrics = openMetrics(telemetry);
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'detection');
  let watching: Watching | undefined;
  let isClosed = false;

  async function begin(): Promise<void> {
    if (watching !== undefined || isClosed) return;
    await parts.ready();
    const lease = await takeLease({ db, partitions, watcher, onError, isWanted: () => !isClosed });
    if (lease === undefined) return;
    try {
      const opened = await openWatching({
        ...parts,
        lease,
        snapshots: openSnapshots(parts.folder, partitions.join('-')),
        onFindings(findings) {
          metrics.found(findings, parts.clock.now());
          parts.onFindings(findings);
        },
        onLost() {
          if (watching === undefined) return;
          const lost = watching;
          watching = undefined;
          // Not waited for: it is told from within what it waits for.
          lost.close().then(starting.wake, onError);
        },
      });
      watching = {
        ...opened,
        async close() {
          await opened.close();
          await lease.close();
        },
      };
      metrics.watch(watching.engine);
    } catch (error) {
      await lease.close();
      throw error;
    }
  }

  const starting = openLoop(begin, { onError });
  return {
    start: starting.wake,
    async caughtUp() {
      await starting.run();
      await watching?.caughtUp();
    },
    isWatching: () => watching !== undefined,
    state: () => ({ accounts: 0, payments: 0, ...watching?.engine.size(), bytes: watching?.engine.bytes() ?? 0 }),
    async close() {
      isClosed = true;
      await starting.close();
      if (watching !== undefined && !(await endsWithin(watching.close(), closeMsMax)))
        telemetry.log.warn('detection did not end in time: what was found is safe');
    },
  };
}
