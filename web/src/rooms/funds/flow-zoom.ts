import { useElementSize } from '@mantine/hooks';
import { useMemo, useState, type RefCallback } from 'react';

export interface Zoom {
  readonly scale: number;
  /** How wide the picture may be, in its own measure, without being scrolled. */
  readonly room: number;
  /** Of what the picture is seen through. */
  readonly box: RefCallback<HTMLDivElement>;
  closer(): void;
  farther(): void;
  fit(): void;
}

const least = 0.3;
const most = 2;
const step = 1.2;

/** How large the picture is drawn: as it fits, until somebody says otherwise; never so small by itself that it cannot be read. */
export function useZoom(width: number): Zoom {
  const { ref, width: room } = useElementSize<HTMLDivElement>();
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const fitting = room === 0 ? 1 : Math.max(0.7, Math.min(1, room / width));
  const scale = chosen ?? fitting;
  return useMemo(() => {
    const go = (to: number): void => setChosen(Math.max(least, Math.min(most, to)));
    return {
      scale,
      room: Math.max(0, room - 2) / scale,
      box: ref,
      closer: () => go(scale * step),
      farther: () => go(scale / step),
      fit: () => setChosen(room === 0 ? undefined : Math.max(least, Math.min(1, room / width))),
    };
  }, [scale, ref, room, width]);
}
