import { useSyncExternalStore, type ReactElement } from 'react';
import type { Tone } from './mark.tsx';

interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  readonly undo?: { readonly label: string; readonly act: () => void } | undefined;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const watchers = new Set<() => void>();
const shownMs = 7000;

function become(next: readonly Toast[]): void {
  toasts = next;
  for (const watch of watchers) watch();
}

/** Says that something was done, for a moment, in the corner; with `undo` if it can be taken back. */
export function say(text: string, { tone = 'patina', undo }: { tone?: Tone; undo?: Toast['undo'] } = {}): void {
  const id = (lastId += 1);
  become([...toasts.slice(-3), { id, tone, text, undo }]);
  setTimeout(() => become(toasts.filter((toast) => toast.id !== id)), shownMs);
}

export function Toasts(): ReactElement {
  const shown = useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, tone, text, undo }) => (
        <div key={id} className={`notice tone-${tone}`}>
          <p>
            {text}{' '}
            {undo === undefined ? null : (
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  undo.act();
                  become(toasts.filter((toast) => toast.id !== id));
                }}
              >
                {undo.label}
              </button>
            )}
          </p>
        </div>
      ))}
    </div>
  );
}
