import { Button, NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactElement, SubmitEvent } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useInstitution } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { AmountEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import { ownLanguageOf } from '../../ui/letter-languages.tsx';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { isReference } from '../../ui/theft/theft.ts';
import { languages, nativeNames, useSaid, useWords } from '../../ui/words.ts';
import { currencyOf, emptyAnswer, fieldsOf, outcomeOf, outcomesOf, refusals, type TypedAnswer } from './answer.ts';
import { OnwardFields } from './onward-fields.tsx';

interface PartProps {
  readonly order: Order;
  readonly draft: TypedAnswer;
  readonly change: (part: Partial<TypedAnswer>) => void;
}

/** What was done. Until the order ends a later answer takes the place of an earlier one. */
export function AnswerForm({ order, after }: { order: Order; after: () => void }): ReactElement {
  const { t } = useWords('institution');
  const said = useSaid();
  const { member } = useInstitution();
  const { draft, change, clear } = useDraft<TypedAnswer>(
    `order-answer:${order.id}:${order.revision}`,
    emptyAnswer(ownLanguageOf[member] ?? 'en'),
  );
  const ready = outcomeOf(order, draft);
  const sending = useAct<void, Order>({
    act: () => post(`/v1/orders/${order.id}/outcome`, ready),
    done: () => t('answer.done'),
    quiet: true,
    touches: ['/v1/orders', `/v1/orders/${order.id}`],
    after: () => {
      clear();
      after();
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (ready !== undefined && !sending.isPending) sending.mutate();
  };
  return (
    <Panel title={t('answer.title')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <p className="soft" style={{ margin: 0 }}>
            {t(`answer.what.${order.kind}`)}
          </p>
          <Radio.Group
            label={t('answer.outcome')}
            required
            value={draft.outcome}
            onChange={(value) =>
              change({ outcome: outcomesOf[order.kind].find((one) => one === value) ?? '', refusal: '' })
            }
          >
            <Stack gap={6} mt={4}>
              {outcomesOf[order.kind].map((one) => (
                <Radio key={one} value={one} label={said('orderOutcomes', one)} />
              ))}
            </Stack>
          </Radio.Group>
          <Amounts order={order} draft={draft} change={change} />
          {fieldsOf(order, draft.outcome).onward ? (
            <OnwardFields
              rows={draft.onward}
              change={(onward) => change({ onward })}
              currency={currencyOf(order)}
              isAsked={order.kind === 'report-onward'}
            />
          ) : null}
          <Reason order={order} draft={draft} change={change} />
          <OwnFile order={order} draft={draft} change={change} />
          {sending.error === null ? null : <RefusalNotice error={sending.error} />}
          <div className="institution-acts">
            <Button type="submit" loading={sending.isPending} disabled={ready === undefined}>
              {t('answer.submit')}
            </Button>
            {ready === undefined ? <span className="soft">{t('answer.needed')}</span> : null}
          </div>
        </Stack>
      </form>
    </Panel>
  );
}

function Amounts({ order, draft, change }: PartProps): ReactElement | null {
  const { t } = useWords('institution');
  const format = useFormat();
  const currency = currencyOf(order);
  const fields = fieldsOf(order, draft.outcome);
  if (currency === undefined) return null;
  const ordered = order.amount === undefined ? undefined : format.money(order.amount);
  return (
    <>
      {fields.held ? (
        <AmountEntry
          label={t('answer.held')}
          hint={ordered === undefined ? undefined : t('answer.held.hint', { amount: ordered })}
          required
          value={draft.held}
          change={(held) => change({ held })}
          currency={currency}
        />
      ) : null}
      {fields.gone ? (
        <AmountEntry
          label={t('answer.gone')}
          hint={t(`answer.gone.hint.${draft.outcome === 'gone' ? 'all' : 'part'}`)}
          value={draft.gone}
          change={(gone) => change({ gone })}
          currency={currency}
          zero
        />
      ) : null}
      {fields.balance ? (
        <AmountEntry
          label={t('answer.balance')}
          hint={t('answer.balance.hint')}
          value={draft.balance}
          change={(balance) => change({ balance })}
          currency={currency}
          zero
        />
      ) : null}
    </>
  );
}

function Reason({ order, draft, change }: PartProps): ReactElement | null {
  const { t } = useWords('institution');
  const said = useSaid();
  if (!fieldsOf(order, draft.outcome).refusal) return null;
  return (
    <NativeSelect
      label={t('answer.refusal')}
      required
      value={draft.refusal}
      onChange={({ currentTarget }) => change({ refusal: refusals.find((one) => one === currentTarget.value) ?? '' })}
      data={[
        { value: '', label: t('answer.refusal.choose') },
        ...refusals.map((one) => ({ value: one, label: said('orderRefusals', one) })),
      ]}
    />
  );
}

function OwnFile({ order, draft, change }: PartProps): ReactElement {
  const { t } = useWords('institution');
  const { holder } = fieldsOf(order, draft.outcome);
  return (
    <>
      <TextInput
        label={t('answer.reference')}
        description={t('answer.reference.hint')}
        autoComplete="off"
        maxLength={64}
        value={draft.reference}
        error={isReference(draft.reference) ? undefined : t('reference.wrong')}
        onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
      />
      <Textarea
        label={t(holder ? 'answer.holder' : 'answer.note')}
        description={t(holder ? 'answer.holder.hint' : 'answer.note.hint')}
        required={holder}
        lang={draft.language}
        maxLength={4000}
        value={draft.note}
        onChange={({ currentTarget }) => change({ note: currentTarget.value })}
      />
      {draft.note.trim() === '' ? null : (
        <NativeSelect
          label={t('answer.language')}
          value={draft.language}
          data={languages.map((value) => ({ value, label: nativeNames[value] }))}
          onChange={({ currentTarget }) =>
            change({ language: languages.find((one) => one === currentTarget.value) ?? 'en' })
          }
        />
      )}
    </>
  );
}
