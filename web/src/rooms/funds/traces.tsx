import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import type { TracePage, TraceSummary } from '../../../../server/src/funds/contract.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Ago, Countdown } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { shortId } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { useMemberName } from '../../ui/member.ts';
import { Page } from '../../ui/page.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { FiguresBar } from './trace-figures.tsx';
import './funds.css';

const path = '/v1/traces';
const sinceHours = { day: 24, week: 7 * 24, month: 30 * 24 } as const;
const sinces = ['day', 'week', 'month'] as const;

export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const go = useGo();
  const may = useMay();
  const [view, change] = useView((raw) => ({
    state: oneOf(raw['state'], ['open', 'closed'] as const),
    since: oneOf(raw['since'], sinces),
    text: raw['text'],
    account: raw['account'],
    trace: raw['trace'],
  }));
  const { state, since, text, account } = view;
  // Of the whole minute, so that it stays one list while it is looked at.
  const sinceAt = useMemo(() => (since === undefined ? undefined : hoursAgo(sinceHours[since])), [since]);
  useFreshness(['trace', 'hold'], [path]);
  const list = useList(path, (page: TracePage) => page.traces, {
    query: { state, since: sinceAt, text, account, limit: 50 },
    purpose: 'investigation',
  });
  const columns = useColumns();
  const isFiltered = [state, since, text, account].some((value) => value !== undefined);
  return (
    <Page
      title={t('traces.title')}
      full
      acts={
        may('funds.report') ? (
          <Button component={Link} to="/report">
            {t('traces.report')}
          </Button>
        ) : null
      }
    >
      <div className="funds-list">
        <div className="filters">
          <NativeSelect
            label={t('traces.state')}
            value={state ?? ''}
            onChange={(event) => change({ state: event.currentTarget.value })}
            data={[
              { value: '', label: t('traces.state.all') },
              { value: 'open', label: t('terms:traceState.open') },
              { value: 'closed', label: t('terms:traceState.closed') },
            ]}
          />
          <NativeSelect
            label={t('traces.since')}
            value={since ?? ''}
            onChange={(event) => change({ since: event.currentTarget.value })}
            data={[
              { value: '', label: t('traces.since.ever') },
              ...sinces.map((value) => ({ value, label: t(`traces.since.${value}`) })),
            ]}
          />
          <Asked key={text ?? account ?? ''} asked={text ?? account ?? ''} ask={change} />
        </div>
        <List
          label={t('traces.title')}
          list={list}
          columns={columns}
          keyOf={({ id }: TraceSummary) => id}
          selected={view.trace}
          onSelect={({ id }) => change({ trace: id })}
          onOpen={({ id }) => go(`/traces/${id}`)}
          marksNew
          empty={
            isFiltered
              ? { title: t('traces.none-found'), hint: t('traces.none-found.hint') }
              : { title: t('traces.none'), hint: t('traces.none.hint') }
          }
        />
      </div>
    </Page>
  );
}

const hoursAgo = (hours: number): string =>
  new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000).toISOString();

/** One box: what begins an id or a reference, or an account in any spelling. The server says what it cannot read. */
function Asked(props: {
  asked: string;
  ask: (part: { text: string | undefined; account: string | undefined }) => void;
}): ReactElement {
  const { t } = useWords('funds');
  const [typed, setTyped] = useState(props.asked);
  const submit = (event: { preventDefault(): void }): void => {
    event.preventDefault();
    const text = typed.trim();
    // Accounts are written with colons or blanks, ids and references with neither.
    const isAccount = /[:\s@]/.test(text) || /[^\x21-\x7e]/.test(text);
    props.ask(isAccount ? { account: text, text: undefined } : { account: undefined, text });
  };
  return (
    <form onSubmit={submit} className="funds-asked">
      <TextInput
        label={t('traces.find')}
        placeholder={t('traces.find.hint')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" size="sm">
        {t('traces.find.submit')}
      </Button>
    </form>
  );
}

function useColumns(): readonly Column<TraceSummary>[] {
  const { t } = useWords('funds');
  const said = useSaid();
  const memberName = useMemberName();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'trace',
        title: t('traces.column.trace'),
        width: '7rem',
        cell: ({ id, from }) => (
          <>
            <Link to={`/traces/${id}`} className="mono">
              {shortId(id)}
            </Link>
            {from === null ? null : (
              <div>
                <Tag tone="indigo">{t('traces.from', { member: memberName(from.member) })}</Tag>
              </div>
            )}
          </>
        ),
      },
      { name: 'opened', title: t('traces.column.reported'), cell: ({ reportedAt }) => <Ago at={reportedAt} /> },
      {
        name: 'typology',
        title: t('traces.column.typology'),
        cell: ({ typology }) => said('typologies', typology),
        wide: true,
      },
      { name: 'amount', title: t('traces.column.amount'), end: true, cell: ({ amount }) => format.money(amount) },
      {
        name: 'figures',
        title: t('traces.column.figures'),
        width: '18%',
        cell: (trace) => <FiguresBar figures={trace} />,
      },
      {
        name: 'held',
        title: t('trace.hold.column.held'),
        end: true,
        wide: true,
        cell: ({ held }) => format.shortMoney(held),
      },
      {
        name: 'open',
        title: t('traces.column.open'),
        end: true,
        wide: true,
        cell: ({ open }) => format.shortMoney(open),
      },
      {
        name: 'members',
        title: t('traces.column.members'),
        wide: true,
        cell: ({ members }) => (
          <span className="funds-members">
            {members.map((code) => (
              <MemberName key={code} code={code} />
            ))}
          </span>
        ),
      },
      {
        name: 'clock',
        title: t('traces.column.clock'),
        wide: true,
        cell: ({ clock }) =>
          clock === null ? (
            <span className="faint">–</span>
          ) : (
            <span className="funds-clock">
              <Countdown until={clock.at} /> <span className="faint">{memberName(clock.member)}</span>
            </span>
          ),
      },
      {
        name: 'state',
        title: t('traces.state'),
        wide: true,
        cell: ({ state }) => <Tag tone={state === 'open' ? 'bronze' : 'stone'}>{t(`terms:traceState.${state}`)}</Tag>,
      },
    ],
    [t, said, memberName, format],
  );
}
