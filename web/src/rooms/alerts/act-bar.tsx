import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Act, Alert } from '../../../../server/src/alerts/contract.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { ActButton } from '../../ui/act.tsx';
import { useWords } from '../../ui/words.ts';
import type { AlertActs } from './acts.ts';
import type { Asked } from './dialogs.tsx';

interface ActBarProps {
  readonly alert: Alert;
  readonly acts: AlertActs;
  readonly onAsk: (asked: Asked) => void;
  readonly onClosed: (alert: Alert) => void;
}

/** What can be done about an alert, each with its key. */
export function ActBar(props: ActBarProps): ReactElement | null {
  const { alert, acts, onAsk, onClosed } = props;
  const may = useMay();
  const { officer } = useOfficer();
  if (!may('alerts.handle')) return null;
  const act = (wish: Act, after?: (alert: Alert) => void) => () => void acts.one(alert, wish, after);
  const close = (outcome: 'acted' | 'unfounded') => act({ close: { outcome } }, onClosed);
  return (
    <div className="alerts-acts">
      {alert.state === 'closed' ? (
        <Key name="reopen" acts={acts} onClick={act({ reopen: true })} />
      ) : (
        <>
          {alert.owner === officer ? (
            <Key name="release" keys="r" acts={acts} onClick={act({ release: true })} />
          ) : (
            <Key name="take" keys="t" acts={acts} onClick={act({ take: true })} isFirst />
          )}
          <Key name="hand" keys="h" acts={acts} onClick={() => onAsk('hand')} />
          <Key name="snooze" keys="z" acts={acts} onClick={() => onAsk('snooze')} />
          <Key name="right" keys="x" acts={acts} onClick={close('acted')} />
          <Key name="wrong" keys="w" acts={acts} onClick={close('unfounded')} />
          <Key name="more" keys="m" acts={acts} onClick={() => onAsk('close')} />
        </>
      )}
      <Tell {...props} />
    </div>
  );
}

interface KeyProps {
  readonly name: 'take' | 'release' | 'hand' | 'snooze' | 'right' | 'wrong' | 'more' | 'reopen';
  readonly keys?: string;
  readonly acts: AlertActs;
  readonly onClick: () => void;
  readonly isFirst?: boolean;
}

function Key({ name, keys, acts, onClick, isFirst = false }: KeyProps): ReactElement {
  const { t } = useWords('alerts');
  return (
    <Button
      variant={isFirst ? 'filled' : 'default'}
      disabled={acts.isDoing}
      onClick={onClick}
      rightSection={keys === undefined ? undefined : <kbd>{keys}</kbd>}
    >
      {t(`act.${name}`)}
    </Button>
  );
}

/** What came from abroad's accounts waits here until somebody lets it out; it cannot be called back. */
function Tell({ alert, acts }: ActBarProps): ReactElement | null {
  const { t } = useWords('alerts');
  const may = useMay();
  if (alert.waitsToLeave !== true || alert.state === 'closed') return null;
  if (!may('alerts.tell')) return <p className="notice tone-ochre alerts-note">{t('tell.waits')}</p>;
  return (
    <div className="notice tone-ochre alerts-note">
      <p>{t('tell.what')}</p>
      <ActButton
        act={() => acts.tell(alert)}
        done={t('done.tell')}
        confirm={{ title: t('tell.title'), text: t('tell.confirm'), yes: t('tell.yes') }}
      >
        {t('act.tell')}
      </ActButton>
    </div>
  );
}
