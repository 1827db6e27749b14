import { describe, expect, test } from 'vitest';
import { languages, type Language } from '../languages.ts';
import { foundingMembers } from '../members.ts';
import * as orders from '../orders.ts';
import * as requests from '../requests.ts';
import * as listing from '../statements/listing.ts';
import { requestDeeds } from '../statements/request.ts';
import { holdStates, placeEnds } from '../statements/trace-report.ts';
import { handlingConditions } from '../handling.ts';
import { labelOf, phrasesOf, said, saidOf, sentencesOf } from './said.ts';
import type { CodeList } from './vocabulary.ts';

const lists: Readonly<Partial<Record<CodeList, readonly string[]>>> = {
  members: foundingMembers,
  requestKinds: requests.requestKinds,
  requestRefusals: requests.requestRefusals,
  purposes: requests.requestPurposes,
  priorities: requests.requestPriorities,
  requestStates: requests.requestStates,
  deeds: requestDeeds,
  offences: listing.offences,
  typologies: listing.typologies,
  tiers: listing.tiers,
  orderKinds: orders.orderKinds,
  orderStates: orders.orderStates,
  orderOutcomes: orders.orderOutcomes,
  orderRefusals: orders.orderRefusals,
  orderEnds: orders.orderEnds,
  holdStates,
  placeEnds,
  conditions: handlingConditions,
};

const scripts: Readonly<Record<Language, RegExp>> = {
  en: /[a-z]/i,
  zh: /\p{Script=Han}/u,
  km: /\p{Script=Khmer}/u,
  lo: /\p{Script=Lao}/u,
  my: /\p{Script=Myanmar}/u,
  th: /\p{Script=Thai}/u,
  vi: /\p{Script=Latin}/u,
};
/** Of the other scripts of the seven not a letter: a phrase pasted into the wrong file is found. */
const foreign = (language: Language): RegExp[] =>
  (['zh', 'km', 'lo', 'my', 'th'] as const).filter((one) => one !== language).map((one) => scripts[one]);

/** Every phrase of a language as [path, words]. */
function wordsIn(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([name, words]): [string, string][] =>
    typeof words === 'string' ? [[`${path}${name}`, words]] : wordsIn(words as object, `${path}${name}.`),
  );
}
const wordsOf = (language: Language): Map<string, string> =>
  new Map([...wordsIn(phrasesOf(language)), ...wordsIn(sentencesOf(language), 'sentences.')]);
const english = wordsOf('en');

describe.each(languages)('in %s', (language) => {
  const words = wordsOf(language);

  test('everything is said that is said in English, and nothing is empty or has loose ends', () => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [path, phrase] of words) {
      expect(phrase.trim(), path).toBe(phrase);
      expect(phrase, path).not.toBe('');
      expect(phrase.normalize('NFC'), path).toBe(phrase);
    }
  });

  test('every phrase is in the script of the language and in no other of the seven', () => {
    for (const [path, phrase] of words) {
      expect(phrase, path).toMatch(scripts[language]);
      for (const script of foreign(language)) expect(phrase, path).not.toMatch(script);
    }
  });

  test('every code of every closed list has its own words', () => {
    for (const [list, codes] of Object.entries(lists)) {
      const phrases = codes.map((code) => {
        const phrase = said(list as CodeList, code, language);
        expect(Object.hasOwn(phrasesOf(language)[list as CodeList], code), `${list}.${code}`).toBe(true);
        return phrase;
      });
      expect(new Set(phrases).size, list).toBe(codes.length);
    }
  });

  test('no two codes of one list, and no two labels of one form, are said alike', () => {
    const { values, fields: _fields, ...rest } = phrasesOf(language);
    for (const [list, phrases] of [...Object.entries(rest), ...Object.entries(values)]) {
      const all = Object.values(phrases);
      expect(new Set(all).size, list).toBe(all.length);
    }
    for (const form of [...Object.values(requests.requestForms), requests.answerForm]) {
      const labels = Object.keys(form).map((name) => labelOf(name, language));
      expect(new Set(labels).size, labels.join()).toBe(labels.length);
    }
    expect(sentencesOf(language).yes).not.toBe(sentencesOf(language).no);
  });

  test('every code of every field of every form has words', () => {
    for (const form of [...Object.values(requests.requestForms), requests.answerForm]) {
      for (const [name, field] of Object.entries(form)) {
        expect(labelOf(name, language), name).not.toBe(name);
        for (const code of 'codes' in field ? (field.codes as readonly string[]) : []) {
          const { values } = phrasesOf(language);
          expect(Object.hasOwn(values, name) && Object.hasOwn(values[name as 'done'], code), `${name}.${code}`).toBe(
            true,
          );
        }
      }
    }
  });

  test('a sentence has the same places as in English, each once, and no other braces', () => {
    const placesOf = (phrase: string): string[] => (phrase.match(/\{[a-zA-Z]+\}/g) ?? []).sort();
    for (const [path, phrase] of words) {
      expect(placesOf(phrase), path).toEqual(placesOf(english.get(path)!));
      expect(phrase.replace(/\{[a-zA-Z]+\}/g, ''), path).not.toMatch(/[{}]/);
    }
  });
});

test('what is sent in English is ASCII', () => {
  for (const [path, phrase] of english) expect(phrase, path).toMatch(/^[\x20-\x7e]+$/);
});

test('no phrase of another language was left in English', () => {
  for (const language of languages.filter((one) => one !== 'en')) {
    const same = [...wordsOf(language)].filter(([path, phrase]) => phrase === english.get(path));
    expect(same, language).toEqual([]);
  }
});

test('a code that this release does not know is said as it is, whatever it is called', () => {
  for (const code of ['newer-code', 'constructor', '__proto__', 'toString']) {
    expect(said('orderEnds', code, 'th')).toBe(code);
    expect(saidOf('done', code, 'th')).toBe(code);
    expect(saidOf(code, 'held', 'th')).toBe('held');
    expect(labelOf(code, 'th')).toBe(code);
  }
});
