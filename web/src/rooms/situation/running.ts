import type { ApprovalSummary } from '../../../../server/src/access/contract.ts';
import type { Hold, TraceSummary } from '../../../../server/src/funds/contract.ts';
import type { Request } from '../../../../server/src/liaison/contract.ts';
import type { Appeal } from '../../../../server/src/redress/contract.ts';

/** A time that runs out: of what, since when, and where it leads. */
export type Running = { readonly path: string; readonly from?: string | undefined; readonly until: string } & (
  | { readonly of: 'hold'; readonly hold: Hold }
  | { readonly of: 'hold-abroad'; readonly member: string }
  | { readonly of: 'request'; readonly clock: 'acknowledge' | 'act'; readonly request: Request }
  | { readonly of: 'approval'; readonly approval: ApprovalSummary }
  | { readonly of: 'appeal'; readonly appeal: Appeal }
);

interface Clocked {
  readonly holds?: readonly Hold[] | undefined;
  readonly traces?: readonly TraceSummary[] | undefined;
  readonly requests?: readonly Request[] | undefined;
  readonly approvals?: readonly ApprovalSummary[] | undefined;
  readonly appeals?: readonly Appeal[] | undefined;
}

/** What is over stays so long, so that it is seen; then it is the matter of its own list. */
const overMs = 10 * 60_000;
const awaitedStates: readonly Request['state'][] = ['sent', 'received', 'acknowledged', 'in-work', 'partly-answered'];

/** The clocks that run out next, the soonest first. */
export function runningOut(clocked: Clocked, nowMs: number, max: number): Running[] {
  const all: Running[] = [
    ...(clocked.holds ?? []).flatMap((hold): Running[] =>
      hold.until === undefined
        ? []
        : [{ of: 'hold', hold, path: `/holds/${hold.id}`, from: hold.orderedAt, until: hold.until }],
    ),
    // A hold of this member's own stands among the holds.
    ...(clocked.traces ?? []).flatMap(({ id, clock }): Running[] =>
      clock === null || clock.hold !== undefined
        ? []
        : [{ of: 'hold-abroad', member: clock.member, path: `/traces/${id}`, until: clock.at }],
    ),
    ...(clocked.requests ?? []).flatMap(clockOf),
    ...(clocked.approvals ?? []).map((approval): Running => ({
      of: 'approval',
      approval,
      path: `/approvals/${approval.id}`,
      from: approval.proposedAt,
      until: approval.decideBy,
    })),
    ...(clocked.appeals ?? []).map((appeal): Running => ({
      of: 'appeal',
      appeal,
      path: `/appeals/${appeal.id}`,
      from: appeal.lodgedAt,
      until: appeal.decideBy,
    })),
  ];
  return all
    .filter(({ until }) => Date.parse(until) > nowMs - overMs)
    .sort((a, b) => Date.parse(a.until) - Date.parse(b.until))
    .slice(0, max);
}

function clockOf(request: Request): Running[] {
  const { id, state, sentAt, receivedAt, acknowledgedAt, acknowledgeBy, answeredAt, actBy } = request;
  if (!awaitedStates.includes(state)) return [];
  const base = { of: 'request', request, path: `/requests/${id}`, from: receivedAt ?? sentAt ?? undefined } as const;
  if (acknowledgedAt === null && acknowledgeBy !== null)
    return [{ ...base, clock: 'acknowledge', until: acknowledgeBy }];
  return answeredAt === null && actBy !== null ? [{ ...base, clock: 'act', until: actBy }] : [];
}

/** Whether an answer to it is still awaited. */
export const isAwaited = ({ state }: Request): boolean => awaitedStates.includes(state);
