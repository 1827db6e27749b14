import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useLive, useLiveState } from './live.ts';
import { useMay } from './session.ts';

/** Whoever may not hear the stream is served at this pace. */
const unheardMs = 30_000;

/**
 * Reads queries again when one of the events comes, at most once in `everyMs`: however much happens, a list is asked for
 * at a steady pace. After the line was lost it reads again in any case, and by the clock for whoever may not hear the stream.
 * `paths` are the first elements of query keys.
 */
export function useFreshness(events: readonly string[], paths: readonly string[], everyMs = 1000): void {
  const client = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [eventsText, pathsText] = [events.join(' '), paths.join(' ')];
  const readAgain = useCallback(() => {
    for (const path of pathsText.split(' ')) void client.invalidateQueries({ queryKey: [path] });
  }, [client, pathsText]);
  const latest = useRef(readAgain);
  useEffect(() => {
    latest.current = readAgain;
  }, [readAgain]);
  const hear = useCallback(
    (event: string, data: unknown) => {
      const topic = event === 'more' ? (data as { topic?: string }).topic : `${event}s`;
      if (!eventsText.split(' ').some((wanted) => `${wanted}s` === topic)) return;
      waiting.current ??= setTimeout(() => {
        waiting.current = undefined;
        // What is shown by then, which may be another than when the first of the events came.
        latest.current();
      }, everyMs);
    },
    [eventsText, everyMs],
  );
  useEffect(() => () => clearTimeout(waiting.current), []);
  useLive(hear);
  const hears = useMay()('alerts.read');
  useEffect(() => {
    if (hears) return undefined;
    const reading = setInterval(readAgain, unheardMs);
    return () => clearInterval(reading);
  }, [hears, readAgain]);
  const state = useLiveState();
  const wasLost = useRef(false);
  useEffect(() => {
    if (state === 'live' && wasLost.current) readAgain();
    wasLost.current = state === 'lost';
  }, [state, readAgain]);
}
