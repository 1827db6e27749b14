import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { useView } from '../../link/view.ts';
import { moved, readSight, sightText, wholeSight, zoomed, type Point, type Sight, type Size } from './geography.ts';

/** Below this it was a click. */
const dragPx = 4;
const keepMs = 400;
const stepPx = 60;

interface Handlers {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: (event: PointerEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What of the map is seen: moved by dragging and arrows, enlarged by wheel, + and -; kept in the URL as `map`. */
export function useSight(size: Size): {
  readonly box: RefObject<HTMLElement | null>;
  readonly sight: Sight;
  readonly enlarge: (factor: number) => void;
  readonly reset: () => void;
  readonly hear: Handlers;
} {
  const [{ map }, change] = useView((raw) => ({ map: raw['map'] }));
  const box = useRef<HTMLElement>(null);
  // While it moves, it is ahead of the URL.
  const [moving, setMoving] = useState<Sight | undefined>(undefined);
  const sight = moving ?? readSight(map, size);
  const now = useRef(sight);
  useEffect(() => {
    now.current = sight;
  });
  const keeping = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(keeping.current), []);
  const look = useCallback(
    (next: (sight: Sight) => Sight) => {
      const to = moved(next(now.current), 0, 0, size);
      now.current = to;
      setMoving(to);
      clearTimeout(keeping.current);
      keeping.current = setTimeout(() => {
        change({ map: sightText(to, size) });
        setMoving(undefined);
      }, keepMs);
    },
    [size, change],
  );
  const middle: Point = [size.width / 2, size.height / 2];
  const enlarge = (factor: number): void => look((before) => zoomed(before, factor, middle));
  const reset = (): void => look(() => wholeSight);
  useWheel(box, look);
  const drag = useRef<{ x: number; y: number; isDrag: boolean } | undefined>(undefined);
  return {
    box,
    sight,
    enlarge,
    reset,
    hear: {
      onPointerDown: (event) => {
        // A finger scrolls the page until the map is enlarged.
        const isScroll = event.pointerType === 'touch' && now.current.scale <= 1;
        if (event.button === 0 && !isScroll) drag.current = { x: event.clientX, y: event.clientY, isDrag: false };
      },
      onPointerMove: (event) => {
        const from = drag.current;
        if (from === undefined) return;
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
        if (!from.isDrag && Math.hypot(dx, dy) < dragPx) return;
        if (!from.isDrag) box.current?.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, y: event.clientY, isDrag: true };
        look((before) => moved(before, dx, dy, size));
      },
      onPointerUp: () => {
        drag.current = undefined;
      },
      onPointerCancel: () => {
        drag.current = undefined;
      },
      onKeyDown: (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box.current) return;
        const acts: Readonly<Record<string, () => void>> = {
          '+': () => enlarge(1.5),
          '=': () => enlarge(1.5),
          '-': () => enlarge(1 / 1.5),
          '0': reset,
          ArrowLeft: () => look((before) => moved(before, stepPx, 0, size)),
          ArrowRight: () => look((before) => moved(before, -stepPx, 0, size)),
          ArrowUp: () => look((before) => moved(before, 0, stepPx, size)),
          ArrowDown: () => look((before) => moved(before, 0, -stepPx, size)),
        };
        const act = acts[event.key];
        if (act === undefined) return;
        event.preventDefault();
        act();
      },
    },
  };
}

/** Listened to by hand: React's own listener could not keep the page from scrolling. */
function useWheel(box: RefObject<HTMLElement | null>, look: (next: (sight: Sight) => Sight) => void): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const hear = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016));
      look((before) => zoomed(before, factor, [event.clientX - left, event.clientY - top]));
    };
    element.addEventListener('wheel', hear, { passive: false });
    return () => element.removeEventListener('wheel', hear);
  }, [box, look]);
}
