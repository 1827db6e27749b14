import type { Amount } from '../activity/fields.ts';
import type { Field, Form, NamedPayment } from '../fields.ts';
import { languages, type FreeText, type Language } from '../languages.ts';
import { labelOf, said, saidOf, sentencesOf } from './said.ts';
import { instantText } from './instants.ts';
import { moneyText } from './money.ts';
import { keyText, written, writtenLine } from './written.ts';

/** A fact that is said: `value` may have several lines. `language`: what somebody wrote in it stays as it was written. */
export interface FieldLine {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly language?: Language;
}

/**
 * The values of a form in words, in the order of the form; instants as they are said in `timeZone` (IANA). What the form does
 * not know, because a newer release sent it, is said as it is written and not left out.
 */
export function fieldsOf(
  form: Form,
  values: Readonly<Record<string, unknown>>,
  language: Language,
  timeZone = 'UTC',
): readonly FieldLine[] {
  const known = Object.entries(form).flatMap(([name, field]): FieldLine[] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return [];
    const line = { name, label: labelOf(name, language) };
    if (field.type === 'text') return [{ ...line, ...freeLine(value as FreeText) }];
    return [{ ...line, value: valueText(name, field, value, language, timeZone) }];
  });
  const unknown = Object.entries(values)
    .filter(([name, value]) => value !== undefined && !Object.hasOwn(form, name))
    .map(([name, value]) => ({ name, label: writtenLine(name), value: written(JSON.stringify(value)) }));
  return [...known, ...unknown];
}

function valueText(name: string, field: Field, value: unknown, language: Language, timeZone: string): string {
  switch (field.type) {
    case 'key':
      return keyText(value as string, language);
    case 'keys':
      return (value as readonly string[]).map((key) => keyText(key, language)).join('\n');
    case 'amount':
      return moneyText(value as Amount, language);
    case 'instant':
      return instantText(value as string, language, timeZone);
    case 'country':
      return countryText(value as string, language);
    case 'code':
      return saidOf(name, value as string, language);
    case 'codes':
      return (value as readonly string[]).map((code) => saidOf(name, code, language)).join('\n');
    case 'flag':
      return value === true ? sentencesOf(language).yes : sentencesOf(language).no;
    case 'payments':
      return (value as readonly NamedPayment[]).map((payment) => paymentText(payment, language, timeZone)).join('\n');
    default:
      return writtenLine(String(value));
  }
}

export function freeLine(text: FreeText): { value: string; language?: Language } {
  const { language } = text;
  const value = written(text.text);
  return languages.includes(language) ? { value, language } : { value };
}

/** One payment on one line. */
export function paymentText(payment: NamedPayment, language: Language, timeZone: string): string {
  const { labels, cash } = sentencesOf(language);
  const parts = [
    moneyText(payment.amount, language),
    ...(payment.from === undefined ? [] : [`${labels.paidFrom}: ${keyText(payment.from, language)}`]),
    `${labels.paidTo}: ${payment.to === undefined ? cash : keyText(payment.to, language)}`,
    instantText(payment.at, language, timeZone),
    ...(payment.reference === undefined ? [] : [`${labels.reference}: ${writtenLine(payment.reference)}`]),
  ];
  return parts.join('; ');
}

/** English in ASCII: `Turkiye (TR)`. */
function countryText(code: string, language: Language): string {
  const name = /^[A-Z]{2}$/.test(code)
    ? new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code)
    : undefined;
  if (name === undefined) return writtenLine(code);
  return `${language === 'en' ? name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('\u2019', "'") : name} (${code})`;
}

export function languageText(code: Language, language: Language): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code;
}

/** A member by its full name, a party that is none of the founders by its code. */
export function partyText(code: string, language: Language): string {
  return writtenLine(said('members', code, language));
}
