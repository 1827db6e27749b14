import type { ReactElement } from 'react';
import { useWords } from '../ui/words.ts';
import { ByCode, Door } from './sign-in.tsx';

/** Nobody has ever signed in here: the first administrator begins with the code that the server printed. */
export function SetUp({ member }: { member: string }): ReactElement {
  const { t } = useWords('shell');
  return (
    <Door member={member}>
      <h2>{t('set-up.title')}</h2>
      <p>{t('set-up.text')}</p>
      <ByCode />
    </Door>
  );
}
