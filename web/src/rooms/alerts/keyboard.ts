import { useEffect, useMemo, useRef } from 'react';
import { useShortcuts } from '../../ui/keys.ts';
import { useWords } from '../../ui/words.ts';

const queueKeys = {
  next: 'j',
  previous: 'k',
  take: 't',
  release: 'r',
  hand: 'h',
  snooze: 'z',
  right: 'x',
  wrong: 'w',
  more: 'm',
  undo: 'u',
  open: 'o',
  mark: 'X',
  waiting: 'n',
} as const;
type QueueVerb = keyof typeof queueKeys;

/** The queue's keys. A verb that cannot be done now does nothing. */
export function useQueueKeys(verbs: Partial<Readonly<Record<QueueVerb, () => void>>>): void {
  const { t } = useWords('alerts');
  const latest = useRef(verbs);
  useEffect(() => {
    latest.current = verbs;
  });
  const shortcuts = useMemo(
    () =>
      (Object.keys(queueKeys) as QueueVerb[]).map((verb) => ({
        keys: queueKeys[verb],
        label: t(`key.${verb}`),
        act: () => {
          // The list moves by itself while it has the focus.
          const isMoved = document.activeElement?.matches('.list') === true;
          if (isMoved && (verb === 'next' || verb === 'previous')) return;
          latest.current[verb]?.();
        },
      })),
    [t],
  );
  useShortcuts(shortcuts);
}
