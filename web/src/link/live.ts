import { useEffect, useSyncExternalStore } from 'react';

/** `live`: heard within the last seconds; `lost`: what is on screen may be old. */
export type LiveState = 'connecting' | 'live' | 'lost';

type Hear = (event: string, data: unknown) => void;

const reopenMs = 4000;
/** The server says something every fifteen seconds: a line on which nothing is heard for so long broke without a word, and is opened anew. */
const silenceMs = 40_000;
/** The server greets whoever opens the line; whoever is not greeted is not connected. */
const greetingMs = 10_000;
/** One stream for the whole desk, opened while somebody listens. */
const hearers = new Set<Hear>();
const watchers = new Set<() => void>();
/** Topics name their events; the browser must be told each name that it is to hear. */
const events = ['hello', 'beat', 'more', 'alert', 'order', 'request', 'trace', 'hold', 'approval', 'presence'];

let source: EventSource | undefined;
let reopening: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let greeting: ReturnType<typeof setTimeout> | undefined;
let state: LiveState = 'connecting';
let lastId = '';

function become(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const watch of watchers) watch();
}

function tell(event: string, data: unknown): void {
  for (const hear of hearers) hear(event, data);
}

/** Begins to listen; called once somebody is signed in. */
export function openLive(): void {
  if (source !== undefined) return;
  const after = lastId === '' ? '' : `?after=${encodeURIComponent(lastId)}`;
  const opened = new EventSource(`/v1/stream${after}`);
  source = opened;
  silence = setTimeout(silent, silenceMs);
  greeting = setTimeout(() => become('lost'), greetingMs);
  for (const event of events) {
    opened.addEventListener(event, (message: MessageEvent<string>) => {
      if (message.lastEventId !== '') lastId = message.lastEventId;
      become('live');
      heard();
      if (event !== 'hello' && event !== 'beat') tell(event, JSON.parse(message.data));
    });
  }
  opened.addEventListener('error', () => {
    become('lost');
    if (opened.readyState !== EventSource.CLOSED) return;
    // Refused rather than cut: the browser gives up, the desk does not.
    close();
    reopening = setTimeout(openLive, reopenMs);
  });
}

/** A machine that slept, or a network that came back, is no time to wait and see. */
function reopen(): void {
  if (source === undefined) return;
  close();
  openLive();
}

function silent(): void {
  become('lost');
  reopen();
}

function heard(): void {
  clearTimeout(greeting);
  clearTimeout(silence);
  silence = setTimeout(silent, silenceMs);
}

function close(): void {
  clearTimeout(reopening);
  clearTimeout(silence);
  clearTimeout(greeting);
  source?.close();
  source = undefined;
}

/** Nobody listens any more: whoever signs in next begins anew. */
export function closeLive(): void {
  close();
  lastId = '';
  state = 'connecting';
}

if (typeof addEventListener === 'function') addEventListener('online', reopen);

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => state,
  );
}

/**
 * Hears what happens: `alert`, `order`, `request`, `trace`, `hold`, `approval`, `presence`; and `more` ({topic}) when so much happened that some was
 * left out and lists must be read again. `hear` must be stable (useCallback) or cheap to exchange.
 */
export function useLive(hear: Hear): void {
  useEffect(() => {
    hearers.add(hear);
    return () => void hearers.delete(hear);
  }, [hear]);
}
