import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Profile } from '../../../server/src/access/contract.ts';
import { call, get } from '../link/call.ts';
import { useSession } from '../link/session.ts';
import { usePreferences } from '../ui/preferences.ts';

const path = '/v1/desk/profile';

/** What an officer chose at any desk holds at every desk: read once, written when they change it. */
export function ProfileSync(): null {
  const session = useSession();
  const client = useQueryClient();
  const { preferences, change } = usePreferences();
  const profile = useQuery({
    queryKey: [path],
    queryFn: () => get<Profile>(path),
    enabled: session.kind === 'officer',
    staleTime: Infinity,
  });
  const known = useRef<string | undefined>(undefined);
  const writing = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    if (profile.data === undefined || known.current !== undefined) return;
    const { language, calendar, timeZone, theme, density } = profile.data;
    known.current = JSON.stringify({ language: language ?? preferences.language, calendar, timeZone, theme, density });
    change({ ...(language !== null && { language }), calendar, timeZone, theme, density });
  }, [profile.data, change, preferences.language]);
  useEffect(() => {
    const { language, calendar, timeZone, theme, density } = preferences;
    const chosen = { language, calendar, timeZone, theme, density };
    const text = JSON.stringify(chosen);
    if (known.current === undefined || known.current === text) return;
    known.current = text;
    const write = async (): Promise<void> => {
      // Read anew: saved views may have been changed meanwhile, here or at another desk.
      const now = await get<Profile>(path);
      client.setQueryData([path], await call<Profile>('PUT', path, { body: { ...now, ...chosen } }));
    };
    // One after the other. What could not be written holds in this browser.
    writing.current = writing.current.then(write).catch(() => undefined);
  }, [preferences, client]);
  return null;
}
