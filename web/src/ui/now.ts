import { useSyncExternalStore } from 'react';

const watchers = new Set<() => void>();
let nowMs = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time, a new one each second: one timer for all clocks on screen. */
export function useNow(): number {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      ticking ??= setInterval(() => {
        nowMs = Date.now();
        for (const each of watchers) each();
      }, 1000);
      return () => {
        watchers.delete(watch);
        if (watchers.size > 0) return;
        clearInterval(ticking);
        ticking = undefined;
      };
    },
    () => nowMs,
  );
}
