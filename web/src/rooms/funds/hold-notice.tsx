import { Button, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Hold, HoldHistory } from '../../../../server/src/funds/hold-contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay } from '../../link/session.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { InstantEntry } from '../../ui/entries.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

/** Whether the person whose money it is knows; the letter, and putting it off. */
export function HoldNotice({ found }: { found: HoldHistory }): ReactElement {
  const { t } = useWords('funds');
  const may = useMay();
  const [isAsking, asking] = useDisclosure(false);
  const { hold, notice } = found;
  const { madeAt, deferredUntil, deliveredAt } = notice;
  const state =
    deliveredAt !== undefined
      ? 'delivered'
      : madeAt !== undefined
        ? 'made'
        : hold.orderedAt === undefined
          ? 'not-ordered'
          : deferredUntil !== undefined
            ? 'deferred'
            : 'due';
  const mayDefer =
    may('funds.hold') && madeAt === undefined && hold.orderedAt !== undefined && hold.endedAt === undefined;
  const lastDeferral = found.history.findLast(({ deed }) => deed === 'notice-deferred');
  const reason = lastDeferral?.details['reason'];
  return (
    <Panel
      title={t('hold.notice')}
      acts={
        hold.orderedAt === undefined ? undefined : (
          <Link to={`/holds/${hold.id}/notice`}>{t('hold.notice.letter')}</Link>
        )
      }
    >
      <p style={{ marginBlockStart: 0 }}>
        <Tag tone={state === 'delivered' ? 'patina' : 'ochre'}>{t(`hold.notice.${state}`)}</Tag>{' '}
        <span className="soft">{t(`hold.notice.${state}.what`)}</span>
      </p>
      <Facts
        facts={[
          [t('hold.notice.made-at'), madeAt === undefined ? undefined : <Instant key="made" at={madeAt} />],
          [
            t('hold.notice.until'),
            state !== 'deferred' || deferredUntil === undefined ? undefined : (
              <span key="until">
                <Instant at={deferredUntil} /> · <Countdown until={deferredUntil} from={lastDeferral?.at} />
              </span>
            ),
          ],
          [t('hold.detail.reason'), state === 'deferred' && typeof reason === 'string' ? reason : undefined],
          [
            t('hold.notice.delivered-at'),
            deliveredAt === undefined ? undefined : <Instant key="delivered" at={deliveredAt} />,
          ],
        ]}
      />
      {mayDefer ? (
        <Button variant="default" mt="xs" onClick={asking.open}>
          {t('hold.defer')}
        </Button>
      ) : null}
      {isAsking ? <Defer hold={hold} onClose={asking.close} /> : null}
    </Panel>
  );
}

function Defer({ hold, onClose }: { hold: Hold; onClose: () => void }): ReactElement {
  const { t } = useWords('funds');
  const { draft, change, clear } = useDraft(`hold-defer:${hold.id}`, { reason: '', until: '' });
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('hold.defer.title')}
      what={<p style={{ margin: 0 }}>{t('hold.defer.what')}</p>}
      submit={t('hold.defer')}
      act={() => post<Hold>(`/v1/holds/${hold.id}/notice/defer`, { reason: draft.reason.trim(), until: draft.until })}
      done={() => t('hold.defer.done')}
      touches={[`/v1/holds/${hold.id}`]}
      after={clear}
      isReady={draft.reason.trim() !== '' && draft.until !== ''}
    >
      <Textarea
        label={t('hold.detail.reason')}
        description={t('hold.defer.reason.hint')}
        required
        data-autofocus
        maxLength={2000}
        value={draft.reason}
        onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
      />
      <InstantEntry
        label={t('hold.notice.until')}
        hint={t('hold.defer.until.hint')}
        required
        value={draft.until}
        change={(until) => change({ until })}
      />
    </ActForm>
  );
}
