import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Act } from '../../../../server/src/alerts/contract.ts';
import { captionOf } from '../../ui/identifier.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import type { AlertActs } from './acts.ts';
import type { Asked } from './dialogs.tsx';

interface BulkBarProps {
  readonly marked: ReadonlySet<string>;
  readonly acts: AlertActs;
  readonly onWish: (wish: Act) => void;
  readonly onAsk: (asked: Asked) => void;
  readonly onMarkAll: () => void;
  readonly onClear: () => void;
}

/** The same for all that are marked. */
export function BulkBar({ marked, acts, onWish, onAsk, onMarkAll, onClear }: BulkBarProps): ReactElement | null {
  const { t } = useWords('alerts');
  if (marked.size === 0) return null;
  const button = (name: string, onClick: () => void) => (
    <Button variant="default" disabled={acts.isDoing} onClick={onClick}>
      {t(`act.${name}`)}
    </Button>
  );
  return (
    <div className="alerts-bulk" role="toolbar" aria-label={t('bulk.title')}>
      <strong>{t('bulk.marked', { count: marked.size })}</strong>
      {button('take', () => onWish({ take: true }))}
      {button('release', () => onWish({ release: true }))}
      {button('snooze', () => onAsk('snooze'))}
      {button('right', () => onWish({ close: { outcome: 'acted' } }))}
      {button('wrong', () => onWish({ close: { outcome: 'unfounded' } }))}
      {button('more', () => onAsk('close'))}
      <Button variant="subtle" onClick={onMarkAll}>
        {t('bulk.all')}
      </Button>
      <Button variant="subtle" onClick={onClear}>
        {t('bulk.none')}
      </Button>
    </div>
  );
}

/** What the server would not do, alert by alert. */
export function NotDone({ acts, subjectOf }: { acts: AlertActs; subjectOf: (id: string) => string | undefined }) {
  const { t } = useWords('alerts');
  const refusalText = useRefusalText();
  const { notDone } = acts;
  if (notDone.length === 0) return null;
  return (
    <div className="notice tone-cinnabar alerts-note" role="alert">
      <p>
        <strong>{t('bulk.refused', { count: notDone.length })}</strong>{' '}
        <button type="button" className="link-button" onClick={acts.forgetNotDone}>
          {t('bulk.seen')}
        </button>
      </p>
      <ul>
        {notDone.map(({ id, error }) => (
          <li key={id}>
            <span className="mono">{captionOf(subjectOf(id) ?? id)}</span>: {refusalText(error).text}
          </li>
        ))}
      </ul>
    </div>
  );
}
