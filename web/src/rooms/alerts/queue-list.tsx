import { memo, useMemo, type ReactElement } from 'react';
import type { Alert } from '../../../../server/src/alerts/contract.ts';
import type { LoadedList } from '../../link/lists.ts';
import { useOfficer } from '../../link/session.ts';
import { Ago } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { useReasonText } from '../../ui/reason.tsx';
import { PriorityTag, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { nameOf } from './subject.ts';

interface QueueListProps {
  readonly list: LoadedList<Alert>;
  readonly selected: string | undefined;
  readonly marked: ReadonlySet<string>;
  readonly onSelect: (alert: Alert) => void;
  readonly onOpen: (alert: Alert) => void;
  readonly onMark: (id: string) => void;
  readonly empty: { title: string; hint?: string };
}

const keyOf = ({ id }: Alert): string => id;

/** The queue: what, why in a sentence, who has it, since when. */
export function QueueList(props: QueueListProps): ReactElement {
  const { list, selected, marked, onSelect, onOpen, onMark, empty } = props;
  const { t } = useWords('alerts');
  return (
    <List
      label={t('title')}
      list={list}
      columns={useColumns(marked, onMark)}
      keyOf={keyOf}
      empty={empty}
      selected={selected}
      onSelect={onSelect}
      onOpen={onOpen}
      marksNew
    />
  );
}

function useColumns(marked: ReadonlySet<string>, onMark: (id: string) => void): readonly Column<Alert>[] {
  const { t } = useWords('alerts');
  return useMemo(
    () => [
      {
        name: 'mark',
        title: <span className="visually-hidden">{t('column.mark')}</span>,
        width: '1%',
        cell: (alert) => <Marker alert={alert} isMarked={marked.has(alert.id)} onMark={onMark} />,
      },
      {
        name: 'priority',
        title: t('column.priority'),
        width: '1%',
        cell: ({ priority }) => <PriorityTag priority={priority} />,
      },
      { name: 'what', title: t('column.what'), cell: (alert) => <What alert={alert} /> },
      {
        name: 'state',
        title: t('column.state'),
        width: '7.5rem',
        wide: true,
        cell: (alert) => <StateTag alert={alert} />,
      },
      { name: 'at', title: t('column.at'), width: '1%', end: true, cell: ({ lastAt }) => <Ago at={lastAt} /> },
    ],
    [t, marked, onMark],
  );
}

/** A button rather than a box to tick: keys go on working while it has the focus. */
function Marker({ alert, isMarked, onMark }: { alert: Alert; isMarked: boolean; onMark: (id: string) => void }) {
  const { t } = useWords('alerts');
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={isMarked}
      aria-label={t('mark.one', { subject: captionOf(alert.subject) })}
      className="alerts-mark"
      onClick={(event) => {
        event.stopPropagation();
        onMark(alert.id);
      }}
    >
      <span aria-hidden>{isMarked ? '✓' : ''}</span>
    </button>
  );
}

/** Said once for each state of an alert, however often the queue is drawn. */
const What = memo(({ alert }: { alert: Alert }): ReactElement => {
  const { t } = useWords('alerts');
  const reasonText = useReasonText();
  const { reasons, subject, kind, count } = alert;
  const first = firstReason(alert);
  return (
    <div className="alerts-what">
      <span className="alerts-what-head">
        <strong>
          <Identifier of={subject} plain />
        </strong>
        <span className="soft">
          {nameOf(subject, t)} · {t(`terms:alertKind.${kind}`)}
        </span>
        {count > 1 ? <span className="faint">{t('times', { count })}</span> : null}
      </span>
      <span className="alerts-what-why soft">
        {first === undefined ? '' : reasonText(first)}{' '}
        {reasons.length > 1 ? <span className="faint">{t('reasons.more', { count: reasons.length - 1 })}</span> : null}
      </span>
    </div>
  );
});

/** The one that tells most: of the alert's own kind, which is that of its most urgent reason, and the latest of them. */
function firstReason({ reasons, kind }: Alert): Alert['reasons'][number] | undefined {
  const own = reasons.filter((reason) => reason.kind === kind);
  return own.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : -1))[0] ?? reasons[0];
}

/** Who has it, until when it sleeps, or what came of it. */
export function StateTag({ alert }: { alert: Alert }): ReactElement {
  const { t } = useWords('alerts');
  const { officer } = useOfficer();
  const format = useFormat();
  const { state, owner, outcome, snoozedUntil } = alert;
  if (state === 'closed')
    return <Tag outlined>{outcome == null ? t('terms:alertState.closed') : t(`terms:alertOutcome.${outcome}`)}</Tag>;
  if (state === 'snoozed')
    return (
      <Tag tone="indigo">
        {snoozedUntil == null ? t('terms:alertState.snoozed') : t('state.until', { time: format.time(snoozedUntil) })}
      </Tag>
    );
  if (owner == null) return <Tag tone="ochre">{t('terms:alertState.new')}</Tag>;
  return owner === officer ? (
    <Tag tone="patina">{t('state.mine')}</Tag>
  ) : (
    <Tag tone="bronze">{t('state.owner', { owner })}</Tag>
  );
}
