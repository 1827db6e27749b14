import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Conversation, Request } from '../../../../server/src/liaison/contract.ts';
import type { OnDuty } from '../../../../server/src/liaison/roster-contract.ts';
import { get } from '../../link/call.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { BothTimes } from './request-tags.tsx';
import { isOpen, otherOf } from './standing.ts';

/** By when what is due, on the clocks of both sides, and who hears of it if it is late. */
export function Clocks({ of }: { of: Conversation }): ReactElement | null {
  const { t } = useWords('liaison');
  const { request, deeds } = of;
  const from = request.receivedAt ?? request.sentAt;
  if (from === null) return null;
  const escalated = deeds.filter(({ deed }) => deed === 'escalated');
  const isEndedByLaw = deeds.some(({ author }) => 'rule' in author && author.rule === 'legal-clock');
  return (
    <Panel title={t('clocks')}>
      <div className="liaison-clocks">
        <Clock
          request={request}
          which="acknowledge"
          from={from}
          due={request.acknowledgeBy}
          done={request.acknowledgedAt}
        />
        <Clock request={request} which="act" from={from} due={request.actBy} done={request.answeredAt} />
      </div>
      {isEndedByLaw ? <p className="notice tone-cinnabar">{t('clock.legal-over')}</p> : null}
      {escalated.map(({ at, by }) => (
        <p key={at} className="notice tone-cinnabar">
          {t(by === request.to ? 'clock.escalated-there' : 'clock.escalated-here')} <Instant at={at} />
        </p>
      ))}
      {isOpen(request.state) && request.direction === 'in' ? <Steps request={request} /> : null}
      {isOpen(request.state) && request.direction === 'out' ? <p className="soft">{t('clock.theirs')}</p> : null}
    </Panel>
  );
}

interface ClockProps {
  readonly request: Request;
  readonly which: 'acknowledge' | 'act';
  readonly from: string;
  readonly due: string | null;
  readonly done: string | null;
}

function Clock({ request, which, from, due, done }: ClockProps): ReactElement | null {
  const { t } = useWords('liaison');
  const format = useFormat();
  if (due === null) return null;
  const other = otherOf(request);
  const isOnTime = done !== null && Date.parse(done) <= Date.parse(due);
  return (
    <div className="liaison-clock-box">
      <h3>{t(`terms:clock.${which}`)}</h3>
      {done !== null ? (
        <Tag tone={isOnTime ? 'patina' : 'cinnabar'}>
          {t(isOnTime ? 'clock.done' : 'clock.done-late', {
            time: format.duration(Date.parse(done) - Date.parse(from)),
          })}
        </Tag>
      ) : isOpen(request.state) ? (
        <Countdown until={due} from={from} />
      ) : (
        <Tag>{t('clock.stopped')}</Tag>
      )}
      <dl className="facts">
        <dt>{t('clock.from')}</dt>
        <dd>
          <BothTimes at={from} member={other} />
        </dd>
        <dt>{t('clock.due')}</dt>
        <dd>
          <BothTimes at={due} member={other} />
        </dd>
      </dl>
    </div>
  );
}

/** Who is told when it is late, in turn. */
function Steps({ request }: { request: Request }): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const memberName = useMemberName();
  const { data } = useQuery({
    queryKey: ['/v1/roster/now'],
    queryFn: ({ signal }) => get<OnDuty>('/v1/roster/now', { purpose: 'request', signal }),
  });
  const steps = [
    ['officer', request.owner],
    ['deputy', data?.desk.deputy ?? null],
    ['head', data?.desk.head ?? null],
  ] as const;
  return (
    <div>
      <h3>{t('clock.steps')}</h3>
      <ol className="liaison-steps">
        {steps.map(([step, who]) => (
          <li key={step}>
            <span className="soft">{said('steps', step)}</span>{' '}
            {who ?? <span className="faint">{data === undefined && step !== 'officer' ? '…' : t('owner.nobody')}</span>}
          </li>
        ))}
        <li>
          <span className="soft">{t('clock.other-side')}</span> {memberName(request.from)}
        </li>
      </ol>
    </div>
  );
}
