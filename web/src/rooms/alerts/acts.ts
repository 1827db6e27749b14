import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { Act, Alert, AlertHistory, BulkAnswer } from '../../../../server/src/alerts/contract.ts';
import { post, Refused } from '../../link/call.ts';
import { useRefusalText } from '../../ui/refusal.tsx';
import { say } from '../../ui/toast.tsx';
import { useWords } from '../../ui/words.ts';
import { alertsPath } from './live-queue.ts';

export const countsPath = '/v1/alerts/counts';
export const alertPath = (id: string): string => `${alertsPath}/${id}`;

/** What the server would not do to one of many. */
interface NotDone {
  readonly id: string;
  readonly error: Refused;
}

export interface AlertActs {
  /** Under way at the server. */
  readonly isDoing: boolean;
  /** Resolves to whether the server did it. */
  one(alert: Alert, wish: Act, after?: (alert: Alert) => void): Promise<boolean>;
  /** The same to many; each is answered by itself. */
  many(ids: readonly string[], wish: Act): Promise<boolean>;
  /** Lets out to the member at home what waits for it. */
  tell(alert: Alert): Promise<Alert>;
  /** Opens again what was closed last here. */
  undo(after?: (alert: Alert) => void): void;
  /** Of the last act on many. */
  readonly notDone: readonly NotDone[];
  forgetNotDone(): void;
}

const purpose = { purpose: 'alert' } as const;

/** The verb of a wish in the address, and its body. */
function callOf(wish: Act): [verb: string, body: object] {
  if ('snooze' in wish) return ['snooze', wish.snooze];
  if ('close' in wish) return ['close', wish.close];
  if ('hand' in wish) return ['hand', wish.hand];
  return [Object.keys(wish)[0]!, {}];
}
const verbOf = (wish: Act): string => callOf(wish)[0];

/** What officers do to alerts. Shown as done once the server has answered, and as it answered. */
export function useAlertActs(answered: (alerts: readonly Alert[]) => void): AlertActs {
  const { t } = useWords('alerts');
  const client = useQueryClient();
  const refusalText = useRefusalText();
  const [isDoing, setDoing] = useState(false);
  const [notDone, setNotDone] = useState<readonly NotDone[]>([]);
  const lastClosed = useRef<readonly Alert[]>([]);

  const take = (alerts: readonly Alert[]): void => {
    for (const alert of alerts) {
      client.setQueryData<AlertHistory>([alertPath(alert.id)], (known) => known && { ...known, alert });
      void client.invalidateQueries({ queryKey: [alertPath(alert.id)] });
    }
    void client.invalidateQueries({ queryKey: [countsPath] });
    answered(alerts);
  };

  /** One at a time: a key that is held down must not take ten alerts. */
  async function doing(act: () => Promise<void>): Promise<boolean> {
    if (isDoing) return false;
    setDoing(true);
    try {
      await act();
      return true;
    } catch (error) {
      say(refusalText(error).text, { tone: 'cinnabar' });
      return false;
    } finally {
      setDoing(false);
    }
  }

  const one: AlertActs['one'] = (alert, wish, after) =>
    doing(async () => {
      const [verb, body] = callOf(wish);
      const changed = await post<Alert>(`${alertPath(alert.id)}/${verb}`, body, purpose);
      const isClosed = 'close' in wish;
      if (isClosed) lastClosed.current = [changed];
      after?.(changed);
      take([changed]);
      say(t(`done.${verb}`), isClosed ? { undo: { label: t('undo'), act: () => undo() } } : {});
    });

  const many: AlertActs['many'] = (ids, wish) =>
    doing(async () => {
      const { results } = await post<BulkAnswer>(`${alertsPath}/bulk`, { ids, act: wish }, purpose);
      const changed = results.flatMap(({ alert }) => alert ?? []);
      const refused = results.flatMap(({ id, refused: code, params }) =>
        code === undefined ? [] : [{ id, error: new Refused({ code, status: 409, ...(params && { params }) }) }],
      );
      const isClosed = 'close' in wish;
      if (isClosed) lastClosed.current = changed;
      take(changed);
      setNotDone(refused);
      const text = t(`bulk.done.${verbOf(wish)}`, { count: changed.length });
      if (changed.length > 0) say(text, isClosed ? { undo: { label: t('undo'), act: () => undo() } } : {});
    });

  const undo: AlertActs['undo'] = (after) => {
    const [first, ...others] = lastClosed.current;
    lastClosed.current = [];
    if (first === undefined) return say(t('undo.nothing'), { tone: 'stone' });
    if (others.length === 0) void one(first, { reopen: true }, after);
    else
      void many(
        [first, ...others].map(({ id }) => id),
        { reopen: true },
      );
  };

  return {
    isDoing,
    one,
    many,
    undo,
    notDone,
    forgetNotDone: useCallback(() => setNotDone([]), []),
    async tell(alert) {
      const changed = await post<Alert>(`${alertPath(alert.id)}/tell`, {}, purpose);
      take([changed]);
      return changed;
    },
  };
}
