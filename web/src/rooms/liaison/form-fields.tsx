import { Checkbox, Group, NativeSelect, Radio, Select, Textarea, TextInput } from '@mantine/core';
import { useMemo, type ReactElement } from 'react';
import type { Field, Form } from '@bronze-drum/protocol/fields';
import type { FreeText } from '@bronze-drum/protocol/languages';
import { countryIn } from '../../ui/country.ts';
import { InstantEntry } from '../../ui/entries.tsx';
import { languages, nativeNames, useFieldWords, useWords } from '../../ui/words.ts';
import { AmountField, currencyOfMember } from './amount-field.tsx';
import { IdentifierField } from './identifier-field.tsx';
import { PaymentsField } from './payments-field.tsx';
import type { Faults, TypedAmount, TypedForm, TypedPayment, TypedValue } from './typed-form.ts';

const countries = [
  'CN', 'KH', 'LA', 'MM', 'TH', 'VN', 'BD', 'BR', 'ET', 'GB', 'HK', 'ID', 'IN', 'JP', 'KE', 'KR', 'LK', 'MA', 'MO', 'MY', 'NG', 'NP', 'PH', 'PK', 'RU', 'SG', 'TW', 'TZ', 'UG', 'US', 'ZA',
]; // prettier-ignore

interface FormFieldsProps {
  readonly form: Form;
  readonly typed: TypedForm;
  readonly faults: Faults;
  /** The member that is asked, or that asks: its national spellings are read too. */
  readonly other: string;
  readonly onChange: (name: string, value: TypedValue) => void;
}

/** The fields of a form, each as its type asks for it. */
export function FormFields({ form, typed, faults, other, onChange }: FormFieldsProps): ReactElement {
  return (
    <div className="liaison-form">
      {Object.entries(form).map(([name, field]) => (
        <OneField
          key={name}
          name={name}
          field={field}
          value={typed[name]}
          fault={faults[name]}
          other={other}
          onChange={(value) => onChange(name, value)}
        />
      ))}
    </div>
  );
}

interface FieldProps {
  readonly name: string;
  readonly field: Field;
  readonly value: TypedValue | undefined;
  readonly fault: Faults[string] | undefined;
  readonly other: string;
  readonly onChange: (value: TypedValue) => void;
}

function OneField({ name, field, value, fault, other, onChange }: FieldProps): ReactElement {
  const { t } = useWords('liaison');
  const words = useFieldWords();
  const { type, required, codes = [] } = field;
  const shared = {
    label: words.label(name),
    withAsterisk: required,
    error: fault === undefined ? undefined : t(`fault.${fault}`),
  };
  const text = typeof value === 'string' ? value : '';
  switch (type) {
    case 'key':
    case 'keys':
      return (
        <IdentifierField
          {...shared}
          name={name}
          isMany={type === 'keys'}
          other={other}
          value={text}
          onChange={onChange}
        />
      );
    case 'amount':
      return (
        <AmountField
          label={shared.label}
          hint={shared.error}
          required={required}
          value={(value as TypedAmount | undefined) ?? { text: '', currency: currencyOfMember(other) }}
          onChange={onChange}
        />
      );
    case 'instant':
      return (
        <InstantEntry label={shared.label} hint={shared.error} required={required} value={text} change={onChange} />
      );
    case 'text':
      return <FreeTextField {...shared} value={value as FreeText | undefined} onChange={onChange} />;
    case 'country':
      return <CountryField {...shared} value={text} onChange={onChange} />;
    case 'code':
      return (
        <NativeSelect
          {...shared}
          value={text}
          data={[
            { value: '', label: t('choose') },
            ...codes.map((code) => ({ value: code, label: words.value(name, code) })),
          ]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'codes':
      return (
        <Checkbox.Group
          {...shared}
          value={Array.isArray(value) ? [...(value as readonly string[])] : []}
          onChange={onChange}
        >
          <Group gap="xs" mt={4}>
            {codes.map((code) => (
              <Checkbox key={code} value={code} label={words.value(name, code)} />
            ))}
          </Group>
        </Checkbox.Group>
      );
    case 'flag':
      return (
        <Radio.Group {...shared} value={text} onChange={onChange}>
          <Group gap="sm" mt={4}>
            <Radio value="yes" label={t('yes')} />
            <Radio value="no" label={t('no')} />
          </Group>
        </Radio.Group>
      );
    case 'payments':
      return (
        <PaymentsField
          {...shared}
          other={other}
          value={(value as readonly TypedPayment[] | undefined) ?? []}
          onChange={onChange}
        />
      );
    case 'count':
      return (
        <TextInput
          {...shared}
          inputMode="numeric"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput {...shared} value={text} maxLength={200} onChange={(event) => onChange(event.currentTarget.value)} />
      );
  }
}

interface Labelled {
  readonly label: string;
  readonly withAsterisk?: boolean;
  readonly error?: string | undefined;
}

/** Free words with the language in which they are written: they are never translated. */
export function FreeTextField(
  props: Labelled & { value: FreeText | undefined; description?: string; onChange: (value: FreeText) => void },
): ReactElement {
  const { label, withAsterisk = false, error, description, onChange } = props;
  const { t, language } = useWords('liaison');
  const value = props.value ?? { language, text: '' };
  return (
    <div className="liaison-pair wide">
      <Textarea
        label={label}
        withAsterisk={withAsterisk}
        error={error}
        {...(description !== undefined && { description })}
        maxLength={4000}
        lang={value.language}
        value={value.text}
        onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('language')}
        value={value.language}
        data={languages.map((code) => ({ value: code, label: nativeNames[code] }))}
        onChange={(event) => onChange({ ...value, language: event.currentTarget.value as FreeText['language'] })}
      />
    </div>
  );
}

/** By name, or by its two letters: the six first. */
function CountryField(props: Labelled & { value: string; onChange: (value: string) => void }): ReactElement {
  const { value, onChange, ...shared } = props;
  const { t, language } = useWords('liaison');
  const known = useMemo(() => countries.map((code) => ({ value: code, label: countryIn(code, language) })), [language]);
  if (value !== '' && !countries.includes(value))
    return (
      <TextInput
        {...shared}
        description={t('country.code')}
        maxLength={2}
        value={value === '?' ? '' : value}
        onChange={(event) => onChange(event.currentTarget.value.toUpperCase() || '?')}
      />
    );
  return (
    <Select
      {...shared}
      searchable
      clearable
      value={value === '' ? null : value}
      data={[...known, { value: '?', label: t('country.other') }]}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
