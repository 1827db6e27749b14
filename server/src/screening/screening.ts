import { setImmediate } from 'node:timers/promises';
import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Advice, Policy, PolicyRules } from '../kernel/policy.ts';
import { Outage } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Sql } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { ListedRow, Registry } from '../registry/registry.ts';
import { decide, readRules, type AdviceRules, type Decision } from './advice.ts';
import type { Answer, Screened } from './answers.ts';
import { keepHitRetention } from './hit-days.ts';
import { openHits, readHitsAfter, type Hits, type StoredHit } from './hits.ts';
import { keyOf } from './items.ts';
import { openListingTable, type ListingTable } from './listing-table.ts';
import { matchesOf, type Match } from './match.ts';
import { memberNumber } from './member-numbers.ts';
import { openAnswerCounts } from './metrics.ts';
import { openListingView } from './view.ts';

export { screenedText, type Screened } from './answers.ts';
export type { StoredHit } from './hits.ts';

export interface Screening {
  /** Whether every listing that counts is in memory. Until then every question is answered 503. */
  ready(): boolean;
  /** Resolves once it is ready and has heard every statement that was numbered before this call. */
  caughtUp(): Promise<void>;
  /**
   * What is known of each item, in its place. An item is a text, or an object of the contract's form; one that cannot be
   * read is refused in its place. An institution that asks for a few is answered without a promise.
   */
  screen(actor: Actor, items: readonly unknown[]): Screened | Promise<Screened>;
  /** What an institution that asked about a key would be advised, without a question and without a hit; `clear` until ready. */
  adviceOn(key: string): Advice;
  /** Hits that were stored after one by its number, oldest first; for rooms that follow them with a cursor of their own. */
  hitsAfter(sql: Sql, number: number, limit: number): Promise<StoredHit[]>;
  /** Calls back after hits were stored. */
  onHits(hear: () => void): void;
  close(): Promise<void>;
}

export interface ScreeningParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'followInMemory'>;
  readonly registry: Pick<Registry, 'snapshot'>;
  readonly access: Pick<Access, 'requirePermission' | 'requirePurpose' | 'takeQuota' | 'recordRead'>;
  readonly telemetry: Telemetry;
  /** A secret that nobody outside can guess, for the fingerprints of the index. */
  readonly seed: string;
}

/** So many items are answered before others have their turn. */
const itemsAtOnce = 250;
const retryAfterSeconds = 2;

/** Opens the room, before `clocks.start`; it reads the listings by itself, and tells when it is ready. */
export async function openScreening(parts: ScreeningParts): Promise<Screening> {
  const { db, clock, policy, access, telemetry } = parts;
  await migrate(db, 'screening', new URL('migrations/', import.meta.url));
  await keepHitRetention(parts);
  const view = openListingView(parts);
  const heard = new Set<() => void>();
  const hits = openHits({ db, telemetry, onWritten: () => heard.forEach((hear) => hear()) });
  const count = openAnswerCounts(telemetry, view);
  const rulesAt = openRules(policy);

  function screen(actor: Actor, items: readonly unknown[]): Screened | Promise<Screened> {
    access.requirePermission(actor, 'screening.screen');
    access.requirePurpose(actor);
    access.takeQuota(actor, items.length);
    const table = view.table();
    if (table === undefined) throw new Outage('the listings are still being read', retryAfterSeconds);
    const nowMs = clock.now();
    const asking: Asking = { table, nowMs, rules: rulesAt(nowMs), actor, hits };
    const answerOne = (item: unknown): Answer | Refusal => {
      const answer = answerTo(asking, item);
      count(answer);
      return answer;
    };
    if (actor.kind === 'institution' && items.length <= itemsAtOnce) return { nowMs, answers: items.map(answerOne) };
    return answerMany(actor, items, nowMs, answerOne);
  }

  async function answerMany(
    actor: Actor,
    items: readonly unknown[],
    nowMs: number,
    answerOne: (item: unknown) => Answer | Refusal,
  ): Promise<Screened> {
    const answers: (Answer | Refusal)[] = [];
    for (let from = 0; from < items.length; from += itemsAtOnce) {
      if (from > 0) await setImmediate();
      for (const item of items.slice(from, from + itemsAtOnce)) answers.push(answerOne(item));
    }
    if (actor.kind === 'officer') {
      const [first] = answers;
      const subject = answers.length === 1 && first !== undefined && !isRefusal(first) ? first.key : null;
      await access.recordRead(db, actor, { what: 'screening', subject, count: answers.length });
    }
    return { nowMs, answers };
  }

  return {
    ready: () => view.table() !== undefined,
    caughtUp: view.caughtUp,
    screen,
    adviceOn(key) {
      const table = view.table();
      if (table === undefined) return 'clear';
      const nowMs = clock.now();
      const matches = matchesOf(table, key, nowMs);
      return matches.length === 0 ? 'clear' : (decide(rulesAt(nowMs), matches, false)?.advice ?? 'clear');
    },
    hitsAfter: readHitsAfter,
    onHits: (hear) => void heard.add(hear),
    async close() {
      await view.close();
      await hits.close();
    },
  };
}

/**
 * What `adviceOn` would say, for a process that has no view of all listings: from those of some keys. Listings of ranges and of
 * domains above are not among them.
 */
export function adviceAmong(rows: readonly ListedRow[], rules: PolicyRules['screening'], nowMs: number) {
  const table = openListingTable(new Uint8Array(8));
  for (const row of rows) table.apply({ put: row });
  const read = readRules(rules);
  return (key: string): Advice => decide(read, matchesOf(table, key, nowMs), false)?.advice ?? 'clear';
}

/** The rules in force, read anew only when others are. */
function openRules(policy: Policy): (nowMs: number) => AdviceRules {
  let read: { from: PolicyRules; rules: AdviceRules } | undefined;
  return (nowMs) => {
    const from = policy.at(nowMs);
    if (read?.from !== from) read = { from, rules: readRules(from.screening) };
    return read.rules;
  };
}

interface Asking {
  readonly table: ListingTable;
  readonly nowMs: number;
  readonly rules: AdviceRules;
  readonly actor: Actor;
  readonly hits: Hits;
}

function answerTo(asking: Asking, item: unknown): Answer | Refusal {
  const key = keyOf(item);
  if (typeof key !== 'string') return key;
  const matches = matchesOf(asking.table, key, asking.nowMs);
  if (matches.length === 0) return { key, decision: undefined };
  const { actor } = asking;
  const seesDiscreet = actor.kind === 'officer' && actor.permissions.has('registry.discreet');
  const decision = decide(asking.rules, matches, seesDiscreet);
  // An officer's question is recorded as a read; a hit is what happens to an institution's customer.
  if (actor.kind === 'institution') recordHits(asking, actor.institution, key, matches, decision);
  return { key, decision };
}

function recordHits(
  { hits, nowMs }: Asking,
  institution: string,
  key: string,
  matches: readonly Match[],
  decision: Decision | undefined,
): void {
  const advice = decision?.advice ?? 'clear';
  const asked = { atMs: nowMs, institution, key, advice };
  if (decision !== undefined && advice !== 'clear') {
    const { kind, matchedKey, listing, members } = decision;
    hits.record({ ...asked, kind, matchedKey, listing: listing.id, members, discreet: false });
  }
  for (const match of matches) {
    for (const { id, member, discreet } of match.listings) {
      if (!discreet) continue;
      const members = 1 << memberNumber(member);
      hits.record({ ...asked, kind: match.kind, matchedKey: match.key, listing: id, members, discreet: true });
    }
  }
}
