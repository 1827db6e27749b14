import { MantineProvider, type MantineColorScheme } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { openQueryClient } from '../link/lists.ts';
import { theme } from '../ui/theme.ts';
import { Toasts } from '../ui/toast.tsx';
import { ProvidePreferences } from './preferences.tsx';
import { openRouter } from './router.tsx';

const schemes: Readonly<Record<string, MantineColorScheme>> = { light: 'light', dark: 'dark', auto: 'auto' };

/** The desk: its colours and words, the line to the server, and whatever the address says. */
export function App({ nonce }: { nonce: string }): ReactElement {
  const [client] = useState(openQueryClient);
  const [router] = useState(() => openRouter(client));
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
