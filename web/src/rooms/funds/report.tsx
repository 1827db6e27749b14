import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef, type KeyboardEvent, type ReactElement, type SubmitEvent } from 'react';
import type { NewReport, ReportAnswer } from '../../../../server/src/funds/contract.ts';
import { post } from '../../link/call.ts';
import { useOfficer } from '../../link/session.ts';
import { useGo, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { useThisMinute } from '../../ui/now.ts';
import { Page, Panel } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { ReadAs } from '../../ui/read-as.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { TheftFraud, TheftPayments } from '../../ui/theft/theft-parts.tsx';
import { reportOf, useTheftDraft, type TypedTheft } from '../../ui/theft/theft.ts';
import { useWords } from '../../ui/words.ts';
import './funds.css';

const channels = ['hotline', 'counter', 'institution', 'public', 'member'] as const;

/** What only an officer asks for; it stays in this country. */
interface Told {
  readonly phone: string;
  readonly name: string;
  readonly channel: (typeof channels)[number];
}
const untold: Told = { phone: '', name: '', channel: 'hotline' };

/** A victim's report in one call, while the victim is on the telephone. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const go = useGo();
  const { member } = useOfficer();
  const nowMs = useThisMinute();
  const zone = usePreferences().preferences.timeZone;
  const [{ from, to, alert }] = useView((raw) => ({ from: raw['from'], to: raw['to'], alert: raw['alert'] }));
  const { draft, change, clear, isKept } = useTheftDraft(member, from ?? '', to ?? '', untold);
  const theft = reportOf(draft, nowMs, zone);
  const ready = theft === undefined ? undefined : { ...theft, ...toldOf(draft) };
  const sending = useAct<void, ReportAnswer>({
    act: () => post('/v1/reports', { ...ready, alert }),
    done: ({ state }) => t(`terms:reportState.${state}`),
    quiet: true,
    touches: ['/v1/traces'],
    after: ({ traces }) => {
      clear();
      go(traces[0] === undefined ? '/traces' : `/traces/${traces[0]}`);
    },
  });
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (ready !== undefined && !sending.isPending) sending.mutate();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
  };
  const country = member.toUpperCase();
  return (
    <Page
      title={t('report.title')}
      acts={
        isKept ? (
          <Button variant="default" onClick={clear}>
            {t('report.clear')}
          </Button>
        ) : null
      }
    >
      <form className="report" ref={form} onSubmit={submit} onKeyDown={onKey}>
        <p className="trace-plain soft">{t('report.lead')}</p>
        {alert === undefined ? null : (
          <p className="notice tone-bronze">
            {t('report.alert')} <Link to={`/alerts/${alert}`}>{t('report.alert.open')}</Link>
          </p>
        )}
        <TheftPayments draft={draft} change={change} country={country} nowMs={nowMs} />
        <Victim draft={draft} change={change} country={country} />
        <TheftFraud draft={draft} change={change} country={country} />
        {sending.error === null ? null : <RefusalNotice error={sending.error} />}
        <div className="report-acts">
          <Button type="submit" size="sm" loading={sending.isPending} disabled={ready === undefined}>
            {t('report.submit')}
          </Button>
          <kbd>Ctrl ⏎</kbd>
          {ready === undefined ? <span className="soft">{t('report.needed')}</span> : null}
        </div>
      </form>
    </Page>
  );
}

function toldOf({ phone, name, channel }: Told): Pick<NewReport, 'channel' | 'victim'> {
  const victim = {
    ...(phone.trim() !== '' && { phone: phone.trim() }),
    ...(name.trim() !== '' && { name: name.trim() }),
  };
  return { channel, ...(Object.keys(victim).length > 0 && { victim }) };
}

interface VictimProps {
  readonly draft: TypedTheft & Told;
  readonly change: (part: Partial<TypedTheft & Told>) => void;
  readonly country: string;
}

function Victim({ draft, change, country }: VictimProps): ReactElement {
  const { t } = useWords('funds');
  return (
    <Panel title={t('report.victim')}>
      <div className="report-row">
        <div>
          <TextInput
            label={t('report.phone')}
            description={t('report.phone.hint')}
            autoComplete="off"
            inputMode="tel"
            maxLength={512}
            value={draft.phone}
            onChange={({ currentTarget }) => change({ phone: currentTarget.value })}
          />
          <ReadAs text={draft.phone} country={country} />
        </div>
        <TextInput
          label={t('report.name')}
          description={t('report.name.hint')}
          autoComplete="off"
          maxLength={200}
          value={draft.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        <NativeSelect
          label={t('report.channel')}
          value={draft.channel}
          data={channels.map((value) => ({ value, label: t(`terms:reportChannel.${value}`) }))}
          onChange={({ currentTarget }) =>
            change({ channel: channels.find((one) => one === currentTarget.value) ?? 'hotline' })
          }
        />
      </div>
      <Checkbox
        mt="sm"
        label={t('report.debit')}
        description={t('report.debit.hint')}
        checked={draft.isConfirmed}
        onChange={({ currentTarget }) => change({ isConfirmed: currentTarget.checked })}
      />
    </Panel>
  );
}
