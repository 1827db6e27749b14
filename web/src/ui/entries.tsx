import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { currencies, readAmount } from './amounts.ts';
import { useFormat } from './format.ts';
import { instantOf, localOf } from './local-time.ts';
import { usePreferences } from './preferences.ts';
import { useSaid, useWords } from './words.ts';

interface EntryProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly required?: boolean;
  readonly focus?: boolean;
}

/** Day and time on this officer's clock. What is kept is an instant (RFC 3339, UTC), or '' for none; below stands how it is read. */
export function InstantEntry(props: EntryProps & { value: string; change: (value: string) => void }): ReactElement {
  const { label, hint, required = false, focus = false, value, change } = props;
  const { preferences } = usePreferences();
  const format = useFormat();
  const zone = preferences.timeZone;
  const shown = value === '' || Number.isNaN(Date.parse(value)) ? '' : localOf(value, zone);
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={[hint, value === '' ? undefined : format.instant(value)].filter(Boolean).join(' · ')}
      required={required}
      data-autofocus={focus || undefined}
      value={shown}
      onChange={({ currentTarget }) => change(instantOf(currentTarget.value, zone) ?? '')}
    />
  );
}

/** An amount as people write it, and its currency where that is not given; how it is read stands with it. Text that is no amount is said to be none. */
export function AmountEntry(
  props: EntryProps & {
    value: string;
    change: (value: string) => void;
    currency: string;
    /** Without it the currency is fixed. */
    changeCurrency?: (currency: string) => void;
    /** Nothing is an amount too. */
    zero?: boolean;
  },
): ReactElement {
  const { label, hint, required = false, focus = false, value, change, currency, changeCurrency, zero = false } = props;
  const { t } = useWords('ui');
  const said = useSaid();
  const format = useFormat();
  const read = readAmount(value, currency, { zero });
  const isWrong = value.trim() !== '' && read === undefined;
  return (
    <TextInput
      label={label}
      description={[hint, read === undefined ? undefined : format.money({ value: read, currency })]
        .filter(Boolean)
        .join(' · ')}
      required={required}
      data-autofocus={focus || undefined}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      error={isWrong ? t('amount.wrong') : undefined}
      rightSectionWidth={changeCurrency === undefined ? 56 : 84}
      rightSection={
        changeCurrency === undefined ? (
          <span className="soft">{currency}</span>
        ) : (
          <NativeSelect
            aria-label={t('amount.currency')}
            variant="unstyled"
            w="100%"
            // Else it inherits that of the field around it, which leaves no room for the code.
            rightSectionWidth={26}
            value={currency}
            onChange={({ currentTarget }) => changeCurrency(currentTarget.value)}
            data={currencies.map((code) => ({ value: code, label: code, title: said('currencies', code) }))}
          />
        )
      }
    />
  );
}
