import { useEffect } from 'react';

export interface Shortcut {
  /** One key (`t`, `Enter`), two in a row (`g a`), or with Ctrl or Cmd (`mod+k`). */
  readonly keys: string;
  /** What it does, for the help that `?` shows. */
  readonly label: string;
  readonly act: () => void;
}

const shown = new Set<readonly Shortcut[]>();
const none = { key: '', atMs: 0 };
/** The key that was pressed last, and the one before it. */
let last = none;
let before = none;

/** What can be done from the keyboard now. */
export function shortcutsNow(): readonly Shortcut[] {
  return [...shown].flat();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"] button') !== null
  );
}

/** Acts by keyboard while the screen is shown, never while somebody types or a dialog is open. `shortcuts` is best made with useMemo. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    shown.add(shortcuts);
    const hear = (event: KeyboardEvent): void => {
      const mod = event.ctrlKey || event.metaKey;
      const pressed = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      if (event.altKey || (!mod && (isTyping(event.target) || document.querySelector('[role="dialog"]') !== null)))
        return;
      const pair = performance.now() - before.atMs < 1200 ? `${before.key} ${pressed}` : '';
      const found = shortcuts.find(({ keys }) => keys === pair) ?? shortcuts.find(({ keys }) => keys === pressed);
      if (found === undefined) return;
      event.preventDefault();
      found.act();
    };
    window.addEventListener('keydown', hear);
    return () => {
      shown.delete(shortcuts);
      window.removeEventListener('keydown', hear);
    };
  }, [shortcuts]);
}

/** Remembers the first of two keys, before anybody else hears the second; once for the whole desk. */
export function rememberKeys(): () => void {
  const hear = (event: KeyboardEvent): void => {
    before = last;
    last = isTyping(event.target) ? none : { key: event.key, atMs: performance.now() };
  };
  window.addEventListener('keydown', hear, { capture: true });
  return () => window.removeEventListener('keydown', hear, { capture: true });
}
