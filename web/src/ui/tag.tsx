import type { ReactElement, ReactNode } from 'react';
import type { Tone } from './mark.tsx';
import { useMemberName } from './member.ts';
import { useSaid, useWords } from './words.ts';

/** A short word whose colour means something: see `Tone`. Colour never says it alone. */
export function Tag({
  tone = 'stone',
  outlined = false,
  title,
  children,
}: {
  tone?: Tone;
  outlined?: boolean;
  title?: string;
  children: ReactNode;
}): ReactElement {
  return (
    <span className={`tag tone-${tone} ${outlined ? 'outlined' : ''}`} title={title}>
      {children}
    </span>
  );
}

const priorityTones: Readonly<Record<string, Tone>> = { P1: 'cinnabar', P2: 'ochre', P3: 'bronze', P4: 'stone' };

export function PriorityTag({ priority }: { priority: string }): ReactElement {
  const { t } = useWords('terms');
  return <Tag tone={priorityTones[priority] ?? 'stone'}>{t(`terms:priority.${priority}`)}</Tag>;
}

const tierTones: Readonly<Record<string, Tone>> = {
  court: 'cinnabar',
  designated: 'cinnabar',
  complaint: 'ochre',
  victim: 'ochre',
  'institution-confirmed': 'ochre',
  'institution-suspected': 'bronze',
  observed: 'stone',
};

/** The strength of evidence of a listing. */
export function TierTag({ tier }: { tier: string }): ReactElement {
  const said = useSaid();
  return <Tag tone={tierTones[tier] ?? 'stone'}>{said('tiers', tier)}</Tag>;
}

/** A member as people call the country; its official name on hover. */
export function MemberName({ code }: { code: string }): ReactElement {
  const said = useSaid();
  const nameOf = useMemberName();
  return (
    <span className="nowrap" title={said('members', code)}>
      {nameOf(code)}
    </span>
  );
}
