import { Checkbox, Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useView } from '../link/view.ts';
import { languages, nativeNames, type Language } from './words.ts';

/** In which people of a member are usually written to. */
export const ownLanguageOf: Readonly<Record<string, Language>> = {
  cn: 'zh',
  kh: 'km',
  la: 'lo',
  mm: 'my',
  th: 'th',
  vn: 'vi',
};

/** The languages of a letter, kept in the address; `usual` unless somebody chose, and never none. */
export function useLetterLanguages(
  usual: readonly Language[],
): [readonly Language[], (chosen: readonly string[]) => void] {
  const [asked, change] = useView((raw) => ({
    languages: raw['languages']
      ?.split(',')
      .map((one) => languages.find((language) => language === one))
      .filter((one) => one !== undefined),
  }));
  const chosen = asked.languages === undefined || asked.languages.length === 0 ? usual : asked.languages;
  return [chosen, (next) => change({ languages: next.length === 0 ? 'en' : next.join(',') })];
}

/** Chooses the languages of a letter; not printed. */
export function LetterLanguages(props: {
  label: string;
  chosen: readonly Language[];
  choose: (chosen: readonly string[]) => void;
}): ReactElement {
  const { label, chosen, choose } = props;
  return (
    <Checkbox.Group className="letter-controls" label={label} value={[...chosen]} onChange={choose} mb="md">
      <Group gap="md" mt={4}>
        {languages.map((language) => (
          <Checkbox key={language} value={language} label={<span lang={language}>{nativeNames[language]}</span>} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
