import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useLayoutEffect, useRef, type ReactElement } from 'react';
import type { AlertCounts } from '../../../../server/src/alerts/contract.ts';
import { get } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useGo, useView } from '../../link/view.ts';
import { useFormat } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { SavedViews } from '../../ui/saved-views.tsx';
import { Empty } from '../../ui/states.tsx';
import { PriorityTag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { countsPath, useAlertActs } from './acts.ts';
import { BulkBar, NotDone } from './bulk-bar.tsx';
import { isNarrow, useChoosing } from './choosing.ts';
import { AskedDialog } from './dialogs.tsx';
import { Filters } from './filters.tsx';
import { useQueueKeys } from './keyboard.ts';
import { useQueue } from './live-queue.ts';
import { Preview } from './preview.tsx';
import { QueueList } from './queue-list.tsx';
import { priorities, readView, searchOf } from './queue.ts';
import { useScrolling } from './scrolling.ts';
import { useWorking } from './working.ts';
import './alerts.css';

/** The queue at the left, the chosen alert beside it; one of them where there is room for one only. */
export function Screen(): ReactElement {
  const { t } = useWords('alerts');
  const go = useGo();
  const [view, change] = useView(readView);
  const { selected, choose } = useChoosing();
  const frame = useRef<HTMLDivElement>(null);
  const backAtTop = useRef(() => undefined as void);
  const scrolling = useScrolling(frame, selected, () => backAtTop.current());
  const queue = useQueue({ view, selected, isAway: scrolling.isAway, beforeTurn: scrolling.hold });
  const acts = useAlertActs(queue.answered);
  const { items } = queue.list;
  // The row that a key chose is marked first; what is known of it is drawn after that.
  const previewed = useDeferredValue(selected);

  useLayoutEffect(() => scrolling.settle(items));
  useEffect(() => {
    backAtTop.current = () => {
      if (queue.waiting > 0) queue.showWaiting();
    };
  });
  const { waiting, showWaiting } = queue;
  const show = (): void => {
    scrolling.toTop();
    showWaiting();
  };

  const working = useWorking({ items, selected, isFull: view.full, acts, choose });
  const { marked, asked } = working;
  useQueueKeys({ ...working.verbs, waiting: show });

  return (
    <Page
      title={t('title')}
      beside={<Counts />}
      acts={
        <SavedViews
          room="alerts"
          search={searchOf(view)}
          onOpen={(search) => go(search === '' ? '/alerts' : `/alerts?${search}`)}
        />
      }
      full
    >
      <div className={`split alerts-split ${selected === undefined ? '' : 'has-one'} ${view.full ? 'is-full' : ''}`}>
        <div className="alerts-queue" ref={frame} onKeyDown={working.hear}>
          <Filters view={view} onChange={change} />
          <NewBar count={waiting} onShow={show} />
          <NotDone acts={acts} subjectOf={(of) => items.find(({ id }) => id === of)?.subject} />
          <QueueList
            key={searchOf(view)}
            list={queue.list}
            selected={selected}
            marked={marked}
            onSelect={({ id }) => choose(id)}
            onOpen={({ id }) => choose(id, { full: true })}
            onMark={working.mark}
            empty={{ title: t('empty.title'), hint: t(searchOf(view) === '' ? 'empty.hint' : 'empty.filtered') }}
          />
          <BulkBar
            marked={marked}
            acts={acts}
            onWish={(given) => void working.wish(given)}
            onAsk={(what) => working.ask(what, true)}
            onMarkAll={working.markAll}
            onClear={working.markNone}
          />
        </div>
        <div className="alerts-one">
          {selected === undefined || previewed === undefined ? (
            <Empty title={t('choose.title')}>{t('choose.hint')}</Empty>
          ) : (
            <>
              <p className="alerts-back">
                <Button variant="subtle" onClick={() => choose(view.full && !isNarrow() ? selected : undefined)}>
                  {t(view.full ? 'back.split' : 'back')}
                </Button>
              </p>
              <Preview
                id={previewed}
                known={items.find(({ id }) => id === previewed)}
                acts={acts}
                onAsk={(what) => working.ask(what, false)}
                onClosed={working.onClosed}
              />
            </>
          )}
        </div>
      </div>
      <AskedDialog
        asked={asked?.what}
        about={asked?.isForAll === true ? 'many' : (selected ?? '')}
        onClose={working.forgetAsked}
        onWish={working.wish}
      />
    </Page>
  );
}

/** New ones that came while the officer was further down. */
function NewBar({ count, onShow }: { count: number; onShow: () => void }): ReactElement {
  const { t } = useWords('alerts');
  return (
    <div aria-live="polite">
      {count === 0 ? null : (
        <Button className="alerts-new" fullWidth variant="light" onClick={onShow} rightSection={<kbd>n</kbd>}>
          {t('new', { count })}
        </Button>
      )}
    </div>
  );
}

/** How many are open, by priority. */
function Counts(): ReactElement {
  const format = useFormat();
  useFreshness(['alert'], [countsPath], 5000);
  const counts = useQuery({
    queryKey: [countsPath],
    queryFn: ({ signal }) => get<AlertCounts>(countsPath, { purpose: 'alert', signal }),
  });
  const of = (priority: string): number =>
    (counts.data?.counts ?? []).filter((one) => one.priority === priority).reduce((sum, { count }) => sum + count, 0);
  return (
    <span className="alerts-counts">
      {priorities
        .filter((priority) => of(priority) > 0)
        .map((priority) => (
          <span key={priority}>
            <PriorityTag priority={priority} /> {format.number(of(priority))}
          </span>
        ))}
    </span>
  );
}
