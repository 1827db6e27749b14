import { useEffect, useMemo, useRef, type RefObject } from 'react';

const nearTopPx = 40;

interface Anchor {
  readonly id: string;
  readonly topPx: number;
  readonly place: number;
}

const listIn = (frame: RefObject<HTMLElement | null>): HTMLElement | undefined =>
  frame.current?.querySelector<HTMLElement>('.list') ?? undefined;
const rowOf = (list: HTMLElement): HTMLElement | null => list.querySelector('tr[aria-selected="true"]');
const undrawnPx = 34;

function correct(list: HTMLElement, topPx: number): void {
  const row = rowOf(list);
  if (row !== null) list.scrollTop += row.getBoundingClientRect().top - topPx;
}

/** Keeps the chosen row where it stands on screen when rows come above it, and knows whether the officer has scrolled away from the top. */
export function useScrolling(
  frame: RefObject<HTMLDivElement | null>,
  selected: string | undefined,
  onBackAtTop: () => void,
) {
  const anchor = useRef<Anchor | undefined>(undefined);
  const back = useRef(onBackAtTop);
  useEffect(() => {
    back.current = onBackAtTop;
  });

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let wasAway = false;
    const hear = (): void => {
      const isAway = (listIn(frame)?.scrollTop ?? 0) > nearTopPx;
      if (wasAway && !isAway) back.current();
      wasAway = isAway;
    };
    // Scrolling does not rise from the list to its frame; it is heard on its way down.
    element.addEventListener('scroll', hear, { capture: true, passive: true });
    return () => element.removeEventListener('scroll', hear, { capture: true });
  }, [frame]);

  const verbs = useMemo(
    () => ({
      isAway: () => (listIn(frame)?.scrollTop ?? 0) > nearTopPx,
      toTop: () => listIn(frame)?.scrollTo({ top: 0 }),
      focus: () => listIn(frame)?.focus({ preventScroll: true }),
      /** Before rows change. */
      hold() {
        const list = listIn(frame);
        const row = list === undefined ? null : rowOf(list);
        if (list === undefined || row === null || selected === undefined) return;
        const { top } = row.getBoundingClientRect();
        const { top: above, bottom: below } = list.getBoundingClientRect();
        if (top < above || top > below) return;
        anchor.current = { id: selected, topPx: top, place: Number(row.dataset['index']) };
      },
      /** After they did, before it is painted. */
      settle(rows: readonly { readonly id: string }[]) {
        const held = anchor.current;
        const list = listIn(frame);
        if (held === undefined || list === undefined) return;
        const place = rows.findIndex(({ id }) => id === held.id);
        if (place === held.place) return;
        anchor.current = undefined;
        if (place === -1) return;
        const row = rowOf(list);
        if (row !== null) list.scrollTop += row.getBoundingClientRect().top - held.topPx;
        // Rows that are not drawn yet count by what the list takes them for; the rest is made good once it is drawn.
        else list.scrollTop += (place - held.place) * undrawnPx;
        if (row === null) requestAnimationFrame(() => correct(list, held.topPx));
      },
    }),
    [frame, selected],
  );
  return verbs;
}
