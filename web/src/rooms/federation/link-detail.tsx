import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Refused } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { Actor } from '../../ui/actor.tsx';
import { BookName } from '../../ui/book.tsx';
import { Ago, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Facts, Panel } from '../../ui/page.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { PauseButtons } from './pausing.tsx';
import type { LinkLine, PartyLine } from './standing.ts';
import { StateTags } from './state-tags.tsx';

const noticeableSkewMs = 5000;

/** How it stands with one neighbour: why it is as it is, its books and ours, and what may be done about it. */
export function LinkDetail({ link, party }: { link: LinkLine; party: PartyLine | undefined }): ReactElement {
  const { t } = useWords('federation');
  const format = useFormat();
  const may = useMay();
  const skewMs = link.skewMs ?? 0;
  return (
    <>
      <Panel
        title={<MemberName code={link.party} />}
        acts={may('directory.pause') && party !== undefined ? <PauseButtons party={party} /> : undefined}
      >
        <Why link={link} />
        {party?.pause == null ? null : <PauseNotice pause={party.pause} />}
        <Facts
          facts={[
            [t('fact.state'), <StateTags key="state" state={link.state} />],
            [t('fact.since'), <Ago key="since" at={link.since} />],
            [t('fact.heard'), link.heardAt === null ? t('never') : <Ago key="heard" at={link.heardAt} />],
            [
              t('fact.clock'),
              link.skewMs === null ? undefined : Math.abs(skewMs) < noticeableSkewMs ? (
                t('clock.right')
              ) : (
                <Tag key="clock" tone="ochre">
                  {t(skewMs > 0 ? 'clock.ahead' : 'clock.behind', { time: format.duration(Math.abs(skewMs)) })}
                </Tag>
              ),
            ],
            [t('fact.role'), party === undefined ? undefined : t(`terms:partyRole.${party.role}`)],
            [
              t('fact.address'),
              party === undefined ? undefined : (
                <span key="address" className="mono">
                  {party.address}
                </span>
              ),
            ],
          ]}
        />
      </Panel>
      <Panel title={t('in.title')}>
        <InTable link={link} />
      </Panel>
      <Panel title={t('out.title')}>
        <OutTable link={link} />
      </Panel>
    </>
  );
}

function Why({ link: { state, reason } }: { link: LinkLine }): ReactElement {
  const { t } = useWords('federation');
  const refusalText = useRefusalText();
  if (state === 'refused' && reason !== null)
    return (
      <>
        <p className="federation-why">{refusalText(new Refused({ code: reason, status: 400 })).text}</p>
        <p className="mono faint">{reason}</p>
      </>
    );
  return (
    <>
      <p className="federation-why">{t(`why.${state}`)}</p>
      {state === 'unreachable' && reason !== null ? <p className="soft">{t(`why.${reason}`)}</p> : null}
    </>
  );
}

export function PauseNotice({ pause }: { pause: NonNullable<PartyLine['pause']> }): ReactElement {
  const { t } = useWords('federation');
  return (
    <div className="notice tone-ochre">
      <p>
        <strong>{t(`terms:pauseDirection.${pause.direction}`)}</strong> · <Instant at={pause.at} /> ·{' '}
        <Actor id={pause.by} />
      </p>
      <p>{pause.reason}</p>
    </div>
  );
}

function InTable({ link: { party, reads } }: { link: LinkLine }): ReactElement {
  const { t } = useWords('federation');
  const format = useFormat();
  if (reads.length === 0) return <p className="soft">{t('in.none')}</p>;
  return (
    <div className="federation-scroll">
      <table className="federation-books">
        <thead>
          <tr>
            <th scope="col">{t('book')}</th>
            <th scope="col">{t('in.size')}</th>
            <th scope="col">{t('in.here')}</th>
            <th scope="col">{t('applied')}</th>
          </tr>
        </thead>
        <tbody>
          {reads.map(({ book, size, here, applied, forked }) => (
            <tr key={book}>
              <th scope="row">
                <Link to="/journal" search={{ at: `${party}/${book}` }}>
                  <BookName book={book} />
                </Link>{' '}
                {forked ? <Tag tone="cinnabar">{t('forked')}</Tag> : null}
              </th>
              <td>{format.number(size)}</td>
              <td>{format.number(here)}</td>
              <td>{format.number(applied)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OutTable({ link: { read } }: { link: LinkLine }): ReactElement {
  const { t } = useWords('federation');
  const format = useFormat();
  if (read.length === 0) return <p className="soft">{t('out.none')}</p>;
  return (
    <div className="federation-scroll">
      <table className="federation-books">
        <thead>
          <tr>
            <th scope="col">{t('book')}</th>
            <th scope="col">{t('out.size')}</th>
            <th scope="col">{t('out.received')}</th>
            <th scope="col">{t('applied')}</th>
            <th scope="col">{t('out.at')}</th>
          </tr>
        </thead>
        <tbody>
          {read.map(({ book, size, received, applied, held, receiptAt }) => (
            <tr key={book}>
              <th scope="row">
                <BookName book={book} />
                {held.map(({ number, code }) => (
                  <p key={number} className="federation-fault">
                    {t('out.fault', { number: format.number(number) })} {t(`terms:fault.${code}`)}
                  </p>
                ))}
              </th>
              <td>{format.number(size)}</td>
              <td>{format.number(received)}</td>
              <td>{format.number(applied)}</td>
              <td>{receiptAt === null ? t('never') : <Ago at={receiptAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
