import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import type { IssuedCode, Office } from '../../../../server/src/access/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { useWords } from '../../ui/words.ts';
import { RoleChoice } from './role-choice.tsx';
import { idPattern, officeKinds } from './roles.ts';

interface FormProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The short name that a new office, officer or institution is given for good. */
export function IdEntry({ value, change }: { value: string; change: (id: string) => void }): ReactElement {
  const { t } = useWords('access');
  return (
    <TextInput
      label={t('id')}
      description={t('id.hint')}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      error={value !== '' && !idPattern.test(value) ? t('id.wrong') : undefined}
      autoComplete="off"
      spellCheck={false}
      required
    />
  );
}

export function NameEntry({ value, change }: { value: string; change: (name: string) => void }): ReactElement {
  const { t } = useWords('access');
  return (
    <TextInput
      label={t('name')}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      maxLength={200}
      autoComplete="off"
      required
      data-autofocus
    />
  );
}

export function AddOffice({ opened, onClose }: FormProps): ReactElement {
  const { t } = useWords('access');
  const { draft, change, clear } = useDraft<Record<'id' | 'name' | 'kind', string>>('office', {
    id: '',
    name: '',
    kind: officeKinds[0],
  });
  return (
    <ActForm
      opened={opened}
      onClose={onClose}
      title={t('office.add.office')}
      what={<p>{t('office.add.what')}</p>}
      submit={t('add')}
      isReady={idPattern.test(draft.id) && draft.name.trim() !== ''}
      act={() => post('/v1/offices', { ...draft, name: draft.name.trim() })}
      touches={['/v1/offices']}
      done={() => t('office.added', { name: draft.name.trim() })}
      after={clear}
    >
      <NameEntry value={draft.name} change={(name) => change({ name })} />
      <IdEntry value={draft.id} change={(id) => change({ id })} />
      <NativeSelect
        label={t('kind')}
        value={draft.kind}
        onChange={({ currentTarget }) => change({ kind: currentTarget.value })}
        data={officeKinds.map((kind) => ({ value: kind, label: t(`terms:officeKind.${kind}`) }))}
      />
    </ActForm>
  );
}

interface AddOfficerProps extends FormProps {
  readonly offices: readonly Office[];
  readonly onIssued: (issued: IssuedCode) => void;
}

export function AddOfficer({ opened, onClose, offices, onIssued }: AddOfficerProps): ReactElement {
  const { t } = useWords('access');
  const { draft, change, clear } = useDraft('officer', { id: '', name: '', office: '', roles: [] as string[] });
  const office = draft.office === '' ? (offices[0]?.id ?? '') : draft.office;
  return (
    <ActForm<IssuedCode>
      opened={opened}
      onClose={onClose}
      title={t('officer.add')}
      what={<p>{t('officer.add.what')}</p>}
      submit={t('add')}
      isReady={idPattern.test(draft.id) && draft.name.trim() !== '' && office !== '' && draft.roles.length > 0}
      act={() => post('/v1/officers', { ...draft, office, name: draft.name.trim() })}
      touches={['/v1/officers']}
      after={(issued) => {
        clear();
        onIssued(issued);
      }}
    >
      <NameEntry value={draft.name} change={(name) => change({ name })} />
      <IdEntry value={draft.id} change={(id) => change({ id })} />
      <NativeSelect
        label={t('officer.office')}
        value={office}
        onChange={({ currentTarget }) => change({ office: currentTarget.value })}
        data={offices.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <RoleChoice value={draft.roles} change={(roles) => change({ roles })} />
    </ActForm>
  );
}
