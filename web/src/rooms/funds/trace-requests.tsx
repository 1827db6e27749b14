import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Trace } from '../../../../server/src/funds/contract.ts';
import type { Conversation } from '../../../../server/src/liaison/contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { Countdown } from '../../ui/clock.tsx';
import { timeZoneOf, useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Panel } from '../../ui/page.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

type Asked = Trace['requests'][number];

const tones: Readonly<Partial<Record<Asked['state'], Tone>>> = {
  answered: 'patina',
  'partly-answered': 'patina',
  refused: 'cinnabar',
  withdrawn: 'stone',
  waits: 'ochre',
};

/** What other members were asked because the money reached them: how it stands, and what time is left. */
export function TraceRequests({ trace }: { trace: Trace }): ReactElement {
  const { t } = useWords('funds');
  return (
    <Panel title={t('trace.requests')}>
      {trace.requests.length === 0 ? (
        <p className="trace-plain soft">{t('trace.requests.none')}</p>
      ) : (
        <ul className="trace-requests">
          {trace.requests.map((request) => (
            <Request key={request.id} asked={request} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Request({ asked }: { asked: Asked }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const may = useMay();
  const { id, member, state, amount } = asked;
  const path = `/v1/requests/${id}`;
  const isSeen = may('liaison.read');
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Conversation>(path, { purpose: 'request', signal }),
    enabled: isSeen,
  });
  const request = found.data?.request;
  const name = <MemberName code={member} />;
  return (
    <li>
      <div className="trace-request">
        {isSeen ? <Link to={`/requests/${id}`}>{name}</Link> : name}
        <Tag tone={tones[state] ?? 'indigo'}>{state === 'waits' ? t('terms:waits') : said('requestStates', state)}</Tag>
        <span className="nowrap">{format.money(amount)}</span>
      </div>
      {request === undefined ? null : <Clock request={request} member={member} />}
    </li>
  );
}

/** The time that runs now, with when it ends there. */
function Clock({ request, member }: { request: Conversation['request']; member: string }): ReactElement | null {
  const { t } = useWords('funds');
  const format = useFormat();
  const { sentAt, acknowledgedAt, answeredAt, acknowledgeBy, actBy } = request;
  if (sentAt === null) return <p className="trace-plain soft">{t('trace.request.not-sent')}</p>;
  if (answeredAt !== null)
    return (
      <p className="trace-plain soft">
        {t('trace.request.answered', { time: format.duration(Date.parse(answeredAt) - Date.parse(sentAt)) })}
      </p>
    );
  const until = acknowledgedAt === null ? acknowledgeBy : actBy;
  if (until === null) return null;
  return (
    <p className="trace-plain trace-clock">
      <span className="soft">{t(acknowledgedAt === null ? 'terms:clock.acknowledge' : 'terms:clock.act')}</span>
      <Countdown until={until} from={sentAt} />
      <span className="faint">{t('trace.request.there', { time: format.time(until, timeZoneOf[member]) })}</span>
    </p>
  );
}
