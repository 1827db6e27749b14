import { useQuery } from '@tanstack/react-query';
import type { Phrases, Sentences } from '@bronze-drum/protocol/rendering/vocabulary';
import type { Language } from './words.ts';

/** What the protocol says in one language, beside the one in which the desk is read. */
export interface OtherWords {
  readonly phrases: Phrases;
  readonly sentences: Sentences;
}

const phraseFiles = import.meta.glob<Record<string, Phrases>>('../../../protocol/rendering/phrases/*.ts');
const sentenceFiles = import.meta.glob<Record<string, Sentences>>('../../../protocol/rendering/sentences/*.ts');
const fontFiles = import.meta.glob('./fonts/*.css');

/** The phrases and labels of a language, with its font; undefined while they are on their way. */
export function useOtherWords(language: Language): OtherWords | undefined {
  const { data } = useQuery({
    queryKey: ['other-words', language],
    staleTime: Infinity,
    queryFn: async (): Promise<OtherWords> => {
      const [phrases, sentences] = await Promise.all([
        phraseFiles[`../../../protocol/rendering/phrases/${language}.ts`]!(),
        sentenceFiles[`../../../protocol/rendering/sentences/${language}.ts`]!(),
        fontFiles[`./fonts/${language}.css`]?.(),
      ]);
      return { phrases: phrases[language]!, sentences: sentences[language]! };
    },
  });
  return data;
}

/** A code of one of its lists, or the code itself. */
export const wordOf = (list: object | undefined, code: string): string =>
  list !== undefined && Object.hasOwn(list, code) ? String((list as Readonly<Record<string, string>>)[code]) : code;
