import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Trace } from '../../../../server/src/funds/contract.ts';
import { useMay } from '../../link/session.ts';
import { Actor } from '../../ui/actor.tsx';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier, shortId } from '../../ui/identifier.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { MemberName } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { FiguresRing } from './trace-figures.tsx';

/** How much, what became of it, and how it began. */
export function TraceHead({ trace }: { trace: Trace }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const may = useMay();
  const { from, clock, members, hops, method, openedAt, reportedAt, typology, origins, reports } = trace;
  const payers = [...new Set(origins.flatMap(({ from: key }) => (key === null ? [] : [key])))];
  const alerts = [...new Set(reports.flatMap(({ alert }) => alert ?? []))];
  const confirmed = reports.some(({ debitConfirmed }) => debitConfirmed);
  return (
    <div className="trace-head">
      <Panel>
        <FiguresRing figures={trace} />
      </Panel>
      <Panel>
        <Facts
          facts={[
            [t('trace.fact.typology'), said('typologies', typology)],
            [t('trace.fact.stolen-from'), payers.length === 0 ? undefined : <Keys key="from" keys={payers} />],
            [
              t('trace.fact.asked-by'),
              from === null ? undefined : (
                <span key="asked">
                  <MemberName code={from.member} />{' '}
                  {may('liaison.read') ? (
                    <Link to={`/requests/${from.request}`} className="mono">
                      {shortId(from.request)}
                    </Link>
                  ) : null}
                </span>
              ),
            ],
            [t('trace.fact.reported'), <Instant key="reported" at={reportedAt} />],
            [t('trace.fact.opened'), <Instant key="opened" at={openedAt} />],
            [
              t('trace.fact.by'),
              reports.length === 0 ? undefined : (
                <span key="by" className="trace-names">
                  {[...new Set(reports.map(({ reportedBy }) => reportedBy))].map((id) => (
                    <Actor key={id} id={id} />
                  ))}
                </span>
              ),
            ],
            [
              t('trace.fact.alert'),
              alerts.length === 0 || !may('alerts.read') ? undefined : (
                <span key="alerts" className="trace-names">
                  {alerts.map((id) => (
                    <Link key={id} to={`/alerts/${id}`} className="mono">
                      {shortId(id)}
                    </Link>
                  ))}
                </span>
              ),
            ],
            [
              t('trace.fact.debit'),
              reports.length === 0 ? undefined : t(confirmed ? 'trace.debit.confirmed' : 'trace.debit.not-confirmed'),
            ],
            [
              t('trace.fact.members'),
              <span key="members" className="trace-names">
                {members.map((code) => (
                  <MemberName key={code} code={code} />
                ))}
              </span>,
            ],
            [t('trace.fact.hops'), format.number(hops)],
            [
              t('trace.fact.method'),
              <span key="method" title={t(`terms:traceMethod.${method}.what`)}>
                {t(`terms:traceMethod.${method}`)}
              </span>,
            ],
            [
              t('trace.fact.clock'),
              clock === null ? undefined : (
                <span key="clock" className="trace-names">
                  <Countdown until={clock.at} />
                  <MemberName code={clock.member} />
                </span>
              ),
            ],
          ]}
        />
      </Panel>
    </div>
  );
}

function Keys({ keys }: { keys: readonly string[] }): ReactElement {
  return (
    <span className="trace-names">
      {keys.map((key) => (
        <Identifier key={key} of={key} />
      ))}
    </span>
  );
}
