import type { QueryClient } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Suspense, type ReactElement } from 'react';
import { Failed, Loading } from '../ui/states.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { screens } from './screens.ts';

/** Plain texts in the address: `?state=open`, nothing quoted. */
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));
function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

export function openRouter(client: QueryClient) {
  const root = createRootRoute({
    component: () => (
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    ),
    notFoundComponent: NotFound,
  });
  const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame });
  const inside = screens
    .filter(({ isOutside }) => isOutside !== true)
    .map(({ path, load }) =>
      createRoute({ getParentRoute: () => frame, path, component: lazyRouteComponent(load, 'Screen') }),
    );
  const outside = screens
    .filter(({ isOutside }) => isOutside === true)
    .map(({ path, load }) =>
      createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'Screen') }),
    );
  return createRouter({
    routeTree: root.addChildren([frame.addChildren(inside), ...outside]),
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: Broken,
    scrollRestoration: true,
  });
}

function Broken({ error, reset }: { error: unknown; reset: () => void }): ReactElement {
  return <Failed error={error} again={reset} />;
}
