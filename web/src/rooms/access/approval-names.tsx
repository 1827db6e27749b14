import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { captionOf, pathOf, splitKey } from '../../ui/identifier.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

const acts = [
  'registry.list',
  'registry.import',
  'registry.export',
  'orders.issue',
  'liaison.send',
  'liaison.answer',
  'funds.hold',
  'funds.release',
  'funds.seize',
  'funds.return',
];

/** What is asked for, in a few words; an act that this release does not know by its code. */
export function ActName({ act, variant }: { act: string; variant: string | null }): ReactElement {
  const text = useActText();
  return <span>{text(act, variant)}</span>;
}

export function useActText(): (act: string, variant: string | null) => string {
  const { t } = useWords('access');
  const said = useSaid();
  return (act, variant) => {
    if (!acts.includes(act)) return variant === null ? act : `${act}:${variant}`;
    const name = t(`terms:act.${act}`);
    if (variant === null) return name;
    const [room] = act.split('.');
    const words =
      act === 'orders.issue'
        ? said('orderKinds', variant)
        : room === 'liaison'
          ? said('requestKinds', variant)
          : variant === 'discreet'
            ? t('terms:actVariant.discreet')
            : act === 'funds.seize'
              ? t('approval.variant.confiscate')
              : said('tiers', variant);
    return t('approval.act-of', { act: name, variant: words });
  };
}

const tones: Readonly<Record<ApprovalState, Tone>> = {
  open: 'ochre',
  approved: 'patina',
  rejected: 'cinnabar',
  withdrawn: 'stone',
  lapsed: 'stone',
};

type ApprovalState = 'open' | 'approved' | 'rejected' | 'withdrawn' | 'lapsed';

export function ApprovalStateTag({ state }: { state: ApprovalState }): ReactElement {
  const { t } = useWords('terms');
  return <Tag tone={tones[state]}>{t(`terms:approvalState.${state}`)}</Tag>;
}

/** What it is about, leading there. */
export function SubjectName({ subject }: { subject: string }): ReactElement {
  const { t } = useWords('access');
  const { type, value } = splitKey(subject);
  if (type === 'import') return <span>{t('approval.subject.import', { source: value })}</span>;
  if (type === 'return') return <Link to={`/returns/${value}`}>{t('approval.subject.return')}</Link>;
  if (type === 'trace') return <Link to={`/traces/${value}`}>{t('approval.subject.trace')}</Link>;
  if (type === 'request') return <Link to={`/requests/${value}`}>{t('approval.subject.request')}</Link>;
  const path = pathOf(subject);
  const text = <span className="mono">{captionOf(subject)}</span>;
  return path === undefined ? text : <Link to={path}>{text}</Link>;
}
