import { useMemo } from 'react';
import { typologies } from '@bronze-drum/protocol/statements/listing';
import type { NewReport } from '../../../../server/src/funds/contract.ts';
import { useDraft } from '../../link/draft.ts';
import { readAmount } from '../amounts.ts';
import { ownLanguageOf } from '../letter-languages.tsx';
import type { Language } from '../words.ts';
import { readTypedTime } from './typed-time.ts';

/** A stolen payment as it is typed. */
export interface TypedPayment {
  /** Tells the rows of the form apart. */
  readonly row: string;
  readonly amount: string;
  readonly currency: string;
  readonly time: string;
  readonly to: string;
  readonly reference: string;
}

/** A theft as it is typed, by an officer or at an institution. */
export interface TypedTheft {
  /** The sender's own name for it: sent twice, it is one report. */
  readonly reference: string;
  readonly from: string;
  readonly typology: string;
  readonly payments: readonly TypedPayment[];
  readonly isConfirmed: boolean;
  readonly contacts: string;
  readonly story: string;
  readonly language: Language;
}

export interface TheftPartProps {
  readonly draft: TypedTheft;
  readonly change: (part: Partial<TypedTheft>) => void;
  /** ISO 3166-1 alpha-2, upper case: whose national spellings apply. */
  readonly country: string;
}

export const paymentsMax = 50;
const contactsMax = 50;

/** In which money most is stolen there; another may be chosen. */
const currencyOf: Readonly<Record<string, string>> = {
  cn: 'CNY',
  kh: 'USD',
  la: 'LAK',
  mm: 'MMK',
  th: 'THB',
  vn: 'VND',
};

export const isReference = (text: string): boolean => /^[\x21-\x7e]{0,64}$/.test(text.trim());

export const contactsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, contactsMax);

export const paymentOf = (currency: string, to = ''): TypedPayment => ({
  row: crypto.randomUUID(),
  amount: '',
  currency,
  time: '',
  to,
  reference: '',
});

/** What is typed of a theft at this member, with what else the form asks for (always the same object); `from` and `to` are known before. */
export function useTheftDraft<More extends object>(member: string, from: string, to: string, more: More) {
  const empty = useMemo(
    () => ({
      reference: `desk-${crypto.randomUUID()}`,
      from,
      typology: '',
      payments: [paymentOf(currencyOf[member] ?? 'USD', to)],
      isConfirmed: false,
      contacts: '',
      story: '',
      language: ownLanguageOf[member] ?? 'en',
      ...more,
    }),
    [member, from, to, more],
  );
  return useDraft<TypedTheft & More>(`report:${from}:${to}`, empty);
}

/** What is sent, or undefined while something that it cannot do without is missing or unreadable. `zone`: in which times are meant. */
export function reportOf(typed: TypedTheft, nowMs: number, zone: string | null): NewReport | undefined {
  const [from, story] = [typed.from.trim(), typed.story.trim()];
  const typology = typologies.find((one) => one === typed.typology);
  const contacts = contactsOf(typed.contacts);
  const payments = typed.payments.flatMap((payment) => {
    const [to, reference] = [payment.to.trim(), payment.reference.trim()];
    const value = readAmount(payment.amount, payment.currency);
    const at = readTypedTime(payment.time, nowMs, zone);
    const isFound = to !== '' || (from !== '' && reference !== '');
    if (value === undefined || at === undefined || !isFound || !isReference(reference)) return [];
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
  if (typology === undefined || payments.length < typed.payments.length) return undefined;
  return {
    reference: typed.reference,
    typology,
    payments,
    debitConfirmed: typed.isConfirmed,
    ...(contacts.length > 0 && { contacts }),
    ...(story !== '' && { story: { language: typed.language, text: story } }),
  };
}
