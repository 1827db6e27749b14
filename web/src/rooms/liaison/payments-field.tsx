import { Button, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { InstantEntry } from '../../ui/entries.tsx';
import { useWords } from '../../ui/words.ts';
import { AmountField, currencyOfMember } from './amount-field.tsx';
import { IdentifierField } from './identifier-field.tsx';
import { noPayment, type TypedPayment } from './typed-form.ts';

interface PaymentsFieldProps {
  readonly label: string;
  readonly withAsterisk: boolean;
  readonly error: string | undefined;
  readonly other: string;
  readonly value: readonly TypedPayment[];
  readonly onChange: (value: readonly TypedPayment[]) => void;
}

/** Payments one by one: from where, to where, how much, when. */
export function PaymentsField({
  label,
  withAsterisk,
  error,
  other,
  value,
  onChange,
}: PaymentsFieldProps): ReactElement {
  const { t } = useWords('liaison');
  const rows = value.length === 0 ? [noPayment(currencyOfMember(other))] : value;
  const change = (at: number, part: Partial<TypedPayment>): void =>
    onChange(rows.map((row, place) => (place === at ? { ...row, ...part } : row)));
  return (
    <fieldset className="liaison-payments">
      <legend>
        {label} {withAsterisk ? <span className="tone-cinnabar liaison-may-be">*</span> : null}
      </legend>
      {rows.map((row, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- Rows have no other name, and are only added and taken out.
        <div key={at} className="liaison-payment-row">
          <IdentifierField
            label={t('payment.from')}
            name="from"
            isMany={false}
            other={other}
            value={row.from}
            onChange={(from) => change(at, { from })}
          />
          <IdentifierField
            label={t('payment.to')}
            name="to"
            isMany={false}
            other={other}
            value={row.to}
            onChange={(to) => change(at, { to })}
          />
          <AmountField label={t('payment.amount')} value={row.amount} onChange={(amount) => change(at, { amount })} />
          <InstantEntry label={t('payment.at')} value={row.at} change={(instant) => change(at, { at: instant })} />
          <TextInput
            label={t('payment.reference')}
            maxLength={64}
            value={row.reference}
            onChange={(event) => change(at, { reference: event.currentTarget.value })}
          />
          {rows.length > 1 ? (
            <Button variant="subtle" color="cinnabar" onClick={() => onChange(rows.filter((_, place) => place !== at))}>
              {t('payment.remove')}
            </Button>
          ) : null}
        </div>
      ))}
      {error === undefined ? null : (
        <p className="liaison-may-be tone-cinnabar" role="alert">
          {error}
        </p>
      )}
      <Button variant="default" onClick={() => onChange([...rows, noPayment(currencyOfMember(other))])}>
        {t('payment.add')}
      </Button>
    </fieldset>
  );
}
