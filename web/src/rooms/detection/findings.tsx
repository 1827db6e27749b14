import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import type { Finding, FindingPage } from '../../../../server/src/detection/contract.ts';
import { get } from '../../link/call.ts';
import type { LoadedList } from '../../link/lists.ts';
import { useGo, useView } from '../../link/view.ts';
import { Ago } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { useReasonText } from '../../ui/reason.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

const path = '/v1/detection/findings';
const keyOf = ({ id }: Finding): string => id;

/** Paged by a number and not by a text, so with a query of its own. */
function useFindings(detector: string): LoadedList<Finding> {
  const query = { detector };
  const result = useInfiniteQuery({
    queryKey: [path, query],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      get<FindingPage>(path, { query: { ...query, before: pageParam }, purpose: 'investigation', signal }),
    getNextPageParam: (page: FindingPage) => page.next,
  });
  return {
    items: result.data?.pages.flatMap(({ findings }) => findings) ?? [],
    isLoading: result.isPending,
    error: result.data === undefined ? result.error : null,
    isStale: result.data !== undefined && result.isError,
    readAtMs: result.dataUpdatedAt,
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    more: () => void result.fetchNextPage(),
    again: () => void result.refetch(),
  };
}

/** What a detector found, newest first. */
export function Findings({ detector }: { detector: string }): ReactElement {
  const { t } = useWords('detection');
  const go = useGo();
  const list = useFindings(detector);
  const [{ finding }, change] = useView((raw) => ({ finding: raw['finding'] }));
  return (
    <List
      label={t('findings.title')}
      list={list}
      columns={useColumns()}
      keyOf={keyOf}
      selected={finding}
      onSelect={({ id }) => change({ finding: id })}
      onOpen={({ subject }) => go(`/identifiers/${encodeURIComponent(subject)}`)}
      empty={{ title: t('findings.empty'), hint: t('findings.empty.hint') }}
      height="75vh"
    />
  );
}

function useColumns(): readonly Column<Finding>[] {
  const { t } = useWords('detection');
  const format = useFormat();
  const reasonText = useReasonText();
  return useMemo(
    () => [
      {
        name: 'subject',
        title: t('findings.subject'),
        cell: ({ subject, detector, facts, mode, institution }) => (
          <div className="detection-name">
            <Identifier of={subject} /> <span className="faint">{t('findings.by', { institution })}</span>{' '}
            {mode === 'shadow' ? <Tag tone="indigo">{t('findings.shadow')}</Tag> : null}
            <div className="soft detection-what">{reasonText({ code: `detection.${detector}`, params: facts })}</div>
          </div>
        ),
      },
      {
        name: 'strength',
        title: t('findings.strength'),
        width: '6rem',
        end: true,
        wide: true,
        cell: ({ strength }) => format.percent(strength),
      },
      { name: 'at', title: t('findings.at'), width: '6.5rem', end: true, cell: ({ at }) => <Ago at={at} /> },
    ],
    [t, format, reasonText],
  );
}
