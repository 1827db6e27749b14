import type { OfficerActor } from '../kernel/actor.ts';
import { dayMs, instantMs, instantText, minuteMs } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Act, Snooze } from './contract.ts';
import { overseer } from './presenting.ts';
import { writable, type AlertRecord } from './record.ts';
import { watchOver, type AlertRules } from './rules.ts';

/** An alert as an officer leaves it, and how the history says what they did. */
export interface Acted {
  readonly record: AlertRecord;
  readonly what: string;
  readonly details: object;
}

const snoozeMsMax = 7 * dayMs;
const reopenWithinMs = dayMs;

/**
 * What an officer does to an alert, or a refusal. Undefined if it is so already. `other` is the alert about the same that is
 * open now, if another one is.
 */
export function act(
  record: AlertRecord,
  wish: Act,
  officer: OfficerActor,
  context: {
    readonly nowMs: number;
    readonly rules: AlertRules;
    readonly other: string | undefined;
    /** Whether whoever it is to be handed to may see it and act on it. */
    readonly mayHand: boolean;
  },
): Acted | undefined {
  const { nowMs, rules, other, mayHand } = context;
  const route = rules.routes[record.kind];
  if ('reopen' in wish) return reopen(record, nowMs, other);
  if (record.state === 'closed') return refuse('conflict.closed', { outcome: record.outcome ?? '' });
  if ('take' in wish) {
    if (record.owner === officer.officer && record.state === 'taken') return undefined;
    refuseOthers(record, officer);
    return { record: takenBy(record, officer.officer), what: 'taken', details: fromOther(record, officer) };
  }
  refuseOthers(record, officer);
  if ('hand' in wish) {
    const { officer: to, note } = wish.hand;
    if (!mayHand) return refuse('alerts.cannot-take', { officer: to });
    if (record.owner === to && record.state === 'taken') return undefined;
    const details = { ...fromOther(record, officer), to, ...(note !== undefined && { note: writable(note) }) };
    return { record: takenBy(record, to), what: 'handed', details };
  }
  if ('release' in wish) {
    if (record.owner === null) return undefined;
    const released = { ...record, state: record.state === 'taken' ? 'new' : record.state, owner: null } as const;
    return { record: watchOver(released, route, nowMs), what: 'released', details: {} };
  }
  if ('snooze' in wish) {
    const untilMs = snoozeEnd(wish.snooze, nowMs);
    return {
      record: { ...record, state: 'snoozed', snoozedUntilMs: untilMs, escalateAtMs: null },
      what: 'snoozed',
      details: { until: instantText(untilMs) },
    };
  }
  const { outcome } = wish.close;
  const note = wish.close.note === undefined ? undefined : writable(wish.close.note);
  return {
    record: { ...closed(record, outcome, nowMs), note: note ?? record.note },
    what: 'closed',
    details: { outcome, ...(note !== undefined && { note }) },
  };
}

const takenBy = (record: AlertRecord, owner: string): AlertRecord => ({
  ...record,
  state: 'taken',
  owner,
  snoozedUntilMs: null,
  escalateAtMs: null,
  quiet: false,
});

/** Whose it was, if it was somebody else's. */
const fromOther = ({ owner }: AlertRecord, { officer }: OfficerActor): { readonly from?: string } =>
  owner === null || owner === officer ? {} : { from: owner };

export const closed = (
  record: AlertRecord,
  outcome: NonNullable<AlertRecord['outcome']>,
  nowMs: number,
): AlertRecord => ({
  ...record,
  state: 'closed',
  outcome,
  closedAtMs: nowMs,
  snoozedUntilMs: null,
  escalateAtMs: null,
  tellAtMs: null,
  hookAtMs: null,
});

function reopen(record: AlertRecord, nowMs: number, other: string | undefined): Acted | undefined {
  if (record.state !== 'closed') return undefined;
  if (record.closedAtMs === null || record.closedAtMs + reopenWithinMs < nowMs) return refuse('gone.reopen');
  if (other !== undefined) return refuse('conflict.opened-anew', { alert: other });
  return {
    record: { ...record, state: record.owner === null ? 'new' : 'taken', outcome: null, closedAtMs: null },
    what: 'reopened',
    details: {},
  };
}

/** What somebody works on is theirs; whoever oversees them all may step in. */
function refuseOthers({ owner }: AlertRecord, officer: OfficerActor): void {
  if (owner !== null && owner !== officer.officer && !officer.roles.includes(overseer))
    refuse('conflict.taken', { owner });
}

function snoozeEnd(snooze: Snooze, nowMs: number): number {
  const untilMs = 'until' in snooze ? instantMs(snooze.until) : nowMs + snooze.minutes * minuteMs;
  return untilMs > nowMs && untilMs <= nowMs + snoozeMsMax ? untilMs : refuse('alerts.snooze-until');
}
