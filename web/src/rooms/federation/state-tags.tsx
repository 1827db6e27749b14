import type { ReactElement } from 'react';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { linkTones, type LinkLine } from './standing.ts';

/** How the link is, and what we have paused ourselves. */
export function StateTags({ state, pause }: { state: LinkLine['state']; pause?: string | undefined }): ReactElement {
  const { t } = useWords('federation');
  return (
    <span className="federation-tags">
      <Tag tone={linkTones[state]}>{t(`terms:linkState.${state}`)}</Tag>
      {pause === undefined ? null : (
        <Tag tone="ochre" outlined>
          {t(`terms:pauseDirection.${pause}`)}
        </Tag>
      )}
    </span>
  );
}
