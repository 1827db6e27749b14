import { CloseButton, NativeSelect, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { currencies, readAmount } from '../amounts.ts';
import { useFormat } from '../format.ts';
import { usePreferences } from '../preferences.ts';
import { useWords } from '../words.ts';
import { ReadAs } from '../read-as.tsx';
import { isReference, type TypedPayment } from './theft.ts';
import { readTypedTime } from './typed-time.ts';

interface PaymentProps {
  readonly payment: TypedPayment;
  readonly number: number;
  readonly country: string;
  readonly nowMs: number;
  readonly change: (part: Partial<TypedPayment>) => void;
  readonly remove?: (() => void) | undefined;
}

/** One payment: how much, when, where to. What each is understood as stands below it. */
export function PaymentFields({ payment, number, country, nowMs, change, remove }: PaymentProps): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { preferences } = usePreferences();
  const { amount, currency, time, to, reference } = payment;
  const value = readAmount(amount, currency);
  const at = readTypedTime(time, nowMs, preferences.timeZone);
  return (
    <fieldset className="report-payment" style={{ border: 0, margin: 0, padding: 0 }}>
      <div className="report-payment-head">
        <legend style={{ padding: 0 }}>{t('report.payment', { number })}</legend>
        {remove === undefined ? null : <CloseButton size="xs" aria-label={t('report.remove')} onClick={remove} />}
      </div>
      <div className="report-row">
        <div>
          <div className="report-amount">
            <TextInput
              label={t('report.amount')}
              required
              inputMode="decimal"
              autoComplete="off"
              value={amount}
              onChange={({ currentTarget }) => change({ amount: currentTarget.value })}
              error={amount.trim() !== '' && value === undefined ? t('report.amount.wrong') : undefined}
            />
            <NativeSelect
              label={t('report.currency')}
              value={currency}
              onChange={({ currentTarget }) => change({ currency: currentTarget.value })}
              data={currencies.map((code) => ({ value: code, label: code }))}
            />
          </div>
          <span className="report-reading mono">{value === undefined ? '' : format.money({ value, currency })}</span>
        </div>
        <div>
          <TextInput
            label={t('report.time')}
            placeholder={t('report.time.hint')}
            required
            autoComplete="off"
            value={time}
            onChange={({ currentTarget }) => change({ time: currentTarget.value })}
            error={time.trim() !== '' && at === undefined ? t('report.time.wrong') : undefined}
          />
          <span className="report-reading mono">{at === undefined ? '' : format.instant(at)}</span>
        </div>
        <div>
          <TextInput
            label={t('report.to')}
            placeholder={t('report.to.hint')}
            autoComplete="off"
            maxLength={512}
            value={to}
            onChange={({ currentTarget }) => change({ to: currentTarget.value })}
          />
          <ReadAs text={to} country={country} isEnd />
        </div>
        <TextInput
          label={t('report.reference')}
          autoComplete="off"
          maxLength={64}
          value={reference}
          error={isReference(reference) ? undefined : t('report.reference.wrong')}
          onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
        />
      </div>
    </fieldset>
  );
}
