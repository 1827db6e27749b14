import { Autocomplete, Button, Group, Stack, TextInput } from '@mantine/core';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { DeskBody, HandedOver, NewShift, Shift } from '../../../../server/src/liaison/roster-contract.ts';
import { call, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { InstantEntry } from '../../ui/entries.tsx';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { FreeTextField } from './form-fields.tsx';
import { useKnownOfficers } from './request-hands.tsx';

const isName = (text: string): boolean => /^[a-z][a-z0-9-]{1,62}$/.test(text.trim());

interface FormProps {
  readonly touches: readonly string[];
}

/** Somebody’s next shift, three days at the most. */
export function AddShift({ touches }: FormProps): ReactElement {
  const { t } = useWords('liaison');
  const { officer } = useOfficer();
  const known = useKnownOfficers();
  const initial: NewShift = { officer, from: '', until: '', reach: '' };
  const { draft, change, clear } = useDraft<NewShift>('roster-shift', initial);
  const adding = useAct<void, Shift>({
    quiet: true,
    act: async () => post<Shift>('/v1/roster/shifts', draft, { purpose: 'request' }),
    done: () => t('shift.added'),
    touches,
    // The way to reach somebody is mostly the same the next time.
    after: ({ until }) => {
      clear();
      change({ officer: draft.officer, reach: draft.reach, from: until });
    },
  });
  const isReady = isName(draft.officer) && draft.from !== '' && draft.until !== '' && draft.reach.trim() !== '';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !adding.isPending) adding.mutate();
  };
  return (
    <Panel title={t('shift.add')}>
      <form onSubmit={submit}>
        <Stack gap="xs">
          <Autocomplete
            label={t('shift.officer')}
            description={t('officer.hint')}
            maxLength={63}
            value={draft.officer}
            data={[...new Set([officer, ...known])]}
            onChange={(name) => change({ officer: name })}
          />
          <div className="liaison-form">
            <InstantEntry label={t('shift.from')} value={draft.from} change={(from) => change({ from })} />
            <InstantEntry label={t('shift.until')} value={draft.until} change={(until) => change({ until })} />
          </div>
          <TextInput
            label={t('shift.reach')}
            description={t('shift.reach.hint')}
            maxLength={200}
            value={draft.reach}
            onChange={(event) => change({ reach: event.currentTarget.value })}
          />
          {adding.error === null ? null : <RefusalNotice error={adding.error} />}
          <Group>
            <Button type="submit" loading={adding.isPending} disabled={!isReady}>
              {t('shift.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

/** All that one has in hand goes to another, with a word about it; one’s own shift is over then. */
export function HandOverForm({ touches }: FormProps): ReactElement {
  const { t, language } = useWords('liaison');
  const { officer } = useOfficer();
  const known = useKnownOfficers();
  const [isOpen, setOpen] = useState(false);
  const initial = { to: '', note: { language, text: '' } };
  const { draft, change, clear } = useDraft('roster-hand-over', initial);
  const body = { to: draft.to.trim(), note: draft.note };
  return (
    <Panel title={t('hand-over')}>
      <p className="soft liaison-foot">{t('hand-over.what')}</p>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('hand-over')}
      </Button>
      <ActForm<HandedOver>
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('hand-over')}
        what={t('hand-over.what')}
        submit={t('hand-over')}
        isReady={isName(draft.to) && draft.note.text.trim() !== ''}
        act={async () => post<HandedOver>('/v1/roster/hand-over', body, { purpose: 'request' })}
        done={({ requests }) => t('handed-over', { count: requests.length })}
        touches={touches}
        after={clear}
      >
        <Autocomplete
          label={t('hand-over.to')}
          description={t('officer.hint')}
          data-autofocus
          withAsterisk
          maxLength={63}
          value={draft.to}
          data={known.filter((one) => one !== officer)}
          onChange={(to) => change({ to })}
        />
        <FreeTextField
          label={t('hand-over.note')}
          description={t('hand-over.note.hint')}
          withAsterisk
          value={draft.note}
          onChange={(note) => change({ note })}
        />
      </ActForm>
    </Panel>
  );
}

/** Names the desk, and who hears of what is late. */
export function NameDesk({ desk, touches }: FormProps & { desk: DeskBody }): ReactElement {
  const { t } = useWords('liaison');
  const known = useKnownOfficers();
  const [isOpen, setOpen] = useState(false);
  const { draft, change, clear } = useDraft('roster-desk', {
    name: desk.name,
    deputy: desk.deputy ?? '',
    head: desk.head ?? '',
  });
  const orNobody = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const body: DeskBody = { name: draft.name.trim(), deputy: orNobody(draft.deputy), head: orNobody(draft.head) };
  const isReady = [draft.name, ...[draft.deputy, draft.head].filter((text) => text.trim() !== '')].every(isName);
  return (
    <div>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('desk.change')}
      </Button>
      <ActForm<DeskBody>
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('desk.change')}
        what={t('desk.change.what')}
        submit={t('desk.change')}
        isReady={isReady}
        act={async () => call<DeskBody>('PUT', '/v1/roster/desk', { body, purpose: 'request' })}
        done={() => t('desk.changed')}
        touches={touches}
        after={clear}
      >
        <TextInput
          label={t('desk')}
          description={t('desk.hint')}
          data-autofocus
          maxLength={63}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {(['deputy', 'head'] as const).map((which) => (
          <Autocomplete
            key={which}
            label={t(`desk.${which}`)}
            description={t('officer.hint')}
            maxLength={63}
            value={draft[which]}
            data={[...known]}
            onChange={(name) => change({ [which]: name })}
          />
        ))}
      </ActForm>
    </div>
  );
}
