import { MantineProvider, type MantineColorScheme } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { theme } from '../ui/theme.ts';
import { Toasts } from '../ui/toast.tsx';
import { ProvidePreferences } from './preferences.tsx';
import type { openRouter } from './router.tsx';

type Router = ReturnType<typeof openRouter>;

const schemes: Readonly<Record<string, MantineColorScheme>> = { light: 'light', dark: 'dark', auto: 'auto' };

/** The desk: its colours and words, the line to the server, and whatever the address says. */
export function App({ nonce, client, router }: { nonce: string; client: QueryClient; router: Router }): ReactElement {
  const scheme = schemes[localStorage.getItem('theme') ?? 'auto'] ?? 'auto';
  return (
    <MantineProvider theme={theme} defaultColorScheme={scheme} getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <ProvidePreferences>
          <RouterProvider router={router} />
          <Toasts />
        </ProvidePreferences>
      </QueryClientProvider>
    </MantineProvider>
  );
}
