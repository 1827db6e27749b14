import { NativeSelect, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { Hold, HoldPage } from '../../../../server/src/funds/hold-contract.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList } from '../../link/lists.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Ago, Countdown } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier, shortId } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { SoughtField } from '../../ui/sought-field.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { HoldStateTag, holdStates } from './hold-state.tsx';

const sorts = ['ending', 'newest'] as const;
/** Whatever ends within the longest time that the server looks ahead. */
const aheadMinutes = 60 * 24 * 366;

const readView = (raw: Readonly<Record<string, string>>) => ({
  sort: oneOf(raw['sort'], sorts) ?? 'ending',
  state: oneOf(raw['state'], holdStates),
  institution: raw['institution'],
  account: raw['account'],
  trace: raw['trace'],
  at: raw['at'],
});

/** Every hold, those whose time runs out first on top. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const go = useGo();
  const [view, change] = useView(readView);
  const { sort, state, institution, account, trace, at } = view;
  useFreshness(['hold'], ['/v1/holds']);
  const list = useList<HoldPage, Hold>('/v1/holds', ({ holds }) => holds, {
    query: { state, institution, account, trace, endingWithin: sort === 'ending' ? aheadMinutes : undefined },
    purpose: 'investigation',
  });
  const columns = useColumns(sort);
  const stateChoices = [
    { value: '', label: t('holds.any-state') },
    ...holdStates.map((one) => ({ value: one, label: said('holdStates', one) })),
  ];
  return (
    <Page title={t('holds.title')} full>
      <div className="filters">
        <SegmentedControl
          aria-label={t('holds.sort')}
          value={sort}
          onChange={(value) => change({ sort: value === 'ending' ? undefined : value })}
          data={sorts.map((value) => ({ value, label: t(`holds.sort.${value}`) }))}
        />
        <NativeSelect
          aria-label={t('holds.state')}
          value={state ?? ''}
          onChange={({ currentTarget }) => change({ state: currentTarget.value })}
          data={stateChoices}
        />
        <SoughtField
          label={t('holds.institution')}
          value={institution ?? ''}
          change={(value) => change({ institution: value })}
        />
        <SoughtField label={t('holds.account')} value={account ?? ''} change={(value) => change({ account: value })} />
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
        label={t('holds.title')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 10.5rem)"
        empty={{ title: t('holds.empty'), hint: t(sort === 'ending' ? 'holds.empty.ending' : 'holds.empty.hint') }}
        selected={at}
        onSelect={(hold) => change({ at: hold.id })}
        onOpen={(hold) => go(`/holds/${hold.id}`)}
        marksNew={sort === 'newest'}
      />
    </Page>
  );
}

const keyOf = ({ id }: Hold): string => id;

function useColumns(sort: (typeof sorts)[number]): readonly Column<Hold>[] {
  const { t } = useWords('funds');
  const format = useFormat();
  return useMemo(() => {
    const columns: readonly Column<Hold>[] = [
      {
        name: 'account',
        title: t('hold.account'),
        cell: ({ id, key, state }) => (
          <>
            <Link to={`/holds/${id}`} className="mono hold-account">
              {captionOf(key)}
            </Link>
            <span className="hold-narrow">
              <HoldStateTag state={state} />
            </span>
          </>
        ),
      },
      {
        name: 'state',
        title: t('holds.state'),
        cell: ({ state }) => <HoldStateTag state={state} />,
        wide: true,
        width: '9rem',
      },
      {
        name: 'clock',
        title: t('hold.until'),
        cell: ({ until, orderedAt }) =>
          until === undefined ? <span className="faint">–</span> : <Countdown until={until} from={orderedAt} />,
        width: '7rem',
      },
      {
        name: 'held',
        title: t('hold.held'),
        cell: ({ held }) => <span className="nowrap">{format.money(held)}</span>,
        end: true,
        width: '7rem',
      },
      {
        name: 'ordered',
        title: t('hold.ordered'),
        cell: ({ ordered, taint, state }) =>
          ordered !== undefined ? (
            <span className="nowrap">{format.money(ordered)}</span>
          ) : state === 'proposed' ? (
            <span className="nowrap soft">{t('holds.may-hold', { amount: format.money(taint) })}</span>
          ) : null,
        end: true,
        wide: true,
        width: '11rem',
      },
      { name: 'institution', title: t('hold.institution'), cell: ({ institution }) => institution ?? '–', wide: true },
      {
        name: 'trace',
        title: t('hold.trace'),
        cell: ({ trace }) => <Identifier of={`trace:${trace}`} />,
        wide: true,
        width: '7rem',
      },
      ...(sort === 'newest'
        ? [
            {
              name: 'at',
              title: t('hold.proposed-at'),
              cell: ({ proposedAt }: Hold) => <Ago at={proposedAt} />,
              wide: true,
              width: '8rem',
            },
          ]
        : []),
    ];
    return columns;
  }, [t, format, sort]);
}
