import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactElement, ReactNode, SubmitEvent } from 'react';
import { useAct } from './act.tsx';
import { RefusalNotice } from './refusal.tsx';
import { useWords } from './words.ts';

interface ActFormProps<Answer> {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, in plain words, before anything is asked for. */
  readonly what: ReactNode;
  readonly submit: string;
  readonly color?: string;
  readonly act: () => Promise<Answer>;
  readonly done?: (answer: Answer) => string | undefined;
  readonly touches?: readonly string[];
  readonly after?: (answer: Answer) => void;
  /** What the server would refuse for want of something that is not there yet. */
  readonly isReady?: boolean;
  readonly children?: ReactNode;
}

/** An act that harms, cannot be undone or needs something to be written down: what it does, its fields, and why it was refused. */
export function ActForm<Answer>(props: ActFormProps<Answer>): ReactElement {
  const { opened, onClose, title, what, submit, color = 'bronze', act, done, touches, after, isReady = true } = props;
  const { t } = useWords('ui');
  const doing = useAct<void, Answer>({
    act,
    quiet: true,
    ...(done !== undefined && { done }),
    ...(touches !== undefined && { touches }),
    after: (answer) => {
      onClose();
      after?.(answer);
    },
  });
  const close = (): void => {
    doing.reset();
    onClose();
  };
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !doing.isPending) doing.mutate();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} size="lg">
      <form onSubmit={send}>
        <Stack gap="sm">
          <div className="act-form-what">{what}</div>
          {props.children}
          {doing.error === null ? null : <RefusalNotice error={doing.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" color={color} loading={doing.isPending} disabled={!isReady}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
