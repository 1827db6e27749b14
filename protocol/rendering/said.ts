import type { Language } from '../languages.ts';
import { en as enPhrases } from './phrases/en.ts';
import { km as kmPhrases } from './phrases/km.ts';
import { lo as loPhrases } from './phrases/lo.ts';
import { my as myPhrases } from './phrases/my.ts';
import { th as thPhrases } from './phrases/th.ts';
import { vi as viPhrases } from './phrases/vi.ts';
import { zh as zhPhrases } from './phrases/zh.ts';
import { en as enSentences } from './sentences/en.ts';
import { km as kmSentences } from './sentences/km.ts';
import { lo as loSentences } from './sentences/lo.ts';
import { my as mySentences } from './sentences/my.ts';
import { th as thSentences } from './sentences/th.ts';
import { vi as viSentences } from './sentences/vi.ts';
import { zh as zhSentences } from './sentences/zh.ts';
import type { CodeList, Phrases, Sentences } from './vocabulary.ts';

const phrases: Readonly<Record<Language, Phrases>> = {
  en: enPhrases,
  zh: zhPhrases,
  km: kmPhrases,
  lo: loPhrases,
  my: myPhrases,
  th: thPhrases,
  vi: viPhrases,
};

export function phrasesOf(language: Language): Phrases {
  return phrases[language];
}

/** A code in words. One that this release does not know is said as it is written, never left out. */
export function said(list: CodeList, code: string, language: Language): string {
  return wordFor(phrases[language][list], code);
}

/** A code of a form's field in words. */
export function saidOf(field: string, code: string, language: Language): string {
  const { values } = phrases[language];
  return Object.hasOwn(values, field) ? wordFor(values[field as keyof typeof values], code) : code;
}

/** What a form's field is called. */
export function labelOf(field: string, language: Language): string {
  return wordFor(phrases[language].fields, field);
}

function wordFor(list: Readonly<Record<string, string>>, code: string): string {
  // A code comes from abroad: `constructor` is nobody's phrase.
  return Object.hasOwn(list, code) ? list[code]! : code;
}

const sentences: Readonly<Record<Language, Sentences>> = {
  en: enSentences,
  zh: zhSentences,
  km: kmSentences,
  lo: loSentences,
  my: mySentences,
  th: thSentences,
  vi: viSentences,
};

export function sentencesOf(language: Language): Sentences {
  return sentences[language];
}

/** A sentence with its places filled in; what fills one is never read for places again. */
export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{([a-zA-Z]+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : place,
  );
}
