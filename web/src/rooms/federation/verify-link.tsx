import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useWords } from '../../ui/words.ts';

/** To one entry of our own book, where its proof is checked. */
export function VerifyLink({ book, number }: { book: string; number: number }): ReactElement {
  const { t } = useWords('federation');
  return (
    <Link to="/journal" search={{ at: `own/${book}`, number: String(number) }}>
      {t('receipts.verify')}
    </Link>
  );
}
