import { Button, Checkbox } from '@mantine/core';
import type { ReactElement, SubmitEvent } from 'react';
import type { ReportAnswer } from '../../../../server/src/funds/contract.ts';
import { post } from '../../link/call.ts';
import { useInstitution } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { useThisMinute } from '../../ui/now.ts';
import { Page, Panel } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { TheftFraud, TheftPayments } from '../../ui/theft/theft-parts.tsx';
import { reportOf, useTheftDraft } from '../../ui/theft/theft.ts';
import { useWords } from '../../ui/words.ts';
import './institution.css';

const nothingMore = {};

/** A theft from a customer: from here on the money is followed. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const { member } = useInstitution();
  const [{ to, done, state }, show] = useView((raw) => ({
    to: raw['to'],
    done: raw['done'],
    state: oneOf(raw['state'], ['opened', 'joined', 'known'] as const),
  }));
  const nowMs = useThisMinute();
  const zone = usePreferences().preferences.timeZone;
  const { draft, change, clear, isKept } = useTheftDraft(member, '', to ?? '', nothingMore);
  const ready = reportOf(draft, nowMs, zone);
  const sending = useAct<void, ReportAnswer>({
    act: () => post('/v1/reports', ready),
    quiet: true,
    after: (answer) => {
      clear();
      show({ to: undefined, done: answer.report, state: answer.state });
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (ready !== undefined && !sending.isPending) sending.mutate();
  };
  if (done !== undefined)
    return (
      <Page title={t('theft.title')}>
        <div className="notice tone-patina" role="status">
          <p>
            <strong>{t('theft.done')}</strong> {state === undefined ? null : t(`theft.state.${state}`)}
          </p>
          <p>
            {t('theft.number')} <span className="mono">{done}</span>
          </p>
        </div>
        <p>
          <Button
            variant="default"
            onClick={() => {
              sending.reset();
              show({ done: undefined, state: undefined });
            }}
          >
            {t('theft.another')}
          </Button>
        </p>
      </Page>
    );
  return (
    <Page
      title={t('theft.title')}
      acts={
        isKept ? (
          <Button variant="default" onClick={clear}>
            {t('theft.clear')}
          </Button>
        ) : null
      }
    >
      <form onSubmit={submit} className="report">
        <p className="soft" style={{ margin: 0 }}>
          {t('theft.lead')}
        </p>
        <TheftPayments draft={draft} change={change} country={member.toUpperCase()} nowMs={nowMs} />
        <Panel>
          <Checkbox
            label={t('theft.confirmed')}
            description={t('theft.confirmed.hint')}
            checked={draft.isConfirmed}
            onChange={({ currentTarget }) => change({ isConfirmed: currentTarget.checked })}
          />
        </Panel>
        <TheftFraud draft={draft} change={change} country={member.toUpperCase()} />
        {sending.error === null ? null : <RefusalNotice error={sending.error} />}
        <div className="report-acts">
          <Button type="submit" size="sm" loading={sending.isPending} disabled={ready === undefined}>
            {t('theft.submit')}
          </Button>
          {ready === undefined ? <span className="soft">{t('theft.needed')}</span> : null}
        </div>
      </form>
    </Page>
  );
}
