import { SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { ApprovalPage, ApprovalSummary } from '../../../../server/src/access/contract.ts';
import { useList } from '../../link/lists.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Ago, Countdown } from '../../ui/clock.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { ActName, ApprovalStateTag, SubjectName } from './approval-names.tsx';

type Summary = ApprovalPage['approvals'][number];

const whichs = ['to-decide', 'proposed-by-me'] as const;

/** What waits for a second person: for this officer, or for others because this officer proposed it. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const go = useGo();
  const [{ which, at }, change] = useView((raw) => ({
    which: oneOf(raw['which'], whichs) ?? 'to-decide',
    at: raw['at'],
  }));
  const list = useList<ApprovalPage, Summary>('/v1/approvals', ({ approvals }) => approvals, {
    query: { which },
    purpose: 'investigation',
  });
  const columns = useColumns(which);
  return (
    <Page title={t('approval.list')} full>
      <div className="filters">
        <SegmentedControl
          aria-label={t('approval.which')}
          value={which}
          onChange={(value) => change({ which: value === 'to-decide' ? undefined : value, at: undefined })}
          data={whichs.map((value) => ({ value, label: t(`approval.which.${value}`) }))}
        />
      </div>
      <List
        label={t('approval.list')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 10.5rem)"
        empty={{ title: t(`approval.empty.${which}`), hint: t(`approval.empty.${which}.hint`) }}
        selected={at}
        onSelect={(approval) => change({ at: approval.id })}
        onOpen={(approval) => go(`/approvals/${approval.id}`)}
        marksNew
      />
    </Page>
  );
}

const keyOf = ({ id }: ApprovalSummary): string => id;

function useColumns(which: (typeof whichs)[number]): readonly Column<Summary>[] {
  const { t } = useWords('access');
  return useMemo(() => {
    const isMine = which === 'proposed-by-me';
    const columns: readonly Column<Summary>[] = [
      {
        name: 'act',
        title: t('approval.act'),
        cell: ({ id, act, variant, performed, state }) => (
          <>
            <Link to={`/approvals/${id}`}>
              <ActName act={act} variant={variant} />
            </Link>{' '}
            {performed && state === 'open' ? <Tag tone="cinnabar">{t('approval.performed')}</Tag> : null}
          </>
        ),
      },
      { name: 'subject', title: t('approval.subject'), cell: ({ subject }) => <SubjectName subject={subject} /> },
      {
        name: 'clock',
        title: t('approval.decide-by'),
        cell: ({ state, decideBy, proposedAt }) =>
          state === 'open' ? <Countdown until={decideBy} from={proposedAt} /> : <ApprovalStateTag state={state} />,
        width: '9rem',
      },
      ...(isMine
        ? []
        : [{ name: 'proposer', title: t('approval.proposer'), cell: ({ proposer }: Summary) => proposer, wide: true }]),
      {
        name: 'at',
        title: t('approval.proposed-at'),
        cell: ({ proposedAt }) => <Ago at={proposedAt} />,
        wide: true,
        width: '8rem',
      },
    ];
    return columns;
  }, [t, which]);
}
