import type { TSchema } from 'typebox';
import { AlertBody } from './alert.ts';
import { AppealBody, AppealDecisionBody } from './appeal.ts';
import { ErasureBody } from './erasure.ts';
import { ExhibitBody } from './exhibit.ts';
import { ExhibitCustodyBody } from './exhibit-custody.ts';
import { ExhibitWithdrawalBody } from './exhibit-withdrawal.ts';
import { HoldBody } from './hold.ts';
import { LiaisonTermsBody } from './liaison-terms.ts';
import { ListingBody, ListingWithdrawalBody } from './listing.ts';
import { MoneyReturnBody } from './money-return.ts';
import { OrderBody, OrderEndBody, OrderOutcomeBody } from './order.ts';
import { RequestBody, RequestDeedBody } from './request.ts';
import { TraceChangeBody } from './trace-change.ts';
import { TraceReportBody } from './trace-report.ts';

/**
 * Every kind of statement that this release can read, with the schema of its newest version. A server keeps, verifies
 * and handles kinds that are not here by their envelope.
 */
export const statementKinds = {
  listing: { version: 1, body: ListingBody },
  'listing-withdrawal': { version: 1, body: ListingWithdrawalBody },
  appeal: { version: 1, body: AppealBody },
  'appeal-decision': { version: 1, body: AppealDecisionBody },
  erasure: { version: 1, body: ErasureBody },
  alert: { version: 1, body: AlertBody },
  exhibit: { version: 1, body: ExhibitBody },
  'exhibit-custody': { version: 1, body: ExhibitCustodyBody },
  'exhibit-withdrawal': { version: 1, body: ExhibitWithdrawalBody },
  request: { version: 1, body: RequestBody },
  'request-deed': { version: 1, body: RequestDeedBody },
  'liaison-terms': { version: 1, body: LiaisonTermsBody },
  'trace-report': { version: 1, body: TraceReportBody },
  'trace-change': { version: 1, body: TraceChangeBody },
  order: { version: 1, body: OrderBody },
  'order-outcome': { version: 1, body: OrderOutcomeBody },
  'order-end': { version: 1, body: OrderEndBody },
  hold: { version: 1, body: HoldBody },
  'money-return': { version: 1, body: MoneyReturnBody },
} as const satisfies Record<string, { version: number; body: TSchema }>;

export type StatementKind = keyof typeof statementKinds;
