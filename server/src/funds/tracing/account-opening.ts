import type { MemberCode } from '@bronze-drum/protocol/members';
import type { PlaceEnd } from '@bronze-drum/protocol/statements/trace-report';
import type { Account } from './account-money.ts';
import { cash, type AccountPayments, type PaymentIndex } from './payment-index.ts';
import type { TraceLimits } from './trace-terms.ts';

export interface WhereaboutsOptions {
  readonly index: PaymentIndex;
  readonly limits: TraceLimits;
  readonly stolenCurrency: string;
  readonly startMs: number;
  /** Whoever was robbed got back what reaches them. */
  readonly victims: ReadonlySet<string>;
}

/** An account that stolen money reaches for the first time, before it is said by what. */
export function openAccount(options: WhereaboutsOptions, key: string, slot: number, atMs: number): Account {
  const { index, limits } = options;
  const outs = slot === -1 ? undefined : index.outOf(slot);
  const ins = slot === -1 ? undefined : index.into(slot);
  const out = outs?.firstFrom(atMs) ?? 0;
  const home = limits.homeOf(key);
  const member = home === limits.self ? undefined : home;
  return {
    key,
    outs,
    ins,
    out,
    in: ins?.firstFrom(atMs) ?? 0,
    holdings: [],
    hop: Infinity,
    end: endOf(options, key, member, ins),
    member,
    isFollowed: false,
    isWaiting: false,
    hasTooLittle: false,
    hasPaidOn: outs !== undefined && out < outs.count && index.atMs(outs.placeAt(out)) <= limits.untilMs,
  };
}

/** Why an account is not followed, whichever payment reaches it. */
function endOf(
  options: WhereaboutsOptions,
  key: string,
  member: MemberCode | undefined,
  ins: AccountPayments | undefined,
): PlaceEnd | undefined {
  if (options.victims.has(key)) return 'open';
  if (key.startsWith('wallet:')) return 'exchange';
  if (member !== undefined) return 'abroad';
  return ins !== undefined && isPooled(options, ins) ? 'pooled' : undefined;
}

function isPooled({ limits, startMs }: WhereaboutsOptions, ins: AccountPayments): boolean {
  const from = ins.firstFrom(startMs);
  const payersMin = limits.pooledPayersMin;
  if (ins.count - from < payersMin) return false;
  const to = ins.firstFrom(limits.untilMs + 1);
  const payers = new Set<number>();
  for (let at = from; at < to && payers.size < payersMin; at += 1) {
    const payer = ins.otherAt(at);
    if (payer !== cash) payers.add(payer);
  }
  return payers.size >= payersMin;
}
