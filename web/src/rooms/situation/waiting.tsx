import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useAlertCounts, useToDecide } from '../../link/counts.ts';
import { useMay } from '../../link/session.ts';
import { useFormat } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { PriorityTag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { useAppeals, useLateRequests, useMyAlerts, useMyRequests } from './readings.ts';
import { isAwaited } from './running.ts';

const priorities = ['P1', 'P2', 'P3', 'P4'] as const;
/** From here on the server counts no further. */
const countMax = 10_000;

/** Open alerts by priority: how many nobody has taken yet, and how many are in hand. */
export function OpenAlerts(): ReactElement {
  const { t } = useWords('situation');
  const format = useFormat();
  const query = useAlertCounts();
  return (
    <Panel className="situation-priorities" title={t('alerts.title')}>
      <Shown query={query}>
        {({ counts }) => {
          const sum = (priority: string, isNew: boolean): number =>
            counts
              .filter((one) => one.priority === priority && (one.state === 'new') === isNew)
              .reduce((all, { count }) => all + count, 0);
          const text = (count: number): string =>
            count >= countMax ? t('at-least', { count: format.number(count) }) : format.number(count);
          return (
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('alerts.priority')}</th>
                  <th scope="col" className="end">
                    {t('terms:alertState.new')}
                  </th>
                  <th scope="col" className="end">
                    {t('alerts.in-hand')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {priorities.map((priority) => (
                  <tr key={priority}>
                    <td>
                      <Link to={`/alerts?priority=${priority}`} preload={false}>
                        <PriorityTag priority={priority} />
                      </Link>
                    </td>
                    <td className="end">{text(sum(priority, true))}</td>
                    <td className="end soft">{text(sum(priority, false))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          );
        }}
      </Shown>
    </Panel>
  );
}

interface Waiting {
  readonly name: string;
  readonly path: string;
  /** Undefined while it is not known. */
  readonly count: number | undefined;
  readonly hasMore: boolean;
}

/** What waits for this very officer. */
export function WaitingForMe(): ReactElement {
  const { t } = useWords('situation');
  const format = useFormat();
  const lines = useWaiting();
  return (
    <Panel className="situation-waiting" title={t('mine.title')}>
      <ul>
        {lines.map(({ name, path, count, hasMore }) => (
          <li key={name} className={count === undefined || count === 0 ? 'none' : ''}>
            <Link to={path} preload={false}>
              {t(`mine.${name}`)}
            </Link>
            <span>
              {count === undefined
                ? '–'
                : hasMore
                  ? t('at-least', { count: format.number(count) })
                  : format.number(count)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function useWaiting(): readonly Waiting[] {
  const may = useMay();
  const toDecide = useToDecide().data;
  const appeals = useAppeals().data;
  const alerts = useMyAlerts().data;
  const mine = useMyRequests().data;
  const late = useLateRequests().data;
  return [
    {
      name: 'decide',
      path: '/approvals',
      count: toDecide?.approvals.length,
      hasMore: toDecide?.next !== undefined,
    },
    ...(may('alerts.handle')
      ? [
          {
            name: 'alerts',
            path: '/alerts?whose=mine',
            count: alerts?.alerts.length,
            hasMore: alerts?.next !== undefined,
          },
        ]
      : []),
    ...(may('liaison.answer')
      ? [
          {
            name: 'requests',
            path: '/requests?mine=true',
            count: mine?.requests.filter(isAwaited).length,
            hasMore: mine?.next !== undefined,
          },
        ]
      : []),
    ...(may('liaison.read')
      ? [
          {
            name: 'overdue',
            path: '/requests?overdue=true',
            count: late?.requests.length,
            hasMore: late?.next !== undefined,
          },
        ]
      : []),
    ...(may('redress.decide')
      ? [{ name: 'appeals', path: '/appeals', count: appeals?.appeals.length, hasMore: appeals?.next !== undefined }]
      : []),
  ];
}
