import { Button, Group, Modal } from '@mantine/core';
import { useState, type ReactElement, type ReactNode } from 'react';
import './shown-once.css';
import { useWords } from './words.ts';

interface ShownOnceProps {
  readonly title: string;
  /** Whose it is, what it opens and until when. */
  readonly what: ReactNode;
  readonly secret: string;
  readonly onClose: () => void;
}

/** A secret that the server tells this once: to copy or to print, and then gone from the page. Not closed by a click beside it. */
export function ShownOnce({ title, what, secret, onClose }: ShownOnceProps): ReactElement {
  const { t } = useWords('ui');
  const [copied, setCopied] = useState<'yes' | 'no' | undefined>(undefined);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied('yes');
    } catch {
      setCopied('no');
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      className="shown-once"
    >
      <div className="notice tone-ochre">
        <p>{t('once.warning')}</p>
      </div>
      <div>{what}</div>
      <output className="mono shown-once-secret">{secret}</output>
      <p role="status" className="soft">
        {copied === undefined ? '' : t(`once.copied.${copied}`)}
      </p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => void copy()} data-autofocus>
          {t('once.copy')}
        </Button>
        <Button variant="default" onClick={() => print()}>
          {t('print')}
        </Button>
        <Button onClick={onClose}>{t('once.done')}</Button>
      </Group>
    </Modal>
  );
}
