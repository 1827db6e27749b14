import { languages, type Language } from '@bronze-drum/protocol/languages';

const isLanguage = (text: string): text is Language => (languages as readonly string[]).includes(text);

/** The language that was asked for by name, else the one that the browser likes best of those that there are, else English. */
export function chosenLanguage(asked: string | null, accepted: string | undefined): Language {
  if (asked !== null && isLanguage(asked)) return asked;
  const liked = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';');
      const weight = rest.map((one) => one.trim()).find((one) => one.startsWith('q='));
      return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    });
  const known = liked.filter(({ language, weight }) => isLanguage(language) && weight > 0);
  return (known.sort((a, b) => b.weight - a.weight)[0]?.language as Language | undefined) ?? 'en';
}
