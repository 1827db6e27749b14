import { Button, FileInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement, type SubmitEvent } from 'react';
import type { OutcomeLine, OutcomeReport } from '../../../../server/src/orders/contract.ts';
import { post, Refused } from '../../link/call.ts';
import { wholeList } from '../../link/whole-list.ts';
import { useAct } from '../../ui/act.tsx';
import { shortId } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { RefusalNotice, useRefusalText } from '../../ui/refusal.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import './institution.css';

const tones: Readonly<Record<OutcomeLine['state'], Tone>> = {
  answered: 'patina',
  refused: 'cinnabar',
  skipped: 'stone',
};

/** Many answers in one file: the sheet of orders, filled in. Each row is answered by itself. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const [file, setFile] = useState<File | null>(null);
  const sending = useAct<File, OutcomeReport>({
    act: (given) => post('/v1/orders/outcomes', given, { headers: { 'content-type': 'text/csv' } }),
    quiet: true,
    touches: ['/v1/orders'],
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (file !== null && !sending.isPending) sending.mutate(file);
  };
  return (
    <Page title={t('answers.title')} acts={<Link to="/institution/orders">{t('order.back')}</Link>}>
      <div className="institution-stack">
        <Panel title={t('answers.how')}>
          <ol>
            <li>{t('answers.how.save')}</li>
            <li>{t('answers.how.fill')}</li>
            <li>{t('answers.how.send')}</li>
          </ol>
          <form onSubmit={submit} className="institution-ask">
            <FileInput
              label={t('answers.file')}
              placeholder={t('answers.choose')}
              accept=".csv,.txt,text/csv"
              clearable
              value={file}
              onChange={(given) => {
                setFile(given);
                sending.reset();
              }}
            />
            <Button type="submit" disabled={file === null} loading={sending.isPending}>
              {t('answers.send')}
            </Button>
          </form>
          <p className="soft">{t('answers.what')}</p>
          {sending.error === null ? null : <RefusalNotice error={sending.error} />}
        </Panel>
        {sending.data === undefined ? null : <Report report={sending.data} />}
      </div>
    </Page>
  );
}

function Report({ report }: { report: OutcomeReport }): ReactElement {
  const { t } = useWords('institution');
  const columns = useColumns();
  const { answered, refused, skipped, results } = report;
  const list = wholeList(
    { error: null, data: report, isPending: false, isError: false, dataUpdatedAt: 0, refetch: () => undefined },
    // What was not taken must be put right: it stands first.
    results.toSorted((a, b) => Number(b.state === 'refused') - Number(a.state === 'refused') || a.row - b.row),
  );
  return (
    <Panel title={t('answers.report')}>
      <p className="institution-counts" role="status">
        <Tag tone="patina">{t('answers.answered', { count: answered })}</Tag>
        <Tag tone={refused === 0 ? 'stone' : 'cinnabar'}>{t('answers.refused', { count: refused })}</Tag>
        <Tag>{t('answers.skipped', { count: skipped })}</Tag>
      </p>
      <List
        label={t('answers.report')}
        list={list}
        columns={columns}
        keyOf={({ row }) => String(row)}
        height="60dvh"
        empty={{ title: t('answers.empty') }}
      />
    </Panel>
  );
}

function useColumns(): readonly Column<OutcomeLine>[] {
  const { t } = useWords('institution');
  const said = useSaid();
  const refusalText = useRefusalText();
  return useMemo(
    () => [
      { name: 'row', title: t('answers.row'), cell: ({ row }) => String(row), width: '4rem', end: true },
      {
        name: 'order',
        title: t('order.title'),
        cell: ({ id }) => (id === undefined ? '–' : <Link to={`/institution/orders/${id}`}>{shortId(id)}</Link>),
        width: '8rem',
      },
      {
        name: 'state',
        title: t('orders.state'),
        cell: ({ state }) => <Tag tone={tones[state]}>{t(`answers.state.${state}`)}</Tag>,
        width: '9rem',
      },
      {
        name: 'what',
        title: t('answers.result'),
        cell: ({ order, refused, params }) =>
          refused === undefined
            ? order === undefined
              ? null
              : said('orderStates', order)
            : refusalText(new Refused({ code: refused, status: 400, ...(params !== undefined && { params }) })).text,
      },
    ],
    [t, said, refusalText],
  );
}
