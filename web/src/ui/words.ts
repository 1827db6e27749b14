import { languages, type Language } from '@bronze-drum/protocol/languages';
import type { CodeList, Phrases } from '@bronze-drum/protocol/rendering/vocabulary';
import i18next, { type i18n } from 'i18next';
import { use, useCallback, useSyncExternalStore } from 'react';

export { languages, type Language } from '@bronze-drum/protocol/languages';

/** What each language calls itself. */
export const nativeNames: Readonly<Record<Language, string>> = {
  en: 'English',
  zh: '中文',
  km: 'ភាសាខ្មែរ',
  lo: 'ພາສາລາວ',
  my: 'မြန်မာဘာသာ',
  th: 'ภาษาไทย',
  vi: 'Tiếng Việt',
};

type Texts = Readonly<Record<string, string>>;

const files = import.meta.glob<{ default: Texts }>('../locales/*/*.json');
const phraseFiles = import.meta.glob<Record<string, Phrases>>('../../../protocol/rendering/phrases/*.ts');
/** Fonts of scripts that few machines have; the browser fetches only the parts that a page shows. */
const fontFiles = import.meta.glob('./fonts/*.css');

const phrases = new Map<Language, Phrases>();

/** Makes a language ready: its phrases and fonts, and what every screen says. */
export async function speak(language: Language): Promise<void> {
  await loadLanguage(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** For where every language is named in its own script. */
export function loadFonts(): void {
  for (const load of Object.values(fontFiles)) void load();
}

async function loadLanguage(language: Language): Promise<void> {
  await Promise.all([loadPhrases(language), fontFiles[`./fonts/${language}.css`]?.()]);
}

async function loadPhrases(language: Language): Promise<void> {
  if (phrases.has(language)) return;
  const file = await phraseFiles[`../../../protocol/rendering/phrases/${language}.ts`]!();
  phrases.set(language, file[language]!);
}

async function readTexts(
  load: () => Promise<{ default: Texts }>,
  done: (error: unknown, texts: Texts | false) => void,
): Promise<void> {
  try {
    const { default: texts } = await load();
    done(null, texts);
  } catch (error) {
    done(error, false);
  }
}

export async function openWords(language: Language): Promise<i18n> {
  const loading = loadLanguage(language);
  await i18next
    .use({
      type: 'backend' as const,
      init: () => undefined,
      read: (lang: string, namespace: string, done: (error: unknown, texts: Texts | false) => void) => {
        const load = files[`../locales/${lang}/${namespace}.json`];
        if (load === undefined) return done(null, {});
        void readTexts(load, done);
      },
    })
    .init({
      lng: language,
      supportedLngs: languages,
      fallbackLng: 'en',
      ns: ['shell', 'ui', 'terms', 'reasons'],
      defaultNS: 'shell',
      keySeparator: false,
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  await loading;
  await speak(language);
  return i18next;
}

const loading = new Map<string, Promise<void>>();

/** Words that a screen will ask for, in the language of the desk; resolves whether they could be read or not. */
export function loadWords(file: string): Promise<void> {
  const known = loading.get(file) ?? i18next.loadNamespaces(file);
  loading.set(file, known);
  return known;
}

function hearLanguage(change: () => void): () => void {
  i18next.on('languageChanged', change);
  return () => i18next.off('languageChanged', change);
}

/** The language of this desk. */
export const useLanguage = (): Language => useSyncExternalStore(hearLanguage, () => i18next.language as Language);

export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

interface Words {
  readonly t: Say;
  readonly language: Language;
}

/**
 * The texts of one file of `locales/<lang>/`; those of another as `t('terms:priority.P1')`. Keys are written out where they are
 * used, or as a template with a fixed beginning: a test holds them against the files. The same object until the language changes.
 */
export function useWords(file: string): Words {
  const language = useLanguage();
  use(loadWords(file));
  return wordsOf(file, language);
}

/** A list says the same few words hundreds of times: made once for each file and language, and each plain text looked up once. */
const made = new Map<string, Words>();

function wordsOf(file: string, language: Language): Words {
  const known = made.get(`${language} ${file}`);
  if (known !== undefined) return known;
  const plain = new Map<string, string>();
  const t: Say = (key, values) => {
    const whole = key.includes(':') ? key : `${file}:${key}`;
    if (values !== undefined) return i18next.t(whole, { ...values, lng: language });
    let text = plain.get(whole);
    if (text !== undefined) return text;
    text = i18next.t(whole, { lng: language });
    if (hasWords(whole)) plain.set(whole, text);
    return text;
  };
  const words = { t, language };
  made.set(`${language} ${file}`, words);
  return words;
}

/** Whether there is a text for `file:key`, of a file that is loaded. */
export const hasWords = (whole: string): boolean => i18next.exists(whole);

/** Codes of the protocol (tiers, typologies, kinds of request, …) in words; one that this release does not know as it is. */
export function useSaid(): (list: CodeList, code: string) => string {
  const language = useLanguage();
  return useCallback(
    (list, code) => {
      const words = phrases.get(language)?.[list] as Texts | undefined;
      return words !== undefined && Object.hasOwn(words, code) ? words[code]! : code;
    },
    [language],
  );
}

/** The labels and coded values of request forms. */
export function useFieldWords(): { label: (field: string) => string; value: (field: string, code: string) => string } {
  const known = phrases.get(useLanguage());
  const of = (list: Texts | undefined, code: string): string =>
    list !== undefined && Object.hasOwn(list, code) ? list[code]! : code;
  return {
    label: (field) => of(known?.fields, field),
    value: (field, code) => of((known?.values as Readonly<Record<string, Texts>> | undefined)?.[field], code),
  };
}

/** The language to begin with: what was chosen here last, else the browser's first that is spoken here. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem('language') ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
