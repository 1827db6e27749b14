import type { TSchema } from 'typebox';
import { AlertBody } from './alert.ts';
import { AppealBody, AppealDecisionBody } from './appeal.ts';
import { ErasureBody } from './erasure.ts';
import { ExhibitBody } from './exhibit.ts';
import { ListingBody, ListingWithdrawalBody } from './listing.ts';
import { RequestBody, RequestDeedBody } from './request.ts';
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
  request: { version: 1, body: RequestBody },
  'request-deed': { version: 1, body: RequestDeedBody },
  'trace-report': { version: 1, body: TraceReportBody },
} as const satisfies Record<string, { version: number; body: TSchema }>;

export type StatementKind = keyof typeof statementKinds;
