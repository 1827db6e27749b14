import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { Handling } from '@bronze-drum/protocol/handling';
import {
  requestForms,
  requestKinds,
  requestPriorities,
  requestPurposes,
  type RequestKind,
} from '@bronze-drum/protocol/requests';
import type { Offence } from '@bronze-drum/protocol/statements/listing';
import type { Performed, Request } from '../../../../server/src/liaison/contract.ts';
import { call, post, Refused } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { useGo } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { readComposed, type Composed, type Mode } from './composed.ts';
import { ExhibitChoice } from './exhibit-choice.tsx';
import { FormFields, FreeTextField } from './form-fields.tsx';
import { openIdentifierReader } from './identifier-reader.ts';
import type { Faults } from './typed-form.ts';

const members = ['cn', 'kh', 'la', 'mm', 'th', 'vn'];
const offences = [
  'telecom-online-fraud',
  'money-laundering',
  'illegal-gambling',
  'computer-crime',
  'identity-crime',
  'extortion',
  'trafficking-in-persons',
  'sanctions-evasion',
] as const satisfies readonly Offence[];
const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const satisfies readonly Handling['tlp'][];
const handlingConditions = ['H0', 'H1', 'H2', 'H3'] as const satisfies readonly Handling['conditions'][number][];
const textFault = (fault: Faults[string] | undefined, t: (key: string) => string): string | undefined =>
  fault === undefined ? undefined : t(`fault.${fault}`);

interface ComposeProps {
  readonly mode: Mode;
  readonly id?: string;
  readonly initial: Composed;
}

/** Writes a request. A new one or a draft is kept at the server and checked there before it goes; a revision goes at once. */
export function ComposeForm({ mode, id, initial }: ComposeProps): ReactElement {
  const { t } = useWords('liaison');
  const go = useGo();
  const may = useMay();
  const { member: self } = useOfficer();
  const name = `request:${id ?? initial.links.map((link) => link.id).join(' ')}${initial.kind}${initial.to}`;
  const { draft, change, clear, isKept } = useDraft<Composed>(name, initial);
  const [faults, setFaults] = useState<Faults>({});
  const [headFaults, setHeadFaults] = useState<Faults>({});
  const [despite, setDespite] = useState(false);
  const saving = useAct<object, Request | Performed>({
    quiet: true,
    act: async (body) =>
      mode === 'new'
        ? post<Request>('/v1/requests', body, { purpose: 'request' })
        : mode === 'draft'
          ? call<Request>('PUT', `/v1/requests/${id}`, { body, purpose: 'request' })
          : post<Performed>(
              `/v1/requests/${id}/revision`,
              { ...body, ...(despite && { despite }) },
              { purpose: 'request' },
            ),
    touches: ['/v1/requests', ...(id === undefined ? [] : [`/v1/requests/${id}`])],
    after(answer) {
      clear();
      const { proposal, review } = answer as Partial<Performed>;
      const waits = new URLSearchParams({
        ...(proposal !== undefined && { proposal }),
        ...(review !== undefined && { review }),
      });
      const made = 'request' in answer ? answer.request.id : answer.id;
      go(`/requests/${made}${waits.size === 0 ? '' : `?${waits.toString()}`}`);
    },
  });
  const save = async (): Promise<void> => {
    const read = await openIdentifierReader([draft.to === '' ? self : draft.to, self]);
    const composed = readComposed(draft, mode, (text, field) => read(text, field).key);
    setFaults(composed.faults);
    setHeadFaults(composed.headFaults);
    const isFine = Object.keys({ ...composed.faults, ...composed.headFaults }).length === 0;
    if (isFine) saving.mutate(composed.body);
    else requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!saving.isPending) void save();
  };
  const hasFaults = Object.keys({ ...faults, ...headFaults }).length > 0;
  const isObjected = saving.error instanceof Refused && saving.error.code === 'liaison.objection';
  if (!may('liaison.ask')) return <p className="notice tone-ochre">{t('compose.not-you')}</p>;
  return (
    <form onSubmit={submit} noValidate className="liaison-compose">
      {isKept ? (
        <p className="notice tone-stone">
          {t('compose.kept')}{' '}
          <Button variant="subtle" size="compact-xs" onClick={clear}>
            {t('throw-away')}
          </Button>
        </p>
      ) : null}
      <Head draft={draft} change={change} faults={headFaults} isFixed={mode === 'revise'} />
      <Panel title={t('compose.details')}>
        <FormFields
          form={requestForms[draft.kind]}
          typed={draft.details[draft.kind] ?? {}}
          faults={faults}
          other={draft.to === '' ? self : draft.to}
          onChange={(field, value) =>
            change({ details: { ...draft.details, [draft.kind]: { ...draft.details[draft.kind], [field]: value } } })
          }
        />
      </Panel>
      <Why draft={draft} change={change} faults={headFaults} isFixed={mode === 'revise'} />
      <Stack gap="xs">
        {hasFaults ? (
          <p className="notice tone-cinnabar" role="alert">
            {t('compose.faults')}
          </p>
        ) : null}
        {saving.error === null ? null : <RefusalNotice error={saving.error} />}
        {isObjected ? (
          <Checkbox
            label={t('send.despite')}
            checked={despite}
            onChange={(event) => setDespite(event.currentTarget.checked)}
          />
        ) : null}
        <Group gap="xs">
          <Button type="submit" loading={saving.isPending}>
            {t(mode === 'revise' ? 'compose.send-again' : 'compose.save')}
          </Button>
          <span className="soft">{t(mode === 'revise' ? 'compose.send-again.what' : 'compose.save.what')}</span>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  readonly draft: Composed;
  readonly change: (part: Partial<Composed>) => void;
  readonly faults: Faults;
  /** Of what was sent, only some can be changed. */
  readonly isFixed: boolean;
}

function Head({ draft, change, faults, isFixed }: PartProps): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const memberName = useMemberName();
  const { member: self } = useOfficer();
  return (
    <Panel title={t('compose.what')}>
      <div className="liaison-form">
        <NativeSelect
          label={t('filter.member')}
          withAsterisk
          disabled={isFixed}
          data-autofocus
          error={textFault(faults['to'], t)}
          value={draft.to}
          data={[
            { value: '', label: t('choose') },
            ...members.filter((one) => one !== self).map((value) => ({ value, label: memberName(value) })),
          ]}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('filter.kind')}
          withAsterisk
          disabled={isFixed}
          value={draft.kind}
          data={requestKinds.map((value) => ({ value, label: said('requestKinds', value) }))}
          onChange={(event) => change({ kind: event.currentTarget.value as RequestKind })}
        />
        <NativeSelect
          label={t('filter.priority')}
          withAsterisk
          value={draft.priority}
          data={requestPriorities.map((value) => ({ value, label: said('priorities', value) }))}
          onChange={(event) => change({ priority: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('compose.offence')}
          withAsterisk
          disabled={isFixed}
          value={draft.offence}
          data={offences.map((value) => ({ value, label: said('offences', value) }))}
          onChange={(event) => change({ offence: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('compose.purpose')}
          description={t('compose.purpose.hint')}
          withAsterisk
          disabled={isFixed}
          value={draft.purpose}
          data={requestPurposes.map((value) => ({ value, label: said('purposes', value) }))}
          onChange={(event) => change({ purpose: event.currentTarget.value })}
        />
      </div>
      {isFixed ? null : (
        <details className="liaison-more" open={draft.desk !== '' || draft.officer !== ''}>
          <summary>{t('compose.named')}</summary>
          <div className="liaison-form">
            <TextInput
              label={t('assign.desk')}
              maxLength={63}
              value={draft.desk}
              onChange={(event) => change({ desk: event.currentTarget.value })}
            />
            <TextInput
              label={t('assign.officer')}
              maxLength={63}
              value={draft.officer}
              onChange={(event) => change({ officer: event.currentTarget.value })}
            />
          </div>
        </details>
      )}
    </Panel>
  );
}

function Why({ draft, change, faults, isFixed }: PartProps): ReactElement {
  const { t } = useWords('liaison');
  return (
    <Panel title={t('compose.why')}>
      <Stack gap="sm">
        <FreeTextField
          label={t('compose.necessity')}
          description={t('compose.necessity.hint')}
          withAsterisk
          error={textFault(faults['necessity'], t)}
          value={draft.necessity}
          onChange={(necessity) => change({ necessity })}
        />
        <Textarea
          label={t('compose.basis')}
          description={t('compose.basis.hint')}
          maxLength={500}
          value={draft.legalBasis}
          onChange={(event) => change({ legalBasis: event.currentTarget.value })}
        />
        {isFixed ? null : (
          <>
            <NativeSelect
              label={t('compose.handling')}
              description={t(`terms:tlp.${draft.tlp}.what`)}
              value={draft.tlp}
              data={tlpLabels.map((value) => ({ value, label: t(`terms:tlp.${value}`) }))}
              onChange={(event) => change({ tlp: event.currentTarget.value })}
            />
            <Checkbox.Group
              label={t('compose.conditions')}
              value={[...draft.conditions]}
              onChange={(conditions) => change({ conditions })}
            >
              <Group gap="sm" mt={4}>
                {handlingConditions.map((value) => (
                  <Checkbox key={value} value={value} label={t(`terms:condition.${value}`)} />
                ))}
              </Group>
            </Checkbox.Group>
            {draft.conditions.includes('H3') ? (
              <TextInput
                label={t('compose.restriction')}
                withAsterisk
                maxLength={500}
                error={textFault(faults['restriction'], t)}
                value={draft.restriction}
                onChange={(event) => change({ restriction: event.currentTarget.value })}
              />
            ) : null}
          </>
        )}
        <ExhibitChoice value={draft.exhibits} onChange={(exhibits) => change({ exhibits })} />
      </Stack>
    </Panel>
  );
}
