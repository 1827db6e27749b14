import { SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Alert, AlertPage } from '../../../../server/src/alerts/contract.ts';
import type { MergedView } from '../../../../server/src/registry/contract.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Ago, Countdown, Instant } from '../../ui/clock.tsx';
import { shortId } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Facts } from '../../ui/page.tsx';
import { ReasonLine } from '../../ui/reason.tsx';
import { Empty } from '../../ui/states.tsx';
import { MemberName, PriorityTag, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

const alertsOf = (page: AlertPage): readonly Alert[] => page.alerts;
const which = ['open', 'closed'] as const;

/** Alerts that name the identifier: open ones, or those that were closed. */
export function AlertsOn({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const go = useGo();
  const [{ alerts }, change] = useView((raw) => ({ alerts: oneOf(raw['alerts'], which) ?? 'open' }));
  const list = useList('/v1/alerts', alertsOf, {
    query: { subject: of, sort: 'newest', ...(alerts === 'closed' && { state: 'closed' }) },
    purpose: 'alert',
  });
  useFreshness(['alert'], ['/v1/alerts']);
  const columns = useAlertColumns();
  return (
    <>
      <div className="registry-bar">
        <SegmentedControl
          value={alerts}
          onChange={(next) => change({ alerts: next === 'open' ? undefined : next })}
          data={which.map((one) => ({ value: one, label: t(`alerts.${one}`) }))}
          aria-label={t('alerts.which')}
        />
      </div>
      <List
        label={t('tab.alerts')}
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t(`alerts.${alerts}.none`), hint: t('alerts.none.hint') }}
        onOpen={({ id }) => go(`/alerts/${id}`)}
        height="36rem"
      />
    </>
  );
}

/** Appeals against our listings of it, and what other members decided on appeals against theirs. */
export function Appeals({ view: { appeals, decisions, listings } }: { view: MergedView }): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  if (appeals.length === 0 && decisions.length === 0)
    return <Empty title={t('appeals.none')}>{listings.length === 0 ? null : t('appeals.none.hint')}</Empty>;
  const seesAppeals = may('redress.lodge') || may('redress.decide');
  return (
    <div className="registry-said">
      {appeals.map(({ id, state, lodgedAt, decideBy }) => (
        <article key={id} className="panel registry-card tone-ochre">
          <header>
            <strong>{t('appeals.ours')}</strong>
            <Tag tone={state === 'lodged' ? 'ochre' : 'stone'}>{t(`terms:appealState.${state}`)}</Tag>
            {seesAppeals ? <Link to={`/appeals/${id}`}>{t('appeals.open', { id: shortId(id) })}</Link> : null}
          </header>
          <Facts
            facts={[
              [t('appeals.lodged'), <Instant key="lodged" at={lodgedAt} />],
              [
                t('appeals.decide-by'),
                state === 'lodged' ? (
                  <Countdown key="by" until={decideBy} from={lodgedAt} />
                ) : (
                  <Instant key="by" at={decideBy} />
                ),
              ],
            ]}
          />
        </article>
      ))}
      {decisions.map((decision) => (
        <article key={decision.appeal} className="panel registry-card tone-indigo">
          <header>
            <strong>
              <MemberName code={decision.member} />
            </strong>
            <Tag tone={decision.releases ? 'patina' : 'stone'}>{t(`terms:appealState.${decision.outcome}`)}</Tag>
            {decision.releases ? <span>{t('appeals.releases')}</span> : null}
          </header>
          <p className="registry-grounds" dir="auto">
            {decision.grounds}
          </p>
          <Facts
            facts={[
              [t('appeals.lodged'), <Instant key="lodged" at={decision.lodgedAt} />],
              [t('appeals.decided'), <Instant key="decided" at={decision.decidedAt} />],
            ]}
          />
        </article>
      ))}
    </div>
  );
}

function useAlertColumns(): readonly Column<Alert>[] {
  const { t } = useWords('registry');
  return [
    { name: 'priority', title: t('alerts.priority'), cell: ({ priority }) => <PriorityTag priority={priority} /> },
    { name: 'kind', title: t('alerts.kind'), wide: true, cell: ({ kind }) => t(`terms:alertKind.${kind}`) },
    {
      name: 'reason',
      title: t('alerts.reason'),
      cell: ({ reasons }) => (reasons[0] === undefined ? null : <ReasonLine reason={reasons[0]} />),
    },
    {
      name: 'state',
      title: t('alerts.state'),
      cell: ({ state, outcome }) => (
        <>
          {t(`terms:alertState.${state}`)}
          {outcome == null ? null : <span className="soft"> · {t(`terms:alertOutcome.${outcome}`)}</span>}
        </>
      ),
    },
    { name: 'owner', title: t('alerts.owner'), wide: true, cell: ({ owner }) => owner },
    { name: 'last', title: t('alerts.last'), cell: ({ lastAt }) => <Ago at={lastAt} /> },
  ];
}
