import { Button, Group, Modal, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { RefusalNotice, useRefusalText } from './refusal.tsx';
import { say } from './toast.tsx';
import { useWords } from './words.ts';

interface ActOptions<Input, Answer> {
  /** What the server is asked to do. */
  readonly act: (input: Input) => Promise<Answer>;
  /** What is said when it is done; nothing if undefined. */
  readonly done?: (answer: Answer) => string | undefined;
  /** First elements of query keys that are read again, with all below them, whatever came of it. */
  readonly touches?: readonly string[];
  /** With the answer, once it is done. */
  readonly after?: (answer: Answer, input: Input) => void;
  /** Refusals are shown by whoever asks (a form); without it, in the corner. */
  readonly quiet?: boolean;
}

/** An act at the server: pending, done or refused. Never shown as done before the server said so. */
export function useAct<Input = void, Answer = unknown>({
  act,
  done,
  touches = [],
  after,
  quiet = false,
}: ActOptions<Input, Answer>) {
  const client = useQueryClient();
  const refusalText = useRefusalText();
  return useMutation<Answer, unknown, Input>({
    mutationFn: act,
    onSuccess: (answer, input) => {
      const text = done?.(answer);
      if (text !== undefined) say(text);
      after?.(answer, input);
    },
    onError: (error) => {
      if (!quiet) say(refusalText(error).text, { tone: 'cinnabar' });
    },
    onSettled: () => {
      const isTouched = (first: unknown): boolean =>
        touches.some((path) => first === path || String(first).startsWith(`${path}/`));
      void client.invalidateQueries({ predicate: ({ queryKey }) => isTouched(queryKey[0]) });
    },
  });
}

interface ActButtonProps extends ButtonProps {
  readonly act: () => Promise<unknown>;
  readonly done?: string;
  readonly touches?: readonly string[];
  readonly after?: () => void;
  /** Asked before, for what harms or cannot be undone. */
  readonly confirm?: { readonly title: string; readonly text: ReactNode; readonly yes: string };
  readonly children: ReactNode;
}

/** A button that does one thing at the server; what it may cost is asked first. */
export function ActButton({ act, done, touches, after, confirm, children, ...button }: ActButtonProps): ReactElement {
  const { t } = useWords('ui');
  const [isAsking, asking] = useDisclosure(false);
  const doing = useAct({
    act,
    quiet: confirm !== undefined,
    ...(done !== undefined && { done: () => done }),
    ...(touches !== undefined && { touches }),
    after: () => {
      asking.close();
      after?.();
    },
  });
  return (
    <>
      <Button
        variant="default"
        {...button}
        loading={doing.isPending && !isAsking}
        onClick={() => (confirm === undefined ? doing.mutate() : asking.open())}
      >
        {children}
      </Button>
      {confirm === undefined ? null : (
        <Modal opened={isAsking} onClose={asking.close} title={confirm.title}>
          <div>{confirm.text}</div>
          {doing.error === null ? null : <RefusalNotice error={doing.error} />}
          <Group justify="flex-end" mt="md" gap="xs">
            <Button variant="default" onClick={asking.close}>
              {t('cancel')}
            </Button>
            <Button
              color={button.color ?? 'bronze'}
              loading={doing.isPending}
              onClick={() => doing.mutate()}
              data-autofocus
            >
              {confirm.yes}
            </Button>
          </Group>
        </Modal>
      )}
    </>
  );
}
