import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { useCallback, useEffect, useRef } from 'react';
import type { Alert } from '../../../../server/src/alerts/contract.ts';
import type { HoldPage, TraceSummary } from '../../../../server/src/funds/contract.ts';
import type { Request } from '../../../../server/src/liaison/contract.ts';
import type { Order } from '@bronze-drum/protocol/orders';
import { useLive } from '../../link/live.ts';
import { members, type Member } from './geography.ts';

type Figures = Pick<TraceSummary, 'amount' | 'held' | 'seized' | 'returned' | 'open' | 'lost'>;

/** What the stream tells, and what was read before it began, in one form. */
export type Happening =
  | { readonly kind: 'alert'; readonly atMs: number; readonly id: string; readonly told: Alert }
  | {
      readonly kind: 'trace';
      readonly atMs: number;
      readonly id: string;
      readonly told: Figures & Pick<TraceSummary, 'state'>;
    }
  | {
      readonly kind: 'hold';
      readonly atMs: number;
      readonly id: string;
      readonly told: { readonly state: HoldPage['holds'][number]['state']; readonly expiresAt: string | null };
    }
  | { readonly kind: 'request'; readonly atMs: number; readonly id: string; readonly told: Request }
  | { readonly kind: 'order'; readonly atMs: number; readonly id: string; readonly told: Order };

export const keyOf = ({ kind, id }: Happening): string => `${kind}:${id}`;

const kinds = ['alert', 'trace', 'hold', 'request', 'order'];

/** An event of the stream; undefined if it tells nothing that is shown here. */
function happeningOf(event: string, data: unknown, nowMs: number): Happening | undefined {
  if (!kinds.includes(event) || typeof data !== 'object' || data === null) return undefined;
  const told = data as { id: string; at?: string };
  const atMs = event === 'alert' && told.at !== undefined ? Date.parse(told.at) : nowMs;
  return { kind: event, atMs, id: told.id, told } as unknown as Happening;
}

const batchMs = 1000;
const batchMax = 300;

/**
 * Tells at most once a second what happened since, each thing once and as it stands last: however much comes, the screen
 * has one thing to draw. `hear` must be stable.
 */
export function useBatches(hear: (batch: readonly Happening[]) => void): void {
  const waiting = useRef(new Map<string, Happening>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const take = useCallback(
    (event: string, data: unknown) => {
      const happening = happeningOf(event, data, Date.now());
      if (happening === undefined) return;
      const key = keyOf(happening);
      waiting.current.delete(key);
      waiting.current.set(key, happening);
      if (waiting.current.size > batchMax) waiting.current.delete(waiting.current.keys().next().value!);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const batch = [...waiting.current.values()];
        waiting.current.clear();
        hear(batch);
      }, batchMs);
    },
    [hear],
  );
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLive(take);
}

/** The newest of what was shown and what came, each thing once. */
export function newest(shown: readonly Happening[], came: readonly Happening[], max: number): Happening[] {
  const known = new Map(shown.map((one) => [keyOf(one), one]));
  for (const one of came) known.set(keyOf(one), one);
  return [...known.values()].sort((a, b) => b.atMs - a.atMs).slice(0, max);
}

/** Where on the map something about a subject is shown: where it lives, else here. */
export function placeOf(subject: string, here: string): Member | undefined {
  const home = subject.startsWith('party:') ? subject.slice('party:'.length) : (homeOf(subject as Key) ?? here);
  return members.find((member) => member === home) ?? members.find((member) => member === here);
}
