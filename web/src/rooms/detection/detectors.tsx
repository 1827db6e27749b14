import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { DetectorState } from '../../../../server/src/detection/contract.ts';
import { wholeList } from '../../link/whole-list.ts';
import { useGo, useView } from '../../link/view.ts';
import { useFormat } from '../../ui/format.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { PriorityTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { Drift, ModeTag, Precision } from './precision.tsx';
import { ReplayList } from './replays.tsx';
import { useDetectors } from './states.ts';
import './detection.css';

const keyOf = ({ name }: DetectorState): string => name;

/** All detectors: what each sees, how much it finds, how often it was right. */
export function Screen(): ReactElement {
  const { t } = useWords('detection');
  const go = useGo();
  const query = useDetectors();
  const [{ selected }, change] = useView((raw) => ({ selected: raw['selected'] }));
  return (
    <Page title={t('title')} beside={<Load query={query.data} />}>
      <div className="detection-page">
        <List
          label={t('title')}
          list={wholeList(query, query.data?.detectors ?? [])}
          columns={useColumns()}
          keyOf={keyOf}
          selected={selected}
          onSelect={({ name }) => change({ selected: name })}
          onOpen={({ name }) => go(`/detectors/${name}`)}
          empty={{ title: t('empty') }}
          height="70vh"
        />
        <ReplayList />
      </div>
    </Page>
  );
}

/** What they see: records of late, and what is kept in memory. */
function Load({ query }: { query: ReturnType<typeof useDetectors>['data'] }): ReactElement | null {
  const { t } = useWords('detection');
  const format = useFormat();
  if (query === undefined) return null;
  const { records, state } = query;
  return (
    <span className="soft">
      {t('load', {
        day: format.number(records.day),
        week: format.number(records.week),
        accounts: format.number(state.accounts),
      })}
    </span>
  );
}

function useColumns(): readonly Column<DetectorState>[] {
  const { t } = useWords('detection');
  const said = useSaid();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'name',
        title: t('column.name'),
        cell: ({ name, typology }) => (
          <div className="detection-name">
            <Link to={`/detectors/${name}`}>{t(`terms:detector.${name}`)}</Link>{' '}
            <span className="faint">{said('typologies', typology)}</span>
            <div className="soft detection-what">{t(`terms:detector.${name}.what`)}</div>
          </div>
        ),
      },
      { name: 'mode', title: t('column.mode'), width: '1%', wide: true, cell: ({ mode }) => <ModeTag mode={mode} /> },
      {
        name: 'urgency',
        title: t('column.urgency'),
        width: '1%',
        wide: true,
        cell: ({ urgency }) => <PriorityTag priority={`P${urgency}`} />,
      },
      {
        name: 'day',
        title: t('column.day'),
        width: '5rem',
        end: true,
        cell: ({ findings }) => format.number(findings.day),
      },
      {
        name: 'week',
        title: t('column.week'),
        width: '5rem',
        end: true,
        wide: true,
        cell: ({ findings }) => format.number(findings.week),
      },
      {
        name: 'precision',
        title: t('column.precision'),
        width: '14rem',
        wide: true,
        cell: ({ judged }) => <Precision judged={judged} />,
      },
      {
        name: 'drift',
        title: t('column.drift'),
        width: '11rem',
        wide: true,
        cell: ({ drift }) => <Drift drift={drift} />,
      },
    ],
    [t, said, format],
  );
}
