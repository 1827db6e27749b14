import { useQueryClient } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import type { Act, Alert, AlertHistory } from '../../../../server/src/alerts/contract.ts';
import { useMay } from '../../link/session.ts';
import { useGo } from '../../link/view.ts';
import { pathOf } from '../../ui/identifier.tsx';
import { alertPath, type AlertActs } from './acts.ts';
import { isNarrow, type useChoosing } from './choosing.ts';
import type { Asked } from './dialogs.tsx';

/** As many as the server takes at once. */
const markedMax = 200;
const none: ReadonlySet<string> = new Set();

interface WorkingOptions {
  readonly items: readonly Alert[];
  readonly selected: string | undefined;
  readonly isFull: boolean;
  readonly acts: AlertActs;
  readonly choose: ReturnType<typeof useChoosing>['choose'];
}

/** How an officer works through the queue: what is chosen or marked, what is asked before an act, and the acts by key. */
export function useWorking({ items, selected, isFull, acts, choose }: WorkingOptions) {
  const go = useGo();
  const mayAct = useMay()('alerts.handle');
  const [marked, setMarked] = useState(none);
  const [asked, setAsked] = useState<{ readonly what: Asked; readonly isForAll: boolean } | undefined>(undefined);
  const client = useQueryClient();
  // Whoever came by a link may have an alert open that the queue has not loaded.
  const known = selected === undefined ? undefined : client.getQueryData<AlertHistory>([alertPath(selected)]);
  const chosen = items.find(({ id }) => id === selected) ?? known?.alert;
  const isAnyMeant = mayAct && (marked.size > 0 || chosen !== undefined);

  const step = (by: number) => (): void => {
    const at = items.findIndex(({ id }) => id === selected);
    const next = items[at === -1 ? (by > 0 ? 0 : items.length - 1) : at + by];
    if (next !== undefined) choose(next.id, { full: isFull });
  };
  /** What is done with makes room for the next in the queue. */
  const onClosed = (alert: Alert): void => {
    if (isNarrow() || isFull || alert.id !== selected) return;
    const at = items.findIndex(({ id }) => id === alert.id);
    const next = items[at + 1] ?? items[at - 1];
    choose(next?.id);
  };
  const mark = (id: string): void =>
    setMarked((before) => {
      const after = new Set(before);
      if (!after.delete(id) && after.size < markedMax) after.add(id);
      return after;
    });
  const markChosen = (): void => {
    if (chosen !== undefined && mayAct) mark(chosen.id);
  };
  const wish = async (given: Act): Promise<boolean> => {
    const isForAll = asked?.isForAll ?? marked.size > 0;
    const done = isForAll
      ? await acts.many([...marked], given)
      : chosen !== undefined && (await acts.one(chosen, given, 'close' in given ? onClosed : undefined));
    if (!done) return false;
    setAsked(undefined);
    if (isForAll) setMarked(none);
    return true;
  };
  const doing = (given: Act) => () => {
    if (isAnyMeant) void wish(given);
  };
  const ask = (what: Asked, isForAll: boolean): void => setAsked({ what, isForAll });
  const asking = (what: Asked) => () => {
    if (isAnyMeant) ask(what, marked.size > 0);
  };

  return {
    marked,
    asked,
    ask,
    forgetAsked: () => setAsked(undefined),
    mark,
    markAll: () => setMarked(new Set(items.slice(0, markedMax).map(({ id }) => id))),
    markNone: () => setMarked(none),
    wish,
    onClosed,
    /** The space bar marks while the list has the focus; elsewhere it presses buttons. */
    hear(event: KeyboardEvent) {
      if (event.key !== ' ' || !(event.target as HTMLElement).matches('.list')) return;
      event.preventDefault();
      markChosen();
    },
    verbs: {
      next: step(1),
      previous: step(-1),
      take: doing({ take: true }),
      release: doing({ release: true }),
      right: doing({ close: { outcome: 'acted' } }),
      wrong: doing({ close: { outcome: 'unfounded' } }),
      hand() {
        if (mayAct && chosen !== undefined) ask('hand', false);
      },
      snooze: asking('snooze'),
      more: asking('close'),
      undo: () => acts.undo(({ id }) => choose(id)),
      open() {
        const path = chosen === undefined ? undefined : pathOf(chosen.subject);
        if (path !== undefined) go(path);
      },
      mark: markChosen,
    },
  };
}
