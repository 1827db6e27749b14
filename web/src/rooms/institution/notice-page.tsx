import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Notice, NoticeDelivered } from '../../../../server/src/funds/hold-contract.ts';
import { get, post } from '../../link/call.ts';
import { useInstitution } from '../../link/session.ts';
import { useGo, useParam } from '../../link/view.ts';
import { ActButton } from '../../ui/act.tsx';
import { LetterLanguages, ownLanguageOf, useLetterLanguages } from '../../ui/letter-languages.tsx';
import { Letter, PrintButton } from '../../ui/letter.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { noticesQuery } from './waiting.ts';

/** The letter to a customer whose money is held; once it was delivered, that is said. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const go = useGo();
  const id = useParam('id');
  const { member } = useInstitution();
  const [chosen, choose] = useLetterLanguages([...new Set([ownLanguageOf[member] ?? 'en', 'en'] as const)]);
  const path = `/v1/holds/${id}/notice`;
  const query = useQuery({
    queryKey: [path, chosen.join(',')],
    queryFn: ({ signal }) => get<Notice>(path, { query: { languages: chosen.join(',') }, signal }),
  });
  const due = useQuery(noticesQuery);
  // Whoever comes back to a letter that is delivered reads it, and has no more to do.
  const isDue = due.data?.notices.some(({ hold }) => hold === id) ?? false;
  return (
    <Page
      title={t('notice.title')}
      acts={
        <>
          <Link to="/institution/notices">{t('notice.back')}</Link>
          <PrintButton />
          {isDue ? (
            <ActButton
              variant="filled"
              act={() => post<NoticeDelivered>(`/v1/holds/${id}/notice/delivered`)}
              done={t('notice.done')}
              touches={[noticesQuery.queryKey[0]]}
              after={() => go('/institution/notices')}
              confirm={{ title: t('notice.deliver'), text: t('notice.deliver.text'), yes: t('notice.deliver.yes') }}
            >
              {t('notice.deliver')}
            </ActButton>
          ) : null}
        </>
      }
    >
      <LetterLanguages label={t('letter.languages')} chosen={chosen} choose={choose} />
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
