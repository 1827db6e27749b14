import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import { requestKinds } from '@bronze-drum/protocol/requests';
import type { Scorecard } from '../../../../server/src/liaison/contract.ts';
import { get } from '../../link/call.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useFormat } from '../../ui/format.ts';
import { dayStartMs } from '../../ui/local-time.ts';
import { useThisMinute } from '../../ui/now.ts';
import { Page } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { Empty, Shown } from '../../ui/states.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { ScoreBars, ScoreMatrix, ScoreTable } from './score-views.tsx';
import './liaison.css';
import './scorecard.css';

const periods = ['7', '30', '90', '365'] as const;
const measures = ['acknowledged', 'answered'] as const;
const shapes = ['matrix', 'bars', 'table'] as const;

/** How soon requests are acknowledged and answered. Only pairs that this member is one of are known here. */
export function Screen(): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const format = useFormat();
  const { preferences } = usePreferences();
  const [view, change] = useView((raw) => ({
    days: oneOf(raw['days'], periods) ?? '30',
    measure: oneOf(raw['measure'], measures) ?? 'acknowledged',
    shape: oneOf(raw['shape'], shapes) ?? 'matrix',
    kind: oneOf(raw['kind'], requestKinds),
  }));
  const todayMs = dayStartMs(useThisMinute(), preferences.timeZone);
  const query = useMemo(
    () => ({ from: new Date(dayStartMs(todayMs, preferences.timeZone, 1 - Number(view.days))).toISOString() }),
    [todayMs, preferences.timeZone, view.days],
  );
  const scores = useQuery({
    queryKey: ['/v1/liaison/scorecard', query],
    queryFn: ({ signal }) => get<Scorecard>('/v1/liaison/scorecard', { query, purpose: 'request', signal }),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  });
  const any = { value: '', label: t('filter.any') };
  return (
    <Page title={t('scorecard')}>
      <div className="filters">
        <NativeSelect
          label={t('score.period')}
          value={view.days}
          data={periods.map((value) => ({ value, label: t('score.days', { count: Number(value) }) }))}
          onChange={(event) => change({ days: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('filter.kind')}
          value={view.kind ?? ''}
          data={[any, ...requestKinds.map((value) => ({ value, label: said('requestKinds', value) }))]}
          onChange={(event) => change({ kind: event.currentTarget.value })}
        />
        <SegmentedControl
          aria-label={t('score.measure')}
          value={view.measure}
          data={measures.map((value) => ({ value, label: t(`score.${value}`) }))}
          onChange={(measure) => change({ measure })}
        />
        <SegmentedControl
          aria-label={t('score.shape')}
          value={view.shape}
          data={shapes.map((value) => ({ value, label: t(`score.${value}`) }))}
          onChange={(shape) => change({ shape })}
        />
      </div>
      <Shown query={scores}>
        {({ rows, from, until }) => {
          const shown = rows.filter(({ kind }) => view.kind === undefined || kind === view.kind);
          return (
            <div className="liaison-scores">
              <p className="soft liaison-foot">
                {t('score.what', { from: format.day(from), until: format.instant(until) })}
              </p>
              {shown.length === 0 ? (
                <Empty title={t('empty.scores')}>
                  <span>{t('empty.scores.hint')}</span>
                </Empty>
              ) : view.shape === 'table' ? (
                <ScoreTable rows={shown} />
              ) : view.shape === 'bars' ? (
                <ScoreBars rows={shown} measure={view.measure} />
              ) : (
                <ScoreMatrix rows={shown} measure={view.measure} />
              )}
              <p className="faint liaison-foot">{t('score.few.what')}</p>
            </div>
          );
        }}
      </Shown>
    </Page>
  );
}
