import { Button, Checkbox, NativeSelect, Select, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactElement, type SubmitEvent } from 'react';
import { typologies } from '@bronze-drum/protocol/statements/listing';
import type { NewReport, ReportAnswer } from '../../../../server/src/funds/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { useGo, useView } from '../../link/view.ts';
import { readAmount } from '../../ui/amounts.ts';
import { useAct } from '../../ui/act.tsx';
import { useLanguageName, useLetters } from '../../ui/language.ts';
import { useNow } from '../../ui/now.ts';
import { Page, Panel } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { languages, useSaid, useWords, type Language } from '../../ui/words.ts';
import { isReference, PaymentFields, type TypedPayment } from './report-payment.tsx';
import { ReadAs } from '../../ui/read-as.tsx';
import { readTypedTime } from './report-typing.ts';
import './funds.css';

/** In which money most is stolen there; the officer may choose another. */
const currencyOf: Readonly<Record<string, string>> = {
  cn: 'CNY',
  kh: 'USD',
  la: 'LAK',
  mm: 'MMK',
  th: 'THB',
  vn: 'VND',
};
const languageOf: Readonly<Record<string, Language>> = { cn: 'zh', kh: 'km', la: 'lo', mm: 'my', th: 'th', vn: 'vi' };
const channels = ['hotline', 'counter', 'institution', 'public', 'member'] as const;
const paymentsMax = 50;
const contactsMax = 50;

interface Draft {
  /** The sender's own name for it: sent twice, it is one report. */
  readonly reference: string;
  readonly from: string;
  readonly phone: string;
  readonly name: string;
  readonly payments: readonly TypedPayment[];
  readonly typology: string;
  readonly contacts: string;
  readonly story: string;
  readonly language: Language;
  readonly channel: (typeof channels)[number];
  readonly isConfirmed: boolean;
}

/** A victim's report in one call, while the victim is on the telephone. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const go = useGo();
  const { member } = useOfficer();
  const nowMs = useNow();
  const zone = usePreferences().preferences.timeZone;
  const [{ from, to, alert }] = useView((raw) => ({ from: raw['from'], to: raw['to'], alert: raw['alert'] }));
  const empty = useMemo(() => emptyOf(member, from, to), [member, from, to]);
  const { draft, change, clear, isKept } = useDraft<Draft>(`report:${from ?? ''}:${to ?? ''}`, empty);
  const ready = reportOf(draft, nowMs, zone);
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
        <Payments draft={draft} change={change} country={country} nowMs={nowMs} />
        <Victim draft={draft} change={change} country={country} />
        <Fraud draft={draft} change={change} country={country} />
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

function emptyOf(member: string, from: string | undefined, to: string | undefined): Draft {
  return {
    reference: `desk-${crypto.randomUUID()}`,
    from: from ?? '',
    phone: '',
    name: '',
    payments: [paymentOf(currencyOf[member] ?? 'USD', to)],
    typology: '',
    contacts: '',
    story: '',
    language: languageOf[member] ?? 'en',
    channel: 'hotline',
    isConfirmed: false,
  };
}

const paymentOf = (currency: string, to = ''): TypedPayment => ({
  row: crypto.randomUUID(),
  amount: '',
  currency,
  time: '',
  to,
  reference: '',
});
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What is sent, or undefined while something that it cannot do without is missing or unreadable. */
function reportOf(draft: Draft, nowMs: number, zone: string | null): NewReport | undefined {
  const from = draft.from.trim();
  const typology = typologies.find((one) => one === draft.typology);
  const payments = draft.payments.flatMap((payment) => {
    const [to, reference] = [payment.to.trim(), payment.reference.trim()];
    const value = readAmount(payment.amount, payment.currency);
    const at = readTypedTime(payment.time, nowMs, zone);
    const isEnough = to !== '' || (from !== '' && reference !== '');
    if (value === undefined || at === undefined || !isEnough || !isReference(reference)) return [];
    return [
      {
        amount: { value, currency: payment.currency },
        at,
        ...(from !== '' && { from }),
        ...(to !== '' && { to }),
        ...(reference !== '' && { reference }),
      },
    ];
  });
  if (payments.length < draft.payments.length || typology === undefined) return undefined;
  const [phone, name, story] = [draft.phone.trim(), draft.name.trim(), draft.story.trim()];
  const contacts = linesOf(draft.contacts);
  return {
    reference: draft.reference,
    channel: draft.channel,
    typology,
    payments,
    debitConfirmed: draft.isConfirmed,
    ...(phone + name !== '' && { victim: { ...(phone !== '' && { phone }), ...(name !== '' && { name }) } }),
    ...(contacts.length > 0 && { contacts: contacts.slice(0, contactsMax) }),
    ...(story !== '' && { story: { language: draft.language, text: story } }),
  };
}

interface PartProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly country: string;
}

function Payments({ draft, change, country, nowMs }: PartProps & { nowMs: number }): ReactElement {
  const { t } = useWords('funds');
  const { payments, from } = draft;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const put = (place: number, part: Partial<TypedPayment>): void =>
    change({ payments: payments.map((one, at) => (at === place ? { ...one, ...part } : one)) });
  return (
    <Panel title={t('report.payments')}>
      <TextInput
        ref={first}
        label={t('report.from')}
        placeholder={t('report.from.hint')}
        autoComplete="off"
        maxLength={512}
        value={from}
        onChange={({ currentTarget }) => change({ from: currentTarget.value })}
      />
      <ReadAs text={from} country={country} isEnd />
      {payments.map((payment, place) => (
        <PaymentFields
          key={payment.row}
          payment={payment}
          number={place + 1}
          country={country}
          nowMs={nowMs}
          change={(part) => put(place, part)}
          remove={
            payments.length === 1
              ? undefined
              : () => change({ payments: payments.filter((_, other) => other !== place) })
          }
        />
      ))}
      {payments.length < paymentsMax ? (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => change({ payments: [...payments, paymentOf(payments.at(-1)!.currency, payments.at(-1)!.to)] })}
        >
          {t('report.add')}
        </Button>
      ) : null}
    </Panel>
  );
}

function Victim({ draft, change, country }: PartProps): ReactElement {
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

function Fraud({ draft, change, country }: PartProps): ReactElement {
  const { t } = useWords('funds');
  const languageName = useLanguageName();
  useLetters([draft.language]);
  const said = useSaid();
  return (
    <Panel title={t('report.fraud')}>
      <div className="report-row">
        <Select
          label={t('report.typology')}
          placeholder={t('report.typology.hint')}
          searchable
          required
          selectFirstOptionOnChange
          value={draft.typology === '' ? null : draft.typology}
          data={typologies.map((value) => ({ value, label: said('typologies', value) }))}
          onChange={(value) => change({ typology: value ?? '' })}
        />
        <div>
          <Textarea
            label={t('report.contacts')}
            description={t('report.contacts.hint')}
            value={draft.contacts}
            onChange={({ currentTarget }) => change({ contacts: currentTarget.value })}
          />
          {linesOf(draft.contacts)
            .slice(0, contactsMax)
            .map((line) => (
              <ReadAs key={line} text={line} country={country} />
            ))}
        </div>
      </div>
      <div className="report-row report-story">
        <Textarea
          label={t('report.story')}
          lang={draft.language}
          maxLength={4000}
          minRows={3}
          value={draft.story}
          onChange={({ currentTarget }) => change({ story: currentTarget.value })}
        />
        <NativeSelect
          label={t('report.language')}
          value={draft.language}
          data={languages.map((value) => ({ value, label: languageName(value) }))}
          onChange={({ currentTarget }) =>
            change({ language: languages.find((one) => one === currentTarget.value) ?? 'en' })
          }
        />
      </div>
    </Panel>
  );
}
