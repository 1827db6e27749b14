import { Textarea } from '@mantine/core';
import type { ReactElement } from 'react';
import { useWords } from '../../ui/words.ts';

/** Why something is done between members: it is written down with the act. */
export function ReasonField(props: { reason: string; onChange: (reason: string) => void }): ReactElement {
  const { t } = useWords('federation');
  return (
    <Textarea
      label={t('reason')}
      description={t('reason.hint')}
      value={props.reason}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value)}
      maxLength={500}
      required
      data-autofocus
    />
  );
}
