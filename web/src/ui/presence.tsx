import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, type ReactElement } from 'react';
import type { Present } from '../../../server/src/access/contract.ts';
import { call, get } from '../link/call.ts';
import { useLive } from '../link/live.ts';
import { useFormat } from './format.ts';
import { Tag } from './tag.tsx';
import { useWords } from './words.ts';

const path = '/v1/desk/presence';
/** The server believes a word for 45 seconds. */
const beatMs = 20_000;
const readMs = 10_000;
/** Whoever leafs through a list looks at nothing. */
const settleMs = 600;

/** Says that this officer looks at `at` while it is on screen, and reads who else does. */
function usePresence(at: string): readonly Present[] {
  const client = useQueryClient();
  useEffect(() => {
    let said = false;
    const say = (place: string | null): void => void call('PUT', path, { body: { at: place } }).catch(() => undefined);
    const beat = (): void => {
      if (document.visibilityState !== 'visible') return;
      said = true;
      say(at);
    };
    const settling = setTimeout(beat, settleMs);
    const beating = setInterval(beat, beatMs);
    return () => {
      clearTimeout(settling);
      clearInterval(beating);
      if (said) say(null);
    };
  }, [at]);
  const hear = useCallback(
    (event: string, data: unknown) => {
      const isHere = event === 'presence' && (data as { at?: string }).at === at;
      if (isHere) void client.invalidateQueries({ queryKey: [path, { at }] });
    },
    [client, at],
  );
  useLive(hear);
  const present = useQuery({
    queryKey: [path, { at }],
    queryFn: ({ signal }) => get<readonly Present[]>(path, { query: { at }, signal }),
    refetchInterval: readMs,
    retry: false,
  });
  return present.data ?? [];
}

/** Other officers who look at the same now; nothing if nobody does. `at` is `alert:<id>`, `request:<id>` or `trace:<id>`. */
export function Presence({ at }: { at: string }): ReactElement {
  const { t } = useWords('ui');
  const format = useFormat();
  const present = usePresence(at);
  return (
    <div role="status" aria-live="polite">
      {present.length === 0 ? null : (
        <p className="notice tone-ochre" style={{ margin: 0 }}>
          {t('presence.here')}{' '}
          {present.map(({ officer, name, since }) => (
            <span key={officer}>
              <Tag tone="ochre" outlined>
                {t('presence.since', { name, time: format.time(since) })}
              </Tag>{' '}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
