import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Listing } from '../../../../server/src/registry/contract.ts';
import { useWords } from '../../ui/words.ts';
import { useCodeText } from './codes.ts';

/** What the server answers to an act on a listing: done at once, or waiting for a second person. */
export interface Outcome {
  readonly listing?: Listing;
  readonly proposal?: string;
  readonly review?: string;
  readonly export?: { readonly proposal: string } | { readonly refused: string };
}

/** Whether anything is left to be said beyond that it was done. */
export const isPlain = ({ proposal, review, export: leaving }: Outcome): boolean =>
  proposal === undefined && review === undefined && leaving === undefined;

/** Who must still decide, with the way there. */
export function OutcomeLines({ outcome }: { outcome: Outcome }): ReactElement {
  const { t } = useWords('registry');
  const codeText = useCodeText();
  const { proposal, review, export: leaving } = outcome;
  return (
    <>
      {proposal === undefined ? null : (
        <p>
          {t('outcome.proposal')} <ApprovalLink id={proposal} />
        </p>
      )}
      {review === undefined ? null : (
        <p>
          {t('outcome.review')} <ApprovalLink id={review} />
        </p>
      )}
      {leaving === undefined ? null : 'proposal' in leaving ? (
        <p>
          {t('outcome.export')} <ApprovalLink id={leaving.proposal} />
        </p>
      ) : (
        <p>
          {t('outcome.withheld')} {codeText(leaving.refused)} <Link to="/exports">{t('outcome.exports')}</Link>
        </p>
      )}
    </>
  );
}

export function ApprovalLink({ id }: { id: string }): ReactElement {
  const { t } = useWords('registry');
  return <Link to={`/approvals/${id}`}>{t('outcome.approval')}</Link>;
}
