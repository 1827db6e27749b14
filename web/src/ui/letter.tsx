import { Button } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useWords } from './words.ts';
import './letter.css';

/** A sheet of paper on screen; printed, it is all that is on the page. */
export function Letter({ children }: { children: ReactNode }): ReactElement {
  return <article className="letter">{children}</article>;
}

export function PrintButton(): ReactElement {
  const { t } = useWords('ui');
  return (
    <Button variant="default" onClick={() => print()}>
      {t('print')}
    </Button>
  );
}
