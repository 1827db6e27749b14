import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { alertPriorities } from '@bronze-drum/protocol/alerts';
import type { Alert, AlertHistory, AlertPage } from '../../../../server/src/alerts/contract.ts';
import { get } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList } from '../../link/lists.ts';
import { oneOf, useView } from '../../link/view.ts';
import { Ago, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier, splitKey } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { ReasonLine, useReasonText } from '../../ui/reason.tsx';
import { Empty, Shown } from '../../ui/states.tsx';
import { PriorityTag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './institution.css';

const readView = (raw: Readonly<Record<string, string>>) => ({
  priority: oneOf(raw['priority'], alertPriorities),
  sort: oneOf(raw['sort'], ['urgent', 'newest'] as const),
  at: raw['at'],
});

/** What is found about the institution's own customers and what it watches. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const [{ priority, sort, at }, change] = useView(readView);
  useFreshness(['alert'], ['/v1/alerts'], 2000);
  const list = useList<AlertPage, Alert>('/v1/alerts', ({ alerts }) => alerts, { query: { priority, sort } });
  const columns = useColumns();
  return (
    <Page title={t('alerts.title')} full>
      <div className="filters">
        <NativeSelect
          aria-label={t('alerts.priority')}
          value={priority ?? ''}
          onChange={({ currentTarget }) => change({ priority: currentTarget.value })}
          data={[
            { value: '', label: t('alerts.any') },
            ...alertPriorities.map((one) => ({ value: one, label: t(`terms:priority.${one}`) })),
          ]}
        />
        <NativeSelect
          aria-label={t('alerts.sort')}
          value={sort ?? 'urgent'}
          onChange={({ currentTarget }) =>
            change({ sort: currentTarget.value === 'urgent' ? undefined : currentTarget.value })
          }
          data={[
            { value: 'urgent', label: t('alerts.urgent') },
            { value: 'newest', label: t('alerts.newest') },
          ]}
        />
      </div>
      <div className={`split institution-split ${at === undefined ? '' : 'has-one'}`}>
        <List
          label={t('alerts.title')}
          list={list}
          columns={columns}
          keyOf={keyOf}
          height="calc(100dvh - 10.5rem)"
          empty={{ title: t('alerts.none'), hint: t('alerts.none.hint') }}
          selected={at}
          onSelect={({ id }) => change({ at: id })}
          marksNew
        />
        <div>
          {at === undefined ? (
            <Empty title={t('alerts.choose')}>{t('alerts.choose.hint')}</Empty>
          ) : (
            <>
              <p className="institution-back">
                <Button variant="subtle" onClick={() => change({ at: undefined })}>
                  {t('alerts.back')}
                </Button>
              </p>
              <One id={at} />
            </>
          )}
        </div>
      </div>
    </Page>
  );
}

const keyOf = ({ id }: Alert): string => id;

function useColumns(): readonly Column<Alert>[] {
  const { t } = useWords('institution');
  const reasonText = useReasonText();
  return useMemo(
    () => [
      {
        name: 'priority',
        title: t('alerts.priority'),
        cell: ({ priority }: Alert) => <PriorityTag priority={priority} />,
        width: '6.5rem',
      },
      {
        name: 'subject',
        title: t('alerts.subject'),
        cell: ({ subject, reasons: [first] }: Alert) => (
          <>
            <Identifier of={subject} plain />
            {first === undefined ? null : <div className="soft">{reasonText(first)}</div>}
          </>
        ),
      },
      { name: 'at', title: t('alerts.at'), cell: ({ lastAt }: Alert) => <Ago at={lastAt} />, width: '7.5rem' },
    ],
    [t, reasonText],
  );
}

function One({ id }: { id: string }): ReactElement {
  const path = `/v1/alerts/${id}`;
  useFreshness(['alert'], [path], 2000);
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<AlertHistory>(path, { signal }) });
  return <Shown query={query}>{({ alert }) => <Sheet alert={alert} />}</Shown>;
}

const moneyTypes = ['account', 'wallet'];

function Sheet({ alert }: { alert: Alert }): ReactElement {
  const { t } = useWords('institution');
  const format = useFormat();
  const { kind, subject, priority, state, reasons, count, firstAt, lastAt } = alert;
  return (
    <Panel title={t(`terms:alertKind.${kind}`)} acts={<PriorityTag priority={priority} />}>
      <p style={{ marginBlockStart: 0 }}>
        <Identifier of={subject} plain />
      </p>
      <p className="soft">{t(`terms:priority.${priority}.what`)}</p>
      <h3>{t('alerts.why')}</h3>
      <ul className="institution-reasons">
        {reasons.map((reason) => (
          <li key={`${reason.code} ${reason.member ?? ''} ${JSON.stringify(reason.params)}`}>
            <ReasonLine reason={reason} />
          </li>
        ))}
      </ul>
      <h3 style={{ marginBlock: '0.9rem 0.3rem' }}>{t('alerts.do')}</h3>
      <p style={{ marginBlockStart: 0 }}>{t('alerts.do.what')}</p>
      <p className="institution-acts">
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/institution/screen" search={{ of: subject }} {...props} />}
        >
          {t('alerts.check')}
        </Button>
        {moneyTypes.includes(splitKey(subject).type) ? (
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/institution/report" search={{ to: subject }} {...props} />}
          >
            {t('check.report')}
          </Button>
        ) : null}
      </p>
      <Facts
        facts={[
          [t('alerts.count'), format.number(count)],
          [t('alerts.first'), <Instant key="first" at={firstAt} />],
          [t('alerts.last'), <Instant key="last" at={lastAt} />],
          [t('alerts.state'), t(`terms:alertState.${state}`)],
        ]}
      />
    </Panel>
  );
}
