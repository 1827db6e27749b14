import { useSyncExternalStore } from 'react';

const watchers = new Set<() => void>();
let nowMs = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;

function watch(each: () => void): () => void {
  watchers.add(each);
  ticking ??= setInterval(() => {
    nowMs = Date.now();
    for (const tell of watchers) tell();
  }, 1000);
  return () => {
    watchers.delete(each);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The time, a new one each second: one timer for all clocks on screen. */
export const useNow = (): number => useSyncExternalStore(watch, () => nowMs);

/** What follows from the time; drawn again only when it reads otherwise. `read` answers with a text or a number. */
export const useAtNow = <Read extends string | number>(read: (nowMs: number) => Read): Read =>
  useSyncExternalStore(watch, () => read(nowMs));

/** The minute that has begun: for whole screens, which are not drawn again each second. */
export const useThisMinute = (): number => useAtNow((atMs) => Math.floor(atMs / 60_000) * 60_000);
