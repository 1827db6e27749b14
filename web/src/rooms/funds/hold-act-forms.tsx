import { Radio, Stack, Textarea, TextInput } from '@mantine/core';
import type { ComponentProps, ReactElement } from 'react';
import type { Hold, HoldOutcome, OrderedHolds } from '../../../../server/src/funds/hold-contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry, InstantEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import type { Seconded } from '../../ui/second-person.tsx';
import { useWords } from '../../ui/words.ts';
import { HoldStages, SecondPerson } from './hold-law.tsx';
import { isProposed } from './hold-state.tsx';

interface FormProps {
  readonly hold: Hold;
  readonly note: (answer: Seconded, done: string) => void;
  readonly onClose: () => void;
}

const secondedOf = (answer: HoldOutcome | OrderedHolds): Seconded => ({
  proposal: 'proposal' in answer ? answer.proposal : undefined,
  review: 'review' in answer ? answer.review : undefined,
});

const touched = ({ id }: Hold): readonly string[] => ['/v1/holds', `/v1/holds/${id}`, '/v1/approvals'];

/** Paragraphs: what it does, what the law asks, what follows. */
function What(props: {
  lines: readonly string[];
  seconded?: ComponentProps<typeof SecondPerson>['act'];
}): ReactElement {
  const { lines, seconded } = props;
  return (
    <>
      {lines.map((line) => (
        <p key={line} style={{ marginBlock: '0 0.4rem' }}>
          {line}
        </p>
      ))}
      {seconded === undefined ? null : <SecondPerson act={seconded} />}
    </>
  );
}

/** An institution is told to hold what is proposed, or asked again after it said no. */
export function OrderHold({ hold, note, onClose }: FormProps): ReactElement {
  const { t, language } = useWords('funds');
  const format = useFormat();
  const { draft, change, clear } = useDraft(`hold-order:${hold.id}`, { amount: '', hours: '', text: '' });
  const { currency } = hold.taint;
  const amount = draft.amount.trim() === '' ? undefined : readAmount(draft.amount, currency);
  const hours = draft.hours.trim() === '' ? undefined : Number(draft.hours);
  const isWrongTime = hours !== undefined && !(hours > 0 && hours <= 8784);
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('hold.order')}
      what={
        <What
          lines={[
            t('hold.order.what', { institution: hold.institution ?? '–', amount: format.money(hold.taint) }),
            t('hold.order.law'),
          ]}
          seconded="order"
        />
      }
      submit={t('hold.order')}
      act={() =>
        post<OrderedHolds>('/v1/holds/order', {
          trace: hold.trace,
          holds: [hold.id],
          ...(amount !== undefined && { amount }),
          ...(hours !== undefined && { minutes: Math.round(hours * 60) }),
          ...(draft.text.trim() !== '' && { text: { language, text: draft.text.trim() } }),
        })
      }
      touches={touched(hold)}
      after={(answer) => {
        clear();
        note(secondedOf(answer), t('hold.order.done'));
      }}
      isReady={(draft.amount.trim() === '' || amount !== undefined) && !isWrongTime}
    >
      <AmountEntry
        label={t('hold.order.amount')}
        hint={t('hold.order.amount.hint')}
        focus
        value={draft.amount}
        change={(text) => change({ amount: text })}
        currency={currency}
      />
      <TextInput
        label={t('hold.order.hours')}
        description={t('hold.order.hours.hint')}
        inputMode="numeric"
        value={draft.hours}
        onChange={({ currentTarget }) => change({ hours: currentTarget.value })}
        error={isWrongTime ? t('hold.order.hours.wrong') : undefined}
      />
      <Textarea
        label={t('hold.order.text')}
        description={t('hold.order.text.hint')}
        maxLength={4000}
        value={draft.text}
        onChange={({ currentTarget }) => change({ text: currentTarget.value })}
      />
    </ActForm>
  );
}

/** It goes on: by an officer's own word, or a court's. */
export function Extend({ hold, note, onClose }: FormProps): ReactElement {
  const { t } = useWords('funds');
  const { draft, change, clear } = useDraft(`hold-extend:${hold.id}`, { word: 'officer', court: '', grounds: '' });
  const isCourt = draft.word === 'court';
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('hold.extend')}
      what={
        <>
          <What lines={[t('hold.extend.what')]} />
          <HoldStages now={hold.stage} />
        </>
      }
      submit={t('hold.extend')}
      act={() =>
        post<Hold>(`/v1/holds/${hold.id}/extend`, {
          ...(isCourt && { court: draft.court.trim() }),
          ...(draft.grounds.trim() !== '' && { grounds: draft.grounds.trim() }),
        })
      }
      touches={touched(hold)}
      after={() => {
        clear();
        note({}, t('hold.extend.done'));
      }}
      isReady={!isCourt || draft.court.trim() !== ''}
    >
      <Radio.Group label={t('hold.extend.word')} value={draft.word} onChange={(word) => change({ word })}>
        <Stack gap={6} mt={4}>
          <Radio value="officer" label={t('terms:holdAsks.officer')} data-autofocus />
          <Radio value="court" label={t('terms:holdAsks.court')} />
        </Stack>
      </Radio.Group>
      {isCourt ? <CourtEntry value={draft.court} change={(court) => change({ court })} /> : null}
      <GroundsEntry value={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}

/** The victim's complaint to the police was filed. */
export function Complain({ hold, note, onClose }: FormProps): ReactElement {
  const { t } = useWords('funds');
  const { draft, change, clear } = useDraft(`hold-complaint:${hold.id}`, { report: '', at: '', grounds: '' });
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('hold.complaint.title')}
      what={<What lines={[t('hold.complaint.what'), t('hold.complaint.law')]} />}
      submit={t('hold.complaint.submit')}
      act={() =>
        post<Hold>(`/v1/holds/${hold.id}/complaint`, {
          report: draft.report.trim(),
          at: draft.at,
          ...(draft.grounds.trim() !== '' && { grounds: draft.grounds.trim() }),
        })
      }
      touches={touched(hold)}
      after={() => {
        clear();
        note({}, t('hold.complaint.done'));
      }}
      isReady={draft.report.trim() !== '' && draft.at !== ''}
    >
      <TextInput
        label={t('hold.complaint.report')}
        required
        data-autofocus
        maxLength={200}
        value={draft.report}
        onChange={({ currentTarget }) => change({ report: currentTarget.value })}
      />
      <InstantEntry label={t('hold.complaint.at')} required value={draft.at} change={(at) => change({ at })} />
      <GroundsEntry value={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}

/** A court takes what is held. */
export function Seize({ hold, note, onClose }: FormProps): ReactElement {
  return <ByCourt act="seize" hold={hold} note={note} onClose={onClose} />;
}

/** A court takes for good what it had seized. */
export function Confiscate({ hold, note, onClose }: FormProps): ReactElement {
  return <ByCourt act="confiscate" hold={hold} note={note} onClose={onClose} />;
}

function ByCourt({ act, hold, note, onClose }: FormProps & { act: 'seize' | 'confiscate' }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { draft, change, clear } = useDraft(`hold-${act}:${hold.id}`, { court: '' });
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t(`hold.${act}`)}
      what={
        <What
          lines={[t(`hold.${act}.what`, { amount: format.money(hold.held) }), t(`hold.${act}.law`)]}
          seconded={act}
        />
      }
      submit={t(`hold.${act}`)}
      color="cinnabar"
      act={() => post<HoldOutcome>(`/v1/holds/${hold.id}/${act}`, { court: draft.court.trim() })}
      touches={touched(hold)}
      after={(answer) => {
        clear();
        note(secondedOf(answer), t(`hold.${act}.done`));
      }}
      isReady={draft.court.trim() !== ''}
    >
      <CourtEntry value={draft.court} change={(court) => change({ court })} focus />
    </ActForm>
  );
}

/** Lets go before the time is over, or dismisses what is proposed. */
export function Release({ hold, note, onClose }: FormProps): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { draft, change, clear } = useDraft(`hold-release:${hold.id}`, { grounds: '' });
  const lines = isProposed(hold)
    ? [t('hold.dismiss.what')]
    : [t('hold.release.what', { amount: format.money(hold.held) }), t('hold.release.law')];
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t(isProposed(hold) ? 'hold.dismiss' : 'hold.release')}
      what={<What lines={lines} seconded="release" />}
      submit={t(isProposed(hold) ? 'hold.dismiss' : 'hold.release')}
      color="cinnabar"
      act={() => post<HoldOutcome>(`/v1/holds/${hold.id}/release`, { grounds: draft.grounds.trim() })}
      touches={touched(hold)}
      after={(answer) => {
        clear();
        note(secondedOf(answer), t('hold.release.done'));
      }}
      isReady={draft.grounds.trim() !== ''}
    >
      <GroundsEntry value={draft.grounds} change={(grounds) => change({ grounds })} required focus />
    </ActForm>
  );
}

interface TextEntryProps {
  readonly value: string;
  readonly change: (value: string) => void;
  readonly required?: boolean;
  readonly focus?: boolean;
}

function CourtEntry({ value, change, focus = false }: TextEntryProps): ReactElement {
  const { t } = useWords('funds');
  return (
    <TextInput
      label={t('hold.court')}
      description={t('hold.court.hint')}
      required
      data-autofocus={focus || undefined}
      maxLength={200}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}

function GroundsEntry({ value, change, required = false, focus = false }: TextEntryProps): ReactElement {
  const { t } = useWords('funds');
  return (
    <Textarea
      label={t('hold.detail.grounds')}
      description={t('hold.grounds.hint')}
      required={required}
      data-autofocus={focus || undefined}
      maxLength={2000}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
