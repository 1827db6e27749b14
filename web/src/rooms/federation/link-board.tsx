import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import type { DirectoryView } from '../../../../server/src/directory/contract.ts';
import type { Links } from '../../../../server/src/federation/contract.ts';
import { wholeList } from '../../link/whole-list.ts';
import { Ago } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Panel } from '../../ui/page.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { LinkDetail } from './link-detail.tsx';
import { behindIn, behindOut, lastReceipt, type LinkLine } from './standing.ts';
import { StateTags } from './state-tags.tsx';

interface LinkBoardProps {
  readonly query: UseQueryResult<Links>;
  readonly directory: DirectoryView | undefined;
  readonly at: string | undefined;
  readonly onAt: (at: string) => void;
}

const keyOf = ({ party }: LinkLine): string => party;

/** Each neighbour in one line, both directions; the chosen one beside. */
export function LinkBoard({ query, directory, at, onAt }: LinkBoardProps): ReactElement {
  const { t } = useWords('federation');
  const columns = useColumns(directory);
  const links = query.data?.links ?? [];
  const chosen = links.find(({ party }) => party === at) ?? links[0];
  return (
    <Columns
      main={
        <>
          <List
            label={t('links.label')}
            list={wholeList(query, links)}
            columns={columns}
            keyOf={keyOf}
            selected={chosen?.party}
            onSelect={({ party }) => onAt(party)}
            empty={{ title: t('links.empty'), hint: t('links.empty.hint') }}
          />
          <p className="soft federation-note">{t('links.note')}</p>
        </>
      }
      side={
        chosen === undefined ? (
          <Panel>
            <p className="soft">{t('links.choose')}</p>
          </Panel>
        ) : (
          <LinkDetail link={chosen} party={directory?.parties.find(({ party }) => party === chosen.party)} />
        )
      }
    />
  );
}

function useColumns(directory: DirectoryView | undefined): readonly Column<LinkLine>[] {
  const { t } = useWords('federation');
  return useMemo(() => {
    const pauseOf = (party: string) => directory?.parties.find((one) => one.party === party)?.pause ?? null;
    return [
      { name: 'party', title: t('column.party'), cell: ({ party }) => <MemberName code={party} /> },
      {
        name: 'state',
        title: t('column.state'),
        cell: ({ party, state }) => <StateTags state={state} pause={pauseOf(party)?.direction} />,
      },
      {
        name: 'heard',
        title: t('column.heard'),
        cell: ({ heardAt }) => (heardAt === null ? t('never') : <Ago at={heardAt} />),
      },
      { name: 'in', title: t('column.in'), cell: (link) => <BehindIn link={link} /> },
      { name: 'out', title: t('column.out'), cell: (link) => <BehindOut link={link} /> },
      {
        name: 'receipt',
        title: t('column.receipt'),
        wide: true,
        cell: (link) => {
          const at = lastReceipt(link);
          return at === undefined ? t('never') : <Ago at={at} />;
        },
      },
    ];
  }, [t, directory]);
}

function BehindIn({ link }: { link: LinkLine }): ReactElement {
  const { t } = useWords('federation');
  const { missing, waiting } = behindIn(link);
  if (link.reads.some(({ forked }) => forked)) return <Tag tone="cinnabar">{t('forked')}</Tag>;
  if (missing > 0) return <Tag tone="ochre">{t('in.missing', { count: missing })}</Tag>;
  if (waiting > 0) return <Tag tone="ochre">{t('in.waiting', { count: waiting })}</Tag>;
  return <Tag tone="patina">{t('in.all')}</Tag>;
}

function BehindOut({ link }: { link: LinkLine }): ReactElement {
  const { t } = useWords('federation');
  const { missing, waiting, held } = behindOut(link);
  return (
    <span className="federation-tags">
      {missing > 0 ? (
        <Tag tone="ochre">{t('out.missing', { count: missing })}</Tag>
      ) : waiting > 0 ? (
        <Tag tone="ochre">{t('out.waiting', { count: waiting })}</Tag>
      ) : (
        <Tag tone="patina">{t('out.all')}</Tag>
      )}
      {held > 0 ? <Tag tone="cinnabar">{t('out.held', { count: held })}</Tag> : null}
    </span>
  );
}
