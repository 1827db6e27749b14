import type { OrderState } from '@bronze-drum/protocol/orders';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import type { InstitutionPart, RequestPart } from './deeds.ts';
import type { Expectation } from './expectations.ts';
import { baht } from './wording.ts';

export type Held = Extract<Expectation, { kind: 'held' }>;

/** What Bangkok asks of the two neighbours whom the money reached. */
export const toCambodia: RequestPart = { request: 'continue-trace', from: 'th', to: 'kh', about: '{mule-kh}' };
export const toVietNam: RequestPart = { request: 'continue-trace', from: 'th', to: 'vn', about: '{mule-vn}' };

/** What she told the officer at the hotline, after her bank had confirmed the debit. */
export const victimReport = {
  reference: 'story-{run}',
  channel: 'hotline',
  typology: 'impersonation-official',
  debitConfirmed: true,
  payments: [
    {
      from: '{victim}',
      to: '{mule}',
      amount: baht(480_000),
      at: '{at-she-pays}',
      reference: 'story-{run}-0',
      channel: 'mobile',
    },
  ],
  victim: { phone: '{victim-phone}' },
  contacts: ['{caller}'],
  story: {
    language: 'th',
    text: 'มีคนโทรมาอ้างว่าเป็นตำรวจ บอกว่าบัญชีของดิฉันเกี่ยวข้องกับการฟอกเงิน และให้โอนเงินไปตรวจสอบ',
  },
};

/** What was drawn in Phnom Penh before anybody asked. */
export const cash = { from: '{mule-kh}', amount: baht(40_000), at: '{at-to-cash}' };

export const heldInThailand = (account: string, amount: number, states: readonly HoldState[]): Held => ({
  kind: 'held',
  member: 'th',
  trace: '{mule}',
  account,
  amount: baht(amount),
  states,
});

export const orderAt = (by: InstitutionPart, subject: string, states: readonly OrderState[]): Expectation => ({
  kind: 'order',
  by,
  order: 'hold-amount',
  subject,
  states,
});
