import { useCallback, useEffect } from 'react';
import { useView } from '../../link/view.ts';

/** On a wall: nothing around the picture, larger, and the screen stays on. In the URL as `wall`. */
export function useWall(): { readonly isWall: boolean; readonly enter: () => void; readonly leave: () => void } {
  const [{ wall: isWall }, change] = useView((raw) => ({ wall: raw['wall'] === '1' }));
  const enter = useCallback(() => {
    change({ wall: '1' });
    // Where it is not allowed, the window is large enough.
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
  }, [change]);
  const leave = useCallback(() => {
    change({ wall: undefined });
    if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined);
  }, [change]);
  useEffect(() => {
    if (!isWall) return undefined;
    document.documentElement.dataset['wall'] = '1';
    return () => {
      delete document.documentElement.dataset['wall'];
    };
  }, [isWall]);
  useAwake(isWall);
  return { isWall, enter, leave };
}

/** Keeps the screen from going dark; asked for again whenever the page comes back into view. */
function useAwake(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        const got = await navigator.wakeLock.request('screen');
        if (isOver) await got.release();
        else lock = got;
      } catch {
        // The browser may say no: the picture is right all the same.
      }
    };
    const askAgain = (): void => void ask();
    askAgain();
    document.addEventListener('visibilitychange', askAgain);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', askAgain);
      void lock?.release().catch(() => undefined);
    };
  }, [isWanted]);
}
