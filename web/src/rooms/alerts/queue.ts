import type { AlertKind, AlertPriority } from '@bronze-drum/protocol/alerts';
import type { Alert, AlertQuery } from '../../../../server/src/alerts/contract.ts';
import { oneOf } from '../../link/view.ts';

/** Pure: which alerts a view shows, and in what order, with what has come since the server was asked. */

/** Written out, so that the schemas of the protocol stay out of the page; one that is missing does not compile. */
const kindNames: Readonly<Record<AlertKind, true>> = {
  'screening-hit': true,
  corroboration: true,
  watch: true,
  'own-listing': true,
  'suspected-activity': true,
  federation: true,
  deadline: true,
  detection: true,
  order: true,
  request: true,
  funds: true,
};
export const kinds = Object.keys(kindNames) as readonly AlertKind[];
const priorityNames: Readonly<Record<AlertPriority, true>> = { P1: true, P2: true, P3: true, P4: true };
export const priorities = Object.keys(priorityNames) as readonly AlertPriority[];
export const shownStates = ['new', 'taken', 'snoozed', 'closed'] as const;
export const whose = ['all', 'me', 'mine'] as const;
export const sorts = ['urgent', 'newest'] as const;

/** What the officer wants to see; it stands in the address. */
export interface QueueView {
  /** Without it all but closed ones. */
  readonly state: (typeof shownStates)[number] | undefined;
  readonly kind: AlertKind | undefined;
  readonly priority: AlertPriority | undefined;
  /** `me`: what my roles and office are told; `mine`: what I have taken. */
  readonly whose: (typeof whose)[number];
  readonly subject: string | undefined;
  readonly sort: (typeof sorts)[number];
  /** The chosen alert fills the page. */
  readonly full: boolean;
}

/** In the order in which a saved view names them. */
const names = ['state', 'kind', 'priority', 'whose', 'subject', 'sort'] as const;

export function readView(raw: Readonly<Record<string, string>>): QueueView {
  return {
    state: oneOf(raw['state'], shownStates),
    kind: oneOf(raw['kind'], kinds),
    priority: oneOf(raw['priority'], priorities),
    whose: oneOf(raw['whose'], whose) ?? 'all',
    subject: raw['subject'] === '' ? undefined : raw['subject'],
    sort: oneOf(raw['sort'], sorts) ?? 'urgent',
    full: raw['full'] === '1',
  };
}

/** What stands behind the path in the address of a view; what is so by itself is left out. */
export function searchOf(view: QueueView): string {
  const given = names.flatMap((name) => {
    const value = view[name];
    return value === undefined || value === 'all' || value === 'urgent' ? [] : [[name, value]];
  });
  return new URLSearchParams(given).toString();
}

export function queryOf({ state, kind, priority, whose: of, subject, sort }: QueueView): Partial<AlertQuery> {
  return {
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
    ...(priority !== undefined && { priority }),
    ...(subject !== undefined && { subject }),
    ...(of === 'me' && { for: 'me' as const }),
    ...(of === 'mine' && { mine: true }),
    sort,
  };
}

interface Me {
  readonly officer: string;
  readonly roles: readonly string[];
  readonly office: { readonly id: string; readonly kind: string };
}

/** Whether the server would list it in this view. */
export function belongs(alert: Alert, view: QueueView, me: Me): boolean {
  if (view.state === undefined ? alert.state === 'closed' : alert.state !== view.state) return false;
  if (view.kind !== undefined && alert.kind !== view.kind) return false;
  if (view.priority !== undefined && alert.priority !== view.priority) return false;
  if (view.subject !== undefined && alert.subject !== view.subject) return false;
  const isMine = alert.owner === me.officer;
  if (view.whose === 'mine') return isMine;
  if (view.whose === 'all' || isMine) return true;
  const { roles = [], offices = [] } = alert;
  return (
    roles.some((role) => me.roles.includes(role)) ||
    offices.some((office) => office === me.office.id || office === me.office.kind)
  );
}

/** The server's order: instants of one spelling compare as texts. */
function compare(a: Alert, b: Alert, view: Pick<QueueView, 'sort' | 'state'>): number {
  const isUrgent = view.sort === 'urgent' && view.state !== 'closed';
  if (isUrgent && a.priority !== b.priority) return a.priority < b.priority ? -1 : 1;
  if (a.lastAt !== b.lastAt) return a.lastAt > b.lastAt ? -1 : 1;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}

interface Merging {
  /** What the server listed. */
  readonly listed: readonly Alert[];
  /** There is more behind it at the server. */
  readonly hasMore: boolean;
  /** As the stream told them since, by id. */
  readonly heard: ReadonlyMap<string, Alert>;
  /** Chosen: it stays even if it does not belong here any more. */
  readonly kept: string | undefined;
  readonly view: QueueView;
  readonly me: Me;
}

/**
 * The queue as it stands. What changed changes in its place, whatever its rank is now, so that nothing jumps under a finger;
 * what is new comes at its rank, unless that is behind what was loaded.
 */
export function merge({ listed, hasMore, heard, kept, view, me }: Merging): Alert[] {
  const ids = new Set(listed.map(({ id }) => id));
  const isShown = (alert: Alert): boolean => alert.id === kept || belongs(alert, view, me);
  const rows = listed.map((alert) => heard.get(alert.id) ?? alert).filter(isShown);
  const last = hasMore ? listed.at(-1) : undefined;
  const added = [...heard.values()].filter(
    (alert) => !ids.has(alert.id) && isShown(alert) && (last === undefined || compare(alert, last, view) < 0),
  );
  added.sort((a, b) => compare(a, b, view));
  return inserted(rows, added, view);
}

/** Both are in order, but for rows that changed where they stand. */
function inserted(rows: readonly Alert[], added: readonly Alert[], view: QueueView): Alert[] {
  const all: Alert[] = [];
  let next = 0;
  for (const row of rows) {
    while (next < added.length && compare(added[next]!, row, view) < 0) all.push(added[next++]!);
    all.push(row);
  }
  return [...all, ...added.slice(next)];
}
