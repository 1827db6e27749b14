import { Button, Group, Modal, NativeSelect, Radio, Stack, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent, type ReactElement, type SubmitEvent } from 'react';
import type { Act, Takers } from '../../../../server/src/alerts/contract.ts';
import { get } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { InstantEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import { dayStartMs } from '../../ui/local-time.ts';
import { useThisMinute } from '../../ui/now.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { alertPath } from './acts.ts';

export type Asked = 'snooze' | 'close' | 'hand';
type Outcome = Extract<Act, { close: unknown }>['close']['outcome'];

interface DialogProps {
  readonly onClose: () => void;
  /** Resolves to whether the server did it; what was typed stays until it did. */
  readonly onWish: (wish: Act) => Promise<boolean>;
}

/** What more must be known before an alert, or many, are put off or closed. */
export function AskedDialog({ asked, about, ...props }: DialogProps & { asked: Asked | undefined; about: string }) {
  const { t } = useWords('alerts');
  return (
    <Modal
      opened={asked !== undefined}
      onClose={props.onClose}
      title={{ snooze: t('snooze.title'), close: t('close.title'), hand: t('hand.title') }[asked ?? 'close']}
    >
      {asked === 'snooze' ? <SnoozeForm {...props} /> : null}
      {asked === 'close' ? <CloseForm about={about} {...props} /> : null}
      {asked === 'hand' ? <HandForm about={about} {...props} /> : null}
    </Modal>
  );
}

const steps = [15, 60, 240] as const;
const hourMs = 3_600_000;

/** Each time has its number on the keyboard. */
function SnoozeForm({ onWish }: DialogProps): ReactElement {
  const { t } = useWords('alerts');
  const format = useFormat();
  const { timeZone } = usePreferences().preferences;
  const [own, setOwn] = useState('');
  const morning = new Date(dayStartMs(useThisMinute(), timeZone, 1) + 8 * hourMs).toISOString();
  const choices: readonly { label: string; snooze: Extract<Act, { snooze: unknown }>['snooze'] }[] = [
    ...steps.map((minutes) => ({ label: t(`snooze.${minutes}`), snooze: { minutes } })),
    { label: t('snooze.morning', { time: format.instant(morning) }), snooze: { until: morning } },
  ];
  const hear = (event: KeyboardEvent): void => {
    const choice = choices[Number(event.key) - 1];
    if (choice === undefined || (event.target as HTMLElement).matches('input')) return;
    event.preventDefault();
    void onWish({ snooze: choice.snooze });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (own !== '') void onWish({ snooze: { until: own } });
  };
  return (
    // Not a control: it hears the numbers that its buttons name.
    <div onKeyDown={hear}>
      <p className="soft">{t('snooze.hint')}</p>
      <Stack gap="xs">
        {choices.map(({ label, snooze }, at) => (
          <Button
            key={label}
            variant="default"
            justify="space-between"
            rightSection={<kbd>{at + 1}</kbd>}
            {...(at === 0 && { 'data-autofocus': true })}
            onClick={() => void onWish({ snooze })}
          >
            {label}
          </Button>
        ))}
        <form onSubmit={submit}>
          <Group align="end" gap="xs">
            <InstantEntry label={t('snooze.own')} value={own} change={setOwn} />
            <Button type="submit" disabled={own === ''}>
              {t('snooze.submit')}
            </Button>
          </Group>
        </form>
      </Stack>
    </div>
  );
}

const outcomes: readonly Outcome[] = ['acted', 'handed-on', 'unfounded', 'duplicate', 'lapsed'];

function CloseForm({ about, onWish }: DialogProps & { about: string }): ReactElement {
  const { t } = useWords('alerts');
  const { draft, change, clear } = useDraft(`alert-close:${about}`, { outcome: 'acted', note: '' });
  const close = async (): Promise<void> => {
    const note = draft.note.trim();
    if (await onWish({ close: { outcome: draft.outcome as Outcome, ...(note !== '' && { note }) } })) clear();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void close();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Radio.Group
          label={t('close.outcome')}
          value={draft.outcome}
          onChange={(outcome) => change({ outcome })}
          description={t('close.hint')}
        >
          <Stack gap={6} mt="xs">
            {outcomes.map((outcome, at) => (
              <Radio
                key={outcome}
                value={outcome}
                label={t(`terms:alertOutcome.${outcome}`)}
                {...(at === 0 && { 'data-autofocus': true })}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label={t('close.note')}
          value={draft.note}
          maxLength={2000}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button type="submit">{t('close.submit')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** To whoever may see the alert and act on it, as the server says. */
function HandForm({ about, onWish }: DialogProps & { about: string }): ReactElement {
  const { t } = useWords('alerts');
  const { officer } = useOfficer();
  const { draft, change, clear } = useDraft(`alert-hand:${about}`, { officer: '', note: '' });
  const path = `${alertPath(about)}/takers`;
  const takers = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Takers>(path, { purpose: 'alert', signal }),
  });
  const hand = async (): Promise<void> => {
    const note = draft.note.trim();
    if (await onWish({ hand: { officer: draft.officer, ...(note !== '' && { note }) } })) clear();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (draft.officer !== '') void hand();
  };
  return (
    <form onSubmit={submit}>
      <p className="soft">{t('hand.hint')}</p>
      <Stack gap="sm">
        <Shown query={takers}>
          {({ officers }) => (
            <NativeSelect
              label={t('hand.to')}
              value={draft.officer}
              autoFocus
              required
              onChange={(event) => change({ officer: event.currentTarget.value })}
              data={[
                { value: '', label: t('hand.choose') },
                ...officers
                  .filter(({ id }) => id !== officer)
                  .map(({ id, name, office }) => ({ value: id, label: `${name} · ${office}` })),
              ]}
            />
          )}
        </Shown>
        <Textarea
          label={t('close.note')}
          value={draft.note}
          maxLength={500}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={draft.officer === ''}>
            {t('act.hand')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
