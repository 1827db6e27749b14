import type { AlertReason } from '@bronze-drum/protocol/alerts';
import type { InstitutionAlert } from '@bronze-drum/protocol/webhooks';
import type { Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import type { LiveMessage } from '../platform/live.ts';
import type { Alert } from './contract.ts';
import { officers, type AlertRecord, type Reason } from './record.ts';
import { priorityOf } from './rules.ts';

/** Whoever sees everything that officers are told. */
export const overseer = 'supervisor';

export const seesDiscreet = (viewer: Actor): boolean =>
  viewer.kind === 'officer' && viewer.permissions.has('registry.discreet');

type Routed = Pick<AlertRecord, 'recipient' | 'discreet' | 'roles' | 'offices' | 'watchers' | 'owner'>;

/** The kind of an officer's office, where it is known: routes name kinds of office. */
export type KindOfOffice = (office: string) => string | undefined;

/**
 * Whether somebody may know of an alert at all. The list, one alert, counts, the live stream and digests all ask this, in
 * SQL or here: see `reading.ts`.
 */
export function maySee(viewer: Actor, alert: Routed, kindOfOffice: KindOfOffice): boolean {
  if (viewer.kind === 'institution')
    return viewer.permissions.has('alerts.read') && alert.recipient === `institution:${viewer.institution}`;
  if (viewer.kind !== 'officer' || alert.recipient !== officers || !viewer.permissions.has('alerts.read')) return false;
  if (alert.discreet && !seesDiscreet(viewer)) return false;
  if (viewer.roles.includes(overseer) || alert.owner === viewer.officer) return true;
  if (alert.watchers.includes(viewer.officer)) return true;
  if (alert.roles.some((role) => viewer.roles.includes(role))) return true;
  return alert.offices.some((office) => office === viewer.office || office === kindOfOffice(viewer.office));
}

export const reasonOf = ({ kind, code, params, member, count, firstAtMs, lastAtMs }: Reason): AlertReason => ({
  kind,
  code,
  params,
  count,
  firstAt: instantText(firstAtMs),
  lastAt: instantText(lastAtMs),
  ...(member !== undefined && { member }),
});

/** What an institution is told of an alert that is its own. */
export function institutionAlertOf(record: AlertRecord): InstitutionAlert {
  return {
    id: record.id,
    kind: record.kind,
    subject: record.subject,
    priority: priorityOf(record.rank),
    state: record.state,
    reasons: record.reasons.map(reasonOf),
    count: record.count,
    firstAt: instantText(record.firstAtMs),
    lastAt: instantText(record.lastAtMs),
  };
}

export function alertOf(record: AlertRecord): Alert {
  const alert = { ...institutionAlertOf(record), at: instantText(record.lastAtMs), state: record.state };
  if (record.recipient !== officers) return alert;
  return {
    ...alert,
    owner: record.owner,
    outcome: record.outcome,
    note: record.note,
    snoozedUntil: record.snoozedUntilMs === null ? null : instantText(record.snoozedUntilMs),
    roles: [...record.roles],
    offices: [...record.offices],
    escalated: record.escalated,
    discreet: record.discreet,
    waitsToLeave: record.waits,
    previous: record.previous,
  };
}

/** An alert on its way to the streams: its text is written once, for however many viewers. */
export interface LiveAlert {
  readonly record: AlertRecord;
  message(): LiveMessage;
}

export function liveAlert(record: AlertRecord): LiveAlert {
  let message: LiveMessage | undefined;
  return {
    record,
    message: () => (message ??= { event: 'alert', data: JSON.stringify(alertOf(record)) }),
  };
}
