import { Modal } from '@mantine/core';
import { useMemo, useState, type ReactElement } from 'react';
import { shortcutsNow, useShortcuts, type Shortcut } from '../ui/keys.ts';
import { useWords } from '../ui/words.ts';

/** `?` shows what the keyboard does here. */
export function ShortcutHelp(): ReactElement {
  const { t } = useWords('shell');
  const [shown, setShown] = useState<readonly Shortcut[] | undefined>(undefined);
  const own = useMemo(() => [{ keys: '?', label: t('shortcut.help'), act: () => setShown(shortcutsNow()) }], [t]);
  useShortcuts(own);
  return (
    <Modal opened={shown !== undefined} onClose={() => setShown(undefined)} title={t('shortcut.title')}>
      <dl className="facts">
        {shown?.map(({ keys, label }) => (
          <div key={keys + label} style={{ display: 'contents' }}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key.replace('mod+', 'Ctrl ')}</kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
