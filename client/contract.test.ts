import { describe, expectTypeOf, it } from 'vitest';
import type { ReportAnswer } from '../server/src/activity/contract.ts';
import type * as alertsContract from '../server/src/alerts/contract.ts';
import type * as fundsContract from '../server/src/funds/contract.ts';
import type { ScreenResponse } from '../server/src/screening/contract.ts';
import type { Alert, AlertHistory, AlertPage, AlertQuery } from './alerts.ts';
import type { BatchReport } from './batches.ts';
import type { ScreenAnswers } from './screening.ts';
import type { Theft, TheftAnswer } from './thefts.ts';
import type { NewWatch, Watch, WatchPage } from './watches.ts';

/** The client imports nothing of the server, so its types are its own; here they are held to the contracts. */
type Frozen<T> = T extends object ? { readonly [F in keyof T]: Frozen<T[F]> } : T;

describe('what the client reads', () => {
  it('is what the server says it answers', () => {
    expectTypeOf<Frozen<ScreenResponse>>().toExtend<Frozen<ScreenAnswers>>();
    expectTypeOf<Frozen<ReportAnswer>>().toExtend<Frozen<BatchReport>>();
    expectTypeOf<Frozen<alertsContract.Alert>>().toExtend<Frozen<Alert>>();
    expectTypeOf<Frozen<alertsContract.AlertPage>>().toExtend<Frozen<AlertPage>>();
    expectTypeOf<Frozen<alertsContract.AlertHistory>>().toExtend<Frozen<AlertHistory>>();
    expectTypeOf<Frozen<alertsContract.Watch>>().toExtend<Frozen<Watch>>();
    expectTypeOf<Frozen<fundsContract.ReportAnswer>>().toExtend<Frozen<TheftAnswer>>();
    expectTypeOf<Frozen<alertsContract.WatchPage>>().toExtend<Frozen<WatchPage>>();
  });

  it('and what it sends is what the server takes', () => {
    expectTypeOf<Frozen<AlertQuery>>().toExtend<Partial<Frozen<alertsContract.AlertQuery>>>();
    expectTypeOf<Frozen<Theft>>().toExtend<Frozen<fundsContract.NewReport>>();
    expectTypeOf<Frozen<NewWatch>>().toExtend<
      Partial<Frozen<alertsContract.NewWatch>> & Pick<alertsContract.NewWatch, 'pattern'>
    >();
  });
});
