import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Alert } from '../../../../server/src/alerts/contract.ts';
import { useLive } from '../../link/live.ts';
import type { Member } from './geography.ts';
import { placeOf, useBatches, type Happening } from './happenings.ts';
import { useNewestAlerts } from './readings.ts';

interface Open {
  readonly place: Member;
  readonly priority: Alert['priority'];
}

export interface AlertsAt {
  readonly count: number;
  readonly urgent: number;
}

/** An alert has just come: the drum of a member is struck. */
export interface Stroke {
  readonly id: string;
  readonly place: Member;
  readonly isUrgent: boolean;
}

const openMax = 400;
const strokesMax = 6;
const strokeMs = 2600;
/** What the stream skipped is read again, but not all the time. */
const readAgainMs = 30_000;

/** The newest open alerts by where their subject lives, and what has come in the last moment. */
export function useOpenAlerts(here: string): {
  readonly at: ReadonlyMap<Member, AlertsAt>;
  readonly strokes: readonly Stroke[];
} {
  const { data } = useNewestAlerts();
  const open = useRef(new Map<string, Open>());
  const [at, setAt] = useState<ReadonlyMap<Member, AlertsAt>>(new Map());
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  useEffect(() => {
    if (data === undefined) return;
    open.current = new Map(
      data.alerts.flatMap((alert): [string, Open][] => {
        const place = placeOf(alert.subject, here);
        return place === undefined ? [] : [[alert.id, { place, priority: alert.priority }]];
      }),
    );
    setAt(sums(open.current));
  }, [data, here]);
  const hear = useCallback(
    (batch: readonly Happening[]) => {
      const struck: Stroke[] = [];
      for (const happening of batch) {
        if (happening.kind !== 'alert') continue;
        const { id, state, subject, priority } = happening.told;
        const place = placeOf(subject, here);
        const isKnown = open.current.delete(id);
        if (place === undefined || state === 'closed') continue;
        open.current.set(id, { place, priority });
        if (!isKnown && state === 'new') struck.push({ id, place, isUrgent: priority === 'P1' });
      }
      while (open.current.size > openMax) open.current.delete(open.current.keys().next().value!);
      setAt(sums(open.current));
      if (struck.length === 0) return;
      setStrokes((before) => [...before, ...struck].slice(-strokesMax));
      setTimeout(() => setStrokes((before) => before.filter((one) => !struck.includes(one))), strokeMs);
    },
    [here],
  );
  useBatches(hear);
  useReadingOfSkipped();
  return { at, strokes };
}

function sums(open: ReadonlyMap<string, Open>): Map<Member, AlertsAt> {
  const found = new Map<Member, AlertsAt>();
  for (const { place, priority } of open.values()) {
    const { count, urgent } = found.get(place) ?? { count: 0, urgent: 0 };
    found.set(place, { count: count + 1, urgent: urgent + (priority === 'P1' ? 1 : 0) });
  }
  return found;
}

/** So much happened that the stream left some out. */
function useReadingOfSkipped(): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const hear = useCallback(
    (event: string, data: unknown) => {
      if (event !== 'more' || (data as { topic?: string }).topic !== 'alerts') return;
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        void client.invalidateQueries({ queryKey: ['/v1/alerts', 'situation', 'all'] });
      }, readAgainMs);
    },
    [client],
  );
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLive(hear);
}
