import type { ReactElement, ReactNode } from 'react';
import type { Approval } from '../../../../server/src/access/contract.ts';
import { useWords } from '../../ui/words.ts';

export interface WhatProps {
  readonly approval: Approval;
  /** What the act is given, as its room wrote it. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** In one sentence what happens. */
export function Says({ children }: { children: ReactNode }): ReactElement {
  return <p className="approval-says">{children}</p>;
}

/** The proposer's own words: the reason, unless they are something else. */
export function Why(props: {
  text: string | undefined;
  language?: string | undefined;
  title?: string;
}): ReactElement | null {
  const { text, language, title } = props;
  const { t } = useWords('access');
  if (text === undefined || text === '') return null;
  return (
    <blockquote className="approval-why">
      <span>{title ?? t('approval.why')}</span>
      <span lang={language} className="approval-words">
        {text}
      </span>
    </blockquote>
  );
}
