import type { AlertReason } from '@bronze-drum/protocol/alerts';
import { useCallback, type ReactElement } from 'react';
import { useFormat } from './format.ts';
import { useParamWords, withoutGaps, type Params } from './params.ts';
import { Tag } from './tag.tsx';
import { hasWords, useSaid, useWords } from './words.ts';

/** Which of several sentences of a code fits; the one without a suffix if none does. */
const variants: Readonly<Record<string, (params: Params) => string | undefined>> = {
  'own-listing.listed': ({ presented }) => (presented === true ? 'presented' : undefined),
  'suspected-activity.reported': ({ confirmed }) => (confirmed === true ? 'confirmed' : undefined),
  'detection.test-then-drain': ({ tested }) => (tested === 'payer' ? 'payer' : undefined),
  'detection.listed-counterpart': ({ direction, distance }) =>
    direction === 'to' ? 'to' : direction === 'from' && distance === 1 ? 'direct' : undefined,
  'detection.call-then-payment': ({ onTheLine }) => (onTheLine === true ? 'onTheLine' : undefined),
  'detection.number-rotation': ({ devices }) => (devices === undefined ? undefined : 'devices'),
  'detection.sim-swap-then-payment': ({ act }) => (act === 'login' ? 'login' : undefined),
  'detection.bulk-sender': ({ linkListed }) => (linkListed === true ? 'listed' : undefined),
};

function keyOf(code: string, params: Params): string {
  const isOfLister = code.endsWith('.flood') && params['lister'] !== undefined && params['institution'] === undefined;
  const variant = isOfLister ? 'lister' : Object.hasOwn(variants, code) ? variants[code]!(params) : undefined;
  return variant === undefined ? code : `${code}_${variant}`;
}

type SaidReason = Pick<AlertReason, 'code' | 'params' | 'member'>;

/** A reason as a sentence in this officer's language; a code that this release does not know, with what was told with it. */
export function useReasonText(): (reason: SaidReason) => string {
  const { t } = useWords('reasons');
  const words = useParamWords({ short: true });
  const said = useSaid();
  return useCallback(
    ({ code, params, member }) => {
      const key = [keyOf(code, params), code].find((one) => hasWords(`reasons:${one}`));
      // Another member names none of its institutions: what one of them did, the member tells.
      const teller = member === undefined ? {} : { institution: said('members', member) };
      if (key !== undefined) return withoutGaps(t(`reasons:${key}`, { ...teller, ...words.values(params, code) }));
      const told = words.facts(params, code).map(({ label, text }) => `${label}: ${text}`);
      return [code, ...told].join('; ');
    },
    [t, words, said],
  );
}

/** A reason as a sentence, with how often and when it was found and who told us of it. */
export function ReasonLine({ reason }: { reason: AlertReason }): ReactElement {
  const { t } = useWords('ui');
  const said = useSaid();
  const format = useFormat();
  const reasonText = useReasonText();
  const { count, firstAt, lastAt, member } = reason;
  const [first, last] = [format.time(firstAt), format.time(lastAt)];
  return (
    <span className="reason">
      {reasonText(reason)}{' '}
      <span className="soft" title={`${format.instant(firstAt)} – ${format.instant(lastAt)}`}>
        {count === 1 || first === last
          ? t('reason.once', { count, at: last })
          : t('reason.often', { count, first, last })}
      </span>
      {member === undefined ? null : (
        <>
          {' '}
          <Tag tone="indigo">{t('reason.told', { member: said('members', member) })}</Tag>
        </>
      )}
    </span>
  );
}
