import { Button, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { Appeal } from '../../../../server/src/redress/contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { captionOf } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { AppealedAct, appealStates, AppealStateTag } from './appeal-act.tsx';

interface AppealPage {
  readonly appeals: readonly Appeal[];
  readonly next?: string;
}

/** Appeals by state, the most pressing first. */
export function Screen(): ReactElement {
  const { t } = useWords('redress');
  const may = useMay();
  return (
    <Page
      title={t('list.title')}
      full
      acts={
        may('redress.lodge') ? (
          <Button variant="default" renderRoot={(props) => <Link to="/appeals/new" {...props} />}>
            {t('list.lodge')}
          </Button>
        ) : undefined
      }
    >
      {may('redress.decide') ? <Appeals /> : <Empty title={t('list.not-yours')}>{t('list.not-yours.hint')}</Empty>}
    </Page>
  );
}

function Appeals(): ReactElement {
  const { t } = useWords('redress');
  const go = useGo();
  const [{ state, at }, change] = useView((raw) => ({
    state: oneOf(raw['state'], appealStates) ?? 'lodged',
    at: raw['at'],
  }));
  const list = useList<AppealPage, Appeal>('/v1/appeals', ({ appeals }) => appeals, {
    query: { state },
    purpose: 'appeal',
    refetchMs: 30_000,
  });
  const columns = useColumns();
  return (
    <>
      <div className="filters">
        <SegmentedControl
          aria-label={t('appeal.state')}
          value={state}
          onChange={(value) => change({ state: value === 'lodged' ? undefined : value })}
          data={appealStates.map((value) => ({ value, label: t(`terms:appealState.${value}`) }))}
        />
      </div>
      <List
        label={t('list.title')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 10.5rem)"
        empty={{ title: t(`list.empty.${state}`), hint: t('list.empty.hint') }}
        selected={at}
        onSelect={(appeal) => change({ at: appeal.id })}
        onOpen={(appeal) => go(`/appeals/${appeal.id}`)}
      />
    </>
  );
}

const keyOf = ({ id }: Appeal): string => id;

function useColumns(): readonly Column<Appeal>[] {
  const { t } = useWords('redress');
  return useMemo(
    () => [
      {
        name: 'subject',
        title: t('appeal.subject'),
        cell: ({ id, subject }: Appeal) => (
          <Link to={`/appeals/${id}`} className="mono">
            {captionOf(subject)}
          </Link>
        ),
      },
      { name: 'act', title: t('appeal.act'), cell: (appeal: Appeal) => <AppealedAct appeal={appeal} />, width: '7rem' },
      {
        name: 'clock',
        title: t('appeal.decide-by'),
        cell: ({ state, decideBy, lodgedAt, decidedAt }: Appeal) =>
          state === 'lodged' ? (
            <Countdown until={decideBy} from={lodgedAt} />
          ) : decidedAt === undefined ? null : (
            <Instant at={decidedAt} short />
          ),
        width: '9rem',
      },
      {
        name: 'state',
        title: t('appeal.state'),
        cell: ({ state }: Appeal) => <AppealStateTag state={state} />,
        width: '8rem',
      },
      { name: 'appellant', title: t('appeal.appellant'), cell: ({ appellant }: Appeal) => appellant, wide: true },
      {
        name: 'at',
        title: t('appeal.lodged-at'),
        cell: ({ lodgedAt }: Appeal) => <Instant at={lodgedAt} short />,
        wide: true,
        width: '9rem',
      },
    ],
    [t],
  );
}
