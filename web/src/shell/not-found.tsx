import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Empty } from '../ui/states.tsx';
import { useWords } from '../ui/words.ts';

export function NotFound(): ReactElement {
  const { t } = useWords('shell');
  return (
    <Empty title={t('not-found.title')}>
      <Link to="/">{t('not-found.back')}</Link>
    </Empty>
  );
}
