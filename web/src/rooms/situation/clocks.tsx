import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { useToDecide } from '../../link/counts.ts';
import { Countdown } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf } from '../../ui/identifier.tsx';
import { useAtNow } from '../../ui/now.ts';
import { Panel } from '../../ui/page.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { useAppeals, useEndingHolds, useRequests, useThefts } from './readings.ts';
import { runningOut, type Running } from './running.ts';

const shownMax = 10;
/** The order of clocks changes when one is over or another is read, not each second. */
const paceMs = 15_000;

/** The clocks that run out next: holds, requests, approvals, appeals. */
export function Clocks(): ReactElement {
  const { t } = useWords('situation');
  const readings = [useEndingHolds(), useThefts(), useRequests(), useToDecide(), useAppeals()] as const;
  const [holdsRead, thefts, requestsRead, decisions, appealsRead] = readings;
  const holds = holdsRead.data?.holds;
  const traces = thefts.data?.traces;
  const requests = requestsRead.data?.requests;
  const approvals = decisions.data?.approvals;
  const appeals = appealsRead.data?.appeals;
  const pace = useAtNow((nowMs) => Math.floor(nowMs / paceMs));
  const shown = useMemo(
    () => runningOut({ holds, traces, requests, approvals, appeals }, pace * paceMs, shownMax),
    [holds, traces, requests, approvals, appeals, pace],
  );
  return (
    <Panel className="situation-clocks" title={t('clocks.title')}>
      {shown.length === 0 ? (
        // Before all was read nobody can say that none runs.
        <p className="soft">{t(readings.some(({ isLoading }) => isLoading) ? 'ui:loading' : 'clocks.empty')}</p>
      ) : (
        <ol>
          {shown.map((running) => (
            <li key={`${running.of} ${running.path}`}>
              <Link to={running.path} preload={false}>
                <Words running={running} />
              </Link>
              <Countdown until={running.until} from={running.from} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Words({ running }: { running: Running }): string {
  const { t } = useWords('situation');
  const said = useSaid();
  const format = useFormat();
  if (running.of === 'hold') {
    const { held, ordered, institution, key } = running.hold;
    const amount = format.money(held.value === '0' && ordered !== undefined ? ordered : held);
    return t('clocks.hold', { amount, where: institution ?? captionOf(key) });
  }
  if (running.of === 'hold-abroad') return t('clocks.hold-abroad', { member: t(`shell:member.${running.member}`) });
  if (running.of === 'request') {
    const { direction, from, to, kind } = running.request;
    const other = t(`shell:member.${direction === 'in' ? from : to}`);
    return t(`clocks.${running.clock}.${direction}`, { member: other, kind: said('requestKinds', kind) });
  }
  if (running.of === 'appeal') return t('clocks.appeal', { subject: captionOf(running.appeal.subject) });
  const { act, proposer } = running.approval;
  return t('clocks.approval', { act: t(`terms:act.${act}`, { defaultValue: act }), who: proposer });
}
