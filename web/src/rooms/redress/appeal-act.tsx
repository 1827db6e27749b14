import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Appeal } from '../../../../server/src/redress/contract.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

export const appealStates: readonly Appeal['state'][] = ['lodged', 'upheld', 'dismissed', 'lapsed', 'withdrawn'];

const tones: Readonly<Record<Appeal['state'], Tone>> = {
  lodged: 'ochre',
  upheld: 'patina',
  dismissed: 'stone',
  lapsed: 'cinnabar',
  withdrawn: 'stone',
};

export function AppealStateTag({ state }: { state: Appeal['state'] }): ReactElement {
  const { t } = useWords('terms');
  return <Tag tone={tones[state]}>{t(`terms:appealState.${state}`)}</Tag>;
}

/** What is contested: a kind that a later release adds is named as it is. */
export function AppealedAct({ appeal: { act } }: { appeal: Pick<Appeal, 'act'> }): ReactElement {
  const { t } = useWords('terms');
  const kind = act.kind === 'hold' || act.kind === 'listing' ? t(`terms:appealedAct.${act.kind}`) : act.kind;
  return <span>{kind}</span>;
}

/** The page of what is contested: a hold has its own, a listing that of its identifier. */
export function ContestedLink({ appeal }: { appeal: Appeal }): ReactElement {
  const { t } = useWords('redress');
  if (appeal.act.kind === 'hold') return <Link to={`/holds/${appeal.act.id}`}>{t('appeal.open-hold')}</Link>;
  return <Identifier of={appeal.subject} />;
}
