import { tiers } from '@bronze-drum/protocol/statements/listing';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Listing, MergedView } from '../../../../server/src/registry/contract.ts';
import { useOfficer } from '../../link/session.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useBookText } from '../../ui/book.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { useThisMinute } from '../../ui/now.ts';
import { Facts } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { MemberName, Tag, TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { ListingActs } from './listing-acts.tsx';

/** Who says what about an identifier: the strongest evidence first, what has ended below. */
export function Said({ view }: { view: MergedView }): ReactElement {
  const { t } = useWords('registry');
  const isOver = ({ state }: Listing): boolean => state !== 'listed' && state !== 'pending';
  const standing = view.listings.filter((one) => !isOver(one));
  const over = view.listings.filter(isOver);
  if (view.listings.length === 0) return <Empty title={t('said.none')}>{t('said.none.hint')}</Empty>;
  return (
    <div className="registry-said">
      {standing.length === 0 ? <p className="soft">{t('said.none-now')}</p> : null}
      {tiers.map((tier) => {
        const said = standing.filter((one) => one.tier === tier);
        if (said.length === 0) return null;
        return (
          <section key={tier}>
            <h2>
              <TierTag tier={tier} />
            </h2>
            {said.map((listing) => (
              <ListingCard key={`${listing.member}/${listing.id}`} listing={listing} />
            ))}
          </section>
        );
      })}
      {over.length === 0 ? null : (
        <details open={standing.length === 0}>
          <summary>{t('said.over', { count: over.length })}</summary>
          {over.map((listing) => (
            <ListingCard key={`${listing.member}/${listing.id}`} listing={listing} />
          ))}
        </details>
      )}
    </div>
  );
}

const stateTones: Readonly<Record<Listing['state'], Tone>> = {
  listed: 'bronze',
  pending: 'ochre',
  withdrawn: 'stone',
  released: 'patina',
  expired: 'stone',
};

function ListingCard({ listing }: { listing: Listing }): ReactElement {
  const { t } = useWords('registry');
  const { member } = useOfficer();
  const { state, discreet, barred, typologies, handling } = listing;
  const said = useSaid();
  const bookText = useBookText();
  const isOurs = listing.member === member;
  return (
    <article className={`panel registry-card tone-${isOurs ? 'bronze' : 'indigo'}`}>
      <header>
        <strong>
          <MemberName code={listing.member} />
        </strong>
        <span className="soft">{t('said.office', { office: listing.office })}</span>
        <Tag tone={stateTones[state]}>{t(`terms:listingState.${state}`)}</Tag>
        {state === 'expired' || state === 'listed' || state === 'pending' ? null : <TierTag tier={listing.tier} />}
        {discreet ? (
          <Tag tone="ochre" outlined>
            {t('said.discreet')}
          </Tag>
        ) : null}
        {barred === true ? (
          <Tag tone="cinnabar" outlined>
            {t('said.barred')}
          </Tag>
        ) : null}
        <ListingActs listing={listing} isOurs={isOurs} />
      </header>
      <p className="registry-grounds" dir="auto">
        {listing.grounds}
      </p>
      {barred === true ? <p className="soft">{t('said.barred.hint')}</p> : null}
      <Facts
        facts={[
          [t('said.typologies'), typologies.map((one) => said('typologies', one)).join(' · ')],
          [t('said.offence'), said('offences', listing.offence)],
          [t('said.since'), <Instant key="since" at={listing.since} />],
          [t('said.until'), <Until key="until" listing={listing} />],
          [t('said.grading'), <Grading key="grading" listing={listing} />],
          [t('said.audience'), bookText(listing.book)],
          [
            t('said.handling'),
            <span key="handling">
              {[t(`terms:tlp.${handling.tlp}`), ...handling.conditions.map((one) => t(`terms:condition.${one}`))].join(
                ' · ',
              )}
              {handling.restriction === undefined ? null : <span dir="auto"> “{handling.restriction}”</span>}
            </span>,
          ],
          [t('said.sighting'), listing.sighting === undefined ? undefined : t(`terms:sighting.${listing.sighting}`)],
          [t('said.source'), listing.source],
          [
            t('said.number'),
            isOurs ? (
              <span key="number" className="mono">
                {listing.id}
              </span>
            ) : undefined,
          ],
          [
            t('said.corroborates'),
            listing.corroborates === undefined ? undefined : <MemberName key="of" code={listing.corroborates.member} />,
          ],
          [t('said.revision'), <Revision key="revision" listing={listing} />],
        ]}
      />
    </article>
  );
}

function Revision({ listing }: { listing: Listing }): ReactElement {
  const { t } = useWords('registry');
  return (
    <>
      {t('said.revision.of', { revision: listing.revision })} <Instant at={listing.changedAt} />{' '}
      <Link to="." search={(before: object) => ({ ...before, tab: 'history' })}>
        {t('tab.history')}
      </Link>
    </>
  );
}

const soonMs = 3 * 86_400_000;

/** When it ends; counting down if that is soon. */
function Until({ listing: { until, state } }: { listing: Listing }): ReactElement {
  const nowMs = useThisMinute();
  const leftMs = Date.parse(until) - nowMs;
  return (
    <>
      <Instant at={until} /> {state === 'listed' && leftMs > 0 && leftMs < soonMs ? <Countdown until={until} /> : null}
    </>
  );
}

function Grading({ listing: { grading } }: { listing: Listing }): ReactElement {
  const { t } = useWords('registry');
  return (
    <>
      {t(`terms:sourceGrade.${grading.source}`)} · {t(`terms:informationGrade.${grading.information}`)}
    </>
  );
}
