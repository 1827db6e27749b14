import { useMemo, type ReactElement } from 'react';
import type { RefusalLine, RefusalPage } from '../../../../server/src/federation/contract.ts';
import { Refused } from '../../link/call.ts';
import { useList } from '../../link/lists.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { List, type Column } from '../../ui/list.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { MemberName } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

const keyOf = ({ party, code, minute }: RefusalLine): string => `${party} ${code} ${minute}`;

/** What other parties asked for and did not get, by minute. */
export function RefusedCalls(props: {
  from: string | undefined;
  to: string | undefined;
  reader: string | undefined;
}): ReactElement {
  const { t } = useWords('federation');
  const { from, to, reader } = props;
  const list = useList('/v1/federation/refusals', (page: RefusalPage) => page.refusals, {
    query: { reader, from, to },
    refetchMs: 30_000,
  });
  const columns = useColumns();
  return (
    <List
      label={t('ledger.tab.refused')}
      list={list}
      columns={columns}
      keyOf={keyOf}
      empty={{ title: t('refused.empty'), hint: t('refused.empty.hint') }}
    />
  );
}

function useColumns(): readonly Column<RefusalLine>[] {
  const { t } = useWords('federation');
  const format = useFormat();
  const refusalText = useRefusalText();
  return useMemo(
    () => [
      { name: 'minute', title: t('refused.minute'), cell: ({ minute }) => <Instant at={minute} /> },
      { name: 'party', title: t('refused.party'), cell: ({ party }) => <MemberName code={party} /> },
      {
        name: 'why',
        title: t('refused.why'),
        cell: ({ code }) => <span title={code}>{refusalText(new Refused({ code, status: 403 })).text}</span>,
      },
      { name: 'count', title: t('refused.count'), end: true, cell: ({ count }) => format.number(count) },
    ],
    [t, format, refusalText],
  );
}
