import { useEffect, useState, type ReactElement } from 'react';
import { useLiveState } from '../link/live.ts';
import { useFormat } from '../ui/format.ts';
import { useWords } from '../ui/words.ts';

/** A short gap is nobody's concern. */
const patienceMs = 5000;

/** The line to the server is lost: what is on screen may be old. */
export function LostLine(): ReactElement | null {
  const { t } = useWords('shell');
  const format = useFormat();
  const isLost = useLiveState() === 'lost';
  const [sinceMs, setSinceMs] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (!isLost) return undefined;
    const begunMs = Date.now();
    const timer = setTimeout(() => setSinceMs(begunMs), patienceMs);
    return () => {
      clearTimeout(timer);
      setSinceMs(undefined);
    };
  }, [isLost]);
  return (
    <div className="desk-lost" role="status">
      {sinceMs === undefined ? null : (
        <div className="notice tone-cinnabar">
          <p>{t('live.lost.since', { time: format.time(sinceMs) })}</p>
        </div>
      )}
    </div>
  );
}
