import {
  alertKinds,
  alertPriorities,
  alertReasonsMax,
  type AlertKind,
  type AlertPriority,
} from '@bronze-drum/protocol/alerts';
import type { Tier } from '@bronze-drum/protocol/statements/listing';
import { minuteMs } from '../kernel/clock.ts';
import type { Advice, AlertRoute, PolicyRules } from '../kernel/policy.ts';
import type { ReasonCode } from './contract.ts';
import {
  officers,
  writable,
  type AlertRecord,
  type Finding,
  type Params,
  type Rank,
  type Reason,
  type Recipient,
  type Told,
} from './record.ts';

export type AlertRules = PolicyRules['alerts'];

export const priorityOf = (rank: Rank): AlertPriority => alertPriorities[rank - 1]!;
export const rankOf = (priority: AlertPriority): Rank => (alertPriorities.indexOf(priority) + 1) as Rank;

/** Money is about to move: whoever asked was told to stop or to hold it. */
export const rankOfAdvice = (advice: Advice): Rank => (advice === 'block' || advice === 'hold' ? 1 : 2);

const strongTiers: readonly Tier[] = ['court', 'designated', 'complaint', 'victim', 'institution-confirmed'];
export const rankOfTier = (tier: Tier): Rank => (strongTiers.includes(tier) ? 2 : 3);

const fixedRanks = {
  'federation.unreachable': 3,
  'federation.refused': 2,
  'federation.fork': 2,
  'federation.held': 3,
  'deadline.approval': 2,
  'deadline.appeal': 2,
} as const satisfies Partial<Record<ReasonCode, Rank>>;
export const rankOfCondition = (code: keyof typeof fixedRanks): Rank => fixedRanks[code];

/** What an institution has examined counts as money moving; what it only suspects, less; a number merely shown, least. */
export function rankOfSuspicion(activity: string, confirmed: boolean, presented: boolean): Rank {
  if (presented) return 4;
  if (confirmed) return 1;
  return activity === 'payment' || activity === 'sim' ? 2 : 3;
}

/** From so many findings on, what is of little weight alone deserves a look today. */
const manyCount = 20;
const ofMany = (base: Rank, count: number): Rank => (base > 2 && count >= manyCount ? ((base - 1) as Rank) : base);

/** What a batch of findings comes to for one alert. */
export interface Draft {
  readonly recipient: Recipient;
  readonly subject: string;
  readonly discreet: boolean;
  reasons: Map<string, Reason>;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  base: Rank;
  kind: AlertKind;
  quiet: boolean;
  readonly kinds: Set<AlertKind>;
  readonly watchers: Set<string>;
  /** The one source of all of them, if it is one. */
  source: string | undefined;
}

/** By what two reasons are one. */
export const reasonName = ({
  kind,
  code,
  params,
  member,
  tellable,
}: Pick<Finding, 'kind' | 'code' | 'params' | 'member' | 'tellable'>): string =>
  `${kind} ${code} ${member ?? ''} ${tellable ? 't' : ''} ${namesOf(params)}`;

const namesOf = (params: Params): string => {
  let text = '';
  for (const name of Object.keys(params).sort()) text += `${name}=${JSON.stringify(params[name])} `;
  return text;
};

export const draftName = ({
  recipient,
  subject,
  discreet,
}: Pick<Draft, 'recipient' | 'subject' | 'discreet'>): string => `${discreet ? 'd' : '-'} ${recipient} ${subject}`;

/** Who is told of a finding: officers always, and institutions by its route, unless it is for one alone. */
function recipientsOf(finding: Finding, rules: AlertRules, servedBy: (key: string) => readonly string[]): Recipient[] {
  if (finding.only !== undefined) return finding.discreet && finding.only !== officers ? [] : [finding.only];
  if (finding.discreet || !rules.routes[finding.kind].institutions) return [officers];
  const serving = servedBy(finding.subject).filter((id) => id !== finding.except);
  return [officers, ...serving.map((id): Recipient => `institution:${id}`)];
}

/** The findings of a batch, merged by the alert that they belong to. */
export function draftsOf(
  findings: readonly Finding[],
  rules: AlertRules,
  servedBy: (key: string) => readonly string[],
): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const found of findings) {
    const finding = { ...found, subject: writable(found.subject) };
    for (const recipient of recipientsOf(finding, rules, servedBy)) addTo(drafts, recipient, finding, rules);
  }
  return drafts;
}

export function addTo(drafts: Map<string, Draft>, recipient: Recipient, finding: Finding, rules: AlertRules): void {
  const { kind, subject, discreet, rank } = finding;
  const name = draftName({ recipient, subject, discreet });
  let draft = drafts.get(name);
  if (draft === undefined) {
    draft = {
      recipient,
      subject,
      discreet,
      reasons: new Map(),
      count: 0,
      firstAtMs: Infinity,
      lastAtMs: -Infinity,
      base: rank,
      kind,
      quiet: true,
      kinds: new Set(),
      watchers: new Set(),
      source: finding.source,
    };
    drafts.set(name, draft);
  }
  // What two reporters name is no flood of one.
  if (draft.source !== finding.source) draft.source = undefined;
  const reason = reasonOf(finding, recipient);
  const reasonKey = reasonName(reason);
  const known = draft.reasons.get(reasonKey);
  draft.reasons.set(reasonKey, known === undefined ? reason : mergeReasons(known, reason));
  draft.count += reason.count;
  draft.firstAtMs = Math.min(draft.firstAtMs, reason.firstAtMs);
  draft.lastAtMs = Math.max(draft.lastAtMs, reason.lastAtMs);
  if (isMoreUrgent(rank, kind, draft)) [draft.base, draft.kind] = [rank, kind];
  const isGathered = recipient === officers && rules.routes[kind].digest && rank > 2;
  if (finding.quiet !== true && !isGathered) draft.quiet = false;
  draft.kinds.add(kind);
  if (recipient === officers) for (const watcher of finding.watchers ?? []) draft.watchers.add(watcher);
}

/** Which institution asked or reported is for officers: others are told what, not by whom. */
function reasonOf(finding: Finding, recipient: Recipient): Reason {
  const { kind, code, member, tellable, atMs, firstAtMs = atMs, count = 1 } = finding;
  const { institution, ...others } = finding.params;
  const params = recipient === officers || institution === undefined ? finding.params : others;
  return {
    kind,
    code,
    params,
    ...(member !== undefined && { member }),
    tellable,
    rank: finding.rank,
    count,
    firstAtMs,
    lastAtMs: atMs,
  };
}

function mergeReasons(a: Reason, b: Reason): Reason {
  return {
    ...a,
    rank: Math.min(a.rank, b.rank) as Rank,
    count: a.count + b.count,
    firstAtMs: Math.min(a.firstAtMs, b.firstAtMs),
    lastAtMs: Math.max(a.lastAtMs, b.lastAtMs),
  };
}

const isMoreUrgent = (rank: Rank, kind: AlertKind, than: { base: Rank; kind: AlertKind }): boolean =>
  rank < than.base || (rank === than.base && alertKinds.indexOf(kind) < alertKinds.indexOf(than.kind));

const union = (a: readonly string[], b: Iterable<string>): string[] => [...new Set([...a, ...b])].sort();

const escalationsMax = 3;
const watchersMax = 100;

/**
 * An alert with what a batch adds. Whatever the batches and their order, the same findings give the same reasons, counts,
 * times, kind and priority. Only the reasons with the smallest names are kept: one that was left out never comes back.
 */
export function grow(record: AlertRecord, draft: Draft, rules: AlertRules, nowMs: number): AlertRecord {
  const reasons = new Map(record.reasons.map((reason) => [reasonName(reason), reason]));
  for (const [name, reason] of draft.reasons) {
    const known = reasons.get(name);
    reasons.set(name, known === undefined ? reason : mergeReasons(known, reason));
  }
  const names = [...reasons.keys()].sort().slice(0, alertReasonsMax);
  const count = record.count + draft.count;
  const isUrgent = isMoreUrgent(draft.base, draft.kind, record);
  const base = isUrgent ? draft.base : record.base;
  const kind = isUrgent ? draft.kind : record.kind;
  const rank = ofMany(base, count);
  const routes = record.recipient === officers ? [...draft.kinds].map((one) => rules.routes[one]) : [];
  const grown: AlertRecord = {
    ...record,
    base,
    kind,
    rank,
    count,
    reasons: names.map((name) => reasons.get(name)!),
    firstAtMs: Math.min(record.firstAtMs, draft.firstAtMs),
    lastAtMs: Math.max(record.lastAtMs, draft.lastAtMs),
    roles: union(
      record.roles,
      routes.flatMap((route) => route.roles),
    ),
    offices: union(
      record.offices,
      routes.flatMap((route) => route.offices ?? []),
    ),
    watchers: union(record.watchers, draft.watchers).slice(0, watchersMax),
    quiet: record.quiet && draft.quiet && rank > 2,
  };
  const woken = rank < record.rank && record.state === 'snoozed' ? wake(grown) : grown;
  return watchOver(woken, rules.routes[kind], nowMs);
}

/** A snooze is over: whoever had it has it again. */
const wake = (record: AlertRecord): AlertRecord => ({
  ...record,
  state: record.owner === null ? 'new' : 'taken',
  snoozedUntilMs: null,
});

/** Sets, or takes away, the time when somebody else is told because nobody took it. */
export function watchOver(record: AlertRecord, route: AlertRoute, nowMs: number): AlertRecord {
  const isWatched =
    record.recipient === officers && record.state === 'new' && record.rank <= 2 && record.escalated < escalationsMax;
  if (!isWatched) return record.escalateAtMs === null ? record : { ...record, escalateAtMs: null };
  const atMs = nowMs + route.escalateAfterMinutes * minuteMs;
  return { ...record, escalateAtMs: Math.min(record.escalateAtMs ?? atMs, atMs) };
}

/** What becomes of an alert by itself when its time comes; telling is not part of it. */
export function whenDue(record: AlertRecord, rules: AlertRules, nowMs: number): AlertRecord {
  const route = rules.routes[record.kind];
  if (record.snoozedUntilMs !== null && record.snoozedUntilMs <= nowMs) return watchOver(wake(record), route, nowMs);
  if (record.escalateAtMs === null || record.escalateAtMs > nowMs) return record;
  if (record.state !== 'new') return { ...record, escalateAtMs: null };
  const escalated = {
    ...record,
    roles: union(record.roles, route.escalateTo),
    escalated: record.escalated + 1,
    escalateAtMs: null,
    quiet: false,
  };
  return watchOver(escalated, route, nowMs);
}

/** When something is next to be done about an alert. */
export function dueMsOf(record: AlertRecord): number | null {
  const times = [record.escalateAtMs, record.snoozedUntilMs, record.tellAtMs, record.hookAtMs].filter(
    (time): time is number => time !== null,
  );
  return times.length === 0 || record.state === 'closed' ? null : Math.min(...times);
}

const tellAgainMs = 5 * minuteMs;

/** What there is to say to somebody outside: what they were told before decides when. */
export function nextWord(
  told: Told | null,
  reasons: readonly Reason[],
  nowMs: number,
): { now: Told } | { atMs: number } | null {
  if (reasons.length === 0) return null;
  const rank = Math.min(...reasons.map((reason) => reason.rank)) as Rank;
  const codes = union(
    [],
    reasons.map((reason) => reason.code),
  );
  const count = reasons.reduce((sum, reason) => sum + reason.count, 0);
  const now = { now: { revision: (told?.revision ?? 0) + 1, rank, codes, count, atMs: nowMs } };
  if (told === null || rank < told.rank || codes.some((code) => !told.codes.includes(code))) return now;
  if (count <= told.count) return null;
  const atMs = told.atMs + tellAgainMs;
  return atMs <= nowMs ? now : { atMs };
}

/** What the member at home may be told: what was found here, by routes that go abroad, and nothing of a discreet alert. */
export function tellableReasons(record: AlertRecord, rules: AlertRules): readonly Reason[] {
  if (record.discreet || record.recipient !== officers) return [];
  return record.reasons.filter(
    ({ kind, member, tellable }) => tellable && member === undefined && rules.routes[kind].members,
  );
}

/** Whether a detector's finding rests on a listing: it would give away one that the member at home may not read. */
export function restsOnListing(detector: string, facts: Readonly<Record<string, string | number | boolean>>): boolean {
  const { callerListed = 'no' } = facts;
  return (
    detector === 'listed-counterpart' ||
    callerListed !== 'no' ||
    facts['linkListed'] === true ||
    facts['network'] === 'listed'
  );
}
