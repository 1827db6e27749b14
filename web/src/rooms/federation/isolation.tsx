import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { useWords } from '../../ui/words.ts';
import { ReasonField } from './reason-field.tsx';

/** Cuts this server off from all others at once, or ends that. */
export function IsolateButton({ isolated }: { isolated: boolean }): ReactElement {
  const { t } = useWords('federation');
  const [isOpen, opening] = useDisclosure(false);
  const { draft, change, clear } = useDraft('isolation', { reason: '' });
  const way = isolated ? 'end' : 'begin';
  return (
    <>
      <Button variant="default" color={isolated ? 'patina' : 'cinnabar'} onClick={opening.open}>
        {t(`isolation.${way}.open`)}
      </Button>
      <ActForm
        opened={isOpen}
        onClose={opening.close}
        title={t(`isolation.${way}.title`)}
        what={<p>{t(`isolation.${way}.what`)}</p>}
        submit={t(`isolation.${way}.yes`)}
        color={isolated ? 'patina' : 'cinnabar'}
        isReady={draft.reason.trim() !== ''}
        act={() => post('/v1/directory/isolation', { isolated: !isolated, reason: draft.reason.trim() })}
        touches={['/v1/directory', '/v1/federation/links']}
        done={() => t(`isolation.${way}.done`)}
        after={clear}
      >
        <ReasonField reason={draft.reason} onChange={(reason) => change({ reason })} />
      </ActForm>
    </>
  );
}
