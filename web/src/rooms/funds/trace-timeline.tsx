import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Hold, Trace } from '../../../../server/src/funds/contract.ts';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { useFormat } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { useWords } from '../../ui/words.ts';
import { reportToHoldMs, storyOf } from './trace-story.ts';

/** From theft to hold, with the time between, and how the institutions kept to theirs. */
export function TraceTimeline({ trace, holds }: { trace: Trace; holds: readonly Hold[] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const story = storyOf(trace, holds);
  const wholeMs = reportToHoldMs(trace);
  return (
    <Panel title={t('trace.timeline')}>
      {wholeMs === undefined ? (
        <p className="trace-plain soft">{t('trace.timeline.none')}</p>
      ) : (
        <p className="trace-plain">{t('trace.timeline.whole', { time: format.duration(wholeMs) })}</p>
      )}
      <Timeline
        happenings={story.map(({ moment, at, tone, afterMs }, place) => ({
          key: moment,
          at,
          what: t(`trace.moment.${moment}`),
          tone,
          ...(place > 0 && {
            details: <span className="soft">{t('trace.timeline.after', { time: format.duration(afterMs) })}</span>,
          }),
        }))}
      />
      <FirstOrder holds={holds} />
    </Panel>
  );
}

/** How fast the first order was answered, against the time that the policy gives for it. */
function FirstOrder({ holds }: { holds: readonly Hold[] }): ReactElement | null {
  const { t } = useWords('funds');
  const format = useFormat();
  const may = useMay();
  const first = holds
    .filter(({ order, orderedAt }) => order !== undefined && orderedAt !== undefined)
    .toSorted((a, b) => Date.parse(a.orderedAt!) - Date.parse(b.orderedAt!))[0];
  const path = `/v1/orders/${first?.order ?? ''}`;
  const order = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<OrderDetails>(path, { purpose: 'investigation', signal }),
    enabled: first?.order !== undefined && may('orders.read'),
    // Until it is answered, what is known of it grows old quickly.
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.answeredAt === undefined ? 5000 : false),
  });
  if (order.data === undefined) return null;
  const { answeredAt, order: terms } = order.data;
  const allowed = format.duration(Date.parse(terms.answerBy) - Date.parse(terms.issuedAt));
  const isLate = answeredAt !== undefined && Date.parse(answeredAt) > Date.parse(terms.answerBy);
  const values = {
    institution: terms.institution,
    allowed,
    ...(answeredAt !== undefined && { time: format.duration(Date.parse(answeredAt) - Date.parse(terms.issuedAt)) }),
  };
  const text =
    answeredAt === undefined
      ? t('trace.order.waits', values)
      : isLate
        ? t('trace.order.late', values)
        : t('trace.order.in-time', values);
  return (
    <p className={`notice tone-${answeredAt === undefined ? 'ochre' : isLate ? 'cinnabar' : 'patina'}`}>
      {text} <Link to={`/orders/${terms.id}`}>{t('trace.order.open')}</Link>
    </p>
  );
}
