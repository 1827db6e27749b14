import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

type Raw = Readonly<Record<string, string>>;

/**
 * The state of a screen, kept in the URL: filters, what is selected, which tab. `read` makes it from the URL's texts, whatever somebody put
 * there; `change` replaces what is named (undefined takes it out). Every view can be sent as a link.
 */
export function useView<View extends object>(
  read: (raw: Raw) => View,
): [View, (change: Partial<Record<keyof View & string, string | undefined>>, options?: { push?: boolean }) => void] {
  const raw = useSearch({ strict: false }) as Raw;
  const navigate = useNavigate();
  const change = useCallback(
    (given: Partial<Record<string, string | undefined>>, { push = false }: { push?: boolean } = {}) =>
      void navigate({
        to: '.',
        search: (before: Raw) => withoutEmpty({ ...before, ...given }),
        replace: !push,
        resetScroll: false,
      }),
    [navigate],
  );
  return [read(raw), change];
}

/** A part of the path: `useParam('id')` on `/traces/$id`. */
export function useParam(name: string): string {
  const params = useParams({ strict: false }) as Raw;
  return params[name] ?? '';
}

/** Goes to another screen; a path of this desk with its query. */
export function useGo(): (path: string) => void {
  const navigate = useNavigate();
  return useCallback((path) => void navigate({ href: path }), [navigate]);
}

function withoutEmpty(given: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** One of the allowed texts, or undefined. */
export function oneOf<Choice extends string>(text: string | undefined, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === text);
}
