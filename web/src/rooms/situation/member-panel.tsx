import { CloseButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { useMay } from '../../link/session.ts';
import { Ago } from '../../ui/clock.tsx';
import { timeZoneOf, useFormat } from '../../ui/format.ts';
import { useThisMinute } from '../../ui/now.ts';
import { Facts } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { fateTone, sumsOf, type Flow } from './flows.ts';
import type { Member } from './geography.ts';
import type { AlertsAt } from './open-alerts.ts';
import { newestAlertsMax, useEndingHolds, useLinks, useRequests } from './readings.ts';
import { isAwaited } from './running.ts';
import { linkTones } from './sign.tsx';

/** The numbers of one member, and where to read more. */
export function MemberPanel(props: {
  member: Member;
  here: string;
  alerts: AlertsAt | undefined;
  flows: readonly Flow[];
  onClose: () => void;
}): ReactElement {
  const { member, here, alerts, flows, onClose } = props;
  const { t } = useWords('situation');
  const said = useSaid();
  const format = useFormat();
  const may = useMay();
  const nowMs = useThisMinute();
  const link = useLinks().data?.links.find(({ party }) => party === member);
  const [into, outOf] = [flows.filter(({ to }) => to === member), flows.filter(({ from }) => from === member)];
  const read = useRequests().data;
  const requests = read?.requests.filter(
    (request) => (request.from === member || request.to === member) && isAwaited(request),
  ).length;
  const money = (some: readonly Flow[]): string | undefined =>
    some.length === 0
      ? undefined
      : sumsOf(some)
          .map((sum) => format.money(sum))
          .join(' · ');
  return (
    <section
      className={`panel situation-member ${member === 'mm' || member === 'th' ? '' : 'at-start'}`}
      aria-label={said('members', member)}
    >
      <header>
        <h2>{said('members', member)}</h2>
        <CloseButton size="sm" aria-label={t('ui:close')} onClick={onClose} />
      </header>
      <Facts
        facts={[
          [t('member.time'), format.time(nowMs, timeZoneOf[member])],
          [
            t('member.link'),
            link === undefined ? undefined : (
              <>
                <Tag tone={linkTones[link.state]}>{t(`terms:linkState.${link.state}`)}</Tag>{' '}
                {link.heardAt === null ? null : (
                  <span className="soft">
                    {t('member.heard')} <Ago at={link.heardAt} />
                  </span>
                )}
              </>
            ),
          ],
          [
            t('member.alerts'),
            may('alerts.read')
              ? t('member.alerts.count', {
                  count: alerts?.count ?? 0,
                  urgent: alerts?.urgent ?? 0,
                  newest: newestAlertsMax,
                })
              : undefined,
          ],
          [t('member.into'), money(into)],
          [t('member.out-of'), money(outOf)],
          [t('member.holds'), member === here ? <HoldsHere key="holds" /> : undefined],
          [
            t('member.requests'),
            requests === undefined || member === here ? undefined : (
              <Link key="requests" to={`/requests?member=${member}`}>
                {read?.next === undefined ? format.number(requests) : t('at-least', { count: format.number(requests) })}
              </Link>
            ),
          ],
        ]}
      />
      <FlowTable flows={[...into, ...outOf]} />
      <p className="situation-ways">
        <Ways member={member} here={here} />
      </p>
    </section>
  );
}

function HoldsHere(): ReactElement | null {
  const { t } = useWords('situation');
  const format = useFormat();
  const holds = useEndingHolds().data;
  if (holds === undefined) return null;
  const { length } = holds.holds;
  return (
    <Link to="/holds">
      {holds.next === undefined ? format.number(length) : t('at-least', { count: format.number(length) })}
    </Link>
  );
}

function Ways({ member, here }: { member: Member; here: string }): ReactNode {
  const { t } = useWords('situation');
  const may = useMay();
  return (
    <>
      {may('funds.read') ? <Link to="/traces">{t('shell:nav.traces')}</Link> : null}
      {may('liaison.ask') && member !== here ? <Link to={`/requests/new?to=${member}`}>{t('member.ask')}</Link> : null}
      {may('registry.search') ? <Link to={`/listings?member=${member}`}>{t('member.listings')}</Link> : null}
      {may('federation.read') ? <Link to="/federation">{t('shell:nav.federation')}</Link> : null}
    </>
  );
}

/** The arrows of the map as a table: for whoever does not see them. */
function FlowTable({ flows }: { flows: readonly Flow[] }): ReactElement | null {
  const { t } = useWords('situation');
  const format = useFormat();
  if (flows.length === 0) return null;
  return (
    <table>
      <caption className="soft">{t('flow.table')}</caption>
      <tbody>
        {flows.map(({ from, to, amount, fate, thefts }) => (
          <tr key={`${from} ${to} ${amount.currency}`}>
            <td>{t('flow.way', { from: t(`shell:member.${from}`), to: t(`shell:member.${to}`) })}</td>
            <td className="end nowrap">{format.money(amount)}</td>
            <td className="soft nowrap">{t('flow.thefts', { count: thefts })}</td>
            <td>
              <Tag tone={fateTone[fate]}>{t(`fate.${fate}`)}</Tag>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
