import { useMantineColorScheme } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { PreferencesContext, type Preferences } from '../ui/preferences.ts';
import { firstLanguage, speak } from '../ui/words.ts';

/** What was chosen in this browser last; the server's word comes when somebody has signed in. */
function remembered(): Preferences {
  const kept = JSON.parse(localStorage.getItem('preferences') ?? '{}') as Partial<Preferences>;
  return { calendar: 'gregorian', timeZone: null, theme: 'auto', density: 'dense', ...kept, language: firstLanguage() };
}

export function ProvidePreferences({ children }: { children: ReactNode }): ReactElement {
  const [preferences, setPreferences] = useState(remembered);
  const { setColorScheme } = useMantineColorScheme();
  const { language, theme, density } = preferences;
  useEffect(() => {
    localStorage.setItem('preferences', JSON.stringify(preferences));
    localStorage.setItem('language', language);
    localStorage.setItem('theme', theme);
  }, [preferences, language, theme]);
  useEffect(() => void speak(language), [language]);
  useEffect(() => setColorScheme(theme), [theme, setColorScheme]);
  useEffect(() => {
    document.documentElement.dataset['density'] = density;
  }, [density]);
  const change = useCallback((part: Partial<Preferences>) => setPreferences((before) => ({ ...before, ...part })), []);
  const value = useMemo(() => ({ preferences, change }), [preferences, change]);
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}
