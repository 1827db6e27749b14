import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, type ReactElement } from 'react';
import type { Alert, AlertHistory } from '../../../../server/src/alerts/contract.ts';
import type { FindingPage } from '../../../../server/src/detection/contract.ts';
import { get } from '../../link/call.ts';
import { useLive } from '../../link/live.ts';
import { useMay } from '../../link/session.ts';
import { Ago } from '../../ui/clock.tsx';
import { captionOf, Identifier, pathOf } from '../../ui/identifier.tsx';
import { Presence } from '../../ui/presence.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { PriorityTag, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { ActBar } from './act-bar.tsx';
import { alertPath, type AlertActs } from './acts.ts';
import type { Asked } from './dialogs.tsx';
import { History } from './history.tsx';
import { Leads, Related } from './leads.tsx';
import { StateTag } from './queue-list.tsx';
import { Reasons } from './reasons.tsx';
import { nameOf } from './subject.ts';

/** Whoever leafs through the queue reads nothing of each. */
const settleMs = 250;

/** One alert as the server has it, read again when the stream tells of it. */
function useAlert(id: string) {
  const client = useQueryClient();
  const [settled] = useDebouncedValue(id, settleMs);
  const path = alertPath(id);
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<AlertHistory>(path, { purpose: 'alert', signal }),
    enabled: settled === id,
    // Whoever comes back from what they made of it sees that it stands there.
    staleTime: 0,
  });
  const hear = useCallback(
    (event: string, data: unknown) => {
      if (event !== 'alert' || (data as Alert).id !== id) return;
      client.setQueryData<AlertHistory>([path], (known) => known && { ...known, alert: data as Alert });
      void client.invalidateQueries({ queryKey: [path] });
    },
    [client, id, path],
  );
  useLive(hear);
  return query;
}

interface PreviewProps {
  readonly id: string;
  /** As the queue has it, shown while the rest is read. */
  readonly known: Alert | undefined;
  readonly acts: AlertActs;
  readonly onAsk: (asked: Asked) => void;
  readonly onClosed: (alert: Alert) => void;
}

export function Preview({ id, known, ...props }: PreviewProps): ReactElement {
  const query = useAlert(id);
  const alert = query.data?.alert ?? known;
  if (alert === undefined)
    return query.error === null ? <Loading /> : <Failed error={query.error} again={() => void query.refetch()} />;
  return <AlertSheet alert={alert} told={query.data} error={query.error} {...props} />;
}

interface SheetProps extends Omit<PreviewProps, 'id' | 'known'> {
  readonly alert: Alert;
  readonly told: AlertHistory | undefined;
  readonly error: unknown;
}

function AlertSheet({ alert, told, error, acts, onAsk, onClosed }: SheetProps): ReactElement {
  const { t } = useWords('alerts');
  const findings = useFindings(alert, told !== undefined).data?.findings ?? [];
  const { id, subject, kind, priority, previous, lastAt, firstAt, note } = alert;
  return (
    <article className="alerts-sheet" aria-label={captionOf(subject)}>
      <header>
        <div className="alerts-sheet-tags">
          <PriorityTag priority={priority} />
          <StateTag alert={alert} />
          <span className="soft">{t(`terms:alertKind.${kind}`)}</span>
          {alert.discreet === true ? <Tag tone="indigo">{t('discreet')}</Tag> : null}
          {(alert.escalated ?? 0) > 0 ? <Tag tone="cinnabar">{t('escalated', { count: alert.escalated! })}</Tag> : null}
        </div>
        <h2>
          <span className="soft alerts-subject-kind">{nameOf(subject, t)}</span> <Identifier of={subject} />
        </h2>
        <p className="soft alerts-when">
          {t('first')} <Ago at={firstAt} /> · {t('last')} <Ago at={lastAt} />
        </p>
      </header>
      <Presence at={`alert:${id}`} />
      <ActBar alert={alert} acts={acts} onAsk={onAsk} onClosed={onClosed} />
      {note == null || note === '' ? null : <p className="notice tone-stone alerts-note">{note}</p>}
      <section>
        <h3>{t('reasons.title')}</h3>
        <Reasons reasons={alert.reasons} findings={findings} />
      </section>
      <Related alert={alert} findings={findings} />
      <Leads alert={alert} />
      <section>
        <h3>{t('history.title')}</h3>
        <History told={told} error={error} />
        <p className="alerts-links">
          {previous == null ? null : <Link to={`/alerts/${previous}`}>{t('previous')}</Link>}
          <Link to={`/alerts?${new URLSearchParams({ subject, state: 'closed' }).toString()}`}>{t('earlier')}</Link>
        </p>
      </section>
      <SubjectLink subject={subject} />
    </article>
  );
}

function SubjectLink({ subject }: { subject: string }): ReactElement | null {
  const { t } = useWords('alerts');
  const path = pathOf(subject);
  if (path === undefined) return null;
  return (
    <Button component={Link} to={path} variant="subtle" className="alerts-open" rightSection={<kbd>o</kbd>}>
      {t('open-subject')}
    </Button>
  );
}

/** What detectors found about the same subject: the facts in full, and who else is part of it. */
function useFindings({ subject, reasons }: Alert, isSettled: boolean) {
  const may = useMay();
  const isDetected = reasons.some(({ kind, member }) => kind === 'detection' && member === undefined);
  const path = '/v1/detection/findings';
  const query = { subject, limit: 50 };
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => get<FindingPage>(path, { query, purpose: 'alert', signal }),
    enabled: isSettled && isDetected && may('detection.read'),
  });
}
