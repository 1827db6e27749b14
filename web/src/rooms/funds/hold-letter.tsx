import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Notice } from '../../../../server/src/funds/hold-contract.ts';
import { get } from '../../link/call.ts';
import { useOfficer } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { LetterLanguages, ownLanguageOf, useLetterLanguages } from '../../ui/letter-languages.tsx';
import { Letter, PrintButton } from '../../ui/letter.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';

/** The letter to the person whose money is held, in the languages that they may read, to print. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const id = useParam('id');
  const { member } = useOfficer();
  const [chosen, choose] = useLetterLanguages([...new Set([ownLanguageOf[member] ?? 'en', 'en'] as const)]);
  const path = `/v1/holds/${id}/notice`;
  const query = useQuery({
    queryKey: [path, chosen.join(',')],
    queryFn: ({ signal }) =>
      get<Notice>(path, { query: { languages: chosen.join(',') }, purpose: 'investigation', signal }),
  });
  return (
    <Page
      title={t('hold.letter')}
      acts={
        <>
          <Link to={`/holds/${id}`}>{t('hold.letter.back')}</Link>
          <PrintButton />
        </>
      }
    >
      <LetterLanguages label={t('hold.letter.languages')} chosen={chosen} choose={choose} />
      <Shown query={query}>
        {({ subject, text }) => (
          <Letter>
            <h2>{subject}</h2>
            <p>{text}</p>
          </Letter>
        )}
      </Shown>
    </Page>
  );
}
