import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useLive } from '../../link/live.ts';

const everyMs = 800;

interface Told {
  readonly id?: string;
  readonly trace?: string;
  readonly topic?: string;
}

/** Reads this trace, its holds and its requests again when one of them changes; what happens to others is not read: each reading is recorded. */
export function useTraceFreshness(trace: string, requests: readonly string[]): void {
  const client = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const requestsText = requests.join(' ');
  const hear = useCallback(
    (event: string, data: unknown) => {
      const { id, trace: of, topic } = data as Told;
      const own = requestsText.split(' ');
      const isAbout =
        (event === 'trace' && id === trace) ||
        (event === 'hold' && of === trace) ||
        // Of what was proposed here, or of something else: it says no more.
        event === 'approval' ||
        (event === 'request' && id !== undefined && own.includes(id)) ||
        (event === 'more' && ['traces', 'holds', 'requests', 'approvals'].includes(topic ?? ''));
      if (!isAbout) return;
      waiting.current ??= setTimeout(() => {
        waiting.current = undefined;
        void client.invalidateQueries({ queryKey: [`/v1/traces/${trace}`] });
        void client.invalidateQueries({ queryKey: ['/v1/holds', { trace }] });
        for (const request of own) void client.invalidateQueries({ queryKey: [`/v1/requests/${request}`] });
      }, everyMs);
    },
    [client, trace, requestsText],
  );
  useEffect(
    () => () => {
      clearTimeout(waiting.current);
      waiting.current = undefined;
    },
    [],
  );
  useLive(hear);
}
