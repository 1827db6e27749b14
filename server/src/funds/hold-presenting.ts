import type { Money } from '@bronze-drum/protocol/fields';
import { instantText } from '../kernel/clock.ts';
import type { Hold } from './hold-contract.ts';
import { holdView } from './holding.ts';
import type { HoldRow } from './hold-store.ts';

const moneyOf = (value: bigint, currency: string): Money => ({ value: String(value), currency });

/** A hold as officers see it. */
export function holdOf(row: HoldRow, nowMs: number): Hold {
  const { state, held, taint, stolen, gone } = holdView(row, nowMs);
  const { currency } = row;
  const at = <Name extends string>(name: Name, ms: number | null): { [N in Name]?: string } =>
    (ms === null ? {} : { [name]: instantText(ms) }) as { [N in Name]?: string };
  return {
    id: row.id,
    revision: row.revision,
    trace: row.trace,
    place: row.place,
    key: row.key,
    ...(row.institution !== null && { institution: row.institution }),
    hop: row.hop,
    end: row.placeEnd,
    state,
    taint,
    stolen,
    ...(row.balance !== null && { balance: moneyOf(row.balance, currency) }),
    payment: row.payment,
    ...(row.ordered !== null && { ordered: moneyOf(row.ordered, currency) }),
    held,
    gone,
    returned: moneyOf(row.returned, currency),
    ...(row.refusal !== null && { refusal: row.refusal }),
    ...(row.orderId !== null && { order: row.orderId }),
    ...(row.stage !== null && { stage: row.stage }),
    ...(row.stageTimes > 0 && { times: row.stageTimes }),
    ...at('until', row.untilMs),
    ...(row.complaint !== null && { complaint: row.complaint }),
    ...(row.court !== null && { court: row.court }),
    ...(row.request !== null && { request: row.request }),
    proposedAt: instantText(row.proposedAtMs),
    ...at('orderedAt', row.orderedAtMs),
    ...at('heldAt', row.heldAtMs),
    ...at('endedAt', row.endedAtMs),
    ...(row.endedWhy !== null && { ended: row.endedWhy }),
    ...at('confirmedAt', row.confirmedAtMs),
  };
}
