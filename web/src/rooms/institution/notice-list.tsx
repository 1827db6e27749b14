import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { NoticeList } from '../../../../server/src/funds/hold-contract.ts';
import { useView, useGo } from '../../link/view.ts';
import { wholeList } from '../../link/whole-list.ts';
import { Ago, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import { noticesQuery } from './waiting.ts';

type Due = NoticeList['notices'][number];

/** Whom of its customers the institution is to tell that their money is held, the oldest first. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const go = useGo();
  const [{ at }, change] = useView((raw) => ({ at: raw['at'] }));
  const query = useQuery(noticesQuery);
  const columns = useColumns();
  return (
    <Page title={t('notices.title')} full>
      <p className="soft" style={{ marginBlockStart: 0 }}>
        {t('notices.what')}
      </p>
      <List
        label={t('notices.title')}
        list={wholeList(query, query.data?.notices ?? [])}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 9.5rem)"
        empty={{ title: t('notices.none'), hint: t('notices.none.hint') }}
        selected={at}
        onSelect={({ hold }) => change({ at: hold })}
        onOpen={({ hold }) => go(`/institution/notices/${hold}`)}
        marksNew
      />
    </Page>
  );
}

const keyOf = ({ hold }: Due): string => hold;

function useColumns(): readonly Column<Due>[] {
  const { t } = useWords('institution');
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'account',
        title: t('notices.account'),
        cell: ({ account }: Due) => <Identifier of={account} plain />,
      },
      {
        name: 'letter',
        title: t('notices.letter'),
        cell: ({ hold }: Due) => <Link to={`/institution/notices/${hold}`}>{t('notices.open')}</Link>,
        width: '9rem',
      },
      {
        name: 'amount',
        title: t('notices.amount'),
        cell: ({ amount }: Due) => <span className="nowrap">{format.money(amount)}</span>,
        end: true,
        width: '11rem',
      },
      {
        name: 'until',
        title: t('notices.until'),
        cell: ({ until }: Due) => (until === undefined ? '–' : <Instant at={until} short />),
        wide: true,
        width: '10rem',
      },
      {
        name: 'made',
        title: t('notices.made'),
        cell: ({ madeAt }: Due) => <Ago at={madeAt} />,
        wide: true,
        width: '9rem',
      },
    ],
    [t, format],
  );
}
