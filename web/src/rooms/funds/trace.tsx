import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactElement } from 'react';
import type { HoldPage, Trace } from '../../../../server/src/funds/contract.ts';
import { get, Refused } from '../../link/call.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { useFormat } from '../../ui/format.ts';
import { shortId } from '../../ui/identifier.tsx';
import { useShortcuts } from '../../ui/keys.ts';
import { useMemberName } from '../../ui/member.ts';
import { Page } from '../../ui/page.tsx';
import { useSeconded } from '../../ui/second-person.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { Flow } from './flow.tsx';
import { Waiting } from './hold-waiting.tsx';
import { TraceActs } from './trace-acts.tsx';
import { TraceHead } from './trace-head.tsx';
import { HoldDialog } from './trace-hold-dialog.tsx';
import { holdableOf, TraceHolds } from './trace-holds.tsx';
import { useTraceFreshness } from './trace-live.ts';
import { TraceReports } from './trace-reports.tsx';
import { TraceRequests } from './trace-requests.tsx';
import { TraceSources } from './trace-sources.tsx';
import { TraceTimeline } from './trace-timeline.tsx';
import './funds.css';

const isNotFollowed = (error: unknown): boolean =>
  error instanceof Refused && error.code === 'conflict.trace-not-followed';

/** The story of one theft on one page. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const id = useParam('id');
  const path = `/v1/traces/${id}`;
  const trace = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Trace>(path, { purpose: 'investigation', signal }),
    // It was opened a moment ago, and is being followed.
    refetchInterval: ({ state }) => (isNotFollowed(state.error) ? 1500 : false),
  });
  if (trace.data === undefined)
    return (
      <Page title={t('trace.title-of', { id: shortId(id) })}>
        <Shown query={trace}>{() => null}</Shown>
      </Page>
    );
  return <Shown query={trace}>{(data) => <Told trace={data} />}</Shown>;
}

function Told({ trace }: { trace: Trace }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const memberName = useMemberName();
  const format = useFormat();
  const may = useMay();
  const { member } = useOfficer();
  const { id, amount, typology, state, from } = trace;
  const requests = useMemo(() => trace.requests.map((request) => request.id), [trace.requests]);
  useTraceFreshness(id, requests);
  const holds = useQuery({
    queryKey: ['/v1/holds', { trace: id }],
    queryFn: ({ signal }) =>
      get<HoldPage>('/v1/holds', { query: { trace: id, limit: 200 }, purpose: 'investigation', signal }),
  });
  const { seconded, note } = useSeconded();
  // Which holds are asked about; nothing while nothing is.
  const [asked, setAsked] = useState<readonly string[] | undefined>(undefined);
  const mayHold = may('funds.hold');
  const waiting = useMemo(() => holds.data?.waiting ?? [], [holds.data]);
  const canHold = useMemo(() => holdableOf(holds.data), [holds.data]);
  const shortcuts = useMemo(
    () =>
      mayHold && canHold.length > 0
        ? [{ keys: 'h', label: t('trace.hold.all'), act: () => setAsked(canHold.map((hold) => hold.id)) }]
        : [],
    [t, mayHold, canHold],
  );
  useShortcuts(shortcuts);
  const hold = mayHold ? (one: string): void => setAsked([one]) : undefined;
  return (
    <Page
      title={t('trace.title', { amount: format.money(amount), typology: said('typologies', typology) })}
      beside={
        <>
          <Tag tone={state === 'open' ? 'bronze' : 'stone'}>{t(`terms:traceState.${state}`)}</Tag>
          {from === null ? null : <Tag tone="indigo">{t('traces.from', { member: memberName(from.member) })}</Tag>}
          <span className="mono faint">{shortId(id)}</span>
        </>
      }
      acts={
        <>
          {mayHold && canHold.length > 0 ? (
            <Button onClick={() => setAsked(canHold.map((one) => one.id))}>
              {t('trace.hold.all-of', { count: canHold.length })}
            </Button>
          ) : null}
          <TraceActs trace={trace} />
        </>
      }
    >
      <div className="trace">
        <Waiting waiting={waiting} seconded={seconded} />
        <TraceHead trace={trace} />
        <Flow trace={trace} self={member} hold={hold} />
        <div className="trace-columns">
          <div className="trace-main">
            <TraceHolds trace={trace} holds={holds} self={member} {...(mayHold && { ask: setAsked })} />
            <TraceReports reports={trace.reports} />
          </div>
          <div className="trace-beside">
            <TraceTimeline trace={trace} holds={holds.data?.holds ?? []} />
            <TraceRequests trace={trace} />
            <TraceSources trace={trace} self={member} />
          </div>
        </div>
      </div>
      {asked === undefined ? null : (
        <HoldDialog
          trace={trace.id}
          chosen={(holds.data?.holds ?? []).filter((one) => asked.includes(one.id))}
          close={() => setAsked(undefined)}
          note={note}
        />
      )}
    </Page>
  );
}
