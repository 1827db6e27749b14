import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { get } from '../../link/call.ts';
import { useInstitution } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { timeZoneOf } from '../../ui/format.ts';
import { LetterLanguages, ownLanguageOf, useLetterLanguages } from '../../ui/letter-languages.tsx';
import { PrintButton } from '../../ui/letter.tsx';
import { OrderSheet } from '../../ui/orders/order-sheet.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';

/** The order on paper, for the file. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const id = useParam('id');
  const { member } = useInstitution();
  const [chosen, choose] = useLetterLanguages([ownLanguageOf[member] ?? 'en']);
  const path = `/v1/orders/${id}`;
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<OrderDetails>(path, { signal }) });
  return (
    <Page
      title={t('order.letter')}
      acts={
        <>
          <Link to={`/institution/orders/${id}`}>{t('letter.back')}</Link>
          <PrintButton />
        </>
      }
    >
      <LetterLanguages label={t('letter.languages')} chosen={chosen} choose={choose} />
      <Shown query={query}>
        {({ order }) => (
          <>
            {chosen.map((language) => (
              <OrderSheet key={language} order={order} language={language} timeZone={timeZoneOf[member] ?? 'UTC'} />
            ))}
          </>
        )}
      </Shown>
    </Page>
  );
}
