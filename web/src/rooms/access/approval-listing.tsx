import type { ReactElement } from 'react';
import type { Handling } from '@bronze-drum/protocol/handling';
import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { ImportTerms } from '../../../../server/src/registry/contract.ts';
import { useBookText } from '../../ui/book.tsx';
import { Instant } from '../../ui/clock.tsx';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { Facts } from '../../ui/page.tsx';
import { Tag, TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { Says, Why, type WhatProps } from './approval-parts.tsx';

interface Plan {
  readonly body: Omit<ListingBody, 'revision'>;
  readonly book: string;
  readonly handling: Handling;
  readonly replaces?: number;
  readonly exports?: boolean;
}

/** An identifier is listed, or a listing leaves the country: who will see it, on what evidence, until when. */
export function ListingWhat({ approval, payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const bookText = useBookText();
  const { body, book, handling, replaces, exports } = payload as unknown as Plan;
  const { key, tier, typologies, offence, grading, source, sighting, since, until, discreet } = body;
  const readers = bookText(book);
  const isExport = approval.act === 'registry.export';
  return (
    <>
      <Says>{t(isExport ? 'approval.says.export' : 'approval.says.list', { subject: captionOf(key), readers })}</Says>
      <Facts
        facts={[
          [t('approval.listing.key'), <Identifier key="key" of={key} />],
          [t('approval.listing.readers'), <strong key="readers">{readers}</strong>],
          [
            t('approval.listing.leaves'),
            t(exports === true ? 'approval.listing.leaves.yes' : 'approval.listing.leaves.no'),
          ],
          [t('approval.listing.tier'), <TierTag key="tier" tier={tier} />],
          [
            t('approval.listing.discreet'),
            discreet ? (
              <Tag key="discreet" tone="cinnabar">
                {t('approval.listing.discreet.yes')}
              </Tag>
            ) : undefined,
          ],
          [t('approval.listing.typologies'), typologies.map((one) => said('typologies', one)).join(', ')],
          [t('approval.listing.offence'), said('offences', offence)],
          [
            t('approval.listing.grading'),
            `${t(`terms:sourceGrade.${grading.source}`)}; ${t(`terms:informationGrade.${grading.information}`)}`,
          ],
          [t('approval.listing.source'), source],
          [t('approval.listing.sighting'), sighting === undefined ? undefined : t(`terms:sighting.${sighting}`)],
          [t('approval.listing.since'), <Instant key="since" at={since} />],
          [t('approval.listing.until'), <Instant key="until" at={until} />],
          [t('approval.listing.handling'), <HandlingWords key="handling" handling={handling} />],
          [t('approval.listing.replaces'), replaces === undefined ? undefined : t('approval.listing.replaces.yes')],
        ]}
      />
      <Why text={body.grounds} />
    </>
  );
}

/** A list from a file or feed may be taken in under these terms; its rows come later. */
export function ImportWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const bookText = useBookText();
  const { terms, exports } = payload as unknown as { readonly terms: ImportTerms; readonly exports?: boolean };
  const { source, tier, typologies, offence, audience, handling, grounds, discreet, until, type } = terms;
  const readers = bookText(Array.isArray(audience) ? audience.join('+') : audience);
  return (
    <>
      <Says>{t('approval.says.import', { source, readers })}</Says>
      <Facts
        facts={[
          [t('approval.listing.source'), source],
          [t('approval.listing.readers'), <strong key="readers">{readers}</strong>],
          [
            t('approval.listing.leaves'),
            t(exports === true ? 'approval.listing.leaves.yes' : 'approval.listing.leaves.no'),
          ],
          [t('approval.listing.tier'), <TierTag key="tier" tier={tier} />],
          [
            t('approval.listing.discreet'),
            discreet === true ? (
              <Tag key="discreet" tone="cinnabar">
                {t('approval.listing.discreet.yes')}
              </Tag>
            ) : undefined,
          ],
          [t('approval.listing.type'), type === undefined ? undefined : t(`terms:identifierType.${type}`)],
          [t('approval.listing.typologies'), typologies.map((one) => said('typologies', one)).join(', ')],
          [t('approval.listing.offence'), said('offences', offence)],
          [t('approval.listing.until'), until === undefined ? undefined : <Instant key="until" at={until} />],
          [t('approval.listing.handling'), <HandlingWords key="handling" handling={handling} />],
        ]}
      />
      <Why text={grounds} />
    </>
  );
}

function HandlingWords({ handling }: { handling: Handling }): ReactElement {
  const { t } = useWords('terms');
  const said = useSaid();
  const { tlp, conditions, restriction } = handling;
  return (
    <span>
      {t(`terms:tlp.${tlp}`)}
      {conditions.map((one) => (
        <span key={one}>
          {' · '}
          {said('conditions', one)}
        </span>
      ))}
      {restriction === undefined ? null : ` · ${restriction}`}
    </span>
  );
}
