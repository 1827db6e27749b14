import type { ReactElement } from 'react';
import type { Trace } from '../../../../server/src/funds/contract.ts';
import { Actor } from '../../ui/actor.tsx';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { useLanguageName, useLetters } from '../../ui/language.ts';
import { Facts, Panel } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

type Report = Trace['reports'][number];

/** What victims told, in their own words. */
export function TraceReports({ reports }: { reports: readonly Report[] }): ReactElement {
  const { t } = useWords('funds');
  useLetters(reports.flatMap(({ story }) => (story === undefined ? [] : [story.language])));
  return (
    <Panel title={t('trace.reports')} className="trace-reports">
      {reports.length === 0 ? <p className="trace-plain soft">{t('trace.reports.none')}</p> : null}
      {reports.map((report) => (
        <Told key={report.id} report={report} />
      ))}
    </Panel>
  );
}

function Told({ report }: { report: Report }): ReactElement {
  const { t, language } = useWords('funds');
  const said = useSaid();
  const languageName = useLanguageName();
  const { at, channel, reportedBy, typology, debitConfirmed, payments, contacts, story, victim } = report;
  return (
    <article className="trace-report">
      <header>
        <Instant at={at} />
        <Tag tone="bronze">{t(`terms:reportChannel.${channel}`)}</Tag>
        <Actor id={reportedBy} />
        <span className="soft">{said('typologies', typology)}</span>
        <Tag tone={debitConfirmed ? 'patina' : 'ochre'}>
          {t(debitConfirmed ? 'trace.debit.confirmed' : 'trace.debit.not-confirmed')}
        </Tag>
      </header>
      {story === undefined ? null : (
        <blockquote lang={story.language}>
          <p>{story.text}</p>
          <footer lang={language}>
            <Tag>{languageName(story.language)}</Tag>
          </footer>
        </blockquote>
      )}
      <Facts
        facts={[
          [t('trace.report.victim'), victim?.name],
          [
            t('trace.report.phone'),
            victim?.phone === undefined ? undefined : <Spelled key="phone" text={victim.phone} />,
          ],
          [
            t('trace.report.contacts'),
            contacts.length === 0 ? undefined : (
              <span key="contacts" className="trace-names">
                {contacts.map((contact) => (
                  <Spelled key={contact} text={contact} />
                ))}
              </span>
            ),
          ],
        ]}
      />
      <ul className="trace-payments">
        {payments.map((payment) => (
          <Payment key={`${payment.at}${payment.to}${payment.amount.value}${payment.reference}`} payment={payment} />
        ))}
      </ul>
    </article>
  );
}

function Payment({ payment }: { payment: Report['payments'][number] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { from, to, amount, at, reference } = payment;
  return (
    <li>
      <strong className="nowrap">{format.money(amount)}</strong>
      <Instant at={at} />
      {from === undefined ? null : (
        <span>
          <span className="soft">{t('trace.report.from')}</span> <Spelled text={from} />
        </span>
      )}
      {to === undefined ? null : (
        <span>
          <span className="soft">{t('trace.report.to')}</span> <Spelled text={to} />
        </span>
      )}
      {reference === undefined ? null : (
        <span>
          <span className="soft">{t('trace.report.reference')}</span> <span className="mono">{reference}</span>
        </span>
      )}
    </li>
  );
}

/** What a victim named is kept as it was written; where it is a key, it leads to its page. */
function Spelled({ text }: { text: string }): ReactElement {
  return /^[a-z]+:\S+$/.test(text) ? <Identifier of={text} /> : <span className="mono">{text}</span>;
}
