import type { ReactElement } from 'react';
import { AmountEntry } from '../../ui/entries.tsx';
import type { TypedAmount } from './typed-form.ts';

const currencyOf: Readonly<Record<string, string>> = {
  cn: 'CNY',
  kh: 'KHR',
  la: 'LAK',
  mm: 'MMK',
  th: 'THB',
  vn: 'VND',
};

export const currencyOfMember = (member: string): string => currencyOf[member] ?? 'USD';

/** Money as people type it; what is wrong with it stands where the hint would. */
export function AmountField(props: {
  label: string;
  hint?: string | undefined;
  required?: boolean;
  value: TypedAmount;
  onChange: (value: TypedAmount) => void;
}): ReactElement {
  const { label, hint, required = false, value, onChange } = props;
  return (
    <AmountEntry
      label={label}
      hint={hint}
      required={required}
      value={value.text}
      change={(text) => onChange({ ...value, text })}
      currency={value.currency}
      changeCurrency={(currency) => onChange({ ...value, currency })}
    />
  );
}
