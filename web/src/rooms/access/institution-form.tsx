import { NativeSelect, NumberInput, Textarea } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Institution } from '../../../../server/src/access/contract.ts';
import { call, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { useWords } from '../../ui/words.ts';
import { IdEntry, NameEntry } from './office-forms.tsx';
import { idPattern, institutionKinds } from './roles.ts';
import { readServes } from './serves.ts';

interface InstitutionDraft {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly perSecond: number;
  readonly burst: number;
  /** One a line. */
  readonly serves: string;
}

interface InstitutionFormProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Without it a new one is added. */
  readonly of?: Institution;
  readonly after?: (institution: Institution) => void;
}

/** Adds an institution or changes one: its name, what it serves, how much it may ask. */
export function InstitutionForm({ opened, onClose, of, after }: InstitutionFormProps): ReactElement {
  const { t } = useWords('access');
  const { draft, change, clear } = useDraft<InstitutionDraft>(`institution:${of?.id ?? ''}`, {
    id: of?.id ?? '',
    name: of?.name ?? '',
    kind: of?.kind ?? 'bank',
    perSecond: of?.quota.perSecond ?? 100,
    burst: of?.quota.burst ?? 2000,
    serves: of?.serves.join('\n') ?? '',
  });
  const { serves, wrong } = readServes(draft.serves);
  const fields = {
    name: draft.name.trim(),
    quota: { perSecond: draft.perSecond, burst: draft.burst },
    serves,
  };
  return (
    <ActForm<Institution>
      opened={opened}
      onClose={onClose}
      title={of === undefined ? t('institution.add') : t('institution.change.title', { name: of.name })}
      what={<p>{t(of === undefined ? 'institution.add.what' : 'institution.change.what')}</p>}
      submit={t(of === undefined ? 'add' : 'save')}
      isReady={fields.name !== '' && idPattern.test(draft.id) && wrong.length === 0}
      act={() =>
        of === undefined
          ? post('/v1/institutions', { ...fields, id: draft.id, kind: draft.kind })
          : call('PATCH', `/v1/institutions/${of.id}`, { body: fields })
      }
      touches={['/v1/institutions']}
      done={({ name }) => t(of === undefined ? 'institution.added' : 'institution.changed', { name })}
      after={(institution) => {
        clear();
        after?.(institution);
      }}
    >
      <NameEntry value={draft.name} change={(name) => change({ name })} />
      {of === undefined ? (
        <>
          <IdEntry value={draft.id} change={(id) => change({ id })} />
          <NativeSelect
            label={t('kind')}
            value={draft.kind}
            onChange={({ currentTarget }) => change({ kind: currentTarget.value })}
            data={institutionKinds.map((kind) => ({ value: kind, label: t(`terms:institutionKind.${kind}`) }))}
          />
        </>
      ) : null}
      <NumberInput
        label={t('quota.second')}
        description={t('quota.second.hint')}
        value={draft.perSecond}
        onChange={(value) => change({ perSecond: Number(value) || 1 })}
        min={1}
        max={10_000_000}
        allowDecimal={false}
        thousandSeparator=","
      />
      <NumberInput
        label={t('quota.burst')}
        description={t('quota.burst.hint')}
        value={draft.burst}
        onChange={(value) => change({ burst: Number(value) || 1 })}
        min={1}
        max={100_000_000}
        allowDecimal={false}
        thousandSeparator=","
      />
      <Textarea
        label={t('serves')}
        description={t('serves.hint')}
        value={draft.serves}
        onChange={({ currentTarget }) => change({ serves: currentTarget.value })}
        error={wrong.length === 0 ? undefined : t('serves.wrong', { lines: wrong.join(', ') })}
        minRows={3}
        spellCheck={false}
        className="mono"
      />
    </ActForm>
  );
}
