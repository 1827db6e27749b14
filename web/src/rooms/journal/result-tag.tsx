import type { ReactElement } from 'react';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import type { BookResult } from './verification.ts';

/** Whether anything of what was checked is not as it must be. */
export function isBad({ checked, failed }: BookResult): boolean {
  return (
    failed.length > 0 ||
    (checked !== undefined &&
      ([checked.signature, checked.origin, checked.root].includes('failed') ||
        ['shrunk', 'changed'].includes(checked.growth)))
  );
}

/** How many entries of a book were checked, and whether all is well. */
export function ResultTag({
  result,
  isRunning,
}: {
  result: BookResult | undefined;
  isRunning: boolean;
}): ReactElement | null {
  const { t } = useWords('journal');
  if (result === undefined) return null;
  const { checked, planned, verified, partly, failed, unanswered, error } = result;
  const done = verified + partly + failed.length + unanswered.length;
  if (isBad(result)) return <Tag tone="cinnabar">{t('result.bad')}</Tag>;
  if (error !== undefined || unanswered.length > 0) return <Tag tone="ochre">{t('result.gaps')}</Tag>;
  if (checked === undefined || done < planned)
    return <Tag tone="stone">{t(isRunning ? 'result.running' : 'result.stopped', { done, planned })}</Tag>;
  if (checked.size === 0) return <Tag tone="stone">{t('result.unsigned')}</Tag>;
  return <Tag tone="patina">{t('result.good', { done, planned })}</Tag>;
}
