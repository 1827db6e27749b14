import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Watch, WatchPage } from '../../../../server/src/alerts/contract.ts';
import { call } from '../../link/call.ts';
import { useList } from '../../link/lists.ts';
import { useView } from '../../link/view.ts';
import { ActButton } from '../../ui/act.tsx';
import { Instant } from '../../ui/clock.tsx';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { WatchForm, watchesPath } from './watch-form.tsx';
import './alerts.css';

const isWide = (pattern: string): boolean => pattern.endsWith('*');

/** What this officer wishes to be alerted to. */
export function Screen(): ReactElement {
  const { t } = useWords('alerts');
  const [{ pattern, isNew }, change] = useView((raw) => ({
    pattern: raw['pattern'] ?? '',
    isNew: raw['new'] === '1' || raw['pattern'] !== undefined,
  }));
  const list = useList<WatchPage, Watch>(watchesPath, ({ watches }) => watches, { purpose: 'alert' });
  const close = (): void => change({ pattern: undefined, ['new' as never]: undefined });
  return (
    <Page
      title={t('watches.title')}
      full
      acts={
        <Button onClick={() => change({ ['new' as never]: '1' })} disabled={isNew}>
          {t('watches.new')}
        </Button>
      }
    >
      <div className="alerts-watches">
        {isNew ? <WatchForm key={pattern} pattern={pattern} onDone={close} /> : null}
        <List
          label={t('watches.title')}
          list={list}
          columns={useColumns()}
          keyOf={({ id }) => id}
          empty={{ title: t('watches.empty'), hint: t('watches.empty.hint') }}
        />
      </div>
    </Page>
  );
}

function useColumns(): readonly Column<Watch>[] {
  const { t } = useWords('alerts');
  return [
    {
      name: 'pattern',
      title: t('watches.pattern'),
      cell: ({ pattern, note }) => (
        <div className="alerts-what">
          {isWide(pattern) ? <span className="mono">{pattern}</span> : <Identifier of={pattern} />}
          {note === '' ? null : <span className="soft alerts-what-why">{note}</span>}
        </div>
      ),
    },
    {
      name: 'delivery',
      title: t('watches.delivery'),
      width: '8rem',
      wide: true,
      cell: ({ delivery }) => (
        <Tag tone={delivery === 'now' ? 'bronze' : 'stone'}>{t(`terms:watchDelivery.${delivery}`)}</Tag>
      ),
    },
    {
      name: 'until',
      title: t('watches.until'),
      width: '12rem',
      wide: true,
      cell: ({ until }) => <Instant at={until} />,
    },
    { name: 'act', title: '', width: '7rem', end: true, cell: (watch) => <EndButton watch={watch} /> },
  ];
}

function EndButton({ watch }: { watch: Watch }): ReactElement {
  const { t } = useWords('alerts');
  const { id, pattern } = watch;
  const shown = isWide(pattern) ? pattern : captionOf(pattern);
  return (
    <ActButton
      act={() => call('DELETE', `${watchesPath}/${id}`, { purpose: 'alert' })}
      done={t('watches.ended')}
      touches={[watchesPath]}
      size="compact-xs"
      confirm={{
        title: t('watches.end.title'),
        text: t('watches.end.text', { pattern: shown }),
        yes: t('watches.end'),
      }}
    >
      {t('watches.end')}
    </ActButton>
  );
}
