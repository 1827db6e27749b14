import type { ReactElement } from 'react';
import type { Return } from '../../../../server/src/funds/return-contract.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

export const returnStates: readonly Return['state'][] = ['open', 'decided', 'paid'];

const tones: Readonly<Record<Return['state'], Tone>> = { open: 'ochre', decided: 'bronze', paid: 'patina' };

export function ReturnStateTag({ state }: { state: Return['state'] }): ReactElement {
  const { t } = useWords('terms');
  return <Tag tone={tones[state]}>{t(`terms:returnState.${state}`)}</Tag>;
}
