import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Alert, AlertPage } from '../../../../server/src/alerts/contract.ts';
import { useList, type LoadedList } from '../../link/lists.ts';
import { useLive } from '../../link/live.ts';
import { useOfficer } from '../../link/session.ts';
import { belongs, merge, queryOf, searchOf, type QueueView } from './queue.ts';

export const alertsPath = '/v1/alerts';

/** The screen changes once a second at the most, however much happens; what is chosen changes at once. */
const turnMs = 1000;
/** So many are kept beside what was listed; then the queue is read anew, so that a night of alerts does not fill the page. */
const heardMax = 300;
const waitingMax = 999;
/** More new ones than this in a turn nobody can follow with their eyes: they wait, too. */
const newOfTurnMax = 10;
/** While nobody has chosen anything, what waits comes by itself: the queue may hang on a wall. */
const wallMs = 5000;

interface Heard {
  readonly alert: Alert;
  readonly atMs: number;
}

interface Held {
  /** Of which view; another one begins anew. */
  readonly of: string;
  readonly heard: ReadonlyMap<string, Heard>;
  /** New ones that came while the officer had scrolled away: they are counted, and read when they are asked for. */
  readonly waiting: ReadonlySet<string>;
  /** When the queue was last asked for anew: once it is there, what was heard before is in it. */
  readonly askedAtMs: number;
}

const nothing = (of: string): Held => ({ of, heard: new Map(), waiting: new Set(), askedAtMs: 0 });

interface QueueOptions {
  readonly view: QueueView;
  readonly selected: string | undefined;
  /** Whether new ones must wait: the officer has scrolled away from the top. */
  readonly isAway: () => boolean;
  /** Before rows change. */
  readonly beforeTurn: () => void;
}

interface LiveQueue {
  readonly list: LoadedList<Alert>;
  readonly waiting: number;
  /** Shows those that wait. */
  showWaiting(): void;
  /** Alerts as the server answered an act on them. */
  answered(alerts: readonly Alert[]): void;
}

/** A view of the queue that moves as things happen: read once from the server, then told by the stream. */
export function useQueue({ view, selected, isAway, beforeTurn }: QueueOptions): LiveQueue {
  const me = useOfficer();
  const client = useQueryClient();
  const of = searchOf(view);
  const list = useList<AlertPage, Alert>(alertsPath, (page) => page.alerts, {
    query: queryOf(view),
    purpose: 'alert',
  });
  const [kept, setHeld] = useState<Held>(() => nothing(of));
  const held = current(kept, of, list.readAtMs);
  const pending = useRef(new Map<string, Heard>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { items: listed, readAtMs } = list;

  const readAnew = (firstPageOnly: boolean): void => {
    const queryKey = [alertsPath, queryOf(view)];
    if (firstPageOnly)
      client.setQueryData<InfiniteData<AlertPage>>(queryKey, (data) =>
        data === undefined ? data : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
      );
    setHeld((before) => ({ ...current(before, of, readAtMs), askedAtMs: Date.now() }));
    void client.invalidateQueries({ queryKey, exact: true });
  };

  const turn = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const fresh = pending.current;
    pending.current = new Map();
    if (fresh.size === 0) return;
    beforeTurn();
    const away = isAway();
    const ids = new Set(listed.map(({ id }) => id));
    setHeld((before) =>
      taken(current(before, of, readAtMs), { ids, away, fresh, belongs: (alert) => belongs(alert, view, me) }),
    );
    if (held.heard.size > heardMax && held.askedAtMs === 0) readAnew(!away);
  };
  const showWaiting = (): void => {
    setHeld((before) => ({ ...before, waiting: new Set() }));
    readAnew(true);
  };
  const verbs = useRef({ turn, readAnew, showWaiting });
  useEffect(() => {
    verbs.current = { turn, readAnew, showWaiting };
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const hear = useCallback(
    (event: string, data: unknown) => {
      if (event === 'more' && (data as { topic?: string }).topic === 'alerts') verbs.current.readAnew(false);
      if (event !== 'alert') return;
      const alert = data as Alert;
      pending.current.set(alert.id, { alert, atMs: Date.now() });
      if (alert.id === selected) verbs.current.turn();
      else timer.current ??= setTimeout(() => verbs.current.turn(), turnMs);
    },
    [selected],
  );
  useLive(hear);
  const isLeft = selected === undefined && held.waiting.size > 0;
  useEffect(() => {
    if (!isLeft) return undefined;
    const showing = setTimeout(() => {
      if (!isAway()) verbs.current.showWaiting();
    }, wallMs);
    return () => clearTimeout(showing);
  }, [isLeft, isAway]);

  const items = merge({
    listed,
    hasMore: list.hasMore,
    heard: new Map([...held.heard].map(([id, { alert }]) => [id, alert])),
    kept: selected,
    view,
    me,
  });
  return {
    list: { ...list, items },
    waiting: held.waiting.size,
    showWaiting,
    answered(alerts) {
      for (const alert of alerts) pending.current.set(alert.id, { alert, atMs: Date.now() });
      verbs.current.turn();
    },
  };
}

/** What was heard, with what is fresh: changes at once; what is new at once, or counted if it must wait. */
function taken(
  now: Held,
  turn: {
    readonly ids: ReadonlySet<string>;
    readonly away: boolean;
    readonly fresh: ReadonlyMap<string, Heard>;
    readonly belongs: (alert: Alert) => boolean;
  },
): Held {
  const heard = new Map(now.heard);
  const newcomers: Heard[] = [];
  for (const [id, one] of turn.fresh) {
    if (turn.ids.has(id) || heard.has(id)) heard.set(id, one);
    else if (turn.belongs(one.alert)) newcomers.push(one);
  }
  if (newcomers.length === 0) return { ...now, heard };
  if (!turn.away && newcomers.length <= newOfTurnMax && now.waiting.size === 0) {
    for (const one of newcomers) heard.set(one.alert.id, one);
    return { ...now, heard };
  }
  const waiting = new Set([...now.waiting, ...newcomers.map(({ alert }) => alert.id)].slice(0, waitingMax));
  return { ...now, heard, waiting };
}

function current(held: Held, of: string, readAtMs: number): Held {
  if (held.of !== of) return nothing(of);
  if (held.askedAtMs === 0 || readAtMs <= held.askedAtMs) return held;
  return { ...held, heard: new Map([...held.heard].filter(([, { atMs }]) => atMs > held.askedAtMs)), askedAtMs: 0 };
}
