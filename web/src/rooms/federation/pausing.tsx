import { Button, Radio } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useAct, ActButton } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { say } from '../../ui/toast.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import type { PartyLine } from './standing.ts';
import { ReasonField } from './reason-field.tsx';

const directions = ['in', 'out', 'both'] as const;
const touched = ['/v1/directory', '/v1/federation/links'];

/** Pause or resume one neighbour: this member's own decision, of which nobody is told. */
export function PauseButtons({ party }: { party: PartyLine }): ReactElement {
  const { t } = useWords('federation');
  const nameOf = useMemberName();
  const [isOpen, opening] = useDisclosure(false);
  const { pause } = party;
  const member = nameOf(party.party);
  return (
    <span className="federation-tags">
      {pause?.direction === 'both' ? null : (
        <Button variant="default" onClick={opening.open}>
          {t('pause.open')}
        </Button>
      )}
      {pause === null ? null : (
        <ActButton
          color="patina"
          act={() => post(`/v1/directory/parties/${party.party}/resume`)}
          touches={touched}
          done={t('resume.done', { member })}
          confirm={{ title: t('resume.title', { member }), text: t('resume.text'), yes: t('resume.yes') }}
        >
          {t('resume.open')}
        </ActButton>
      )}
      <PauseForm party={party} member={member} opened={isOpen} onClose={opening.close} />
    </span>
  );
}

interface PauseFormProps {
  readonly party: PartyLine;
  readonly member: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function PauseForm({ party, member, opened, onClose }: PauseFormProps): ReactElement {
  const { t } = useWords('federation');
  const client = useQueryClient();
  const { draft, change, clear } = useDraft(`pause:${party.party}`, { direction: 'in', reason: '' });
  const resuming = useAct({
    act: () => post(`/v1/directory/parties/${party.party}/resume`),
    done: () => t('resume.done', { member }),
    touches: touched,
  });
  return (
    <ActForm
      opened={opened}
      onClose={onClose}
      title={t('pause.title', { member })}
      what={
        <>
          <p>{t('pause.what')}</p>
          {party.pause === null ? null : <p>{t('pause.adds')}</p>}
        </>
      }
      submit={t('pause.yes')}
      color="cinnabar"
      isReady={draft.reason.trim() !== ''}
      act={() => post(`/v1/directory/parties/${party.party}/pause`, { ...draft, reason: draft.reason.trim() })}
      touches={touched}
      after={() => {
        clear();
        void client.invalidateQueries({ queryKey: ['/v1/directory'] });
        const undo = { label: t('resume.open'), act: () => resuming.mutate() };
        say(t('pause.done', { member }), { tone: 'ochre', ...(party.pause === null && { undo }) });
      }}
    >
      <Radio.Group
        label={t('pause.direction')}
        value={draft.direction}
        onChange={(direction) => change({ direction })}
        className="federation-radios"
      >
        {directions.map((direction) => (
          <Radio
            key={direction}
            value={direction}
            label={t(`terms:pauseDirection.${direction}`)}
            description={t(`pause.${direction}`)}
          />
        ))}
      </Radio.Group>
      <ReasonField reason={draft.reason} onChange={(reason) => change({ reason })} />
    </ActForm>
  );
}
