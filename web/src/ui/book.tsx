import type { ReactElement } from 'react';
import { useMemberName } from './member.ts';
import { useWords } from './words.ts';

/** A book's name in words: who may read it. */
export function useBookText(): (book: string) => string {
  const { t } = useWords('terms');
  const nameOf = useMemberName();
  return (book) =>
    book
      .split('+')
      .map((term) => (term === 'domestic' || term === 'alliance' ? t(`terms:audience.${term}`) : nameOf(term)))
      .join(' + ');
}

export function BookName({ book }: { book: string }): ReactElement {
  return <span title={book}>{useBookText()(book)}</span>;
}
