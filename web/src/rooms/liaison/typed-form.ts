import type { Field, FieldType, Form, NamedPayment } from '@bronze-drum/protocol/fields';
import { foldDigits } from '@bronze-drum/protocol/identifiers/digits';
import type { FreeText } from '@bronze-drum/protocol/languages';
import { amountText } from '@bronze-drum/protocol/currencies';
import { readAmount } from '../../ui/amounts.ts';

export interface TypedAmount {
  readonly text: string;
  readonly currency: string;
}
export interface TypedPayment {
  readonly from: string;
  readonly to: string;
  readonly amount: TypedAmount;
  /** An instant (RFC 3339, UTC), or '' for none. */
  readonly at: string;
  readonly reference: string;
}
/** What somebody typed in one field. Identifiers stand one on a line; a flag is `yes` or `no`; an instant is one (RFC 3339, UTC). */
export type TypedValue = string | readonly string[] | TypedAmount | FreeText | readonly TypedPayment[];
export type TypedForm = Readonly<Record<string, TypedValue | undefined>>;

/** Why a field cannot be sent as it is; a key of `fault.` in the texts. */
export type Fault = 'missing' | 'amount' | 'time' | 'count' | 'id' | 'identifier' | 'payment' | 'country';
export type Faults = Readonly<Record<string, Fault>>;

/** How a typed text is read as an identifier; undefined if it cannot be. */
export type KeyOf = (text: string, field: string) => string | undefined;

type Read = { readonly value: unknown } | { readonly fault: Fault } | undefined;

export const noPayment = (currency: string): TypedPayment => ({
  from: '',
  to: '',
  amount: { text: '', currency },
  at: '',
  reference: '',
});

/** The values of a form, or what is missing or cannot be read in which field. */
export function valuesOf(
  form: Form,
  typed: TypedForm,
  keyOf: KeyOf,
): { readonly values: Readonly<Record<string, unknown>>; readonly faults: Faults } {
  const values: Record<string, unknown> = {};
  const faults: Record<string, Fault> = {};
  for (const [name, field] of Object.entries(form)) {
    const read = readers[field.type](typed[name], name, keyOf);
    if (read === undefined) {
      if (field.required) faults[name] = 'missing';
    } else if ('fault' in read) faults[name] = read.fault;
    else values[name] = read.value;
  }
  return { values, faults };
}

type ReadField = (given: TypedValue | undefined, name: string, keyOf: KeyOf) => Read;

const textOf = (given: TypedValue | undefined): string => (typeof given === 'string' ? given.trim() : '');
const listOf = <Item>(given: TypedValue | undefined): readonly Item[] =>
  Array.isArray(given) ? (given as readonly Item[]) : [];
const plain: ReadField = (given) => (textOf(given) === '' ? undefined : { value: textOf(given) });

const readers: Readonly<Record<FieldType, ReadField>> = {
  key(given, name, keyOf) {
    const text = textOf(given);
    return text === '' ? undefined : orFault(keyOf(text, name), 'identifier');
  },
  keys(given, name, keyOf) {
    const lines = linesOf(textOf(given));
    if (lines.length === 0) return undefined;
    const keys = lines.map((line) => keyOf(line, name));
    return keys.includes(undefined) ? { fault: 'identifier' } : { value: [...new Set(keys)] };
  },
  amount: (given) => amountOf(given as TypedAmount | undefined),
  instant(given) {
    const text = textOf(given);
    return text === '' ? undefined : orFault(isInstant(text) ? text : undefined, 'time');
  },
  text(given) {
    const { language, text = '' } = (given ?? {}) as Partial<FreeText>;
    return text.trim() === '' ? undefined : { value: { language, text: text.trim() } };
  },
  name: plain,
  country(given) {
    const text = textOf(given).toUpperCase();
    return text === '' ? undefined : orFault(/^[A-Z]{2}$/.test(text) ? text : undefined, 'country');
  },
  code: plain,
  codes: (given) => (listOf<string>(given).length === 0 ? undefined : { value: listOf<string>(given) }),
  count(given) {
    const text = foldDigits(textOf(given)).replace(/[\s,.]/g, '');
    return text === '' ? undefined : orFault(/^\d{1,9}$/.test(text) ? Number(text) : undefined, 'count');
  },
  flag: (given) => (given === 'yes' || given === 'no' ? { value: given === 'yes' } : undefined),
  id(given) {
    const text = textOf(given).toLowerCase();
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
    return text === '' ? undefined : orFault(isId ? text : undefined, 'id');
  },
  payments(given, _name, keyOf) {
    const rows = listOf<TypedPayment>(given).filter((row) => !isBlank(row));
    if (rows.length === 0) return undefined;
    const payments = rows.map((row) => paymentOf(row, keyOf));
    return payments.includes(undefined) ? { fault: 'payment' } : { value: payments };
  },
};

const isInstant = (text: string): boolean => !Number.isNaN(Date.parse(text));

const orFault = (value: unknown, fault: Fault): Read => (value === undefined ? { fault } : { value });

function amountOf(given: TypedAmount | undefined): Read {
  if (given === undefined || given.text.trim() === '') return undefined;
  const value = readAmount(given.text, given.currency);
  return value === undefined ? { fault: 'amount' } : { value: { value, currency: given.currency } };
}

const isBlank = ({ from, to, amount, at, reference }: TypedPayment): boolean =>
  [from, to, amount.text, at, reference].every((text) => text.trim() === '');

function paymentOf(row: TypedPayment, keyOf: KeyOf): NamedPayment | undefined {
  const [from, to] = [row.from, row.to].map((text) => (text.trim() === '' ? '' : keyOf(text.trim(), 'account')));
  const value = readAmount(row.amount.text, row.amount.currency);
  const reference = row.reference.trim();
  if (from === undefined || to === undefined || value === undefined || !isInstant(row.at)) return undefined;
  if (reference !== '' && !/^[\x21-\x7e]{1,64}$/.test(reference)) return undefined;
  return {
    ...(from !== '' && { from }),
    ...(to !== '' && { to }),
    amount: { value, currency: row.amount.currency },
    at: row.at,
    ...(reference !== '' && { reference }),
  };
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Values as they are typed again, to change a draft. */
export function typedOf(form: Form, values: Readonly<Record<string, unknown>>): TypedForm {
  const typed = Object.entries(form).flatMap(([name, field]) => {
    const value = values[name];
    return value === undefined ? [] : [[name, typedValueOf(field, value)] as const];
  });
  return Object.fromEntries(typed);
}

function typedValueOf({ type }: Field, value: unknown): TypedValue {
  switch (type) {
    case 'keys':
      return (value as readonly string[]).join('\n');
    case 'amount':
      return typedMoney(value as { value: string; currency: string });
    case 'flag':
      return value === true ? 'yes' : 'no';
    case 'count':
      return String(value);
    case 'payments':
      return (value as readonly NamedPayment[]).map(({ from = '', to = '', amount, at, reference = '' }) => ({
        from,
        to,
        amount: typedMoney(amount),
        at,
        reference,
      }));
    default:
      return value as TypedValue;
  }
}

const typedMoney = ({ value, currency }: { value: string; currency: string }): TypedAmount => ({
  text: amountText(value, currency) ?? value,
  currency,
});
