import { createContext, useContext } from 'react';
import type { Language } from './words.ts';

/** How one person wants to see it all. Kept at the server for officers, and in this browser for the first moment. */
export interface Preferences {
  readonly language: Language;
  readonly calendar: 'gregorian' | 'buddhist';
  /** IANA; null is the browser's. */
  readonly timeZone: string | null;
  readonly theme: 'light' | 'dark' | 'auto';
  readonly density: 'dense' | 'roomy';
}

export const PreferencesContext = createContext<{
  readonly preferences: Preferences;
  readonly change: (part: Partial<Preferences>) => void;
}>({
  preferences: { language: 'en', calendar: 'gregorian', timeZone: null, theme: 'auto', density: 'dense' },
  change: () => undefined,
});

export const usePreferences = () => useContext(PreferencesContext);
