import { Button, Group, NativeSelect, SegmentedControl, Stack } from '@mantine/core';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { FreeText } from '@bronze-drum/protocol/languages';
import { answerForm, requestRefusals } from '@bronze-drum/protocol/requests';
import type { Conversation, NewDeedBody, Performed } from '../../../../server/src/liaison/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay, useSession } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import type { Seconded } from '../../ui/second-person.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { ExhibitChoice } from './exhibit-choice.tsx';
import { FormFields, FreeTextField } from './form-fields.tsx';
import { openIdentifierReader } from './identifier-reader.ts';
import { mayDo, otherOf } from './standing.ts';
import { valuesOf, type Faults, type TypedForm } from './typed-form.ts';

type Deed = NewDeedBody['deed'];

interface DeedDraft {
  readonly deed: Deed | '';
  readonly facts: TypedForm;
  readonly refusal: string;
  readonly text: FreeText;
  readonly exhibits: readonly string[];
}

interface DeedsProps {
  readonly of: Conversation;
  readonly onDone: (answer: Seconded, text: string) => void;
}

const written = ['answered', 'partly-answered', 'refused', 'said'] as const;

/** Says a deed; `quiet` if whoever asks shows the refusal. */
export const useSay = (
  { of, onDone }: DeedsProps,
  { quiet = false, after }: { readonly quiet?: boolean; readonly after?: () => void } = {},
) => {
  const { t } = useWords('liaison');
  return useAct<NewDeedBody, Performed>({
    act: async (body) => post<Performed>(`/v1/requests/${of.request.id}/deeds`, body, { purpose: 'request' }),
    quiet,
    touches: [`/v1/requests/${of.request.id}`, '/v1/requests'],
    after(answer, { deed }) {
      after?.();
      onDone(answer, t(`did.${deed}`));
    },
  });
};

/** What can be said about a request now: an answer in coded facts and words, a refusal with its reason, or just words. */
export function Deeds(props: DeedsProps): ReactElement | null {
  const { of } = props;
  const { request } = of;
  const { t, language } = useWords('liaison');
  const said = useSaid();
  const may = useMay();
  const { member: self } = useSession();
  const initial: DeedDraft = { deed: '', facts: {}, refusal: '', text: { language, text: '' }, exhibits: [] };
  const { draft, change, clear, isKept } = useDraft<DeedDraft>(`request-deed:${request.id}`, initial);
  const [faults, setFaults] = useState<Faults>({});
  const saying = useSay(props, { quiet: true, after: clear });
  const choices = written.filter((deed) => mayDo(request.direction, request.state, deed));
  const deed = choices.find((one) => one === draft.deed) ?? choices[0];
  if (deed === undefined || !may(request.direction === 'in' ? 'liaison.answer' : 'liaison.ask')) return null;
  const send = async (): Promise<void> => {
    const read = await openIdentifierReader([self, otherOf(request)]);
    const { values, faults } = valuesOf(answerForm, draft.facts, (text, field) => read(text, field).key);
    const isAnswer = deed === 'answered' || deed === 'partly-answered';
    const words = draft.text.text.trim();
    const found: Faults = {
      ...(isAnswer && faults),
      ...(deed === 'said' && words === '' && { text: 'missing' as const }),
      ...(deed === 'refused' && draft.refusal === '' && { refusal: 'missing' as const }),
      ...(isAnswer && Object.keys(values).length === 0 && words === '' && { text: 'missing' as const }),
    };
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    saying.mutate({
      deed,
      ...(isAnswer && Object.keys(values).length > 0 && { facts: values }),
      ...(deed === 'refused' && { refusal: draft.refusal }),
      ...(words !== '' && { text: { language: draft.text.language, text: words } }),
      ...(draft.exhibits.length > 0 && { exhibits: [...draft.exhibits] }),
    } as NewDeedBody);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void send();
  };
  return (
    <Panel title={t('say')}>
      <form onSubmit={submit} noValidate id="liaison-say">
        <Stack gap="sm">
          <SegmentedControl
            className="liaison-choice"
            aria-label={t('say')}
            value={deed}
            data={choices.map((value) => ({ value, label: t(`deed.${value}`) }))}
            onChange={(value) => change({ deed: value })}
          />
          {deed === 'answered' || deed === 'partly-answered' ? (
            <FormFields
              form={answerForm}
              typed={draft.facts}
              faults={faults}
              other={otherOf(request)}
              onChange={(name, value) => change({ facts: { ...draft.facts, [name]: value } })}
            />
          ) : null}
          {deed === 'refused' ? (
            <NativeSelect
              label={t('refusal')}
              withAsterisk
              error={faults['refusal'] === undefined ? undefined : t('fault.missing')}
              value={draft.refusal}
              data={[
                { value: '', label: t('choose') },
                ...requestRefusals.map((value) => ({ value, label: said('requestRefusals', value) })),
              ]}
              onChange={(event) => change({ refusal: event.currentTarget.value })}
            />
          ) : null}
          <FreeTextField
            label={t('words')}
            description={t('words.hint')}
            withAsterisk={deed === 'said'}
            error={faults['text'] === undefined ? undefined : t('fault.missing')}
            value={draft.text}
            onChange={(text) => change({ text })}
          />
          <ExhibitChoice value={draft.exhibits} onChange={(exhibits) => change({ exhibits })} />
          {saying.error === null ? null : <RefusalNotice error={saying.error} />}
          <Group gap="xs">
            <Button type="submit" loading={saying.isPending} color={deed === 'refused' ? 'cinnabar' : 'bronze'}>
              {t(`send.${deed}`)}
            </Button>
            {isKept ? (
              <Button variant="subtle" onClick={clear}>
                {t('throw-away')}
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

/** Takes a request back; of a draft nobody else ever hears. */
export function Withdraw(props: DeedsProps): ReactElement | null {
  const { request } = props.of;
  const { t } = useWords('liaison');
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  // Of a refused request that is being put right, the new version: the refusal stands.
  const isPutRight = request.state === 'refused' && props.of.draft !== null;
  if (!may('liaison.ask') || !(isPutRight || mayDo(request.direction, request.state, 'withdrawn'))) return null;
  const isSent = request.revision > 0 && !isPutRight;
  return (
    <>
      <Button variant="default" color="cinnabar" onClick={() => setOpen(true)}>
        {t(isSent ? 'withdraw' : 'withdraw.draft')}
      </Button>
      <ActForm<Performed>
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t(isSent ? 'withdraw' : 'withdraw.draft')}
        what={t(isSent ? 'withdraw.what' : 'withdraw.draft.what')}
        submit={t(isSent ? 'withdraw' : 'withdraw.draft')}
        color="cinnabar"
        act={async () =>
          post<Performed>(`/v1/requests/${request.id}/deeds`, { deed: 'withdrawn' }, { purpose: 'request' })
        }
        touches={[`/v1/requests/${request.id}`, '/v1/requests']}
        after={(answer) => props.onDone(answer, t('did.withdrawn'))}
      />
    </>
  );
}
