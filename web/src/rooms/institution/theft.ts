import { typologies } from '@bronze-drum/protocol/statements/listing';
import type { Language } from '@bronze-drum/protocol/languages';
import type { NewReport } from '../../../../server/src/funds/contract.ts';
import { readAmount } from '../../ui/amounts.ts';
import { isReference } from './answer.ts';

/** A stolen payment as it is typed. */
export interface TypedPayment {
  /** Tells the rows of the form apart. */
  readonly row: string;
  readonly to: string;
  readonly amount: string;
  readonly currency: string;
  /** RFC 3339, or '' for none. */
  readonly at: string;
  readonly reference: string;
}

/** A theft as it is typed. */
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

export const paymentsMax = 50;
const contactsMax = 50;

export const contactsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, contactsMax);

/** What is sent, or undefined while something that it cannot do without is missing or unreadable. */
export function reportOf(typed: TypedTheft): NewReport | undefined {
  const [from, story] = [typed.from.trim(), typed.story.trim()];
  const typology = typologies.find((one) => one === typed.typology);
  const contacts = contactsOf(typed.contacts);
  const payments = typed.payments.flatMap(({ to, amount, currency, at, reference }) => {
    const [where, number] = [to.trim(), reference.trim()];
    const value = readAmount(amount, currency);
    const isFound = where !== '' || (from !== '' && number !== '');
    if (value === undefined || at === '' || !isFound || !isReference(number)) return [];
    return [
      {
        amount: { value, currency },
        at,
        ...(from !== '' && { from }),
        ...(where !== '' && { to: where }),
        ...(number !== '' && { reference: number }),
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
