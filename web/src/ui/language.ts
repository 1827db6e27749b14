import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ownWords } from './own-words.ts';
import type { Language } from './words.ts';

const fontFiles = import.meta.glob('./fonts/*.css');

/** Makes the letters of these languages ready, where somebody's own words are shown or typed beside the desk's language. */
export function useLetters(languages: readonly Language[]): void {
  const text = [...new Set(languages)].toSorted().join(' ');
  useEffect(() => {
    for (const language of text.split(' ')) void fontFiles[`./fonts/${language}.css`]?.();
  }, [text]);
}

/** What a language is called in the one of this desk. */
export function useLanguageName(): (language: Language) => string {
  const { i18n } = useTranslation('shell');
  return useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: 'language' });
    return (language) => ownWords[i18n.language]?.languages[language] ?? names.of(language) ?? language;
  }, [i18n.language]);
}
