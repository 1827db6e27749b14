import { amountText } from '@bronze-drum/protocol/currencies';
import type { Trace } from '../../../../server/src/funds/contract.ts';

/** A victim's claim as it is typed. */
export interface ClaimDraft {
  readonly key: string;
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly report?: string;
}

/** What the victims of some traces reported, one claim for each report, account and currency; once each, however many traces name it. */
export function claimsOfReports(traces: readonly Pick<Trace, 'reports'>[]): readonly ClaimDraft[] {
  const sums = new Map<string, { report: string; account: string; currency: string; value: bigint }>();
  const reports = new Map(traces.flatMap(({ reports: told }) => told).map((report) => [report.id, report]));
  for (const { id, payments } of reports.values())
    for (const { from = '', amount } of payments) {
      const key = `${id} ${from} ${amount.currency}`;
      const known = sums.get(key) ?? { report: id, account: from, currency: amount.currency, value: 0n };
      sums.set(key, { ...known, value: known.value + BigInt(amount.value) });
    }
  return Array.from(sums, ([key, { report, account, currency, value }]) => ({
    key,
    account,
    amount: amountText(String(value), currency) ?? String(value),
    currency,
    report,
  }));
}
