import { Button, NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { ReturnPage } from '../../../../server/src/funds/return-contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { shortId } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import { ReturnStateTag, returnStates } from './return-state.tsx';

type Summary = ReturnPage['returns'][number];

/** Money on its way back to those from whom it was stolen. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const go = useGo();
  const may = useMay();
  const [{ state, trace, at }, change] = useView((raw) => ({
    state: oneOf(raw['state'], returnStates),
    trace: raw['trace'],
    at: raw['at'],
  }));
  const list = useList<ReturnPage, Summary>('/v1/returns', ({ returns }) => returns, {
    query: { state, trace },
    purpose: 'investigation',
    refetchMs: 60_000,
  });
  const columns = useColumns();
  return (
    <Page
      title={t('returns.title')}
      full
      acts={
        may('funds.return') ? (
          <Button variant="default" renderRoot={(props) => <Link to="/returns/new" {...props} />}>
            {t('return.open')}
          </Button>
        ) : undefined
      }
    >
      <div className="filters">
        <NativeSelect
          aria-label={t('returns.state')}
          value={state ?? ''}
          onChange={({ currentTarget }) => change({ state: currentTarget.value })}
          data={[
            { value: '', label: t('returns.any-state') },
            ...returnStates.map((value) => ({ value, label: t(`terms:returnState.${value}`) })),
          ]}
        />
        {trace === undefined ? null : (
          <span>
            {t('holds.of-trace')} <Link to={`/traces/${trace}`}>{shortId(trace)}</Link>{' '}
            <button type="button" className="link-button" onClick={() => change({ trace: undefined })}>
              {t('holds.all-traces')}
            </button>
          </span>
        )}
      </div>
      <List
        label={t('returns.title')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 10.5rem)"
        empty={{ title: t('returns.empty'), hint: t('returns.empty.hint') }}
        selected={at}
        onSelect={(found) => change({ at: found.id })}
        onOpen={(found) => go(`/returns/${found.id}`)}
      />
    </Page>
  );
}

const keyOf = ({ id }: Summary): string => id;

function useColumns(): readonly Column<Summary>[] {
  const { t } = useWords('funds');
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'id',
        title: t('return.title'),
        cell: ({ id }: Summary) => (
          <Link to={`/returns/${id}`} className="mono">
            {shortId(id)}
          </Link>
        ),
        width: '7rem',
      },
      {
        name: 'state',
        title: t('returns.state'),
        cell: ({ state }: Summary) => <ReturnStateTag state={state} />,
        width: '10rem',
      },
      {
        name: 'claimed',
        title: t('return.claimed'),
        cell: ({ claimed }: Summary) => (
          <span className="nowrap">{claimed.map((money) => format.money(money)).join(' + ')}</span>
        ),
        end: true,
      },
      {
        name: 'paid',
        title: t('return.paid-of'),
        cell: ({ paid, claims }: Summary) => t('return.paid-of.value', { paid, claims }),
        end: true,
        width: '8rem',
      },
      {
        name: 'until',
        title: t('return.claims-until'),
        cell: ({ state, claimsUntil, openedAt }: Summary) =>
          state === 'open' ? <Countdown until={claimsUntil} from={openedAt} /> : <Instant at={claimsUntil} short />,
        wide: true,
      },
      {
        name: 'traces',
        title: t('return.traces'),
        cell: ({ traces }: Summary) => format.number(traces.length),
        end: true,
        wide: true,
        width: '6rem',
      },
      {
        name: 'at',
        title: t('return.opened-at'),
        cell: ({ openedAt }: Summary) => <Instant at={openedAt} short />,
        wide: true,
        width: '9rem',
      },
    ],
    [t, format],
  );
}
