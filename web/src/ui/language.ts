import { useEffect, useMemo } from 'react';
import { ownWords } from './own-words.ts';
import { useLanguage, type Language } from './words.ts';

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
  const ours = useLanguage();
  return useMemo(() => {
    const names = new Intl.DisplayNames(ours, { type: 'language' });
    return (language) => ownWords[ours]?.languages[language] ?? names.of(language) ?? language;
  }, [ours]);
}
