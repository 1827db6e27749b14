import type { InstitutionAlert } from '@bronze-drum/protocol/webhooks';
import type { AlertKind, AlertPriority } from '@bronze-drum/protocol/alerts';
import type { StreamEvent, StreamOptions } from './following.ts';
import { queryOf, readFields, type Wire } from './wire.ts';

export type AlertState = 'new' | 'taken' | 'snoozed' | 'closed';

/** An institution sees what concerns its own customers and watches; what only officers see is absent then. */
export interface Alert extends InstitutionAlert {
  readonly state: AlertState;
  readonly at: string;
  readonly owner?: string | null;
  readonly outcome?: string | null;
  readonly note?: string | null;
  readonly snoozedUntil?: string | null;
  readonly roles?: readonly string[];
  readonly offices?: readonly string[];
  readonly escalated?: number;
  readonly discreet?: boolean;
  /** The member at home is told only once an officer lets it out. */
  readonly waitsToLeave?: boolean;
  readonly previous?: string | null;
}

export interface AlertQuery {
  /** By default all but closed ones. */
  readonly state?: AlertState;
  readonly kind?: AlertKind;
  readonly priority?: AlertPriority;
  readonly subject?: string;
  readonly for?: 'me' | 'all';
  readonly mine?: boolean;
  readonly sort?: 'urgent' | 'newest';
  /** The last page's `next`. */
  readonly after?: string;
  /** At most 200; 50 by default. */
  readonly limit?: number;
}

export interface AlertPage {
  readonly alerts: readonly Alert[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface AlertHistory {
  readonly alert: Alert;
  readonly history: readonly {
    readonly at: string;
    readonly actor: string;
    readonly what: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}

/** An alert as it stands after a change; or, in a storm, that some of the least urgent were passed over: see the list. */
export type AlertEvent =
  | { readonly id: string; readonly event: 'alert'; readonly data: Alert }
  | {
      readonly id: string;
      readonly event: 'more';
      readonly data: { readonly topic: string; readonly skipped: number };
    };

export interface Alerts {
  list(query?: AlertQuery): Promise<AlertPage>;
  get(id: string): Promise<AlertHistory>;
  /** Alerts as they arise and change, for as long as somebody reads on; resumes by itself wherever a connection broke. */
  stream(options?: StreamOptions): AsyncIterable<AlertEvent>;
}

export function openAlerts(
  wire: Wire,
  stream: (options?: StreamOptions) => AsyncIterable<StreamEvent>,
  ended: AbortSignal,
): Alerts {
  return {
    async list(query = {}) {
      const answer = await wire.call('GET', `/v1/alerts${queryOf({ ...query })}`, { ended });
      return readFields<AlertPage>(answer, { alerts: Array.isArray });
    },
    async get(id) {
      const answer = await wire.call('GET', `/v1/alerts/${encodeURIComponent(id)}`, { ended });
      return readFields<AlertHistory>(answer, { history: Array.isArray });
    },
    stream: (options) => alertsIn(stream(options)),
  };
}

async function* alertsIn(events: AsyncIterable<StreamEvent>): AsyncGenerator<AlertEvent, void, undefined> {
  for await (const event of events) {
    const isAlert = event.event === 'alert';
    const isMore = event.event === 'more' && (event.data as { topic?: unknown } | null)?.topic === 'alerts';
    if (isAlert || isMore) yield event as AlertEvent;
  }
}
