import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useParam } from '../../link/view.ts';

/** Where there is room for the queue or for one alert, but not for both; as in the style sheet. */
const narrow = '(max-width: 60rem)';
export const isNarrow = (): boolean => window.matchMedia(narrow).matches;

/** Which alert of the queue is chosen: a part of the address, beside the view. */
export function useChoosing() {
  const id = useParam('id');
  const navigate = useNavigate();
  const choose = useCallback(
    (to: string | undefined, { full = false }: { full?: boolean } = {}) => {
      const raw = new URLSearchParams(window.location.search);
      if (full) raw.set('full', '1');
      else raw.delete('full');
      const search = raw.toString();
      const path = to === undefined ? '/alerts' : `/alerts/${to}`;
      // A page of its own is gone back from; leafing through the queue is not.
      const isPage = full || to === undefined || isNarrow();
      void navigate({
        href: search === '' ? path : `${path}?${search}`,
        replace: !isPage,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return { selected: id === '' ? undefined : id, choose };
}
