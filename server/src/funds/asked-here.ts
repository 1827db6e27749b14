import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { RequestDetails } from '@bronze-drum/protocol/requests';
import type { Journal } from '../journal/journal.ts';
import { instantMs, type Clock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import type { KnownRequest, Liaison } from '../liaison/liaison.ts';
import type { Tx } from '../platform/db.ts';
import * as store from './trace-store.ts';

/** What opens traces, for money that another member asks us to follow. */
export interface AskedHere {
  open(tx: Tx, trace: store.NewTrace, origins: readonly store.NewOrigin[]): Promise<void>;
  mark(traces: Iterable<string>): void;
}

export interface AskedParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'member'>;
  readonly liaison: Pick<Liaison, 'doByRule'>;
}

/** The kinds of request that a trace answers by itself: each names money that came here. */
export const tracedKinds = ['continue-trace', 'hold', 'stop-payment'] as const;
/** By which rule it is answered. */
export const traceRule = 'trace';

/** The trace for a request that names money here: its origins are what came from abroad. */
export async function takeRequest(
  { clock, policy, journal: { member }, liaison }: AskedParts,
  tx: Tx,
  here: AskedHere,
  request: KnownRequest,
): Promise<void> {
  if (request.to !== member) return;
  const { body, from } = request;
  const nowMs = clock.now();
  const origins = originsOf(body.kind, body.details, nowMs);
  const currency = origins[0]?.currency;
  if (currency === undefined) {
    await liaison.doByRule(tx, traceRule, body.id, { deed: 'refused', refusal: 'missing-detail' });
    return;
  }
  const known = await store.traceOfRequest(tx, from, body.id);
  if (known !== undefined) await store.replaceOrigins(tx, known.id, origins);
  const id = known?.id ?? derivedId('trace', member, from, body.id);
  if (known === undefined) {
    const details = body.details as Partial<RequestDetails<'continue-trace'>>;
    await here.open(
      tx,
      {
        id,
        opened_at: new Date(nowMs),
        reported_at: new Date(nowMs),
        typology: 'unspecified',
        method:
          details.method === undefined
            ? policy.at(nowMs).funds.trace.method
            : (details.method as store.TraceRow['method']),
        currency,
        // An officer who signs answers for it; a rule says whether the victim's institution confirmed.
        debit_confirmed: details.debitConfirmed ?? body.signedBy !== undefined,
        reported_by: 'member',
        from_member: from,
        request: body.id,
      },
      origins,
    );
    await liaison.doByRule(tx, traceRule, body.id, { deed: 'in-work' });
  }
  tx.afterCommit(() => here.mark([id]));
}

/** What came here, as the beginning of a trace. Whatever cannot be followed is left out; all in one currency. */
function originsOf(kind: string, details: unknown, nowMs: number): store.NewOrigin[] {
  const { payments, account, amount, hops } = details as Partial<
    RequestDetails<'continue-trace'> & RequestDetails<'hold'>
  >;
  const hop = kind === 'continue-trace' ? (hops ?? 0) + 1 : 1;
  if (account !== undefined && amount !== undefined) {
    if (parse(account) !== account) return [];
    return [
      {
        from_key: null,
        to_key: account,
        amount: amount.value,
        currency: amount.currency,
        at: new Date(nowMs),
        reference: null,
        hop,
      },
    ];
  }
  const currency = payments?.[0]?.amount.currency;
  return (payments ?? []).flatMap((payment) => {
    const atMs = instantMs(payment.at);
    const isFit =
      payment.to !== undefined &&
      parse(payment.to) === payment.to &&
      (payment.from === undefined || parse(payment.from) === payment.from) &&
      payment.amount.currency === currency &&
      atMs > 0;
    if (!isFit) return [];
    return [
      {
        from_key: payment.from ?? null,
        to_key: payment.to,
        amount: payment.amount.value,
        currency: payment.amount.currency,
        at: new Date(atMs),
        reference: payment.reference ?? null,
        hop,
      },
    ];
  });
}
