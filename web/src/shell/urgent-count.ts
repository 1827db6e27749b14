import { useEffect } from 'react';
import { useAlertCounts } from '../link/counts.ts';
import { useFreshness } from '../link/freshness.ts';
import { countInTitle } from '../ui/window-title.ts';

/** Urgent alerts that nobody has taken. */
export function useUrgentCount(): number {
  const counts = useAlertCounts().data?.counts ?? [];
  return counts
    .filter(({ state, priority }) => state === 'new' && priority === 'P1')
    .reduce((sum, { count }) => sum + count, 0);
}

/** Keeps the count fresh on every screen, and in the window’s title. */
export function UrgentCount(): null {
  useFreshness(['alert'], ['/v1/alerts/counts'], 3000);
  const urgent = useUrgentCount();
  useEffect(() => {
    countInTitle(urgent);
    return () => countInTitle(0);
  }, [urgent]);
  return null;
}
