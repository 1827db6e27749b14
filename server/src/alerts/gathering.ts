import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import type { Draft as Said } from '../journal/journal.ts';
import { instantText, minuteMs, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Tx } from '../platform/db.ts';
import type { LiveChange } from '../platform/live.ts';
import type { Audiences } from './audiences.ts';
import type { Metrics } from './metrics.ts';
import { institutionAlertOf, liveAlert, type LiveAlert } from './presenting.ts';
import { officers, type AlertRecord, type Finding } from './record.ts';
import { addTo, draftName, draftsOf, dueMsOf, grow, nextWord, type AlertRules, type Draft } from './rules.ts';
import type { Serving } from './serving.ts';
import * as store from './store.ts';
import type { Telling, TellingParts } from './telling.ts';

export interface GatheringParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: TellingParts['journal'];
  readonly serving: Serving;
  readonly telling: Telling;
  readonly audiences: Pick<Audiences, 'note'>;
  readonly webhooks: { enqueue(tx: Tx, institution: string, event: WebhookEvent): Promise<void> };
  readonly metrics: Metrics;
  publish(changes: readonly LiveChange<LiveAlert>[]): void;
  /** Hears, after the commit, that something is to be done at an instant. */
  onDue(atMs: number): void;
}

export interface Gathering {
  /**
   * Makes findings into alerts, or adds them to those that are open, in the transaction of the cursor that says that they
   * were read. Whoever is to hear of it hears when it is durable.
   */
  apply(tx: Tx, findings: readonly Finding[]): Promise<void>;
  /**
   * Writes alerts as they stand now, and tells whoever is to be told, with the lock of changes held. `deeds` is who did it.
   * Returns them as they were written.
   */
  save(
    tx: Tx,
    records: readonly AlertRecord[],
    deeds?: readonly store.Deed[],
    said?: readonly Said[],
  ): Promise<AlertRecord[]>;
}

/** How a growing alert may be silent: it sleeps, and still does. */
const isSilent = (record: AlertRecord, wasSnoozed: ReadonlySet<string>): boolean =>
  record.state === 'snoozed' && wasSnoozed.has(record.id);

export function openGathering(parts: GatheringParts): Gathering {
  const { clock, policy, journal, serving, telling, webhooks, metrics } = parts;
  const flood = openFloods();

  async function apply(tx: Tx, findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    await store.lockChanges(tx);
    const nowMs = clock.now();
    const rules = policy.at(nowMs).alerts;
    const drafts = draftsOf(findings, rules, serving.servedBy);
    const open = await readOpen(tx, drafts);
    const over = flood.take(tx, drafts, open, rules, nowMs);
    if (over.size > 0) {
      for (const [name, record] of await readOpen(tx, over)) open.set(name, record);
      for (const [name, draft] of over) drafts.set(name, draft);
    }
    const fresh = [...drafts.values()].filter((draft) => !open.has(draftName(draft)));
    const previous = new Map(
      fresh.length === 0 ? [] : (await store.readPrevious(tx, fresh)).map((row) => [draftName(row), row.id]),
    );
    const wasSnoozed = new Set<string>();
    const records = [...drafts].map(([name, draft]) => {
      const known = open.get(name);
      if (known?.state === 'snoozed') wasSnoozed.add(known.id);
      return grow(known ?? newRecord(draft, previous.get(name) ?? null), draft, rules, nowMs);
    });
    await write(tx, records, [], [], wasSnoozed);
    tx.afterCommit(() => metrics.gathered(findings, fresh.length, nowMs));
  }

  async function readOpen(tx: Tx, drafts: ReadonlyMap<string, Draft>): Promise<Map<string, AlertRecord>> {
    return new Map((await store.readOpen(tx, [...drafts.values()])).map((record) => [draftName(record), record]));
  }

  async function write(
    tx: Tx,
    records: readonly AlertRecord[],
    deeds: readonly store.Deed[],
    said: readonly Said[],
    wasSnoozed: ReadonlySet<string>,
  ): Promise<AlertRecord[]> {
    if (records.length === 0) return [];
    const nowMs = clock.now();
    const rules = policy.at(nowMs);
    const words = [...said];
    const told: store.Deed[] = [];
    const events: [string, WebhookEvent][] = [];
    const first = (await store.takeChanges(tx, records.length)) - records.length + 1;
    const written = records.map((record, at) => {
      const decided = telling.decide(record, rules, nowMs);
      if (decided.say !== undefined) {
        words.push(decided.say);
        told.push({ alert: record.id, actor: 'rule:tell-home', what: 'told', details: { book: decided.say.book } });
      }
      const { hooked, event } = hookOf(decided.record, nowMs);
      if (event !== undefined) events.push(event);
      return { ...hooked, change: first + at };
    });
    // Before the journal's own hook, which waits for a signature: changes are published in the order of their numbers.
    tx.afterCommit(() => {
      parts.publish(
        written
          .filter((record) => !isSilent(record, wasSnoozed))
          .map((record) => ({ number: record.change, rank: record.rank, item: liveAlert(record) })),
      );
      const due = Math.min(...written.map((record) => dueMsOf(record) ?? Infinity));
      if (due < Infinity) parts.onDue(due);
    });
    await parts.audiences.note(tx, written);
    await store.writeAlerts(tx, written);
    await store.writeHistory(tx, nowMs, [...deeds, ...told]);
    for (const [institution, event] of events) await webhooks.enqueue(tx, institution, event);
    if (words.length > 0) await journal.append(tx, words);
    return written;
  }

  return {
    apply,
    save: (tx, records, deeds = [], said = []) => write(tx, records, deeds, said, new Set()),
  };
}

/** What the institution that an alert is for hears of it, at the earliest when policy and the last word allow. */
function hookOf(record: AlertRecord, nowMs: number): { hooked: AlertRecord; event?: [string, WebhookEvent] } {
  const isTold = record.recipient !== officers && record.state === 'new' && !record.quiet;
  const word = isTold ? nextWord(record.hooked, record.reasons, nowMs) : null;
  if (word === null) return { hooked: { ...record, hookAtMs: null } };
  if (!('now' in word)) return { hooked: { ...record, hookAtMs: word.atMs } };
  const event: WebhookEvent = { type: 'alert', timestamp: instantText(nowMs), data: institutionAlertOf(record) };
  return {
    hooked: { ...record, hooked: word.now, hookAtMs: null },
    event: [record.recipient.slice('institution:'.length), event],
  };
}

const newRecord = ({ recipient, subject, discreet, kind }: Draft, previous: string | null): AlertRecord => ({
  id: newId(),
  recipient,
  subject,
  discreet,
  kind,
  rank: 4,
  base: 4,
  state: 'new',
  owner: null,
  outcome: null,
  note: null,
  snoozedUntilMs: null,
  reasons: [],
  count: 0,
  firstAtMs: Infinity,
  lastAtMs: -Infinity,
  roles: [],
  offices: [],
  watchers: [],
  quiet: true,
  escalated: 0,
  escalateAtMs: null,
  previous,
  closedAtMs: null,
  told: null,
  tellAtMs: null,
  waits: false,
  hooked: null,
  hookAtMs: null,
  change: 0,
});

/** So many sources are remembered; in a minute there are not more reporters. */
const sourcesMax = 10_000;

/**
 * How many new subjects each source brought in the current minute. In memory: a server that starts anew begins a minute
 * anew, which costs nothing but a few alerts.
 */
function openFloods() {
  const minutes = new Map<string, { minute: number; count: number }>();

  function minuteOf(source: string, nowMs: number): { minute: number; count: number } {
    const minute = Math.floor(nowMs / minuteMs);
    let known = minutes.get(source);
    if (known?.minute !== minute) {
      known = { minute, count: 0 };
      minutes.delete(source);
      minutes.set(source, known);
      if (minutes.size > sourcesMax) minutes.delete(minutes.keys().next().value!);
    }
    return known;
  }

  return {
    /** Takes out of a batch what is new beyond what its sources may bring in a minute; returns what it comes to instead. */
    take(tx: Tx, drafts: Map<string, Draft>, open: ReadonlyMap<string, AlertRecord>, rules: AlertRules, nowMs: number) {
      const over = new Map<string, Draft>();
      const counted = new Map<string, boolean>();
      for (const [name, draft] of drafts) {
        const { source, subject } = draft;
        if (source === undefined || open.has(name)) continue;
        const subjectOfSource = `${source} ${subject}`;
        let isOver = counted.get(subjectOfSource);
        if (isOver === undefined) {
          const known = minuteOf(source, nowMs);
          isOver = known.count >= rules.newPerMinuteMax;
          counted.set(subjectOfSource, isOver);
          if (!isOver) {
            known.count += 1;
            tx.afterRollback(() => {
              known.count -= 1;
            });
          }
        }
        if (!isOver) continue;
        drafts.delete(name);
        addTo(over, draft.recipient, floodOf(draft, source), rules);
      }
      return over;
    },
  };
}

/** Officers are alerted to the source; an institution hears that there is more of its own than it is told one by one. */
function floodOf(draft: Draft, source: string): Finding {
  const [sort, id = ''] = source.split(':', 2);
  const about = sort === 'institution' ? source : `party:${id}`;
  return {
    kind: draft.kind,
    subject: draft.recipient === officers ? about : draft.recipient,
    code: `${draft.kind}.flood`,
    params: sort === 'institution' ? { institution: id } : { lister: id },
    rank: 2,
    atMs: draft.lastAtMs,
    firstAtMs: draft.firstAtMs,
    count: draft.count,
    discreet: draft.discreet,
    tellable: false,
  };
}
