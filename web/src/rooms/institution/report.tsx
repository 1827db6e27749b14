import { Button, Checkbox, CloseButton, NativeSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useEffect, useMemo, useRef, type ReactElement, type SubmitEvent } from 'react';
import { typologies } from '@bronze-drum/protocol/statements/listing';
import type { ReportAnswer } from '../../../../server/src/funds/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useInstitution } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { AmountEntry, InstantEntry } from '../../ui/entries.tsx';
import { ownLanguageOf } from '../../ui/letter-languages.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { ReadAs } from '../../ui/read-as.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { languages, nativeNames, useSaid, useWords } from '../../ui/words.ts';
import { isReference } from './answer.ts';
import { contactsOf, paymentsMax, reportOf, type TypedPayment, type TypedTheft } from './theft.ts';
import './institution.css';

/** In which money is mostly stolen there. */
const currencyOf: Readonly<Record<string, string>> = {
  cn: 'CNY',
  kh: 'USD',
  la: 'LAK',
  mm: 'MMK',
  th: 'THB',
  vn: 'VND',
};

const paymentOf = (currency: string, to = ''): TypedPayment => ({
  row: crypto.randomUUID(),
  to,
  amount: '',
  currency,
  at: '',
  reference: '',
});

const emptyOf = (member: string, to: string | undefined): TypedTheft => ({
  reference: `desk-${crypto.randomUUID()}`,
  from: '',
  typology: '',
  payments: [paymentOf(currencyOf[member] ?? 'USD', to)],
  isConfirmed: false,
  contacts: '',
  story: '',
  language: ownLanguageOf[member] ?? 'en',
});

/** A theft from a customer: from here on the money is followed. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const { member } = useInstitution();
  const [{ to, done, state }, show] = useView((raw) => ({
    to: raw['to'],
    done: raw['done'],
    state: oneOf(raw['state'], ['opened', 'joined', 'known'] as const),
  }));
  const empty = useMemo(() => emptyOf(member, to), [member, to]);
  const { draft, change, clear, isKept } = useDraft<TypedTheft>(`theft:${to ?? ''}`, empty);
  const ready = reportOf(draft);
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
      <form onSubmit={submit} className="institution-stack" style={{ maxWidth: '60rem' }}>
        <p className="soft" style={{ margin: 0 }}>
          {t('theft.lead')}
        </p>
        <Payments draft={draft} change={change} country={member.toUpperCase()} />
        <Fraud draft={draft} change={change} country={member.toUpperCase()} />
        {sending.error === null ? null : <RefusalNotice error={sending.error} />}
        <div className="institution-acts">
          <Button type="submit" size="sm" loading={sending.isPending} disabled={ready === undefined}>
            {t('theft.submit')}
          </Button>
          {ready === undefined ? <span className="soft">{t('theft.needed')}</span> : null}
        </div>
      </form>
    </Page>
  );
}

interface PartProps {
  readonly draft: TypedTheft;
  readonly change: (part: Partial<TypedTheft>) => void;
  readonly country: string;
}

function Payments({ draft, change, country }: PartProps): ReactElement {
  const { t } = useWords('institution');
  const { payments, from } = draft;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const put = (place: number, part: Partial<TypedPayment>): void =>
    change({ payments: payments.map((one, at) => (at === place ? { ...one, ...part } : one)) });
  return (
    <Panel title={t('theft.payments')}>
      <TextInput
        ref={first}
        label={t('theft.from')}
        description={t('theft.from.hint')}
        autoComplete="off"
        maxLength={512}
        value={from}
        onChange={({ currentTarget }) => change({ from: currentTarget.value })}
      />
      <ReadAs text={from} country={country} isEnd />
      {payments.map((payment, place) => (
        <fieldset key={payment.row} className="institution-part">
          <div className="institution-part-head">
            <legend style={{ padding: 0 }}>{t('theft.payment', { number: place + 1 })}</legend>
            {payments.length === 1 ? null : (
              <CloseButton
                size="xs"
                aria-label={t('onward.remove', { number: place + 1 })}
                onClick={() => change({ payments: payments.filter((_, other) => other !== place) })}
              />
            )}
          </div>
          <PaymentFields payment={payment} country={country} change={(part) => put(place, part)} />
        </fieldset>
      ))}
      {payments.length < paymentsMax ? (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => change({ payments: [...payments, paymentOf(payments.at(-1)!.currency, payments.at(-1)!.to)] })}
        >
          {t('onward.add')}
        </Button>
      ) : null}
    </Panel>
  );
}

interface PaymentProps {
  readonly payment: TypedPayment;
  readonly country: string;
  readonly change: (part: Partial<TypedPayment>) => void;
}

function PaymentFields({ payment, country, change }: PaymentProps): ReactElement {
  const { t } = useWords('institution');
  return (
    <div className="institution-row">
      <div>
        <TextInput
          label={t('theft.to')}
          description={t('theft.to.hint')}
          autoComplete="off"
          maxLength={512}
          value={payment.to}
          onChange={({ currentTarget }) => change({ to: currentTarget.value })}
        />
        <ReadAs text={payment.to} country={country} isEnd />
      </div>
      <AmountEntry
        label={t('onward.amount')}
        required
        value={payment.amount}
        change={(amount) => change({ amount })}
        currency={payment.currency}
        changeCurrency={(currency) => change({ currency })}
      />
      <InstantEntry label={t('theft.at')} required value={payment.at} change={(at) => change({ at })} />
      <TextInput
        label={t('theft.reference')}
        description={t('theft.reference.hint')}
        autoComplete="off"
        maxLength={64}
        value={payment.reference}
        error={isReference(payment.reference) ? undefined : t('reference.wrong')}
        onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
      />
    </div>
  );
}

function Fraud({ draft, change, country }: PartProps): ReactElement {
  const { t } = useWords('institution');
  const said = useSaid();
  return (
    <Panel title={t('theft.fraud')}>
      <div className="institution-stack">
        <Select
          label={t('theft.typology')}
          placeholder={t('theft.typology.hint')}
          searchable
          required
          selectFirstOptionOnChange
          value={draft.typology === '' ? null : draft.typology}
          data={typologies.map((value) => ({ value, label: said('typologies', value) }))}
          onChange={(value) => change({ typology: value ?? '' })}
        />
        <Checkbox
          label={t('theft.confirmed')}
          description={t('theft.confirmed.hint')}
          checked={draft.isConfirmed}
          onChange={({ currentTarget }) => change({ isConfirmed: currentTarget.checked })}
        />
        <div>
          <Textarea
            label={t('theft.contacts')}
            description={t('theft.contacts.hint')}
            value={draft.contacts}
            onChange={({ currentTarget }) => change({ contacts: currentTarget.value })}
          />
          {contactsOf(draft.contacts).map((line) => (
            <ReadAs key={line} text={line} country={country} />
          ))}
        </div>
        <Textarea
          label={t('theft.story')}
          lang={draft.language}
          maxLength={4000}
          value={draft.story}
          onChange={({ currentTarget }) => change({ story: currentTarget.value })}
        />
        {draft.story.trim() === '' ? null : (
          <NativeSelect
            label={t('answer.language')}
            value={draft.language}
            data={languages.map((value) => ({ value, label: nativeNames[value] }))}
            onChange={({ currentTarget }) =>
              change({ language: languages.find((one) => one === currentTarget.value) ?? 'en' })
            }
          />
        )}
      </div>
    </Panel>
  );
}
