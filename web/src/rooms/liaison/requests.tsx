import { Button, Checkbox, NativeSelect, Tabs } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { requestKinds, requestPriorities, requestStates, type RequestState } from '@bronze-drum/protocol/requests';
import type { Request, RequestPage } from '../../../../server/src/liaison/contract.ts';
import { post } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList, type LoadedList } from '../../link/lists.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Ago } from '../../ui/clock.tsx';
import { shortId } from '../../ui/identifier.tsx';
import { useShortcuts } from '../../ui/keys.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { NearestClock, Other, Priority, State } from './request-tags.tsx';
import './liaison.css';
import { closedStates, draftStates, isDraft, openStates } from './standing.ts';

const members = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];
const tabs = ['open', 'in', 'out', 'drafts', 'waiting', 'closed'] as const;
type Tab = (typeof tabs)[number];

interface View {
  readonly tab: Tab;
  readonly state: RequestState | undefined;
  readonly kind: string | undefined;
  readonly priority: string | undefined;
  readonly member: string | undefined;
  readonly mine: boolean;
  readonly overdue: boolean;
  readonly at: string | undefined;
}

const readView = (raw: Readonly<Record<string, string>>): View => ({
  tab: oneOf(raw['tab'], tabs) ?? 'open',
  state: oneOf(raw['state'], requestStates),
  kind: oneOf(raw['kind'], requestKinds),
  priority: oneOf(raw['priority'], requestPriorities),
  member: oneOf(raw['member'], members),
  mine: raw['mine'] === 'true',
  overdue: raw['overdue'] === 'true',
  at: raw['at'],
});

/** What each tab asks of the server, and the states among which it lets choose. */
const asked: Readonly<
  Record<Tab, { readonly query: Readonly<Record<string, string | boolean>>; readonly states: readonly RequestState[] }>
> = {
  open: { query: { standing: 'open' }, states: openStates },
  in: { query: { direction: 'in' }, states: [...openStates.filter((state) => state !== 'sent'), ...closedStates] },
  out: { query: { direction: 'out' }, states: [...draftStates, ...openStates, ...closedStates] },
  drafts: { query: { standing: 'draft' }, states: draftStates },
  waiting: { query: { waits: true }, states: [] },
  closed: { query: { standing: 'closed' }, states: closedStates },
};

const keyOf = ({ id }: Request): string => id;
const pick = ({ requests }: RequestPage): readonly Request[] => requests;

function useRequests({ tab, state, kind, priority, member, mine, overdue }: View): LoadedList<Request> {
  const { query, states } = asked[tab];
  return useList<RequestPage, Request>('/v1/requests', pick, {
    purpose: 'request',
    query: {
      ...query,
      state: state !== undefined && states.includes(state) ? state : undefined,
      kind,
      priority,
      member,
      mine: mine ? true : undefined,
      overdue: overdue ? true : undefined,
    },
  });
}

export function Screen(): ReactElement {
  const { t } = useWords('liaison');
  const may = useMay();
  const go = useGo();
  const [view, change] = useView(readView);
  const list = useRequests(view);
  useFreshness(['request'], ['/v1/requests'], 2000);
  const columns = useColumns();
  const selected = list.items.find(({ id }) => id === view.at);
  const take = useAct<string>({
    act: async (id) => post(`/v1/requests/${id}/take`, {}, { purpose: 'request' }),
    done: () => t('taken'),
    touches: ['/v1/requests'],
  });
  const mayTake =
    selected !== undefined &&
    !isDraft(selected.state) &&
    may(selected.direction === 'in' ? 'liaison.answer' : 'liaison.ask');
  const shortcuts = useMemo(
    () => [
      ...(may('liaison.ask') ? [{ keys: 'n', label: t('new'), act: () => go('/requests/new') }] : []),
      ...(mayTake ? [{ keys: 't', label: t('take'), act: () => take.mutate(selected.id) }] : []),
      ...tabs.map((tab, at) => ({
        keys: String(at + 1),
        label: t(`tab.${tab}`),
        act: () => change({ tab, state: undefined, at: undefined }),
      })),
    ],
    [may, t, go, mayTake, take, selected, change],
  );
  useShortcuts(shortcuts);
  return (
    <Page
      title={t('title')}
      full
      acts={
        <>
          {mayTake ? (
            <Button variant="default" loading={take.isPending} onClick={() => take.mutate(selected.id)}>
              {t('take')}
            </Button>
          ) : null}
          {may('liaison.ask') ? <Button onClick={() => go('/requests/new')}>{t('new')}</Button> : null}
        </>
      }
    >
      <div className="liaison-list">
        <Tabs
          value={view.tab}
          onChange={(tab) => change({ tab: tab ?? undefined, state: undefined, at: undefined }, { push: true })}
        >
          <Tabs.List>
            {tabs.map((tab) => (
              <Tabs.Tab key={tab} value={tab}>
                {t(`tab.${tab}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Filters view={view} change={change} />
        {view.tab === 'waiting' ? (
          <p className="soft">
            {t('waiting.more')} <Link to="/approvals">{t('waiting.approvals')}</Link>
          </p>
        ) : null}
        <List
          label={t(`tab.${view.tab}`)}
          list={list}
          columns={columns}
          keyOf={keyOf}
          marksNew
          selected={view.at}
          onSelect={({ id }) => change({ at: id })}
          onOpen={({ id }) => go(`/requests/${id}`)}
          empty={{ title: t(`empty.${view.tab}`), hint: <span>{t(`empty.${view.tab}.hint`)}</span> }}
        />
      </div>
    </Page>
  );
}

type Change = ReturnType<typeof useView<View>>[1];

function Filters({ view, change }: { view: View; change: Change }): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const memberName = useMemberName();
  const { member: self } = useOfficer();
  const { states } = asked[view.tab];
  const any = { value: '', label: t('filter.any') };
  return (
    <div className="filters">
      {states.length === 0 ? null : (
        <NativeSelect
          label={t('filter.state')}
          value={view.state ?? ''}
          data={[any, ...states.map((value) => ({ value, label: said('requestStates', value) }))]}
          onChange={(event) => change({ state: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        label={t('filter.member')}
        value={view.member ?? ''}
        data={[any, ...members.filter((one) => one !== self).map((value) => ({ value, label: memberName(value) }))]}
        onChange={(event) => change({ member: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('filter.kind')}
        value={view.kind ?? ''}
        data={[any, ...requestKinds.map((value) => ({ value, label: said('requestKinds', value) }))]}
        onChange={(event) => change({ kind: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('filter.priority')}
        value={view.priority ?? ''}
        data={[any, ...requestPriorities.map((value) => ({ value, label: said('priorities', value) }))]}
        onChange={(event) => change({ priority: event.currentTarget.value })}
      />
      <div className="liaison-checks">
        <Checkbox
          label={t('filter.mine')}
          checked={view.mine}
          onChange={(event) => change({ mine: event.currentTarget.checked ? 'true' : undefined })}
        />
        <Checkbox
          label={t('filter.overdue')}
          checked={view.overdue}
          onChange={(event) => change({ overdue: event.currentTarget.checked ? 'true' : undefined })}
        />
      </div>
    </div>
  );
}

function useColumns(): readonly Column<Request>[] {
  const { t } = useWords('liaison');
  const said = useSaid();
  const { officer } = useOfficer();
  return useMemo(
    () => [
      {
        name: 'priority',
        title: t('column.priority'),
        width: '4.5rem',
        cell: ({ priority }) => <Priority of={priority} />,
      },
      { name: 'other', title: t('column.other'), cell: (request) => <Other request={request} /> },
      {
        name: 'kind',
        title: t('column.kind'),
        cell: ({ id, kind }) => (
          <>
            <Link to={`/requests/${id}`}>{said('requestKinds', kind)}</Link>{' '}
            <span className="mono faint desk-wide">{shortId(id)}</span>
          </>
        ),
      },
      { name: 'clock', title: t('column.clock'), cell: (request) => <NearestClock request={request} /> },
      {
        name: 'state',
        title: t('column.state'),
        width: '11rem',
        cell: ({ state, overdue, waits }) => (
          <span className="liaison-tags">
            <State of={state} />
            {overdue.length > 0 ? <Tag tone="cinnabar">{t('late')}</Tag> : null}
            {waits ? <Tag tone="ochre">{t('terms:waits')}</Tag> : null}
          </span>
        ),
      },
      {
        name: 'owner',
        title: t('column.owner'),
        wide: true,
        cell: ({ owner, desk }) =>
          owner === officer ? t('owner.me') : (owner ?? desk ?? <span className="faint">{t('owner.nobody')}</span>),
      },
      { name: 'opened', title: t('column.opened'), wide: true, cell: ({ openedAt }) => <Ago at={openedAt} /> },
    ],
    [t, said, officer],
  );
}
