import { Button, NativeSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, type ReactElement } from 'react';
import { typologies } from '@bronze-drum/protocol/statements/listing';
import { useLanguageName, useLetters } from '../language.ts';
import { Panel } from '../page.tsx';
import { ReadAs } from '../read-as.tsx';
import { languages, useSaid, useWords } from '../words.ts';
import { PaymentFields } from './theft-payment.tsx';
import { contactsOf, paymentOf, paymentsMax, type TheftPartProps, type TypedPayment } from './theft.ts';
import './theft.css';

/** From where, how much, when and to where: one payment is enough. */
export function TheftPayments({ draft, change, country, nowMs }: TheftPartProps & { nowMs: number }): ReactElement {
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

/** What kind of fraud it was, with what it used, and how it is told. */
export function TheftFraud({ draft, change, country }: TheftPartProps): ReactElement {
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
          {contactsOf(draft.contacts).map((line) => (
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
